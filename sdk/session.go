package sdk

// restoration gets the token of an earlier page again, which went with it.
type restoration struct{ progress }

// restoreSession gets the token again, from the token server's session alone;
// not if the user has logged out since its login began. Where the page wants that,
// a session is found again of which this tab knows nothing, because the browser
// has cleared the storage; not if the page itself removed the token.
func (m *Machine) restoreSession() {
	ts := &m.tokens
	if ts.held != 0 && (ts.held < m.loggedOut || m.app.restores && m.ended) {
		m.hold(0)
	}
	if ts.held == 0 && m.app.restores && !m.ended {
		ts.held = longAgo
	}
	if ts.held == 0 || m.token() != nil {
		return
	}
	f := &restoration{}
	m.begin(f, "restore", 0, authLife)
	m.restored, m.restoring = true, f.number
	f.step = waitsForRenewal
	m.renew(nil)
}

func (f *restoration) handle(m *Machine, e *Event) {
	if f.step != waitsForRenewal || e.Type != resumed {
		m.drop(e)
		return
	}
	m.end(f)
}

func (f *restoration) stop(m *Machine) { m.end(f) }

// endSession ends a session at the token server whose token the page removes by
// itself, where it would be found again.
func (m *Machine) endSession() {
	if m.app.restores {
		f := &logoutFlow{}
		m.begin(f, "end of the session", 0, authLife)
		f.quiet = true
		f.ask(m)
	}
}

// isEndingSession reports whether the token server is being asked to end a
// session: it would end one that begins meanwhile.
func (m *Machine) isEndingSession() bool {
	for _, f := range m.flows {
		switch f := f.(type) {
		case *logoutFlow:
			return true
		case *exchange:
			if f.step == endsSession {
				return true
			}
		}
	}
	return false
}

// sessionEnded goes on with the logins that wait until a session has ended.
func (m *Machine) sessionEnded() {
	if !m.isEndingSession() {
		m.resume(waitsForLogout, nil)
	}
}
