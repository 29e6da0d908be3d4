package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// newServer starts a server and returns where it listens.
func newServer(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestALoadOfRequestsThatAreSentOnce(t *testing.T) {
	var asked atomic.Int64
	addr := newServer(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	requests := make([][]byte, 100)
	for i := range requests {
		requests[i] = session(addr, "a=b")
	}
	all, of := results{}, series{askSession, inMemory, 16}
	if err := all.once(of, addr, requests); err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 100 || len(all[of]) != 1 || all[of][0].perSecond <= 0 {
		t.Errorf("%d requests, measured %+v", asked.Load(), all[of])
	}
}

func TestALoadOfRequestsThatAreRepeatedBeginsWithOneThatDoesNotCount(t *testing.T) {
	var asked atomic.Int64
	addr := newServer(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	all, of := results{}, series{cachedRefresh, inMemory, 4}
	err := all.repeated(of, &stock{addr: addr}, -time.Second, func(int) []byte { return refresh(addr, "a=b") })
	if err == nil || asked.Load() != 4 {
		t.Errorf("%d requests, %v, want 4 that come first and an error because none was counted", asked.Load(), err)
	}
}

func TestALoadMustBeAnswered200(t *testing.T) {
	addr := newServer(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no session", http.StatusUnauthorized) })
	err := results{}.once(series{askSession, inMemory, 2}, addr, [][]byte{session(addr, "")})
	if err == nil || !strings.Contains(err.Error(), "401") || !strings.Contains(err.Error(), "no session") {
		t.Errorf("got %v", err)
	}
}

func TestALoadTellsWhatItCostTheServer(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("expected Linux, which says how long a program has kept a processor busy")
	}
	self := &process{Cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}
	addr := newServer(t, func(http.ResponseWriter, *http.Request) {
		for began := self.processor(); self.processor() == began; { // It is busy for a tick of Linux.
		}
	})
	asked := 0
	measured, err := load{addr, 1, self, nil, func(int) []byte {
		if asked++; asked > 1 {
			return nil
		}
		return session(addr, "")
	}}.measure()
	if err != nil || measured.processor < 10*time.Millisecond {
		t.Errorf("got %v, %v, want at least a tick", measured.processor, err)
	}
}
