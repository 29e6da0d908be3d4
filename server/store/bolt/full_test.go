package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// fillTheDisk is a child whose disk fills up: it may write 100 KB more. It
// prints how many entries it made before, and makes one more when there is room
// again.
func fillTheDisk(path string) {
	s := must(bolt.Open(path))
	signal.Ignore(syscall.SIGXFSZ) // Writing fails instead, as on a full disk.
	var before syscall.Rlimit
	check(syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	size := must(os.Stat(path)).Size()
	check(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size) + 100_000, Max: before.Max}))
	made := fill(s)
	must(s.Get(context.Background(), "0"))
	check(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before))
	must(s.Create(context.Background(), "afterwards", entry("session")))
	check(s.Close())
	fmt.Println(made)
}

// must returns a value that a child cannot do without.
func must[T any](value T, err error) T {
	check(err)
	return value
}

// check ends a child where something fails.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// fill makes entries until the store refuses, and returns how many.
func fill(s store.Store) int {
	for i := range 10_000 {
		_, err := s.Create(context.Background(), strconv.Itoa(i), entry(strings.Repeat("x", 4000)))
		if errors.Is(err, store.ErrUnavailable) {
			return i
		}
		check(err)
	}
	panic("the disk does not fill up")
}

func TestAFullDiskLosesNothingAndWorksAgainWhenThereIsRoom(t *testing.T) {
	path := newPath(t)
	printed, err := newChild("fill the disk", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	made, err := strconv.Atoi(strings.TrimSpace(string(printed)))
	if err != nil || made == 0 {
		t.Fatalf("%d entries before the disk was full, %v", made, err)
	}
	s := open(t, path)
	for i := range made {
		if _, err := s.Get(t.Context(), strconv.Itoa(i)); err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	if _, err := s.Get(t.Context(), "afterwards"); err != nil {
		t.Errorf("the entry made when there was room again: %v", err)
	}
}
