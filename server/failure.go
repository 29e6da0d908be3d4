package server

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// fail answers and logs an error of an endpoint.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	web.WriteFailure(w, s.logged(r, err))
}

// logged logs an error of an endpoint and returns the answer that it makes.
func (s *Server) logged(r *http.Request, err error) *web.Failure {
	var f *web.Failure
	if errors.Is(r.Context().Err(), context.Canceled) && !errors.As(err, &f) {
		f = errClientGone
	}
	if !errors.As(err, &f) && f == nil {
		// A mistake of this package.
		f = &web.Failure{Status: http.StatusServiceUnavailable, RetryAfter: web.RetryAfter, OAuthError: kakao.OAuthError{
			Code: contract.CodeTemporarilyUnavailable, Description: "the request was given up",
		}, Upstream: err.Error()}
	}
	s.log.LogAttrs(r.Context(), levelOf(f.Status), "request refused",
		slog.String("route", r.Pattern), slog.Int("status", f.Status),
		slog.String("error", f.Code), slog.String("error_code", f.KOE), slog.String("hint", f.Hint),
		slog.String("call", f.Endpoint), slog.String("cause", cmp.Or(f.Upstream, f.Description)))
	return f
}

// errClientGone is the failure of a request whose client has hung up. Nobody sees
// the status, which nginx has made usual for logs and metrics.
var errClientGone = &web.Failure{Status: 499, OAuthError: kakao.OAuthError{
	Code: contract.CodeInvalidRequest, Description: "the client has hung up before the answer",
}}

// levelOf is the log level of an answer: what the server's own surroundings
// cause deserves a look, what a caller causes does not.
func levelOf(status int) slog.Level {
	if status >= 500 {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// refuseOrigin answers and logs a request from an origin that is not allowed.
func (s *Server) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	f := *errForeignOrigin
	if s.at.isOtherLoopback(r.Header.Get("Origin")) {
		f.Description = otherLoopback
	}
	s.fail(w, r, &f)
}

// errForeignOrigin is the failure of a request from an origin that is not allowed.
var errForeignOrigin = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code:        contract.CodeAccessDenied,
	Description: "the page's origin is not allowed; add it to the server's allowed origins exactly as the browser sends it in Origin",
}}

// idTokenFailure is the failure of an ID token that package signedtoken does not
// believe, or cannot check now.
func idTokenFailure(err error) *web.Failure {
	if f := keysAway(err, "the ID token cannot be checked; log in again"); f != nil {
		return f
	}
	return &web.Failure{Status: http.StatusBadGateway, Cause: err, Upstream: err.Error(), OAuthError: kakao.OAuthError{
		Code: contract.CodeInvalidIDToken, Description: "the ID token is refused: " + err.Error(),
	}}
}

// eventTokenFailure is the failure of a security event token that is not believed,
// with the error codes of RFC 8935, section 2.4, or cannot be checked now.
func eventTokenFailure(err error) *web.Failure {
	if f := keysAway(err, "the token cannot be checked; send it again"); f != nil {
		return f
	}
	code := contract.CodeInvalidRequest
	if invalid, ok := errors.AsType[*signedtoken.Error](err); ok {
		code = invalid.EventCode
	}
	return &web.Failure{Status: http.StatusBadRequest, OAuthError: kakao.OAuthError{
		Code: code, Description: "the security event token is refused: " + err.Error(),
	}}
}

// keysAway is the failure of a token that could not be checked because Kakao's
// keys could not be fetched; nil where err is something else.
func keysAway(err error, consequence string) *web.Failure {
	away, ok := errors.AsType[*signedtoken.KeysError](err)
	if !ok {
		return nil
	}
	return web.Passing(http.StatusServiceUnavailable, kakao.OAuthError{
		Description: "Kakao's keys cannot be fetched, so that " + consequence,
	}, away.Error())
}

// errNoCookie tells a browser, or a proxy, that keeps the cookie back from a
// session that is over.
var errNoCookie = &web.Failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
	Code: contract.CodeLoginRequired, Description: "there is no session, because no session cookie came; log in first",
}}
