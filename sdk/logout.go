package sdk

import "github.com/kakaowasm/kakaowasm/contract"

// The steps of a logout.
const (
	waitsForRequests step = "waits for the requests that began before it"
	asksServers      step = "ends the login at the servers"
)

// requestGrace is how long requests may take that began before a logout, in
// milliseconds: they would be refused after it.
const requestGrace = 2_000

// logoutFlow ends the login at the servers and here, whatever the servers say.
// It settles with true, as the legacy SDK did. The token server ends its
// session, whoever began it, and the tokens at Kakao; a token that it does not
// know, or could not end, is ended directly.
type logoutFlow struct {
	progress
	token  *accessToken
	began  int64 // see Machine.moment
	server int   // the number of the request to the token server; 0 once answered
	api    int   // that to the API; 0 if there is none, or once answered
	before []int // the flows of the requests that began before it
	timer  int
	quiet  bool // it ends the token server's session alone
}

func (m *Machine) logout(e *Event) {
	f := &logoutFlow{}
	m.begin(f, "logout", e.Number, authLife)
	f.began = m.moment()
	m.loggedOut = max(m.loggedOut, f.began)
	m.note(contract.LoggedOut, m.loggedOut, "")
	m.dropRecords()
	f.token = m.token()
	f.waitForRequests(m)
}

// isLoggingOut reports whether a logout of the page is under way.
func (m *Machine) isLoggingOut() bool {
	for _, f := range m.flows {
		if f, ok := f.(*logoutFlow); ok && !f.quiet {
			return true
		}
	}
	return false
}

func (f *logoutFlow) handle(m *Machine, e *Event) {
	switch {
	case f.step == waitsForRequests && e.Type == resumed:
		if !f.hasRequests(m) {
			f.ask(m)
		}
	case f.step == waitsForRequests && e.Type == Timer && e.Number == f.timer:
		f.timer = 0
		f.ask(m)
	case f.step == asksServers && isAnswer(e) && e.Number == f.server:
		f.server = 0
		if f.token.renewable() && readServerAnswer(e, false) != nil {
			f.askAPI(m)
		}
		f.finish(m)
	case f.step == asksServers && isAnswer(e) && e.Number == f.api:
		f.api = 0
		f.finish(m)
	default:
		m.drop(e)
	}
}

// waitForRequests lets requests finish that the page began before, such as an
// unlink.
func (f *logoutFlow) waitForRequests(m *Machine) {
	for _, other := range m.flows {
		if r, ok := other.(*apiRequest); ok {
			f.before = append(f.before, r.number)
		}
	}
	if !f.hasRequests(m) {
		f.ask(m)
		return
	}
	f.step = waitsForRequests
	f.timer = m.ask(f, DoTimer, "ms", text(requestGrace))
}

func (f *logoutFlow) hasRequests(m *Machine) bool {
	for _, number := range f.before {
		if _, ok := m.flow(number); ok {
			return true
		}
	}
	return false
}

func (f *logoutFlow) ask(m *Machine) {
	if f.timer != 0 {
		m.do(DoCancel, "timer", text(f.timer))
	}
	f.step = asksServers
	f.server = m.askServer(f, contract.PathLogout, "", logoutTimeout)
	if !f.quiet && !f.token.renewable() {
		f.askAPI(m)
	}
}

// leavePage has logouts ask that wait: their page goes.
func (m *Machine) leavePage() {
	for _, f := range m.underWay() {
		if f, ok := f.(*logoutFlow); ok && f.step == waitsForRequests {
			f.ask(m)
		}
	}
}

func (f *logoutFlow) askAPI(m *Machine) {
	endpoint, _ := FindEndpoint("/v1/user/logout")
	m.fetchAPI(f, endpoint, nil, "", f.token, logoutTimeout)
	f.api = m.last
}

func (f *logoutFlow) finish(m *Machine) {
	if f.server != 0 || f.api != 0 {
		return
	}
	// The token of a login that began later, in another tab, stays; the tabs hear
	// of the logout even so. After a cleanup the token is gone already.
	switch t := m.tokens.current; {
	case f.call == 0:
	case t.renewable() && t.began >= f.began:
		m.post(nil, contract.TokenRemoved)
	default:
		m.setToken(nil, contract.TokenRemoved)
		m.note(contract.LoggedOut, m.loggedOut, "") // the end of an earlier login may be noted over it
	}
	m.settle(f, true, "answer", "true")
	m.end(f)
	m.sessionEnded()
}

// stop lets the logout go on, but nobody hears of it: it is done even so.
func (f *logoutFlow) stop(m *Machine) {
	m.forget(f)
}
