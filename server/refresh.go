package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	// renewalReuse is how long the result of a renewal is handed out again
	// before Kakao is asked anew: tabs that wake up one after the other share
	// one.
	renewalReuse = 10 * time.Second
	// storeGrace is how much longer than for Kakao the callers of a renewal wait
	// for the store.
	storeGrace = 2 * time.Second
	// leaseTTL is how long others wait for a renewal or an exchange whose process
	// has died, and how long a store may be out of reach without others taking
	// over.
	leaseTTL = 10 * time.Second
)

// renewal is the result of renewing a session.
type renewal struct {
	session session
	// idToken is the refreshed ID token. It is not kept, so that a result that
	// is handed out again comes without it.
	idToken string
}

// refresh answers POST /refresh: a fresh access token for the session.
func (s *Server) refresh(w http.ResponseWriter, r *http.Request) error {
	id := s.cookies.sessionID(r)
	if id == "" {
		return errLoginRequired
	}
	renewed, err := s.renewOnce(r.Context(), id)
	if err != nil {
		// The cookie of an unknown session stays: it may already have been
		// replaced by a login in another tab, which clearing would undo.
		if endsLogin(err) {
			s.cookies.clear(w)
		}
		return err
	}
	s.cookies.set(w, id, s.sessions.expiry(renewed.session.login))
	writeJSON(w, http.StatusOK, renewed.session.response(renewed.idToken))
	return nil
}

// renewOnce renews a session, once for all in this process who ask at the same
// time. The renewal goes on when those who wait for it are gone: a rotated
// refresh token must not be lost. Nor do they wait for ever: whoever comes back
// later finds the same renewal.
func (s *Server) renewOnce(ctx context.Context, id string) (renewal, error) {
	done := s.flights.DoChan(id, func() (any, error) { return s.renewSafely(context.WithoutCancel(ctx), id) })
	waiting, cancel := context.WithTimeoutCause(ctx, s.patience()+storeGrace, errStore)
	defer cancel()
	select {
	case result := <-done:
		if result.Err != nil {
			return renewal{}, result.Err
		}
		s.metrics.renewal(result.Shared)
		return result.Val.(renewal), nil
	case <-waiting.Done():
		return renewal{}, context.Cause(waiting)
	}
}

// renewSafely renews a session in a goroutine of its own, where a panic of a
// store would end the process.
func (s *Server) renewSafely(ctx context.Context, id string) (renewed renewal, err error) {
	s.working.RLock()
	defer s.working.RUnlock()
	defer func() {
		if p := recover(); p != nil {
			err = s.panicked(ctx, p)
		}
	}()
	return s.renewAlone(ctx, id)
}

// patience is how long an endpoint works on one request, all its calls to Kakao
// and to the store together.
func (s *Server) patience() time.Duration { return 2 * s.cfg.UpstreamTimeout }

// renewAlone renews a session, once for all processes that share the store:
// whoever waits for the lease finds the result in the entry.
func (s *Server) renewAlone(ctx context.Context, id string) (renewal, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience())
	defer cancel()
	found, err := s.sessions.find(ctx, id)
	if err != nil || found.isFresh() {
		return renewal{session: found}, err
	}
	var renewed renewal
	err = store.Hold(ctx, s.cfg.Store, sessionKey(id), leaseTTL, func(ctx context.Context) (err error) {
		renewed, err = s.renew(ctx, id)
		return err
	})
	return renewed, s.sessions.failure(ctx, "hold", err)
}

// isFresh reports whether the login was renewed so recently that its tokens are
// handed out again.
func (l *login) isFresh() bool {
	since := time.Since(l.RenewedAt)
	return 0 <= since && since < renewalReuse // A clock that was set back makes nothing fresh.
}

// renew asks Kakao for a fresh access token and stores what came before anyone
// sees it. A session that was ended meanwhile stays ended.
//
// # When a process dies, or is left behind, in the middle of it
//
// Before Kakao is asked, and where Kakao keeps the refresh token in force, which
// it does but for the token's last month, nothing is lost: whoever comes next
// asks again. In the last month Kakao's answer replaces the refresh token, and
// an answer that was not stored takes the only one that is left with it. That
// cannot be undone, only be told from a token that was revoked, and kept from
// happening without need:
//
//   - Once the answer is here, storing it is tried for storePatience, also when
//     the lease was lost meanwhile; the version decides (see keep).
//   - The session notes that Kakao was asked before it is. Whoever finds the
//     note tries the old refresh token once more. If Kakao refuses that, the
//     session stays for as long as the one who asked may still be storing, and
//     then ends with an error that says what happened.
func (s *Server) renew(ctx context.Context, id string) (renewal, error) {
	found, err := s.sessions.find(ctx, id)
	if err != nil || found.isFresh() {
		return renewal{session: found}, err
	}
	if found.RefreshToken == "" {
		return renewal{}, s.endLogin(ctx, id, errNoRefreshToken)
	}
	askedBefore := found.AskedAt
	if found, err = s.note(ctx, found); err != nil || found.isFresh() {
		return renewal{session: found}, err
	}
	g, err := s.kakao.refresh(ctx, rest.NewRefreshToken(found.RefreshToken))
	if err != nil {
		return renewal{}, s.judgeRefusal(ctx, id, askedBefore, err)
	}
	return s.settle(ctx, found, g)
}

// note writes into a session that Kakao is asked now, where the answer may
// replace the refresh token. Where somebody else has changed the session first,
// it returns what they have made of it.
func (s *Server) note(ctx context.Context, found session) (session, error) {
	if !found.mayRotate() || !found.AskedAt.IsZero() {
		return found, nil
	}
	noted := found
	noted.AskedAt = time.Now()
	noted, err := s.sessions.replace(ctx, noted)
	if errors.Is(err, store.ErrConflict) {
		return s.sessions.find(ctx, found.id)
	}
	return noted, s.sessions.failure(ctx, "note", err)
}

