package sdk

import (
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
)

// tokens holds the access token, keeps it as the page wishes, tells other tabs
// of the origin of each change, and has it renewed in time.
type tokens struct {
	appKey string // whose token it is
	// legacyKey names the localStorage entry of the legacy SDK, which the first
	// change of the token ends.
	legacyKey string
	current   *accessToken
	// held is the entry in sessionStorage that says, without holding a token,
	// that the token server has a login of this tab whose token a reload would
	// lose: when that login began, see Machine.moment, or 0.
	held    int64
	open    bool // between init and cleanup
	leaving bool // the page is being left, which ends its requests

	timer   int // number of the timer under way, 0 if none
	timed   *accessToken
	expires bool // the timer removes the token, and does not renew it
}

// The two storages of a page.
const (
	local   = "localStorage"
	session = "sessionStorage"
)

// storageKey names the localStorage entry, the channel and the lock.
func (ts *tokens) storageKey() string { return contract.StorageKey(ts.appKey) }

// note writes down what ended or began last, for pages that load later; of a
// login also which.
func (m *Machine) note(what string, moment int64, state string) {
	m.ended = what == contract.LoggedOut
	m.save(nil, local, contract.LastKey(m.tokens.appKey), what+strconv.FormatInt(moment, 10)+" "+state)
}

// readLast takes over what an earlier page noted.
func (m *Machine) readLast(entry string) {
	entry, _, _ = strings.Cut(entry, " ")
	if moment, ok := strings.CutPrefix(entry, contract.LoggedOut); ok {
		m.ended = true
		m.loggedOut = max(m.loggedOut, Number(moment))
	} else if moment, ok := strings.CutPrefix(entry, contract.LoggedIn); ok {
		m.ended = false
		m.loggedIn = max(m.loggedIn, Number(moment))
	}
}

func (ts *tokens) heldKey() string { return contract.HeldKey(ts.appKey) }

// String says what is known of the token, and never the token.
func (ts *tokens) String() string {
	switch t := ts.current; {
	case t == nil:
		return "no token"
	case !t.renewable():
		return "a token of the page"
	case t.last:
		return "a token whose login is over"
	default:
		return "a token"
	}
}

// openTokens begins a life of the SDK. A token in memory outlives cleanup, as
// in the legacy SDK: one that the page set even into another app's init, but not
// one of the token server, whose session is the app's.
func (m *Machine) openTokens(appKey, legacyKey, held string) {
	ts := &m.tokens
	if ts.appKey != appKey && ts.current.renewable() {
		ts.current = nil
	}
	ts.appKey, ts.legacyKey, ts.held, ts.open, ts.leaving = appKey, legacyKey, Number(held), true, false
	if held != "" {
		ts.held = max(ts.held, longAgo)
	}
	m.do(DoJoin, "name", ts.storageKey(), "entry", ts.storageKey(), "last", contract.LastKey(appKey), "held", ts.heldKey())
	m.token()
	m.schedule()
}

func (m *Machine) closeTokens() {
	m.stopTimer()
	if m.tokens.open {
		m.do(DoLeave)
	}
	m.tokens.open = false
}

// token returns the token, or nil. A missing one is looked up again, because
// another tab may have stored it.
func (m *Machine) token() *accessToken {
	if m.tokens.current == nil {
		m.tokens.current = decodeToken(m.stored)
	}
	return m.tokens.current
}

// setToken makes t the token; nil removes it.
func (m *Machine) setToken(t *accessToken, status string) {
	m.keepToken(t)
	m.post(t, status)
	m.adopt(t, status)
}

// post tells the other tabs of a token, or of a removal and, in a logout, of the
// moment before which logins count no more.
func (m *Machine) post(t *accessToken, status string) {
	if !m.tokens.open {
		return
	}
	message := []string{contract.TokenStatus, status}
	switch {
	case t != nil:
		message = append(message, contract.TokenValue, t.encode(), contract.TokenPersist, flag(t.persist),
			contract.TokenSince, strconv.FormatInt(t.began, 10))
	case m.isLoggingOut():
		message = append(message, contract.TokenSince, strconv.FormatInt(m.loggedOut, 10))
	}
	m.do(DoPost, message...)
}

