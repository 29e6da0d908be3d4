//go:build js

package main

import (
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// renewal is one renewal under way; whoever else wants one waits for it.
type renewal struct {
	done  chan struct{}
	ended <-chan struct{} // of the SDK's life that it belongs to
	err   *kakao.OAuthError
}

// How long, in milliseconds, a tab waits for the news of the tab that held the
// lock before it, and a failed renewal rests.
const (
	newsTimeout = 300
	retryAfter  = 30_000
)

// renew replaces stale by a fresh access token: once for everyone in this tab
// who asks at the same time, and once for all tabs, under a Web Lock. It
// returns nil if there is a newer token now, whoever fetched it.
func (s *sdk) renew(stale *accessToken) *kakao.OAuthError {
	if running := s.renewal; running != nil {
		<-running.done
		return running.err
	}
	r := &renewal{done: make(chan struct{}), ended: s.ended}
	s.renewal = r
	r.err = s.renewUnderLock(r, stale)
	if s.renewal == r {
		s.renewal = nil
	}
	close(r.done)
	return r.err
}

func (s *sdk) renewUnderLock(r *renewal, stale *accessToken) *kakao.OAuthError {
	changed := s.tokens.changed
	release, waited := jsbridge.Lock(s.tokens.storageKey() + ":renew")
	defer release()
	if waited && !s.replaced(stale) {
		// The tab before us has renewed, but its news may still be on the way.
		select {
		case <-changed:
		case <-time.After(newsTimeout * time.Millisecond):
		}
	}
	if s.replaced(stale) {
		return nil
	}
	return s.refresh(r, stale)
}

// replaced reports whether stale is no longer the token, and takes over a newer
// one that another tab stored.
func (s *sdk) replaced(stale *accessToken) bool {
	if s.tokens.current != stale {
		return true
	}
	stored := s.tokens.load()
	if stale == nil || !stale.persist || stored == nil || stored.renewable() && stored.expires <= stale.expires {
		return false
	}
	s.tokens.adopt(stored, tokenRenewed)
	return true
}

// refresh asks the token server for a fresh access token. If the page has
// called cleanup or set another token meanwhile, the answer is dropped.
func (s *sdk) refresh(r *renewal, stale *accessToken) *kakao.OAuthError {
	answer, e := s.ask(refreshPath, "", serverTimeout)
	defer jsbridge.Release(answer)
	if isClosed(r.ended) {
		return errCleanedUp
	}
	switch {
	case s.tokens.current != stale:
	case e == nil:
		s.tokens.set(newAccessToken(answer, stale != nil && stale.persist), tokenRenewed)
	case loginIsOver(e):
		s.loginEnded(stale)
	case stale.renewable():
		s.tokens.after(retryAfter)
	}
	return e
}

// loginEnded is called when the server has no login for this browser any more:
// the token serves for the rest of its life, and is not renewed again.
func (s *sdk) loginEnded(stale *accessToken) {
	jsbridge.Session.Remove(s.tokens.heldKey())
	if stale == nil {
		return
	}
	stale.last = true
	if stale.expires <= jsbridge.Now() {
		s.tokens.set(nil, tokenRemoved)
		return
	}
	s.tokens.startTimer(stale.expires-jsbridge.Now(), func() { s.tokens.set(nil, tokenRemoved) })
}

// loginIsOver reports whether a renewal failed because the server has no login
// for this browser, and not because it could not be reached.
func loginIsOver(e *kakao.OAuthError) bool {
	return e.Code == "login_required" || e.Code == "invalid_grant"
}

// callRenew renews at the wish of the page.
func (s *sdk) callRenew(js.Value) any {
	if t := s.tokens.get(); t.renewable() {
		go func() { _ = s.renew(t) }()
	}
	return nil
}
