package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// boundMemory ends the test program where it takes a gigabyte: bbolt would take all
// there is.
func boundMemory(t *testing.T) {
	before := debug.SetMaxStack(64 << 20)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				var m runtime.MemStats
				if runtime.ReadMemStats(&m); m.HeapAlloc > 1<<30 {
					panic("a gigabyte is in use")
				}
			}
		}
	}()
	t.Cleanup(func() {
		close(done)
		<-ended
		debug.SetMaxStack(before)
	})
}

// deepKey is the key of an entry in a file of three levels.
func deepKey(i int) string { return orderedKey(i * 7 % keptEntries) }

// orderedKey is the key at a place in the order of keys.
func orderedKey(i int) string { return fmt.Sprintf("%03d:%s", i, strings.Repeat("k", 300)) }

// newDeepFile makes a file whose trees have three levels. Its keys are long.
func newDeepFile(t *testing.T) (content []byte) {
	t.Helper()
	path := newPath(t)
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	var creating sync.WaitGroup // together, so that they share commits
	for i := range keptEntries {
		creating.Go(func() {
			e := entry("v")
			e.Owner = store.Owner{App: "1", UserID: fmt.Sprint(i % 3)}
			if _, err := s.Create(t.Context(), deepKey(i), e); err != nil {
				t.Error(err)
			}
		})
	}
	creating.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if content, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return content
}

// branches are the branch pages of a file that are in use, and the leaf of the names.
func branches(t *testing.T, content []byte) (ids []int, names int) {
	t.Helper()
	path := newPath(t)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		names = int(tx.Cursor().Bucket().Root())
		for id := 0; ; id++ {
			page, err := tx.Page(id)
			if err != nil || page == nil {
				return err
			}
			if page.Type == "branch" {
				ids = append(ids, id)
			}
		}
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return ids, names
}

// loops are files in which a branch page leads to a branch page, itself or another.
func loops(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	ids, _ := branches(t, content)
	if len(ids) < 6 {
		t.Fatalf("%d branch pages: the trees are not deep enough", len(ids))
	}
	files := map[string][]byte{}
	for i, from := range ids {
		for j, to := range []int{from, ids[(i+1)%len(ids)]} {
			entry := (i + j) % 3 * (entriesOf(content, from) - 1) / 2
			files[fmt.Sprintf("entry %d of page %d leads to %d", entry, from, to)] = leadTo(content, from, entry, to)
		}
	}
	return files
}

// leadTo is a file in which an entry of a branch page leads to a page.
func leadTo(content []byte, from, entry, to int) []byte {
	file := bytes.Clone(content)
	binary.NativeEndian.PutUint64(file[from*os.Getpagesize()+16+entry*16+8:], uint64(to))
	return file
}

// entriesOf is how many entries a page has.
func entriesOf(content []byte, id int) int {
	return int(binary.NativeEndian.Uint16(content[id*os.Getpagesize()+10:]))
}

// Pages that lead back to one another, where bbolt would go round for ever and take
// all memory: a file that is so is refused; one that becomes so while a server has it
// open fails nothing but what stands there, and is not written any more.
func TestPagesThatLeadBackToOneAnother(t *testing.T) {
	boundMemory(t)
	content := newDeepFile(t)
	refused, met := 0, 0
	for name, damaged := range loops(t, content) {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := bolt.Open(path)
			if err == nil {
				useLoop(t, s)
				_ = s.Close()
			} else if refused++; !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "store compact") {
				t.Errorf("got %v, want what to do", err)
			}
			path += ".2" // bbolt may hold the lock of the first one where it has given up.
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if s, err = bolt.Open(path); err != nil {
				t.Fatal(err)
			}
			overwrite(t, path, damaged)
			read, looped := useLoop(t, s)
			if looped {
				met++
				if _, err := s.Create(t.Context(), "new", entry("x")); !errors.Is(err, store.ErrDamaged) {
					t.Errorf("it is written to: %v", err)
				}
			}
			if read < keptEntries/2 {
				t.Errorf("only %d entries can be read", read)
			}
			_ = s.Close()
		})
	}
	if refused == 0 || met == 0 {
		t.Errorf("%d files are refused, and in %d an entry is not found: the test damages too little", refused, met)
	}
}

// overwrite changes the pages of a file and not its length.
func overwrite(t *testing.T, path string, content []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt(content, 0)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

// useLoop does everything with a damaged file, and returns how many entries could be
// read at first, and whether pages that lead back were met. Whatever fails has the
// cause.
func useLoop(t *testing.T, s store.Store) (read int, looped bool) {
	t.Helper()
	expect := func(err error) {
		if err != nil && !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	for i := range keptEntries {
		if _, err := s.Get(t.Context(), deepKey(i)); err == nil {
			read++
		} else {
			expect(err)
			looped = looped || strings.Contains(err.Error(), "lead back to one another")
		}
	}
	e := entry("new")
	e.Owner = store.Owner{App: "1", UserID: "0"}
	for i := range 2 {
		_, err := s.Create(t.Context(), fmt.Sprint(deepKey(i), "new"), e)
		expect(err)
		_, err = s.Delete(t.Context(), deepKey(i), store.AnyVersion)
		expect(err)
	}
	_, err := s.DeleteOwned(t.Context(), store.Owner{App: "1", UserID: "0"})
	expect(err)
	return read, looped
}

// Compaction of a file in which pages are lost that lead to others keeps every login in
// those, since it looks at all pages that are not free, and gives back no login that
// was over.
func TestLostBranchesLoseNoLogin(t *testing.T) {
	path := newPath(t)
	if err := os.WriteFile(path, newDeepFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	over := map[string]bool{}
	for i := 0; i < keptEntries; i += 5 {
		over[deepKey(i)] = true
		if _, err := s.Delete(t.Context(), deepKey(i), store.AnyVersion); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ids, names := branches(t, content)
	lost := map[string][]int{"the names": {names}, "all branches": ids, "all": append(slices.Clone(ids), names)}
	for _, id := range ids {
		lost[fmt.Sprintf("branch %d", id)] = []int{id}
	}
	for name, pages := range lost {
		t.Run(name, func(t *testing.T) {
			path, damaged := newPath(t), bytes.Clone(content)
			for _, id := range pages {
				clear(damaged[id*os.Getpagesize() : (id+1)*os.Getpagesize()])
			}
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			report, err := bolt.Compact(path)
			if err != nil || report.Entries != keptEntries-len(over) || report.Lost != 0 || !errors.Is(report.Damage, store.ErrDamaged) || report.Kept == "" {
				t.Fatalf("got %+v, %v", report, err)
			}
			s := open(t, path)
			for i := range keptEntries {
				if _, err := s.Get(t.Context(), deepKey(i)); over[deepKey(i)] != errors.Is(err, store.ErrNotFound) || !over[deepKey(i)] && err != nil {
					t.Errorf("entry %d: over %t, got %v", i, over[deepKey(i)], err)
				}
			}
		})
	}
}

// What is left of a file that was cut off is saved, as long as the pages that lead to
// it are there, or those that say which pages are free.
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
