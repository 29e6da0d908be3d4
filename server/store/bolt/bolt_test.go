package bolt_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

// newPath returns where a file may be made.
func newPath(tb testing.TB) string { return filepath.Join(tb.TempDir(), "sessions.db") }

// open opens a file, which is closed with the test.
func open(tb testing.TB, path string) *bolt.Store {
	tb.Helper()
	s, err := bolt.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func openNew(tb testing.TB) store.Store { return open(tb, newPath(tb)) }

// openSealed opens a new file under a key ring.
func openSealed(tb testing.TB) store.Store {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		tb.Fatal(err)
	}
	return keyring.Seal(openNew(tb), ring)
}

func TestContract(t *testing.T) {
	for name, open := range map[string]func(testing.TB) store.Store{"bare": openNew, "sealed": openSealed} {
		t.Run(name, func(t *testing.T) {
			subject := storetest.Subject{
				Open:    func(tb testing.TB) []store.Store { return []store.Store{open(tb)} },
				Within:  synctest.Test,
				Advance: time.Sleep,
			}
			storetest.Run(t, subject)
			storetest.RunExpiry(t, subject)
		})
	}
}

// entry returns an entry that lives for an hour.
func entry(value string) store.Entry {
	return store.Entry{
		Value: []byte(value), Owner: store.Owner{App: "1", UserID: "2"},
		Expiry: time.UnixMilli(time.Now().Add(time.Hour).UnixMilli()),
	}
}

func TestARestartFindsEverything(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	kept := entry("kept")
	var err error
	if kept.Version, err = s.Create(t.Context(), "kept", kept); err != nil {
		t.Fatal(err)
	}
	ended := entry("ended")
	if ended.Version, err = s.Create(t.Context(), "ended", ended); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Delete(t.Context(), "ended", ended.Version); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, path)
	got, err := s.Get(t.Context(), "kept")
	if diff := cmp.Diff(kept, got); diff != "" || err != nil {
		t.Errorf("%v, (-want +got):\n%s", err, diff)
	}
	if v, err := s.Create(t.Context(), "ended", entry("new")); err != nil || v == ended.Version || v == kept.Version {
		t.Errorf("Create: version %d, %v", v, err)
	}
	if n, err := s.DeleteOwned(t.Context(), kept.Owner); n != 2 || err != nil {
		t.Errorf("DeleteOwned: %d, %v, want 2", n, err)
	}
}

func TestTheFileIsForItsOwnerOnly(t *testing.T) {
	path := newPath(t)
	for name, prepare := range map[string]func() error{
		"new":                func() error { return nil },
		"readable by others": func() error { return os.Chmod(path, 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := prepare(); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			open(t, path)
			if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
		})
	}
}

func TestFilesThatCannotBeOpenedAreNamed(t *testing.T) {
	text := newPath(t)
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"no folder": filepath.Join(t.TempDir(), "missing", "sessions.db"),
		"a folder":  t.TempDir(),
		"a text":    text,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := bolt.Open(path); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("got error %v, want one with %s", err, path)
			}
		})
	}
}

func TestADamagedRecordIsUnreadableAndCanBeDeleted(t *testing.T) {
	path := newPath(t)
	for name, record := range map[string][]byte{
		"empty": {}, "other format": make([]byte, 64), "short": {1, 2, 3}, "lying length": []byte("\x01" + strings.Repeat("\xff", 30)),
	} {
		t.Run(name, func(t *testing.T) {
			putRaw(t, path, "key", record)
			s := open(t, path)
			if _, err := s.Get(t.Context(), "key"); !errors.Is(err, store.ErrUnreadable) {
				t.Errorf("Get: got error %v, want %v", err, store.ErrUnreadable)
			}
			if _, err := s.Delete(t.Context(), "key", store.AnyVersion); !errors.Is(err, store.ErrUnreadable) {
				t.Errorf("Delete: got error %v, want %v", err, store.ErrUnreadable)
			}
			if _, err := s.Get(t.Context(), "key"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Get after Delete: got error %v, want %v", err, store.ErrNotFound)
			}
		})
	}
}

// putRaw writes a record past the store.
func putRaw(t *testing.T, path, key string, record []byte) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte("entries"))
		return errors.Join(err, b.Put([]byte(key), record))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestWritesRemoveWhatHasExpiredFromTheFile(t *testing.T) {
	path := newPath(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		for i := range 100 {
			if _, err := s.Create(t.Context(), strconv.Itoa(i), entry("session")); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Hour)
		if _, err := s.Create(t.Context(), "new", entry("session")); err != nil {
			t.Fatal(err)
		}
	})
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			if n := b.Stats().KeyN; n != 1 {
				t.Errorf("%s holds %d keys, want 1", name, n)
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
}

func Benchmark(b *testing.B) {
	b.Run("bare", func(b *testing.B) { storetest.Benchmark(b, openNew) })
	b.Run("sealed", func(b *testing.B) { storetest.Benchmark(b, openSealed) })
}
