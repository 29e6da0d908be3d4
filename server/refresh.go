package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// renewalReuse is how long the result of a renewal is handed out again before
// Kakao is asked anew: tabs that wake up one after the other share one.
const renewalReuse = 10 * time.Second

// renewal is the result of renewing a login.
type renewal struct {
	login  login
	expiry time.Time // of the session
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
	s.cookies.set(w, id, renewed.expiry)
	writeJSON(w, http.StatusOK, renewed.login.response(renewed.idToken))
	return nil
}

// renewOnce renews a session, once for all who ask at the same time. The
// renewal goes on when the caller that began it is gone: others wait for it,
// and a rotated refresh token must not be lost.
func (s *Server) renewOnce(ctx context.Context, id string) (renewal, error) {
	done := s.flights.DoChan(id, func() (result any, err error) {
		s.renewals.RLock()
		defer s.renewals.RUnlock()
		// The renewal has a goroutine of its own, where a panic of a store
		// would end the process.
		defer func() {
			if p := recover(); p != nil {
				err = s.panicked(ctx, p)
			}
		}()
		return s.renew(context.WithoutCancel(ctx), id)
	})
	select {
	case result := <-done:
		if result.Err != nil {
			return renewal{}, result.Err
		}
		s.metrics.renewal(result.Shared)
		return result.Val.(renewal), nil
	case <-ctx.Done():
		return renewal{}, context.Cause(ctx)
	}
}

// renew asks Kakao for a fresh access token and stores what came before anyone
// sees it. A session that was ended meanwhile stays ended.
func (s *Server) renew(ctx context.Context, id string) (renewal, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*s.cfg.UpstreamTimeout)
	defer cancel()
	l, err := s.sessions.find(ctx, id)
	if err != nil {
		return renewal{}, err
	}
	if time.Since(l.RenewedAt) < renewalReuse {
		return renewal{login: l, expiry: s.sessions.expiry(l)}, nil
	}
	if l.RefreshToken == "" {
		return renewal{}, s.endLogin(ctx, id, errNoRefreshToken)
	}
	g, err := s.kakao.refresh(ctx, rest.NewRefreshToken(l.RefreshToken))
	if err != nil {
		return renewal{}, s.judgeRefusal(ctx, id, err)
	}
	l.take(g)
	l.RenewedAt = time.Now()
	expiry, err := s.sessions.update(ctx, id, l)
	if err != nil {
		return renewal{}, err
	}
	idToken, err := s.checkRefreshedIDToken(ctx, g.IDToken.Reveal(), l.UserID)
	if err != nil {
		return renewal{}, s.endLogin(ctx, id, err)
	}
	return renewal{login: l, expiry: expiry, idToken: idToken}, nil
}

// errNoRefreshToken is the failure of a login to which Kakao gave no refresh
// token.
var errNoRefreshToken = &failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
	Code: "invalid_grant", Description: "the login cannot be renewed; log in again",
}}

// judgeRefusal decides what a failed renewal means for the session. Only
// invalid_grant (RFC 6749, section 5.2) says that the refresh token is dead and
// the login over; everything else may pass or is a mistake of the server's
// configuration, for which no user is logged out.
func (s *Server) judgeRefusal(ctx context.Context, id string, err error) error {
	var f *failure
	if !errors.As(err, &f) || f.temporary() {
		return err
	}
	if f.Code != "invalid_grant" {
		f.Status = http.StatusBadGateway
		return f
	}
	f.Status = http.StatusUnauthorized
	return s.endLogin(ctx, id, f)
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
