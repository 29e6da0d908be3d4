package main

import (
	"net/http"
	"net/http/httptest"
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
	err := all.repeated(of, addr, -time.Second, func(int) []byte { return refresh(addr, "a=b") })
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
