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
// asked for what could not be kept. Nobody waits long for room, a code that was not
// sent to Kakao is still good, and with room everything goes on without a restart.
func TestAFullDiskLosesNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t, rotating)
	server := s.start("--store=bolt:"+filepath.Join(t.TempDir(), "sessions.db"), unlimited)
	visitors := s.logInAll(server.origin, 8)
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
	s.expectReadiness(server, http.StatusServiceUnavailable)
	s.expectRefusedLogin(server.origin)
	exchanges := s.kakao.Count("authorization_code")
	code := s.expectRefusedLogin(server.origin)
	if n := s.kakao.Count("authorization_code"); n != exchanges {
		t.Errorf("Kakao was asked for %d logins that could not be kept", n-exchanges)
	}
	makeRoom()
	s.awaitReadiness(server)
	if a, err := s.postCode(server.origin, code); err != nil || a.status != http.StatusOK {
		t.Errorf("the code of a refused login, with room: %d %v, %v", a.status, a.body, err)
	}
	visitors = append(visitors, s.logInAll(server.origin, 1)...)
	for _, v := range visitors {
		s.expectUsable(server.origin, v)
	}
}

// expectReadiness checks the status of /readyz.
func (s *site) expectReadiness(server *instance, want int) {
	s.t.Helper()
	if a, err := s.ask("GET", server.origin+"/readyz", "", nil); err != nil || a.status != want {
		s.t.Errorf("/readyz: %d, %v, want %d", a.status, err, want)
	}
}

// awaitReadiness waits until a server is ready.
func (s *site) awaitReadiness(server *instance) {
	s.t.Helper()
	for deadline := time.Now().Add(answerLimit); ; time.Sleep(retryPause) {
		a, err := s.ask("GET", server.origin+"/readyz", "", nil)
		if err == nil && a.status == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("not ready with room: %d, %v", a.status, err)
		}
	}
}

// expectRefusedLogin fails the test unless a login is refused for a time. It returns
// the code of the login.
func (s *site) expectRefusedLogin(origin string) (code string) {
	s.t.Helper()
	code, err := s.authorize()
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.postCode(origin, code)
	if err != nil || a.status != http.StatusServiceUnavailable || !a.passes() {
		s.t.Errorf("a login: %d %v, %v", a.status, a.body, err)
	}
	return code
}
