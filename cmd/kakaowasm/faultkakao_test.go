package main

import (
	"cmp"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// newFarSite starts a site whose servers reach Kakao by a wire.
func newFarSite(t *testing.T, edit ...func(*emulator.Config)) (*site, *wire) {
	t.Helper()
	w := newWire(t)
	s := newSite(t, append(edit, func(c *emulator.Config) { c.Issuer = w.origin() })...)
	w.lead(strings.TrimPrefix(s.kakao.URL, "http://"))
	return s, w
}

// refreshAll lets all visitors ask for a fresh access token once, at the same
// time.
func (s *site) refreshAll(origin string, visitors []*visitor) []reply {
	s.t.Helper()
	replies := make([]reply, len(visitors))
	var asking sync.WaitGroup
	for i, v := range visitors {
		asking.Go(func() {
			var err error
			if replies[i], err = s.refresh(origin, v); err != nil {
				s.t.Error(err)
			}
		})
	}
	asking.Wait()
	return replies
}

// inject plays a fault of the emulator.
func inject(fault emulator.Fault) func(*testing.T, *site, *wire) {
	fault.Path = kakao.PathToken
	return func(t *testing.T, s *site, _ *wire) {
		t.Helper()
		if _, err := s.kakao.Inject(fault); err != nil {
			t.Fatal(err)
		}
	}
}

// played plays a fault of the wire.
func played(fault func(net.Conn)) func(*testing.T, *site, *wire) {
	return func(_ *testing.T, _ *site, w *wire) { w.play(fault) }
}

const answerHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// unplugged is the name of the fault that plug ends.
const unplugged = "refused connections"

// kakaoFaults are what Kakao, or the way to it, may do instead of answering. None
// of it says that a refresh token is dead.
var kakaoFaults = []struct {
	name  string
	begin func(*testing.T, *site, *wire)
}{
	{"slower than its limit", inject(emulator.Fault{Delay: emulator.Duration(time.Minute)})},
	{"status 500", inject(emulator.Fault{Status: 500})},
	{"status 503 with a page", inject(emulator.Fault{Status: 503, Body: "<html>maintenance</html>"})},
	{"too many requests", inject(emulator.Fault{Status: 429, Body: `{"error":"invalid_request","error_code":"KOE237"}`})},
	{"a page instead of tokens", inject(emulator.Fault{Status: 200, Body: "<html>welcome</html>"})},
	{"an answer without tokens", inject(emulator.Fault{Status: 200, Body: "{}"})},
	{"an answer of other types", inject(emulator.Fault{Status: 200, Body: `{"access_token":[1],"expires_in":"soon"}`})},
	{"status 400 without an error", inject(emulator.Fault{Status: 400, Body: "{}"})},
	{"dropped connections", inject(emulator.Fault{Drop: true})},
	{unplugged, func(_ *testing.T, _ *site, w *wire) { w.unplug() }},
	{"hanging connections", played(hang)},
	{"reset connections", played(reset)},
	{"no HTTP", played(say("\x16\x03\x01\x00\xff garbage\r\n\r\n"))},
	{"an answer cut short", played(say(answerHead + "Content-Length: 1000\r\n\r\n{\"access_token\":\"a"))},
	{"headers without end", played(sayForEver(answerHead, "X-More: and more\r\n"))},
	{"a body without end", played(sayForEver(answerHead+"\r\n", "[[[[[[[["))},
}

// Whatever Kakao does: the server answers, everybody stays logged in, and once Kakao
// is well again everybody's login is renewed.
func TestKakaoMayDoAnything(t *testing.T) {
	t.Parallel()
	const visitors = 8
	s, w := newFarSite(t)
	server := s.start("--store=memory", "--upstream-timeout=2s", unlimited)
	for _, tt := range kakaoFaults {
		group := s.logInAll(server.origin, visitors)
		tt.begin(t, s, w)
		for _, a := range s.refreshAll(server.origin, group) {
			if a.status == http.StatusOK || !a.passes() {
				t.Errorf("%s: a renewal: %d %v", tt.name, a.status, a.body)
			}
		}
		s.expectHealthy(server)
		s.kakao.ClearFaults()
		w.play(nil)
		if tt.name == unplugged {
			w.plug()
		}
		for _, v := range group {
			if err := cmp.Or(s.look(server.origin, v), s.renew(server.origin, v), s.expectToken(v)); err != nil {
				t.Errorf("%s: afterwards: %v", tt.name, err)
			}
		}
	}
}

// A Kakao that is slow, but within the default limit, is one that works.
func TestKakaoMayBeSlow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	server := s.start("--store=memory", unlimited)
	visitors := s.logInAll(server.origin, 8)
	inject(emulator.Fault{Delay: emulator.Duration(200 * time.Millisecond)})(t, s, nil)
	for _, a := range s.refreshAll(server.origin, visitors) {
		if err := a.err(); err != nil {
			t.Error(err)
		}
	}
}

// Renewals that hang at Kakao keep nobody else waiting, and go on by themselves
// when their connections end. They are fewer than the failures in a row after which
// the server gives Kakao a pause (server/overload.go).
func TestAHangingKakaoKeepsNobodyElseWaiting(t *testing.T) {
	t.Parallel()
	s, w := newFarSite(t)
	server := s.start("--store=memory", unlimited)
	visitors := s.logInAll(server.origin, 9)
	waiting, other := visitors[1:], visitors[0]
	asked := make(chan struct{}, 10*len(visitors))
	w.play(func(conn net.Conn) {
		asked <- struct{}{}
		hang(conn)
	})
	answered := make(chan []reply)
	go func() { answered <- s.refreshAll(server.origin, waiting) }()
	for range waiting {
		<-asked
	}
	s.expectHealthy(server)
	for range 100 {
		if err := s.look(server.origin, other); err != nil {
			t.Error(err)
		}
	}
	w.play(nil)
	for _, a := range <-answered {
		if err := a.err(); err != nil {
			t.Error(err)
		}
	}
}
