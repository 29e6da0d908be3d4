package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// keptEntries are how many entries a file has before it is damaged: some dozens of
// pages.
const keptEntries = 300

// entriesOfAPage are more of them than one page holds.
const entriesOfAPage = 20

// keptKeys seal them, as a server does: what is altered within a value is for the
// seal to find.
var keptKeys = func() *keyring.Ring {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		panic(err)
	}
	return ring
}()

// keptKey is the key of one of them.
func keptKey(i int) string { return fmt.Sprintf("session:%03d", i*7%keptEntries) }

// newKeptFile makes a file with entries of three owners, and returns what it holds.
func newKeptFile(t *testing.T) (content []byte) {
	t.Helper()
	path := newPath(t)
	file, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s := keyring.Seal(file, keptKeys)
	for i := range keptEntries {
		e := entry(strings.Repeat(fmt.Sprint(i%10), 200))
		e.Owner = store.Owner{App: "1", UserID: fmt.Sprint(i % 3)}
		if _, err := s.Create(t.Context(), keptKey(i), e); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// damages are the ways in which a page may be damaged.
var damages = map[string]func(page []byte){
	"zeroed":    func(page []byte) { clear(page) },
	"ones":      func(page []byte) { copy(page, bytes.Repeat([]byte{0xff}, len(page))) },
	"its end":   func(page []byte) { clear(page[len(page)/2:]) },
	"its count": func(page []byte) { page[10], page[11] = 0xff, 0xff },
	"another's": func(page []byte) { page[0] ^= 0x40 },
}

// damagedFiles are files of which one page is damaged, or the end is missing.
func damagedFiles(content []byte) map[string][]byte {
	files := map[string][]byte{}
	size := os.Getpagesize()
	for at := 2 * size; at+size <= len(content); at += size {
		for i, how := range slices.Sorted(maps.Keys(damages)) {
			if (at/size+i)%2 == 0 { // Half of them show every kind.
				continue
			}
			damage := damages[how]
			file := bytes.Clone(content)
			damage(file[at : at+size])
			if !bytes.Equal(file, content) {
				files[fmt.Sprintf("page %d: %s", at/size, how)] = file
			}
		}
	}
	for _, left := range []int{1, 100, size, 2 * size, 3 * size, len(content) / 2, len(content) - size} {
		files[fmt.Sprintf("cut to %d bytes", left)] = content[:left]
	}
	return files
}

// readable are the entries that a store gives, and none may be another than it was.
func readable(t *testing.T, s store.Store) map[string]bool {
	t.Helper()
	keys, s := map[string]bool{}, keyring.Seal(s, keptKeys)
	for i := range keptEntries {
		e, err := s.Get(t.Context(), keptKey(i))
		if err != nil {
			continue
		}
		if keys[keptKey(i)] = true; string(e.Value) != strings.Repeat(fmt.Sprint(i%10), 200) {
			t.Errorf("%s is another entry: %.20s", keptKey(i), e.Value)
		}
	}
	return keys
}

// Whatever is damaged: nothing ends the process, whoever asks is told which file it
// is and what to do, entries in other pages stay, and compaction saves them.
func TestADamagedFileLosesNothingElse(t *testing.T) {
	content := newKeptFile(t)
	opened, whole := 0, 0
	for name, damaged := range damagedFiles(content) {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			kept := useDamaged(t, path)
			if kept != nil {
				opened++
			}
			if len(kept) == keptEntries {
				whole++
			}
			expectSalvaged(t, path, content, damaged)
		})
	}
	if opened == 0 || whole == 0 {
		t.Errorf("%d files could be opened, %d without loss: the test damages too much", opened, whole)
	}
}

// useDamaged opens a damaged file and does everything with it. It returns what
// could be read; nil where the file cannot be opened.
func useDamaged(t *testing.T, path string) map[string]bool {
	t.Helper()
	s, err := bolt.Open(path)
	if err != nil {
		if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "store compact") {
			t.Errorf("got %v, want which file it is and what to do", err)
		}
		return nil
	}
	defer func() { _ = s.Close() }()
	before := readable(t, s)
	for i := range 3 {
		_, err := s.Create(t.Context(), fmt.Sprint("new:", i), entry("x"))
		expectDamage(t, path, err)
		_, err = s.Get(t.Context(), keptKey(i))
		expectDamage(t, path, err)
		_, err = s.Delete(t.Context(), keptKey(i), store.AnyVersion)
		expectDamage(t, path, err)
	}
	_, err = s.DeleteOwned(t.Context(), store.Owner{App: "1", UserID: "0"})
	expectDamage(t, path, err)
	return before
}