// settle stores what Kakao has granted and says whether it may be handed out.
func (s *Server) settle(ctx context.Context, found session, g grant) (renewal, error) {
	if found.widens(g) {
		found.renew(g)
		s.endTokens(ctx, found.login)
		return renewal{}, s.endLogin(ctx, found.id, errWiderScope)
	}
	kept, err := s.keep(ctx, found, g)
	if err != nil {
		return renewal{}, err
	}
	idToken, err := s.checkRefreshedIDToken(ctx, g.IDToken.Reveal(), kept.UserID)
	if err != nil {
		return renewal{}, s.endLogin(ctx, found.id, err)
	}
	s.notify(ctx, s.cfg.OnRefresh, kept.user())
	return renewal{session: kept, idToken: idToken}, nil
}

// keep puts a grant into its session, and goes on until the store has it. Where
// somebody else has stored a renewal of the same session first, theirs stays and
// is the result; where the session has ended, the grant ends, too.
func (s *Server) keep(ctx context.Context, found session, g grant) (session, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	renewed := found
	renewed.renew(g)
	kept, err := insist(ctx, func() (session, error) {
		kept, err := s.sessions.replace(ctx, renewed)
		if !errors.Is(err, store.ErrConflict) {
			return kept, err
		}
		now, err := s.sessions.get(ctx, found.id)
		if err != nil || !now.RenewedAt.Equal(found.RenewedAt) {
			return now, err
		}
		// Nothing but a note was added: ours is the only result there is.
		renewed.version = now.version
		return s.sessions.replace(ctx, renewed)
	})
	if errors.Is(err, store.ErrNotFound) {
		s.endTokens(ctx, renewed.login)
	}
	return kept, s.sessions.failure(ctx, "replace", err)
}

// Failures that end a login.
var (
	// errNoRefreshToken: Kakao gave the login no refresh token.
	errNoRefreshToken = &failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: "invalid_grant", Description: "the login cannot be renewed; log in again",
	}}
	// errWiderScope: a page that logged in for less must not be handed more
	// (BBA). Kakao's refresh response names no scope, and its request cannot ask
	// for one, so that what the login was granted is the bound.
	errWiderScope = &failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: "invalid_grant", Description: "Kakao renewed the login with a wider scope than it was granted; log in again to use it",
	}}
)

// lostAnswer is the failure of a renewal whose refresh token Kakao refuses
// after somebody has asked before and stored no answer.
func lostAnswer(f *failure) *failure {
	lost := *f
	lost.Description = "the answer to an earlier renewal was lost, and with it the refresh token that Kakao put in place of the old one; log in again"
	return &lost
}

// errAnswerOut is the failure of a renewal that another one seems to be ahead
// of.
var errAnswerOut = &failure{Status: http.StatusServiceUnavailable, RetryAfter: retryAfter, OAuthError: kakao.OAuthError{
	Code: "temporarily_unavailable", Description: "an earlier renewal of this login has not been stored yet; try again",
}}

// judgeRefusal decides what a failed renewal means for the session. Only a
// fatal failure says that the refresh token is dead and the login over;
// everything else may pass or is a mistake of the server's configuration, for
// which no user is logged out.
func (s *Server) judgeRefusal(ctx context.Context, id string, askedBefore time.Time, err error) error {
	var f *failure
	if !errors.As(err, &f) || f.temporary() {
		return err
	}
	if !f.fatal() {
		f.Status = http.StatusBadGateway
		return f
	}
	f.Code, f.Status = "invalid_grant", http.StatusUnauthorized
	switch ago := time.Since(askedBefore); {
	case askedBefore.IsZero():
		return s.endLogin(ctx, id, f)
	case ago < s.patience()+storePatience:
		return errAnswerOut
	}
	return s.endLogin(ctx, id, lostAnswer(f))
}

// fatal reports whether a failure says that what was redeemed is dead: by the
// error of RFC 6749, section 5.2, or by Kakao's code under another name.
func (f *failure) fatal() bool {
	return f.Code == catalog.ErrRefreshToken.Name || f.KOE == catalog.ErrRefreshToken.KOE || f.KOE == codeDeadToken
}

// endLogin deletes the session and passes on why.
func (s *Server) endLogin(ctx context.Context, id string, why error) error {
	var f *failure
	if _, err := s.sessions.end(ctx, id); err != nil && errors.As(err, &f) && f.temporary() {
		return err
	}
	return &endedLoginError{why}
}

// endedLoginError is the failure of a renewal that ended its session.
type endedLoginError struct{ why error }

// Error says why the login is over.
func (e *endedLoginError) Error() string { return e.why.Error() }

// Unwrap returns why the login is over.
func (e *endedLoginError) Unwrap() error { return e.why }

// endsLogin reports whether a failure ended its session.
func endsLogin(err error) bool {
	var ended *endedLoginError
	return errors.As(err, &ended)
}

// checkRefreshedIDToken verifies the ID token of a refresh response. One that
// cannot be checked now is left out of the answer; one that is wrong is an
// error.
func (s *Server) checkRefreshedIDToken(ctx context.Context, idToken, userID string) (string, error) {
	if idToken == "" {
		return "", nil
	}
	err := s.idTokens.verifyRefreshed(ctx, idToken, userID)
	var f *failure
	if errors.As(err, &f) && f.temporary() {
		s.log.WarnContext(ctx, "a refreshed ID token is left out of the answer", "error", err)
		return "", nil
	}
	return idToken, err
}