// keepToken writes the token down, or removes what was written.
func (m *Machine) keepToken(t *accessToken) {
	ts := &m.tokens
	if ts.legacyKey != "" {
		m.do(DoRemove, "area", local, "key", ts.legacyKey)
	}
	if t != nil && t.persist {
		m.stored = t.encode() // if that fails, it lives as long as the page
		m.do(DoSave, "area", local, "key", ts.storageKey(), "text", m.stored)
	} else {
		m.stored = ""
		m.do(DoRemove, "area", local, "key", ts.storageKey())
	}
	if t != nil && !t.persist && t.renewable() {
		m.hold(t.began)
	} else {
		m.hold(0)
	}
}

// hold writes the entry that says what the token server has.
func (m *Machine) hold(held int64) {
	m.tokens.held = held
	if held == 0 {
		m.do(DoRemove, "area", session, "key", m.tokens.heldKey())
	} else {
		m.do(DoSave, "area", session, "key", m.tokens.heldKey(), "text", strconv.FormatInt(held, 10))
	}
}

// adopt makes t the token of this tab, and tells the page.
func (m *Machine) adopt(t *accessToken, status string) {
	m.tokens.current = t
	m.schedule()
	expiresIn := ""
	if t.renewable() {
		expiresIn = strconv.FormatInt((t.expires-m.now)/1000, 10)
	}
	m.do(DoAnnounce, "status", status, "expires_in", expiresIn)
	m.resume(waitsForNews, nil)
}

// hearNews takes over what another tab did. A token that is not kept in
// localStorage concerns only tabs that hold such a login themselves.
func (m *Machine) hearNews(e *Event) {
	ts := &m.tokens
	status := e.get(contract.TokenStatus)
	since := Number(e.get(contract.TokenSince))
	if status == contract.LoginOver {
		m.hearLoginOver(e.get(contract.TokenState))
		return
	}
	if status == contract.TokenRemoved {
		m.hearRemoval(since)
		return
	}
	t := decodeToken(e.get(contract.TokenValue))
	if t == nil || since != 0 && (since < m.loggedOut || status == contract.TokenRenewed && since < ts.current.since()) {
		return // it is of an earlier login
	}
	t.began = since
	if since == 0 { // the other tab's SDK is a version older, and does not say
		t.began = ts.current.since()
	}
	t.persist = e.has("persist")
	if c := ts.current; c != nil && c.encode() == t.encode() && c.persist == t.persist {
		c.began = max(c.began, since) // it was found in the storage before
		return
	}
	if t.persist || t.renewable() && ts.current.renewable() {
		m.adopt(t, status)
	}
}

// hearRemoval takes a removal by another tab: of a logout since then, or, if it
// is 0, of anything else. The token of a login that began after a logout stays;
// the other tab did not know it when it emptied the storage. Nor did it know one
// of an earlier login that this tab has stored while the news were on their way.
func (m *Machine) hearRemoval(since int64) {
	m.loggedOut = max(m.loggedOut, since)
	if t := m.tokens.current; since != 0 && t != nil && t.began > since {
		m.keepToken(t)
		return
	}
	if t := m.tokens.current; t != nil && t.persist && m.stored == t.encode() {
		m.keepToken(nil)
	}
	m.hold(0)
	m.adopt(nil, contract.TokenRemoved)
}