// expectDamage checks that a failure is that of a damaged file, and says so.
func expectDamage(t *testing.T, path string, err error) {
	t.Helper()
	if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrUnreadable) && !errors.Is(err, store.ErrDamaged) {
		return
	}
	if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

// expectSalvaged checks that compaction keeps what can be read of a file.
func expectSalvaged(t *testing.T, used string, intact, content []byte) {
	t.Helper()
	path := used + ".2" // bbolt may hold the lock of the first one where it has given up.
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	could := map[string]bool{}
	if s, err := bolt.Open(path); err == nil {
		could = readable(t, s)
		_ = s.Close()
	}
	path = used + ".3"
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	checked, err := bolt.Check(path)
	report, compactErr := bolt.Compact(path)
	if err != nil || compactErr != nil {
		if len(could) > 0 || len(content) == len(intact) {
			t.Errorf("%v, %v although %d entries can be read", err, compactErr, len(could))
		}
		return
	}
	if checked.Entries != report.Entries || (report.Kept != "") != (report.Damage != nil) {
		t.Errorf("the check says %+v, the compaction %+v", checked, report)
	}
	if len(content) == len(intact) && report.Entries < keptEntries-entriesOfAPage {
		t.Errorf("one damaged page costs %d entries", keptEntries-report.Entries)
	}
	s := open(t, path)
	saved := readable(t, s)
	maps.DeleteFunc(could, func(key string, _ bool) bool { return saved[key] })
	if len(could) > 0 {
		t.Errorf("compaction loses %d entries that can be read: %v", len(could), could)
	}
	if _, err := s.Create(t.Context(), "afterwards", entry("x")); err != nil {
		t.Error(err)
	}
	if report.Kept != "" {
		if kept, err := os.ReadFile(report.Kept); err != nil || !bytes.Equal(kept, content) {
			t.Errorf("the damaged file is not kept: %v", err)
		}
	}
}

// A file that is damaged or cut off while a server has it open ends no process
// either, and closing it does not hang.
func TestDamageWhileTheFileIsOpen(t *testing.T) {
	content := newKeptFile(t)
	for name, damaged := range map[string][]byte{
		"zeros": make([]byte, len(content)), "all but the first pages": append(bytes.Clone(content[:2*os.Getpagesize()]), make([]byte, len(content)-2*os.Getpagesize())...),
		"cut off": content[:os.Getpagesize()], "nothing": nil,
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := bolt.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			for i := range 20 {
				if _, err := s.Get(t.Context(), keptKey(i)); !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, store.ErrDamaged) {
					t.Errorf("Get: got %v", err)
				}
				if _, err := s.Create(t.Context(), fmt.Sprint("new:", i), entry("x")); err == nil {
					t.Error("an entry was made")
				}
			}
			_ = s.Close()
		})
	}
}

// Compaction of a whole file keeps entries, versions and owners, and leaves no other
// file behind; a file that a server has open is left alone.
func TestCompactionKeepsEverything(t *testing.T) {
	path := newPath(t)
	if err := os.WriteFile(path, newKeptFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Get(t.Context(), keptKey(5))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Compact(path); !errors.Is(err, bolt.ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
	if _, err := bolt.Check(path); !errors.Is(err, bolt.ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := bolt.Compact(path)
	if err != nil || report.Entries != keptEntries || report.Damage != nil || report.Kept != "" || report.Bytes < 200*keptEntries {
		t.Fatalf("got %+v, %v", report, err)
	}
	files, err := os.ReadDir(path[:strings.LastIndexByte(path, '/')])
	if err != nil || len(files) != 1 {
		t.Errorf("files: %v, %v", files, err)
	}
	compacted := open(t, path)
	if after, err := compacted.Get(t.Context(), keptKey(5)); err != nil || after.Version != before.Version || after.Owner != before.Owner || !after.Expiry.Equal(before.Expiry) {
		t.Errorf("got %+v, %v, want %+v", after, err, before)
	}
	if version, err := compacted.Create(t.Context(), "next", entry("x")); err != nil || version <= before.Version {
		t.Errorf("the next version is %d, %v", version, err)
	}
	if ended, err := compacted.DeleteOwned(t.Context(), store.Owner{App: "1", UserID: "0"}); err != nil || ended != keptEntries/3 {
		t.Errorf("%d of an owner's entries, %v", ended, err)
	}
	if _, err := bolt.Check(path + ".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}
