package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// A damaged file is told from a whole one by output and exit code, in both
// languages; compaction makes it whole and keeps the damaged one.
func TestStoreFilesAreCheckedAndCompacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	var creating sync.WaitGroup // together, so that they share commits
	for i := range 200 {
		creating.Go(func() {
			e := store.Entry{Value: make([]byte, 300), Expiry: time.Now().Add(time.Hour), Owner: store.Owner{App: "1", UserID: "2"}}
			if _, err := s.Create(t.Context(), strings.Repeat(string(rune('a'+i%26)), 1+i/26), e); err != nil {
				t.Error(err)
			}
		})
	}
	creating.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	expectStore(t, 0, "entries: 200 (60000 bytes); expired: 0; unreadable: 0; lost: 0", "LANG=C", "store", "check", path)
	clearLeaves(t, path)
	expectStore(t, 1, "store compact "+path, "LANG=C", "store", "check", path)
	expectStore(t, 1, "손상 내용", "LANG=ko_KR.UTF-8", "store", "check", path)
	expectStore(t, 0, "the damaged file: "+path+".damaged-", "LANG=C", "store", "compact", path)
	expectStore(t, 0, "lost: 0", "LANG=C", "store", "check", path)
	expectStore(t, 1, "no such file", "LANG=C", "store", "check", path+".none")
	if s, err = bolt.Open(path); err != nil {
		t.Fatal(err)
	}
	expectStore(t, 1, "in use by another process", "LANG=C", "store", "compact", path)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// clearLeaves zeroes every other leaf page of a file, but for the one that names the
// buckets. Which pages are in use depends on how the writes were grouped, so the file
// is asked.
func clearLeaves(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	var leaves []int
	err = db.View(func(tx *bbolt.Tx) error {
		for id := 0; ; id++ {
			page, err := tx.Page(id)
			if err != nil || page == nil {
				return err
			}
			if page.Type == "leaf" && page.OverflowCount == 0 && id != int(tx.Cursor().Bucket().Root()) {
				leaves = append(leaves, id)
			}
		}
	})
	size := db.Info().PageSize
	if err = errors.Join(err, db.Close()); err != nil || len(leaves) < 4 {
		t.Fatalf("%d leaves, %v", len(leaves), err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(leaves); i += 2 {
		_, writeErr := file.WriteAt(make([]byte, size), int64(leaves[i]*size))
		err = errors.Join(err, writeErr)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

// expectStore runs the program and checks exit code and output.
func expectStore(t *testing.T, code int, want, locale string, args ...string) {
	t.Helper()
	program := exec.CommandContext(t.Context(), os.Args[0], args...)
	program.Env = append(os.Environ(), asProgram+"=1", "LC_ALL=", "LC_MESSAGES=", locale)
	out, _ := program.CombinedOutput()
	if got := program.ProcessState.ExitCode(); got != code || !strings.Contains(string(out), want) {
		t.Errorf("%v: exit code %d, %s", args, got, out)
	}
}
