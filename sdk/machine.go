package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// Machine is the SDK of one page instance: [Machine.Handle] takes what happens
// and returns what is to be done about it. It is plain data between two events.
// It waits for nothing; whatever takes time is a flow in a named step.
//
// The zero Machine is that of a page that has not called Kakao.init.
type Machine struct {
	app    app
	tokens tokens
	// flows are those under way, in the order in which they began.
	flows []flow
	// renewal is the one under way, if any.
	renewal *renewal
	// popup is the number of the flow whose window is open, window that of the
	// window, which may outlive the flow. There is one at a time.
	popup, window int
	// address is the shipping-address window that is open.
	address *addressWindow
	// polling is the Auth.authorize, or login in this window, that polls.
	polling *authorization
	// restored tells that init found something of an earlier page of this tab.
	restored bool
	// restoring is the number of the flow that goes on with it, if any.
	restoring int
	// loggedOut is the moment of the last logout, here or in another tab: no
	// login that began before it ends with a token.
	loggedOut int64
	// loggedIn is the moment at which the last login began that an earlier page
	// knew of.
	loggedIn int64
	// ended tells that since then the user has logged out, or a page has removed
	// the token.
	ended bool
	// records are the states of the logins that are written down in this tab.
	records []string
	// dropped counts the events that fitted nothing.
	dropped int

	// Of the event under way.
	now    int64
	stored string
	out    []Command
	random []byte

	last int // the last number given
	// latest is the last moment given.
	latest int64
}

// app is what Kakao.init has fixed.
type app struct {
	key      string
	agent    string
	platform kakao.Platform
	server   string // the token server's base address, without a trailing slash
	origin   string // the page's
	href     string // the page's address at init, without its fragment
	browser  Browser
	restores bool // the page wants a session of this browser found again
}

// callbackURI is where the token server's relay page receives the answer.
func (a app) callbackURI() string { return a.server + contract.PathCallback }

// relayIsOurs reports whether the relay page shares the page's origin, and with
// it the sessionStorage.
func (a app) relayIsOurs() bool { return originOf(a.server) == a.origin }

// Handle takes one event and returns the commands that follow from it, to be
// carried out in that order. An event that fits nothing is counted and changes
// nothing, but for a window, lock or entry that came too late, which is given back.
func (m *Machine) Handle(e *Event) []Command {
	m.now, m.stored, m.out = e.Now, e.Stored, nil
	m.tokens.current.see(m.stored)
	m.random = latin1(e.get("random"))
	if !m.call(e) && !m.browserEvent(e) {
		m.outcome(e)
	}
	m.random = nil
	return m.out
}

// Dropped is the number of events that fitted nothing.
func (m *Machine) Dropped() int { return m.dropped }

// call answers a call of the page.
func (m *Machine) call(e *Event) bool {
	switch e.Type {
	case CallRules:
		m.rules(e)
	case CallCheck:
		m.check(e)
	case CallInit:
		m.init(e)
	case CallCleanup:
		m.cleanup()
	case CallAuthCleanup:
		m.authCleanup()
	case CallAPICleanup:
		m.stopFlows(apiLife)
	case CallLogin:
		m.login(e)
	case CallAuthorize:
		m.authorize(e)
	case CallIssue:
		m.issue(e)
	case CallAddress:
		m.selectAddress(e)
	case CallLogout:
		m.logout(e)
	case CallStatus:
		m.status(e)
	case CallRequest:
		m.request(e)
	case CallRenew:
		if t := m.token(); t.renewable() {
			m.renew(t)
		}
	case CallGetAccessToken:
		m.getAccessToken()
	case CallSetAccessToken:
		m.setAccessToken(e)
	default:
		return false
	}
	return true
}

// browserEvent takes what the browser tells every page.
func (m *Machine) browserEvent(e *Event) bool {
	switch e.Type {
	case PageShow:
		m.tokens.leaving = false
	case Look:
		m.look(e)
	case PageHide:
		m.pageHide()
	case News:
		m.hearNews(e)
	case Focus:
		for _, f := range m.underWay() {
			f.handle(m, e)
		}
	default:
		return false
	}
	return true
}

// outcome takes the outcome of a command to its flow.
func (m *Machine) outcome(e *Event) {
	if f, ok := m.flow(e.Flow); ok {
		f.handle(m, e)
		return
	}
	if e.Type == Timer && e.Flow == 0 && m.tokens.timer != 0 && e.Number == m.tokens.timer {
		m.tokenTimer()
		return
	}
	m.drop(e)
}

// drop counts an event that fits nothing, and gives back what came too late.
func (m *Machine) drop(e *Event) {
	m.dropped++
	switch e.Type {
	case Opened:
		m.do(DoShut, "window", text(e.Number))
	case Locked:
		m.do(DoUnlock, "lock", text(e.Number))
	case Saved: // the page's code has ended its login meanwhile
		if e.has("key") {
			m.do(DoRemove, "area", session, "key", e.get("key"))
		}
	}
}

// moment is the time, in milliseconds since 1970, at which something of this
// page begins. It is later than every one before, and tabs share the clock, so
// that it tells what began first.
func (m *Machine) moment() int64 {
	m.latest = max(m.now, m.latest+1)
	return m.latest
}

// String says what the SDK is doing. It holds no secret.
func (m *Machine) String() string {
	parts := []string{m.tokens.String()}
	for _, f := range m.flows {
		c := f.at()
		parts = append(parts, c.name+" "+text(c.number)+": "+string(c.step))
	}
	return strings.Join(parts, "; ")
}

// originOf is the origin of an address: its scheme, host and port.
func originOf(address string) string {
	slashes := 0
	for i := range len(address) {
		if address[i] == '/' {
			if slashes++; slashes == 3 {
				return address[:i]
			}
		}
	}
	return address
}
