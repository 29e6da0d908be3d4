//go:build unix

// Package postgrestest runs a real PostgreSQL for tests, and does to it what
// happens to servers: it is killed, started again, and paused.
package postgrestest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startLimit is how long a PostgreSQL may take to start.
const startLimit = time.Minute

// port names the socket. There is no other.
const port = "5432"

// Server is a PostgreSQL on a socket of its own in a directory of its own. Its
// methods end the test when they fail.
type Server struct {
	tb       testing.TB
	dir      string
	programs string // the folder of initdb and postgres
	process  *exec.Cmd
}

// Start starts a server, which ends with the test. Without a PostgreSQL the test
// fails: a skipped test would look like a passed one.
func Start(tb testing.TB) *Server {
	tb.Helper()
	// Not TempDir of the test: the name of a socket must be short.
	dir, err := os.MkdirTemp("", "postgres")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{tb: tb, dir: dir, programs: findPrograms(tb)}
	tb.Cleanup(func() {
		s.Kill()
		_ = os.RemoveAll(dir)
	})
	s.initialize()
	s.Restart()
	return s
}

// findPrograms returns the folder of the newest PostgreSQL that Debian has
// installed, or that of the one on the PATH.
func findPrograms(tb testing.TB) string {
	tb.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) > 0 {
		return filepath.Dir(slices.Max(found))
	}
	postgres, err := exec.LookPath("postgres")
	if err != nil {
		tb.Fatalf("%v; install it with: tools/apt.sh postgresql", err)
	}
	return filepath.Dir(postgres)
}

// command returns a program of PostgreSQL, which does not run as root: there the
// user postgres runs it, whom the directory belongs to then.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	s.tb.Helper()
	//nolint:gosec // The arguments are of this package.
	cmd := exec.Command(filepath.Join(s.programs, name), args...)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	if os.Geteuid() != 0 {
		return cmd
	}
	uid, gid, err := idsOf("postgres")
	if err == nil {
		err = os.Chown(s.dir, int(uid), int(gid))
	}
	if err != nil {
		s.tb.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	return cmd
}

// idsOf returns the numbers of a user and of the user's group.
func idsOf(name string) (uid, gid uint32, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	parsedUID, errUID := strconv.ParseUint(u.Uid, 10, 32)
	parsedGID, errGID := strconv.ParseUint(u.Gid, 10, 32)
	return uint32(parsedUID), uint32(parsedGID), errors.Join(errUID, errGID)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// initialize makes the data directory.
func (s *Server) initialize() {
	s.tb.Helper()
	output, err := s.command("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", s.data()).CombinedOutput()
	if err != nil {
		s.tb.Fatalf("initdb: %v\n%s", err, output)
	}
}

// URL is the address of the server, the same after each restart.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://postgres@/postgres?host=%s&port=%s", s.dir, port)
}

// Restart starts the server, after Kill, with what it had on the disk, and waits
// until it accepts connections.
func (s *Server) Restart() {
	s.tb.Helper()
	s.process = s.command("postgres", "-D", s.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories="+s.dir,
		"-c", "port="+port, "-c", "max_connections=200", "-c", "shared_memory_type=mmap")
	output, err := s.process.StderrPipe()
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.tb.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	// Reading ends when the server does.
	defer context.AfterFunc(ctx, func() { _ = s.process.Process.Kill() })()
	s.awaitReady(output)
}

// awaitReady reads what the server prints until it accepts connections, and
// leaves the rest to a goroutine, since a full pipe would stop the server.
func (s *Server) awaitReady(output io.Reader) {
	s.tb.Helper()
	var printed strings.Builder
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		printed.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return
		}
	}
	s.tb.Fatalf("postgres did not start; it printed:\n%s", &printed)
}

// Kill kills all processes of the server as kill -9 does, and waits for their
// end. Killing it again does nothing.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	s.signal(syscall.SIGKILL)
	_ = s.process.Wait() // It tells of the signal.
	s.process = nil
}

// Pause stops the server in its tracks: it keeps its connections and answers
// nothing, like a machine that swaps.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume lets the server go on after Pause.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

// signal sends a signal to the server and to the processes that it has started,
// one for each connection. The server comes first, so that it starts no more.
func (s *Server) signal(sig syscall.Signal) {
	pid := s.process.Process.Pid
	list := func() []byte {
		pids, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		return pids
	}
	_ = syscall.Kill(pid, syscall.SIGSTOP)
	s.awaitStop(pid) // until then it may start another one, and the list may lack some
	for child := range strings.FieldsSeq(string(list())) {
		if child, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(child, sig)
			if sig == syscall.SIGSTOP {
				s.awaitStop(child)
			}
		}
	}
	_ = syscall.Kill(pid, sig)
}

// awaitStop waits until a process has been stopped, or is gone: a signal takes a
// moment.
func (s *Server) awaitStop(pid int) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); runtime.Gosched() {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		_, after, _ := strings.Cut(string(stat), ") ")
		if err != nil || strings.HasPrefix(after, "T") || strings.HasPrefix(after, "Z") {
			return
		}
	}
	s.tb.Errorf("process %d of PostgreSQL has not stopped within a minute", pid)
}
