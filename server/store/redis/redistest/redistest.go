//go:build unix

// Package redistest runs a real redis-server for tests, and does to it what
// happens to servers: it is killed, started again, and paused.
package redistest

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startLimit is how long a redis-server may take to start.
const startLimit = 30 * time.Second

// Server is a redis-server in a directory of its own. It acknowledges what is on
// the disk. Its methods end the test when they fail.
type Server struct {
	tb      testing.TB
	dir     string
	url     string
	args    []string
	ready   string // what it prints, in lower case, when it is ready
	process *exec.Cmd
}

// Start starts a server on a socket of its own, which ends with the test.
// Without redis-server on the PATH the test fails: a skipped test would look
// like a passed one.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s := newServer(tb)
	socket := filepath.Join(s.dir, "redis.sock")
	s.url = "unix://" + socket
	s.args = durable("--port", "0", "--unixsocket", socket)
	s.Restart()
	return s
}

// newServer returns a server that has not been started.
func newServer(tb testing.TB) *Server {
	tb.Helper()
	// Not TempDir of the test: the name of a socket must be short.
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{tb: tb, dir: dir, ready: "ready to accept connections"}
	tb.Cleanup(func() {
		s.Kill()
		_ = os.RemoveAll(dir)
	})
	return s
}

// durable returns arguments with those of a server that acknowledges what is on
// the disk.
func durable(args ...string) []string {
	return append(args, "--save", "", "--appendonly", "yes", "--appendfsync", "always")
}

// URL is the address of the server, the same after each restart.
func (s *Server) URL() string { return s.url }

// Restart starts the server, after Kill, with what it had on the disk, and
// waits until it answers.
func (s *Server) Restart() {
	s.tb.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		s.tb.Fatalf("%v; install it with: tools/apt.sh redis-server", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	//nolint:gosec // The arguments are of this package.
	s.process = exec.Command(binary, slices.Concat(s.args, []string{"--dir", s.dir})...)
	output, err := s.process.StdoutPipe()
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.tb.Fatal(err)
	}
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
		if strings.Contains(strings.ToLower(lines.Text()), s.ready) {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return
		}
	}
	s.tb.Fatalf("redis-server did not start; it printed:\n%s", &printed)
}

// Kill kills the server as kill -9 does, and waits for its end. Killing it again
// does nothing.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait() // It tells of the signal.
	s.process = nil
}

// Pause stops the server in its tracks: it keeps its connections and answers
// nothing, like a machine that swaps.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume lets the server go on after Pause.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig os.Signal) {
	s.tb.Helper()
	if err := s.process.Process.Signal(sig); err != nil {
		s.tb.Fatal(err)
	}
}
