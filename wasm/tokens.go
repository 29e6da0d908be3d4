//go:build js

package main

import (
	"strconv"
	"strings"
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// accessToken is the access token of the page. One that the token server issued
// has an expiry and is renewed; one that the page set by itself has none and is
// left alone, because the server's session may belong to somebody else.
type accessToken struct {
	value    string
	expires  int64 // milliseconds since 1970; 0 if the page set the token
	lifetime int   // seconds
	persist  bool  // kept in localStorage, beyond the page's life
	last     bool  // the server has no login to renew it from
}

// renewable reports whether t came from the token server.
func (t *accessToken) renewable() bool { return t != nil && t.expires != 0 }

// text is t as it goes to Kakao; without a token what the legacy SDK sent.
func (t *accessToken) text() string {
	if t == nil {
		return "null"
	}
	return t.value
}

// due reports whether t is to be renewed before it is used.
func (t *accessToken) due() bool {
	return t.renewable() && !t.last && jsbridge.Now() >= t.expires-int64(rules.RenewBefore(t.lifetime))*1000
}

// encode writes t for localStorage.
func (t *accessToken) encode() string {
	return strconv.FormatInt(t.expires, 10) + "." + strconv.Itoa(t.lifetime) + "." + t.value
}

// decodeToken reads what encode wrote. Anything else is no token.
func decodeToken(text string) *accessToken {
	expires, rest, ok := strings.Cut(text, ".")
	lifetime, value, ok2 := strings.Cut(rest, ".")
	at, err := strconv.ParseInt(expires, 10, 64)
	seconds, err2 := strconv.Atoi(lifetime)
	if !ok || !ok2 || err != nil || err2 != nil {
		return nil
	}
	return &accessToken{value: value, expires: at, lifetime: seconds, persist: true}
}

// tokenStore holds the access token, keeps it as the page wishes, tells other
// tabs of the origin of each change, and has it renewed in time.
type tokenStore struct {
	s      *sdk
	appKey string // whose token it is
	// legacyKey names the localStorage entry of the legacy SDK, which the first
	// change of the token ends.
	legacyKey string
	current   *accessToken
	channel   *jsbridge.Channel
	stops     []func() // listening to pageshow and pagehide
	timer     *time.Timer
	changed   chan struct{} // closed and replaced at each change
	closed    bool          // after cleanup: the token stays, the background ends
	leaving   bool          // the page is being left, which ends its requests
}

// open begins a life of the SDK. A token in memory outlives cleanup, as in the
// legacy SDK: one that the page set even into another app's init, but not one
// of the token server, whose session is the app's.
func (ts *tokenStore) open(s *sdk) {
	if ts.appKey != s.appKey && ts.current.renewable() {
		ts.current = nil
	}
	ts.s, ts.appKey, ts.closed = s, s.appKey, false
	ts.changed = make(chan struct{})
	ts.channel = jsbridge.OpenChannel(ts.storageKey(), ts.hear)
	ts.stops = []func(){
		jsbridge.Listen(jsbridge.Global("window"), "pageshow", ts.reload),
		jsbridge.Listen(jsbridge.Global("window"), "pagehide", ts.leave),
	}
	if ts.current == nil {
		ts.current = ts.load()
	}
	ts.schedule()
}

func (ts *tokenStore) close() {
	ts.closed = true
	ts.channel.Close()
	for _, stop := range ts.stops {
		stop()
	}
	ts.stopTimer()
}

// storageKey names the localStorage entry, the channel and the lock.
func (ts *tokenStore) storageKey() string { return "kakaowasm:" + ts.appKey }

// heldKey names the sessionStorage entry that says, without holding a token,
// that the token server has a login of this tab whose token a reload would lose.
func (ts *tokenStore) heldKey() string { return ts.storageKey() + ":held" }

// What the entry says: the token was not to be kept, or it was on its way.
const (
	heldInMemory  = "memory"
	heldToPersist = "persist"
)

// markHeld says that a login is on its way, and returns what takes that back.
func (ts *tokenStore) markHeld(persist bool) (unmark func()) {
	before, marked := jsbridge.Session.Load(ts.heldKey())
	mark := heldInMemory
	if persist {
		mark = heldToPersist
	}
	_ = jsbridge.Session.Save(ts.heldKey(), mark)
	return func() {
		if marked {
			_ = jsbridge.Session.Save(ts.heldKey(), before)
		} else {
			jsbridge.Session.Remove(ts.heldKey())
		}
	}
}

func (ts *tokenStore) load() *accessToken {
	text, ok := jsbridge.Local.Load(ts.storageKey())
	if !ok {
		return nil
	}
	return decodeToken(text)
}

// get returns the token, or nil. A missing one is looked up again, because
// another tab may have stored it.
func (ts *tokenStore) get() *accessToken {
	if ts.current == nil {
		ts.current = ts.load()
	}
	return ts.current
}

// set makes t the token; nil removes it.
func (ts *tokenStore) set(t *accessToken, status string) {
	ts.keep(t)
	ts.adopt(t, status)
	message := []any{"status", status}
	if t != nil {
		message = append(message, "token", t.encode(), "persist", t.persist)
	}
	ts.channel.Post(message...)
}

func (ts *tokenStore) keep(t *accessToken) {
	jsbridge.Local.Remove(ts.legacyKey)
	if t != nil && t.persist {
		_ = jsbridge.Local.Save(ts.storageKey(), t.encode()) // else it lives as long as the page
	} else {
		jsbridge.Local.Remove(ts.storageKey())
	}
	if t != nil && !t.persist && t.renewable() {
		_ = jsbridge.Session.Save(ts.heldKey(), heldInMemory)
	} else {
		jsbridge.Session.Remove(ts.heldKey())
	}
}

func (ts *tokenStore) adopt(t *accessToken, status string) {
	ts.current = t
	close(ts.changed)
	ts.changed = make(chan struct{})
	ts.schedule()
	ts.announce(status)
}

// announce tells the page, without the token itself.
func (ts *tokenStore) announce(status string) {
	seconds := js.Undefined()
	if ts.current.renewable() {
		seconds = js.ValueOf(int((ts.current.expires - jsbridge.Now()) / 1000))
	}
	jsbridge.Host("announce", status, seconds)
}

// The statuses of the event kakao:token.
const (
	tokenSet     = "set"
	tokenRenewed = "renewed"
	tokenRemoved = "removed"
)

// hear takes over what another tab did. A token that is not kept in
// localStorage concerns only tabs that hold such a login themselves.
func (ts *tokenStore) hear(data js.Value) {
	if data.Type() != js.TypeObject {
		return
	}
	status := jsbridge.Text(data, "status")
	if status == tokenRemoved {
		jsbridge.Session.Remove(ts.heldKey())
		ts.adopt(nil, tokenRemoved)
		return
	}
	t := decodeToken(jsbridge.Text(data, "token"))
	if t == nil {
		return
	}
	t.persist = data.Get("persist").Truthy()
	if t.persist || t.renewable() && ts.current.renewable() {
		ts.adopt(t, status)
	}
}

// reload looks at the storage again, for a page that comes back from the
// browser's back/forward cache: what happened meanwhile it has not heard.
func (ts *tokenStore) reload(event js.Value) {
	ts.leaving = false
	if !event.Get("persisted").Truthy() || ts.current == nil || !ts.current.persist {
		return
	}
	if stored := ts.load(); stored == nil || *stored != *ts.current {
		ts.adopt(stored, tokenSet)
	}
}

// leave removes the token of a page that leaves while it logs out: the answer,
// after which the token is removed, will not find it any more.
func (ts *tokenStore) leave(js.Value) {
	ts.leaving = true
	if ts.s.logouts > 0 {
		ts.set(nil, tokenRemoved)
	}
}

// schedule has the token renewed shortly before it expires.
func (ts *tokenStore) schedule() {
	ts.stopTimer()
	if ts.current.renewable() {
		wait := ts.current.expires - int64(rules.RenewBefore(ts.current.lifetime))*1000 - jsbridge.Now()
		ts.after(max(wait, 0))
	}
}

// after has the token renewed after that many milliseconds.
func (ts *tokenStore) after(milliseconds int64) {
	ts.startTimer(milliseconds, func() { _ = ts.s.renew(ts.current) })
}

// startTimer runs what is due after that many milliseconds, if the token is
// still the same then.
func (ts *tokenStore) startTimer(milliseconds int64, due func()) {
	ts.stopTimer()
	if ts.closed {
		return
	}
	t := ts.current
	ts.timer = time.AfterFunc(time.Duration(milliseconds)*time.Millisecond, func() {
		if ts.current == t {
			due()
		}
	})
}

func (ts *tokenStore) stopTimer() {
	if ts.timer != nil {
		ts.timer.Stop()
	}
}

func (s *sdk) callGetAccessToken(js.Value) any {
	if t := s.tokens.get(); t != nil {
		return t.value
	}
	return nil
}

// callAdoptLegacy takes over call.token, which the legacy SDK left, if there is
// no newer one. Its entry stays for as long as nothing changes, so that a page
// can go back to the legacy SDK; there is none of ours meanwhile.
func (s *sdk) callAdoptLegacy(call js.Value) any {
	if s.tokens.get() == nil {
		s.tokens.current = &accessToken{value: jsbridge.Text(call, "token")}
	}
	return nil
}

// callSetAccessToken takes call.token, a string or null, and call.persist.
func (s *sdk) callSetAccessToken(call js.Value) any {
	token := call.Get("token")
	defer jsbridge.Release(token)
	if token.Type() != js.TypeString {
		s.tokens.set(nil, tokenRemoved)
		return nil
	}
	next := &accessToken{value: token.String(), persist: call.Get("persist").Bool()}
	// Many pages hand back what login has just given them: it stays renewable.
	if t := s.tokens.get(); t != nil && t.value == next.value {
		next.expires, next.lifetime = t.expires, t.lifetime
	}
	s.tokens.set(next, tokenSet)
	return nil
}
