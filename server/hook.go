package server

import (
	"context"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// hookTimeout is how long the context of a hook lives, however little time the
// request has left. The user waits for it.
const hookTimeout = 5 * time.Second

// errNotAdmitted is the failure of a login that OnLogin refuses. Why is for the
// log, not for the page.
var errNotAdmitted = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code: contract.CodeAccessDenied, Description: "this site does not let the user in",
}}

// admit asks OnLogin whether a user may log in.
func (s *Server) admit(ctx context.Context, u User) (err error) {
	if s.cfg.OnLogin == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = s.panicked(ctx, p)
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hookTimeout)
	defer cancel()
	if err := s.cfg.OnLogin(ctx, u); err != nil {
		refused := *errNotAdmitted
		refused.Endpoint, refused.Upstream = "OnLogin", err.Error()
		return &refused
	}
	return nil
}

// notify tells a hook what has happened. A panic of the hook changes nothing
// about that, and is logged.
func (s *Server) notify(ctx context.Context, hook func(context.Context, User), u User) {
	if hook == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			_ = s.panicked(ctx, p)
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hookTimeout)
	defer cancel()
	hook(ctx, u)
}
