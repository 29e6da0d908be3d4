package web

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// RetryAfter is what a caller is told to wait after a passing failure.
const RetryAfter = 3 * time.Second

// Failure is an error together with the answer that it makes.
type Failure struct {
	kakao.OAuthError
	// Status is the HTTP status of the answer.
	Status int
	// RetryAfter is how long the caller had better wait; zero means that the
	// same request would fail again.
	RetryAfter time.Duration
	// Endpoint and Upstream say for the log which call failed and how.
	Endpoint string
	Upstream string
	// Cause is what came instead of an answer, or what is wrong with it, if so.
	Cause error
}

// Error says what failed. It holds neither token nor code.
func (f *Failure) Error() string { return f.OAuthError.Error() }

// Unwrap lets errors.Is match a [kakao.OAuthError], and both it and errors.As
// the cause.
func (f *Failure) Unwrap() []error {
	if f.Cause == nil {
		return []error{&f.OAuthError}
	}
	return []error{&f.OAuthError, f.Cause}
}

// Temporary reports whether the same call may succeed later.
func (f *Failure) Temporary() bool { return f.RetryAfter > 0 }

// InvalidRequest is the failure of a request that breaks the contract.
func InvalidRequest(status int, description string) *Failure {
	return &Failure{Status: status, OAuthError: kakao.OAuthError{Code: contract.CodeInvalidRequest, Description: description}}
}

// Passing is a failure that passes: the session stays, and the caller is told
// when to come back. Its error says so whatever Kakao named, so that nobody who
// reads it takes an overload that is called invalid_grant for a dead login.
func Passing(status int, said kakao.OAuthError, upstream string) *Failure {
	said.Code = contract.CodeTemporarilyUnavailable
	return &Failure{Status: status, OAuthError: said, RetryAfter: RetryAfter, Upstream: upstream}
}

// WriteFailure answers with the error object of RFC 6749, section 5.2, with
// Kakao's error_code and a hint where there are any.
func WriteFailure(w http.ResponseWriter, f *Failure) {
	SetRetryAfter(w, f)
	WriteJSON(w, f.Status, f.OAuthError)
}

// SetRetryAfter tells the caller how long to wait after a failure that passes.
func SetRetryAfter(w http.ResponseWriter, f *Failure) {
	if f.Temporary() {
		w.Header().Set("Retry-After", strconv.Itoa(int(jitter(f.RetryAfter).Seconds())))
	}
}

// jitter is a pause that is drawn anew for each answer, so that those who were
// refused together do not come back together. Longer pauses are another's to say, or
// a client's own.
func jitter(pause time.Duration) time.Duration {
	if pause > RetryAfter {
		return pause
	}
	return pause + time.Duration(rand.Int64N(int64(RetryAfter))) //nolint:gosec // It is no secret.
}

// WriteJSON answers with a JSON value. By [SetSecurityHeaders] no cache may keep it
// (RFC 6749, section 5.1).
func WriteJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	// The value is one of this package's own, and so always encodes; an error
	// here means that the client is gone.
	_ = json.NewEncoder(w).Encode(value)
}
