package server

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// retryAfter is what a caller is told to wait after a passing failure.
const retryAfter = 3 * time.Second

// failure is an error together with the answer that it makes.
type failure struct {
	kakao.OAuthError
	// Status is the HTTP status of the answer.
	Status int
	// RetryAfter is how long the caller had better wait; zero means that the
	// same request would fail again.
	RetryAfter time.Duration
	// Endpoint and Upstream say for the log which call failed and how.
	Endpoint string
	Upstream string
	// cause is what came instead of an answer, or what is wrong with it, if so.
	cause error
}

// Error says what failed. It holds neither token nor code.
func (f *failure) Error() string { return f.OAuthError.Error() }

// Unwrap lets errors.Is match a [kakao.OAuthError], and both it and errors.As
// the cause.
func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{&f.OAuthError}
	}
	return []error{&f.OAuthError, f.cause}
}

// temporary reports whether the same call may succeed later.
func (f *failure) temporary() bool { return f.RetryAfter > 0 }

// Failures that do not come from Kakao.
var (
	errLoginRequired = &failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeLoginRequired, Description: "there is no session; log in first",
	}}
	// errNoCookie tells a browser, or a proxy, that keeps the cookie back from a
	// session that is over.
	errNoCookie = &failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeLoginRequired, Description: "there is no session, because no session cookie came; log in first",
	}}
	errStore = &failure{Status: http.StatusServiceUnavailable, RetryAfter: retryAfter, OAuthError: kakao.OAuthError{
		Code: contract.CodeTemporarilyUnavailable, Description: "the session store does not answer; try again",
	}}
)

// invalidRequest is the failure of a request that breaks the contract.
func invalidRequest(status int, description string) *failure {
	return &failure{Status: status, OAuthError: kakao.OAuthError{Code: contract.CodeInvalidRequest, Description: description}}
}

// statusOfError is the status for an error of the authorization server. What
// is not here is the caller's mistake, 400. An error that blames the client
// blames this server's configuration, and no page can mend it.
var statusOfError = map[string]int{
	contract.CodeInvalidClient:        http.StatusBadGateway,
	contract.CodeUnauthorizedClient:   http.StatusBadGateway,
	contract.CodeUnsupportedGrantType: http.StatusBadGateway,
}

// fromTokenEndpoint turns an error of a token request into a failure. What it
// passes on of Kakao's words is what the client has freed of secrets, bounded,
// and given a hint.
func fromTokenEndpoint(err error) *failure {
	var said *rest.OAuthError
	var answer *rest.Error
	switch {
	case errors.As(err, &said):
		return refused(said.OAuthError, said.Status).after(said.RetryAfter)
	case errors.As(err, &answer) && answer.Code == kakao.CodeInvalidToken:
		return refused(deadToken, answer.Status)
	case errors.As(err, &answer):
		return refused(kakao.OAuthError{}, answer.Status).after(answer.RetryAfter)
	case errors.Is(err, rest.ErrUnreachable):
		f := passing(http.StatusServiceUnavailable, kakao.OAuthError{Description: "Kakao cannot be reached; try again"}, err.Error())
		f.cause = err
		return f
	}
	f := passing(http.StatusBadGateway, kakao.OAuthError{Description: "Kakao's answer is not a token response; try again"}, err.Error())
	f.cause = err
	return f
}

// unreadableExchange is the failure of an exchange whose answer cannot be read, with
// a status that says that Kakao has taken the code.
func unreadableExchange(f *failure) *failure {
	used := *f
	used.Code, used.RetryAfter = "server_error", 0
	used.Description = "Kakao's answer to the code cannot be read, and the code is used up by it; log in again; the server's log says what is wrong with the answer"
	return &used
}

// lostExchange is the failure of an exchange that Kakao refuses because it has taken
// the code before, at a try whose answer did not arrive.
func lostExchange(refused, before *failure) *failure {
	lost := *refused
	lost.Hint = ""
	lost.Description = "Kakao has taken the code at an earlier try, whose answer was lost (" + before.Description + "); log in again"
	lost.Upstream += ", after " + before.Upstream
	return &lost
}

// codeDeadToken is Kakao's code for a token that has ended, as the value of
// error_code.
const codeDeadToken = "-401"

// deadToken is the REST API's answer to a dead token in the words of the token
// endpoint.
var deadToken = kakao.OAuthError{
	Code: catalog.ErrRefreshToken.Name, KOE: codeDeadToken, Description: "Kakao says that the token has ended; log in again",
}

// refused is the failure of a token request that Kakao answered with this error
// object, or with none, and this status.
func refused(said kakao.OAuthError, status int) *failure {
	problem, _ := catalog.FindKOE(said.KOE)
	said.Code = orElse(said.Code, problem.Name)
	upstream := "answer " + strconv.Itoa(status)
	switch {
	case problem.Passes, status == http.StatusTooManyRequests:
		return passing(http.StatusServiceUnavailable, said, upstream)
	case status >= 500, said.Code == "":
		return passing(http.StatusBadGateway, said, upstream)
	}
	return &failure{
		Status: orElse(statusOfError[said.Code], http.StatusBadRequest), OAuthError: said, Upstream: upstream,
	}
}

// passing is a failure that passes: the session stays, and the caller is told
// when to come back. Its error says so whatever Kakao named, so that nobody who
// reads it takes an overload that is called invalid_grant for a dead login.
func passing(status int, said kakao.OAuthError, upstream string) *failure {
	said.Code = contract.CodeTemporarilyUnavailable
	return &failure{Status: status, OAuthError: said, RetryAfter: retryAfter, Upstream: upstream}
}

// after makes a failure that passes take at least as long as Kakao asked for.
func (f *failure) after(pause time.Duration) *failure {
	if f.temporary() {
		f.RetryAfter = max(f.RetryAfter, pause)
	}
	return f
}

// writeFailure answers with the error object of RFC 6749, section 5.2, with
// Kakao's error_code and a hint where there are any.
func writeFailure(w http.ResponseWriter, f *failure) {
	sayWhenToRetry(w, f)
	writeJSON(w, f.Status, f.OAuthError)
}

// sayWhenToRetry tells the caller how long to wait after a failure that passes.
func sayWhenToRetry(w http.ResponseWriter, f *failure) {
	if f.temporary() {
		w.Header().Set("Retry-After", strconv.Itoa(int(spread(f.RetryAfter).Seconds())))
	}
}

// spread is a pause that is drawn anew for each answer, so that those who were
// refused together do not come back together. Longer pauses are another's to say, or
// a client's own.
func spread(pause time.Duration) time.Duration {
	if pause > retryAfter {
		return pause
	}
	return pause + time.Duration(rand.Int64N(int64(retryAfter))) //nolint:gosec // It is no secret.
}

// writeJSON answers with a JSON value. By [securityHeaders] no cache may keep it
// (RFC 6749, section 5.1).
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	// The value is one of this package's own, and so always encodes; an error
	// here means that the client is gone.
	_ = json.NewEncoder(w).Encode(value)
}
