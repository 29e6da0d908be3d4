package sdk

import (
	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// RenewBefore tells how many seconds before its expiry an access token with
// this lifetime, in seconds, is to be renewed: five minutes, or a tenth of a
// shorter life, so that no request meets an expired token and no token is
// thrown away half used.
func RenewBefore(lifetime int) int {
	return min(5*60, lifetime/10)
}

// How long, in milliseconds, a tab waits for the news of the tab that held the
// lock before it, and a failed renewal rests.
const (
	newsTimeout = 300
	retryAfter  = 30_000
)

// The steps of a renewal.
const (
	asksForLock  step = "asks for the lock of all tabs"
	waitsForNews step = "waits for the news of another tab"
)

// renewal replaces stale by a fresh access token: once for everyone in this tab
// who asks at the same time, and once for all tabs, under a Web Lock. Whoever
// waits for it is in step waitsForRenewal.
type renewal struct {
	progress
	stale *accessToken
	since int64 // what Machine.loggedOut was when it began
	lock  int
	timer int
	held  bool // the lock
	kept  bool // the token was in localStorage when the server was asked
}

// renew begins a renewal, or joins the one under way.
func (m *Machine) renew(stale *accessToken) {
	if m.renewal != nil {
		return
	}
	r := &renewal{}
	m.begin(r, "renewal", 0, sdkLife)
	m.renewal = r
	r.stale, r.since = stale, m.loggedOut
	r.step = asksForLock
	r.lock = m.ask(r, DoLock, "name", contract.RenewLock(m.tokens.appKey))
}

func (r *renewal) handle(m *Machine, e *Event) {
	switch {
	case r.step == asksForLock && e.Number == r.lock && (e.Type == Locked || e.Type == Failed):
		r.held = e.Type == Locked
		if e.has("waited") && !m.replaced(r.stale) {
			// The tab before us has renewed, but its news may still be on the way.
			r.step = waitsForNews
			r.timer = m.ask(r, DoTimer, "ms", text(newsTimeout))
			return
		}
		r.refresh(m)
	case r.step == waitsForNews && (e.Type == resumed || e.Type == Timer && e.Number == r.timer):
		m.do(DoCancel, "timer", text(r.timer))
		r.refresh(m)
	case r.step == asksServer && isAnswer(e):
		r.answered(m, e)
	default:
		m.drop(e)
	}
}

// refresh asks the token server for a fresh access token, unless another tab
// has done so.
func (r *renewal) refresh(m *Machine) {
	if m.replaced(r.stale) {
		r.finish(m, nil)
		return
	}
	r.step = asksServer
	r.kept = m.stored != ""
	m.askServer(r, contract.PathRefresh, "", serverTimeout)
}

// answered takes the server's answer. It is dropped if the page has set another
// token meanwhile, or if the user has logged out of the session that was to be
// taken up again, or a page has removed its token. (A logout removes a token that
// is there.)
func (r *renewal) answered(m *Machine, e *Event) {
	failed := readServerAnswer(e, true)
	switch {
	case m.tokens.current != r.stale || r.stale == nil && (m.loggedOut != r.since || m.tokens.held == 0):
	case r.kept && m.stored == "": // another tab has logged out, whose news do not reach this one
		m.hold(0)
		m.adopt(nil, contract.TokenRemoved)
	case failed == nil:
		began := r.stale.since()
		if r.stale == nil {
			began = m.tokens.held
		}
		m.setToken(m.newAccessToken(e, r.stale != nil && r.stale.persist, began), contract.TokenRenewed)
	case loginIsOver(failed):
		m.loginEnded(r.stale)
	case r.stale.renewable():
		m.startTimer(retryAfter, false)
	}
	r.finish(m, failed)
}

func (r *renewal) finish(m *Machine, e *kakao.OAuthError) {
	r.stop(m)
	m.resume(waitsForRenewal, e)
}

func (r *renewal) stop(m *Machine) {
	if r.held {
		m.do(DoUnlock, "lock", text(r.lock))
	}
	if r.step == waitsForNews {
		m.do(DoCancel, "timer", text(r.timer))
	}
	m.renewal = nil
	m.end(r)
}

// replaced reports whether stale is no longer the token, and takes over a newer
// one that another tab stored.
func (m *Machine) replaced(stale *accessToken) bool {
	if m.tokens.current != stale {
		return true
	}
	stored := decodeToken(m.stored)
	if stale == nil || !stale.persist || stored == nil || stored.renewable() && stored.expires <= stale.expires {
		return false
	}
	stored.began = stale.began
	m.adopt(stored, contract.TokenRenewed)
	return true
}

// loginEnded is called when the server has no login for this browser any more:
// the token serves for the rest of its life, and is not renewed again.
func (m *Machine) loginEnded(stale *accessToken) {
	m.hold(0)
	if stale == nil {
		return
	}
	stale.last = true
	if stale.expires <= m.now {
		m.setToken(nil, contract.TokenRemoved)
		return
	}
	m.startTimer(stale.expires-m.now, true)
}

// loginIsOver reports whether a renewal failed because the server has no login
// for this browser, and not because it could not be reached.
func loginIsOver(e *kakao.OAuthError) bool {
	return e.Code == contract.CodeLoginRequired || e.Code == contract.CodeInvalidGrant
}
