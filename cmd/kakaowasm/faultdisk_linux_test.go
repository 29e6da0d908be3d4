package main

import (
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A process that may write no more gets a signal, and then an error from writing
// as on a full disk. A full disk sends none.
func init() {
	if os.Getenv(asProgram) != "" {
		signal.Ignore(syscall.SIGXFSZ)
	}
}

// fillDisk keeps a server from writing beyond the first two pages of a file: those
// of bbolt that say where its data is, which come last in each commit. The
// function that it returns makes room again.
func (i *instance) fillDisk() (makeRoom func()) {
	i.t.Helper()
	pid := i.process.Process.Pid
	var before unix.Rlimit
	set := func(limit unix.Rlimit) {
		if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
			i.t.Error(err)
		}
	}
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, nil, &before); err != nil {
		i.t.Fatal(err)
	}
	set(unix.Rlimit{Cur: 2 * uint64(os.Getpagesize()), Max: before.Max})
	return func() { set(before) }
}

// On a full disk nobody can log in or renew, and the server says so; who is
// logged in stays so, also where Kakao would replace refresh tokens: Kakao is not
// asked for what could not be kept. A login that finds room in time succeeds, and
// with room everything goes on without a restart.
func TestAFullDiskLosesNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t, rotating)
	server := s.start("--store=bolt:"+filepath.Join(t.TempDir(), "sessions.db"), unlimited)
	visitors := s.logInAll(server.origin, 8)
	exchanges := s.kakao.Count("authorization_code")
	makeRoom := server.fillDisk()

	for _, a := range s.refreshAll(server.origin, visitors) {
		if a.status != http.StatusServiceUnavailable || !a.passes() {
			t.Errorf("a renewal: %d %v", a.status, a.body)
		}
	}
	if n := s.kakao.Count("refresh_token"); n != 0 {
		t.Errorf("Kakao was asked for %d renewals that could not be kept", n)
	}
	for _, v := range visitors {
		if err := s.look(server.origin, v); err != nil {
			t.Error(err)
		}
	}
	s.expectHealthy(server)
	s.expectRefusedLogin(server.origin)

	begun := make(chan error)
	go func() {
		v, err := s.logIn(server.origin)
		if err == nil {
			visitors = append(visitors, v)
		}
		begun <- err
	}()
	s.awaitExchanges(exchanges + 2)
	makeRoom()
	if err := <-begun; err != nil {
		t.Errorf("a login that waited for room: %v", err)
	}
	visitors = append(visitors, s.logInAll(server.origin, 1)...)
	for _, v := range visitors {
		s.expectUsable(server.origin, v)
	}
}

// expectRefusedLogin fails the test unless a login is refused for a time.
func (s *site) expectRefusedLogin(origin string) {
	s.t.Helper()
	code, err := s.authorize()
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.postCode(origin, code)
	if err != nil || a.status != http.StatusServiceUnavailable || !a.passes() {
		s.t.Errorf("a login: %d %v, %v", a.status, a.body, err)
	}
}

// awaitExchanges waits until Kakao has answered so many exchanges.
func (s *site) awaitExchanges(n int) {
	s.t.Helper()
	for deadline := time.Now().Add(answerLimit); s.kakao.Count("authorization_code") < n; time.Sleep(retryPause) {
		if time.Now().After(deadline) {
			s.t.Fatalf("Kakao has not answered %d exchanges", n)
		}
	}
}
