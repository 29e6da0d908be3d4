package bolt_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// loopAt makes the branch page at the root of a bucket lead back to itself, by its
// first or its last entry.
func loopAt(t *testing.T, path, bucket string, last bool) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	var root, size int64
	err = db.View(func(tx *bbolt.Tx) error {
		root, size = int64(tx.Bucket([]byte(bucket)).Root()), int64(db.Info().PageSize)
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := content[root*size : (root+1)*size]
	count := int(binary.NativeEndian.Uint16(page[10:]))
	if page[8] != 1 || count < 2 {
		t.Fatalf("the root of %s is no branch page of several entries", bucket)
	}
	entry := page[16:]
	if last {
		entry = page[16+(count-1)*16:]
	}
	binary.NativeEndian.PutUint64(entry[8:], uint64(root))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A page that leads back to itself: bbolt would go round for ever and take all memory.
func TestPagesThatLeadBackToOneAnother(t *testing.T) {
	content := newKeptFile(t)
	for _, bucket := range []string{"entries", "owners", "expiries"} {
		for _, last := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, last %t", bucket, last), func(t *testing.T) {
				path := newPath(t)
				if err := os.WriteFile(path, content, 0o600); err != nil {
					t.Fatal(err)
				}
				loopAt(t, path, bucket, last)
				if _, err := bolt.Open(path); !errors.Is(err, store.ErrDamaged) {
					t.Errorf("Open: got %v", err)
				}
				report, err := bolt.Check(path)
				if err != nil || !errors.Is(report.Damage, store.ErrDamaged) {
					t.Errorf("Check: got %+v, %v", report, err)
				}
				report, err = bolt.Compact(path)
				whole := bucket != "entries"
				if err != nil || report.Entries == 0 || (report.Entries == keptEntries) != whole || report.Lost+report.Entries != keptEntries {
					t.Fatalf("Compact: got %+v, %v", report, err)
				}
				s := open(t, path)
				if got := len(readable(t, s)); got != report.Entries {
					t.Errorf("%d entries are left", got)
				}
			})
		}
	}
}

// What is left of a file that was cut off is saved, as long as the pages that lead to
// it are there.
func TestAFileThatWasCutOffIsSavedAsFarAsItGoes(t *testing.T) {
	content := newKeptFile(t)
	saved := 0
	for left := len(content) - os.Getpagesize(); left > 0; left -= os.Getpagesize() {
		path := newPath(t)
		if err := os.WriteFile(path, content[:left], 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := bolt.Compact(path)
		if err == nil && report.Damage != nil && report.Entries > 0 {
			saved++
			if got := len(readable(t, open(t, path))); got != report.Entries {
				t.Errorf("cut to %d bytes: %d entries are left, want %d", left, got, report.Entries)
			}
		}
	}
	if saved == 0 {
		t.Error("nothing is saved of any file")
	}
}
