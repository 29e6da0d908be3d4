package session

import (
	"context"
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// Failures that do not come from Kakao.
var (
	ErrLoginRequired = &web.Failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeLoginRequired, Description: "there is no session; log in first",
	}}
	ErrStore = &web.Failure{Status: http.StatusServiceUnavailable, RetryAfter: web.RetryAfter, OAuthError: kakao.OAuthError{
		Code: contract.CodeTemporarilyUnavailable, Description: "the session store does not answer; try again",
	}}
	// ErrUnknownUser is for those who must be told who is asking.
	ErrUnknownUser = &web.Failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeLoginRequired, Description: "Kakao did not say whose session this is; log in again",
	}}
)

// ErrUnderWay is the failure of a request that another one is ahead of.
var ErrUnderWay = &web.Failure{Status: http.StatusServiceUnavailable, RetryAfter: web.RetryAfter, OAuthError: kakao.OAuthError{
	Code: contract.CodeTemporarilyUnavailable, Description: "an earlier request for the same has not ended yet; try again",
}}

// Failure is what an error of the store means for the caller of an endpoint;
// what is a failure already stays as it is.
//
// A session that cannot be read is none: its user can log in again, while
// nothing else would ever help. It stays in the store, so that a server that was
// started with the wrong keys does no harm that putting them right does not mend.
func (s *Sessions) Failure(ctx context.Context, step string, err error) error {
	if err == nil {
		return nil
	}
	var f *web.Failure
	switch {
	case errors.As(err, &f), errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled):
		return err // The last one is a caller who is gone, not a fault of the store.
	case errors.Is(err, store.ErrNotFound):
		return ErrLoginRequired
	case errors.Is(err, store.ErrUnreadable):
		s.log.ErrorContext(ctx, "a session is ignored", "step", step, "error", err)
		return ErrLoginRequired
	case errors.Is(err, store.ErrLeaseHeld), errors.Is(err, store.ErrConflict):
		return ErrUnderWay
	}
	return StoreFailure(step, err)
}

// StoreFailure is the failure of a store that does not do a step.
func StoreFailure(step string, err error) *web.Failure {
	broken := *ErrStore
	broken.Endpoint, broken.Upstream, broken.Cause = "store "+step, err.Error(), err
	return &broken
}
