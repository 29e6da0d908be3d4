package sdk

import (
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// The types of events, and names and values that mean something to them, for
// FuzzHandle to put together.
var (
	fuzzTypes = []string{
		CallRules, CallCheck, CallInit, CallCleanup, CallAuthCleanup, CallAPICleanup, CallLogin, CallAuthorize, CallIssue,
		CallAddress, CallLogout, CallStatus, CallRequest, CallRenew, CallGetAccessToken, CallSetAccessToken,
		Opened, Blocked, Heard, Timer, Answer, Failed, Locked, Bridge, Parsed, Saved, PageShow, PageHide, Look, Focus, News,
		replaced, resumed, "", "nothing that is known",
	}
	fuzzNames = []string{
		"name", "random", "code", "url", "data", "token", "persist", "status", "error", "access_token", "expires_in", "state",
		"entries", "top", "entry", "free", "origin", "href", "via", "ours", "closed", "away", "focused", "waited", "outcome", "number", "since",
		"server.href", "server.protocol", "authHost.href", "authHost.protocol", "apiHost.href", "apiHost.protocol", "userAgent",
		"redirectUri", "nonce", "id_token", "parsed", "policy", "session",
	}
	fuzzValues = []string{
		"", "1", "200", "401", "400", "ok", "error", "channel", "set", "removed", "renewed", "https:", "http:", "https://a.test",
		"/v2/user/me", "9999999999999.3600.t", "300", "-1", "9223372036854775807", "99999999999999999999", "\x00", "\xff", "가",
		"1800000000000 popup v 1 1 o t 0 n", "localStorage", "sessionStorage", contract.ResultKey + "s", contract.LoginKey + "s",
		strings.Repeat("\u00ff", 200), "Mozilla/5.0 (Linux; Android 15) Chrome/1 KAKAOTALK 11", "iPhone", "invalid_grant", "login_required",
	}
)

// fuzzReader reads events out of bytes.
type fuzzReader struct{ rest []byte }

func (r *fuzzReader) next() int {
	if len(r.rest) == 0 {
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return int(b)
}

func (r *fuzzReader) pick(list []string) string {
	n := r.next()
	if n == 255 { // whatever the bytes say
		size := min(r.next(), len(r.rest))
		text := string(r.rest[:size])
		r.rest = r.rest[size:]
		return text
	}
	return list[n%len(list)]
}

func (r *fuzzReader) event() *Event {
	e := &Event{Type: r.pick(fuzzTypes), Flow: r.next() - 1, Number: r.next() - 1, Now: int64(r.next()) << (r.next() % 64)}
	if r.next()%4 == 0 {
		e.Stored = r.pick(fuzzValues)
	}
	for range r.next() % 16 {
		e.Data = append(e.Data, r.pick(fuzzNames), r.pick(fuzzValues))
	}
	if bits := r.next(); bits%2 == 0 {
		e.Settings = &Settings{
			Scope: "openid", IsPopup: bits&2 != 0, ThroughTalk: bits&4 != 0, AutoLogin: bits&8 != 0, PersistAccessToken: bits&16 != 0,
			Prompt: r.pick(fuzzValues), RedirectURI: r.pick(fuzzValues), State: r.pick(fuzzValues), ReturnURL: r.pick(fuzzValues),
		}
	} else if bits&2 != 0 {
		e.Data = append(e.Data, "odd")
	}
	return e
}

// Events come in any order and with any content. The machine drops what does not
// fit, and goes on: outcomes of its own commands are among them.
func FuzzHandle(f *testing.F) {
	f.Add([]byte("\x02\x00\x01\x01\x01\x01\x09\x19\x0d\x1a\x0b\x1b\x0d\x1c\x0b\x1d\x0d\x1e\x0b\x01\x08\x01\x02\x01\x01\x01\x01"))
	f.Add([]byte{10, 0, 3, 1, 1, 1, 0, 1, 20, 1, 4, 1, 1, 1, 2, 7, 2, 8, 3, 1})
	f.Fuzz(func(t *testing.T, events []byte) {
		m := started(t)
		r := &fuzzReader{events}
		var waiting []Command
		for len(r.rest) > 0 {
			e := r.event()
			if n := len(waiting); n > 0 && r.next()%2 == 0 {
				c := waiting[r.next()%n]
				e.Flow, e.Number = c.Flow, c.Number
			}
			for _, c := range m.Handle(e) {
				if c.Do == "" || c.Number < 0 || c.Number > m.last {
					t.Fatalf("a command that is none: %+v", c)
				}
				if c.Number != 0 {
					waiting = append(waiting, c)
				}
			}
			if m.String() == "" {
				t.Fatal("the machine says nothing")
			}
		}
		m.Handle(&Event{Type: CallCleanup, Now: m.now})
		if got := m.String(); strings.Contains(got, ";") && !strings.Contains(got, string(asksServers)) {
			t.Fatalf("after cleanup: %s", got)
		}
	})
}
