package bolt_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// childWriters is how many goroutines of the child write.
const childWriters = 8

// writeUntilKilled is a child that is killed. Each writer counts upwards in an entry of its
// own, makes an entry for each number, and deletes the one before the last. It
// prints what the store has acknowledged.
func writeUntilKilled(path string) {
	s, err := bolt.Open(path)
	if err != nil {
		panic(err)
	}
	fmt.Println("open")
	for w := range childWriters {
		go count(s, strconv.Itoa(w))
	}
	select {}
}

// count is a writer of the child.
func count(s store.Store, name string) {
	ctx := context.Background()
	e, err := s.Get(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		e = entry("0")
		e.Version, err = s.Create(ctx, name, e)
	}
	for err == nil {
		n, _ := strconv.Atoi(string(e.Value))
		e.Value = []byte(strconv.Itoa(n + 1))
		e.Version, err = s.Replace(ctx, name, e)
		err = errors.Join(err, report(name, "counted", n+1))
		_, createErr := s.Create(ctx, numbered(name, n+1), entry("made"))
		err = errors.Join(err, createErr, report(name, "made", n+1))
		_, deleteErr := s.Delete(ctx, numbered(name, n), store.AnyVersion)
		if !errors.Is(deleteErr, store.ErrNotFound) { // A crash may have come before its making.
			err = errors.Join(err, deleteErr, report(name, "deleted", n))
		}
	}
	panic(err)
}

func numbered(name string, n int) string { return name + "." + strconv.Itoa(n) }

// report prints what was acknowledged, in one write, so that no line is torn.
func report(name, what string, n int) error {
	_, err := fmt.Printf("%s %s %d\n", name, what, n)
	return err
}

// startWriter starts a child that writes to a file until it is killed, and waits
// until the file is open.
func startWriter(t *testing.T, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	child := newChild("write until killed", path)
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(child) })
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the child printed %q instead of open", lines.Text())
	}
	return child, lines
}

// kill kills a child as kill -9 does and waits for its end.
func kill(child *exec.Cmd) {
	_ = child.Process.Kill()
	_ = child.Wait() // It tells of the signal.
}

// acknowledged is what the children have reported, by writer.
type acknowledged struct{ counted, made, deleted map[string]int }

// read takes a line of a child.
func (a acknowledged) read(t *testing.T, line string) {
	f := strings.Fields(line)
	n, err := strconv.Atoi(f[2])
	into := map[string]map[string]int{"counted": a.counted, "made": a.made, "deleted": a.deleted}[f[1]]
	if err != nil || into == nil {
		t.Fatalf("the child printed %q", line)
	}
	into[f[0]] = n
}

// check checks that a file holds what was acknowledged.
func (a acknowledged) check(t *testing.T, path string) {
	t.Helper()
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, n := range a.counted {
		e, err := s.Get(t.Context(), name)
		if got, _ := strconv.Atoi(string(e.Value)); err != nil || got < n || got > n+1 {
			t.Errorf("writer %s counts %q, %v after %d was acknowledged", name, e.Value, err, n)
		}
	}
	for name, n := range a.made {
		// Once the next number is counted, the deletion of this one may begin.
		_, err := s.Get(t.Context(), numbered(name, n))
		if err != nil && a.counted[name] == n {
			t.Errorf("writer %s made %d: %v", name, n, err)
		}
	}
	for name, n := range a.deleted {
		if _, err := s.Get(t.Context(), numbered(name, n)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("writer %s deleted %d, and it is there: %v", name, n, err)
		}
	}
}

func TestNothingAcknowledgedIsLostByKilling(t *testing.T) {
	path := newPath(t)
	seen := acknowledged{make(map[string]int), make(map[string]int), make(map[string]int)}
	const kills = 30
	total := 0
	for range kills {
		child, lines := startWriter(t, path)
		for range rand.IntN(300) {
			if !lines.Scan() {
				t.Fatal("the child has ended by itself")
			}
			seen.read(t, lines.Text())
			total++
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had printed by then
			seen.read(t, lines.Text())
			total++
		}
		kill(child)
		seen.check(t, path)
	}
	t.Logf("%d changes acknowledged over %d kills", total, kills)
}

func TestAKillWhileTheFileIsMadeLeavesOneThatOpens(t *testing.T) {
	for range 20 {
		path := newPath(t)
		child := newChild("write until killed", path)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for made := false; !made; {
			_, err := os.Stat(path)
			made = err == nil
		}
		kill(child)
		s, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The first one lives until the second one was refused.
func TestASecondProcessIsRefused(t *testing.T) {
	path := newPath(t)
	child, _ := startWriter(t, path)
	_, err := bolt.Open(path)
	if !errors.Is(err, bolt.ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want %v with %s", err, bolt.ErrInUse, path)
	}
	kill(child)
	open(t, path)
}