// look looks at the storage again, for a page that may have missed what other tabs
// did: one that comes back from the browser's back/forward cache, that the user
// comes back to, or whose browser has no channels.
func (m *Machine) look(e *Event) {
	m.readLast(e.get("last"))
	current, found := m.tokens.current, decodeToken(m.stored)
	over := current != nil && current.began > longAgo && current.began < m.loggedOut
	switch {
	case found == nil && current == nil, found != nil && current != nil && found.encode() == current.encode():
	case found == nil && (current.persist && current.kept || over):
		m.hold(0)
		m.adopt(nil, contract.TokenRemoved)
	case found != nil && (current == nil || current.persist || over):
		m.found(found)
	}
	// A later page of this tab may have logged in and kept nothing, before the user
	// went back to this one.
	if held := Number(e.get("held")); held > m.tokens.held && m.tokens.current == nil && m.restoring == 0 {
		m.tokens.held = held
		m.restoreSession()
	}
}

// found takes over the token that another tab has stored: the present one,
// renewed, one that its page has set, or that of a later login. After a logout it
// is one that the other tab is about to remove.
func (m *Machine) found(t *accessToken) {
	switch current := m.tokens.current; {
	case !t.renewable():
		m.adopt(t, contract.TokenSet)
	case m.loggedOut > m.loggedIn:
	case current.renewable() && current.began >= m.loggedIn:
		t.began = current.began
		m.adopt(t, contract.TokenRenewed)
	default:
		t.began = max(t.began, m.loggedIn)
		m.adopt(t, contract.TokenSet)
	}
}

// pageHide removes the token of a page that leaves while it logs out: the
// answer, after which the token is removed, will not find it any more.
func (m *Machine) pageHide() {
	m.tokens.leaving = true
	m.leavePage()
	if m.isLoggingOut() {
		m.setToken(nil, contract.TokenRemoved)
	}
}

// schedule has the token renewed shortly before it expires.
func (m *Machine) schedule() {
	m.stopTimer()
	if t := m.tokens.current; t.renewable() {
		m.startTimer(max(t.renewAt()-m.now, 0), false)
	}
}

// startTimer renews the token, or removes it, after that many milliseconds, if
// it is still the same then.
func (m *Machine) startTimer(milliseconds int64, expires bool) {
	m.stopTimer()
	ts := &m.tokens
	if !ts.open {
		return
	}
	ts.timer, ts.timed, ts.expires = m.next(), ts.current, expires
	m.out = append(m.out, Command{Do: DoTimer, Number: ts.timer, Data: []string{"ms", strconv.FormatInt(milliseconds, 10)}})
}

func (m *Machine) stopTimer() {
	if m.tokens.timer != 0 {
		m.do(DoCancel, "timer", text(m.tokens.timer))
		m.tokens.timer = 0
	}
}

func (m *Machine) tokenTimer() {
	ts := &m.tokens
	ts.timer = 0
	switch {
	case ts.current != ts.timed:
	case ts.expires:
		m.setToken(nil, contract.TokenRemoved)
	default:
		m.renew(ts.current)
	}
}

func (m *Machine) getAccessToken() {
	if t := m.token(); t != nil {
		m.do(DoReturn, "value", t.value)
	} else {
		m.do(DoReturn)
	}
}

// adoptLegacy takes over the token that the legacy SDK left, if there is no
// newer one. Its entry stays for as long as nothing changes, so that a page can
// go back to the legacy SDK; there is none of ours meanwhile.
func (m *Machine) adoptLegacy(e *Event) {
	if value, ok := e.lookup("legacyToken"); ok && m.token() == nil {
		m.tokens.current = &accessToken{value: value}
	}
}

func (m *Machine) setAccessToken(e *Event) {
	value, ok := e.lookup("token")
	if value == "" {
		m.note(contract.LoggedOut, m.loggedOut, "")
		m.endSession()
	}
	if !ok {
		m.setToken(nil, contract.TokenRemoved)
		return
	}
	next := &accessToken{value: value, persist: e.has("persist"), began: m.moment()}
	// Many pages hand back what login has just given them: it stays renewable.
	if t := m.token(); t != nil && t.value == next.value {
		next.expires, next.lifetime, next.began = t.expires, t.lifetime, t.began
	}
	m.setToken(next, contract.TokenSet)
}
