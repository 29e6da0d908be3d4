package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
)

// logoutTimeout bounds what a logout asks of the store, and then what it asks of
// Kakao, all calls together.
const logoutTimeout = 3 * time.Second

// logout answers POST /logout: it ends the session first, so that the user is
// logged out whatever Kakao does, and then the tokens.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.endSession(w, r); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// endSession ends the session of a request, if it has one, and its tokens. A
// user who closes the page is logged out all the same; and where the store does
// not answer at least this browser is, whose next user may be another.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	end, err := s.background.begin()
	if err != nil {
		return err
	}
	defer end()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), logoutTimeout)
	defer cancel()
	s.cookies.clear(w)
	l, err := storehealth.Retry(ctx, func() (session.Login, error) { return s.sessions.End(ctx, s.cookies.sessionID(r)) })
	if errors.Is(err, session.ErrLoginRequired) {
		return nil // The cookie of the earlier name may be another server's.
	}
	s.cookies.clearEarlier(w, r)
	if err != nil {
		return err
	}
	s.tell(ctx, notifyLogout, about(l))
	s.endTokens(ctx, l)
	s.notify(ctx, s.cfg.OnLogout, userOf(&l))
	return nil
}

// endTokens expires the tokens of a login at Kakao, within logoutTimeout, however
// little time the caller has left. Kakao's logout takes a living access token, so
// that an expired one is renewed first.
func (s *Server) endTokens(ctx context.Context, l session.Login) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logoutTimeout)
	defer cancel()
	token := rest.NewUserToken(l.AccessToken)
	if l.ExpiresIn() == 0 && l.RefreshToken != "" {
		g, _, err := s.kakao.Refresh(ctx, rest.NewRefreshToken(l.RefreshToken))
		if err != nil {
			s.log.WarnContext(ctx, "the tokens of a login that ended live on at Kakao until they expire", "error", err)
			return
		}
		token = g.AccessToken
	}
	err := s.kakao.Logout(ctx, token)
	if errors.Is(err, rest.ErrInvalidToken) {
		return // The page has ended them already, by an unlink for example.
	}
	if err != nil {
		s.log.WarnContext(ctx, "the tokens of a login that ended live on at Kakao until they expire", "error", err)
	}
}
