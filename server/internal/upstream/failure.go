package upstream

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

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
func fromTokenEndpoint(err error) *web.Failure {
	var said *rest.OAuthError
	var answer *rest.Error
	switch {
	case errors.As(err, &said):
		return after(said.RetryAfter, refused(said.OAuthError, said.Status))
	case errors.As(err, &answer) && answer.Code == kakao.CodeInvalidToken:
		return refused(deadToken, answer.Status)
	case errors.As(err, &answer):
		return after(answer.RetryAfter, refused(kakao.OAuthError{}, answer.Status))
	case errors.Is(err, rest.ErrUnreachable):
		f := web.Passing(http.StatusServiceUnavailable, kakao.OAuthError{Description: "Kakao cannot be reached; try again"}, err.Error())
		f.Cause = err
		return f
	}
	f := web.Passing(http.StatusBadGateway, kakao.OAuthError{Description: "Kakao's answer is not a token response; try again"}, err.Error())
	f.Cause = err
	return f
}

// unreadableExchange is the failure of an exchange whose answer cannot be read, with
// a status that says that Kakao has taken the code.
func unreadableExchange(f *web.Failure) *web.Failure {
	used := *f
	used.Code, used.RetryAfter = "server_error", 0
	used.Description = "Kakao's answer to the code cannot be read, and the code is used up by it; log in again; the server's log says what is wrong with the answer"
	return &used
}

// lostExchange is the failure of an exchange that Kakao refuses because it has taken
// the code before, at a try whose answer did not arrive.
func lostExchange(refused, before *web.Failure) *web.Failure {
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
func refused(said kakao.OAuthError, status int) *web.Failure {
	problem, _ := catalog.FindKOE(said.KOE)
	said.Code = cmp.Or(said.Code, problem.Name)
	upstream := "answer " + strconv.Itoa(status)
	switch {
	case problem.Passes, status == http.StatusTooManyRequests:
		return web.Passing(http.StatusServiceUnavailable, said, upstream)
	case status >= 500, said.Code == "":
		return web.Passing(http.StatusBadGateway, said, upstream)
	}
	return &web.Failure{
		Status: cmp.Or(statusOfError[said.Code], http.StatusBadRequest), OAuthError: said, Upstream: upstream,
	}
}

// after makes a failure that passes take at least as long as Kakao asked for.
func after(pause time.Duration, f *web.Failure) *web.Failure {
	if f.Temporary() {
		f.RetryAfter = max(f.RetryAfter, pause)
	}
	return f
}

// IsFatal reports whether a failure says that what was redeemed is dead: by the
// error of RFC 6749, section 5.2, or by Kakao's code under another name.
func IsFatal(f *web.Failure) bool {
	return f.Code == catalog.ErrRefreshToken.Name || f.KOE == catalog.ErrRefreshToken.KOE || f.KOE == codeDeadToken
}
