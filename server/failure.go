package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
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
}

// Error says what failed. It holds neither token nor code.
func (f *failure) Error() string { return f.OAuthError.Error() }

// Unwrap lets errors.Is match a [kakao.OAuthError].
func (f *failure) Unwrap() error { return &f.OAuthError }

// temporary reports whether the same call may succeed later.
func (f *failure) temporary() bool { return f.RetryAfter > 0 }

// Failures that do not come from Kakao.
var (
	errLoginRequired = &failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: "login_required", Description: "there is no session; log in first",
	}}
	errStore = &failure{Status: http.StatusServiceUnavailable, RetryAfter: retryAfter, OAuthError: kakao.OAuthError{
		Code: "temporarily_unavailable", Description: "the session store does not answer; try again",
	}}
)

// invalidRequest is the failure of a request that breaks the contract.
func invalidRequest(status int, description string) *failure {
	return &failure{Status: status, OAuthError: kakao.OAuthError{Code: "invalid_request", Description: description}}
}

// statusOfError is the status for an error of the authorization server. What
// is not here is the caller's mistake, 400. An error that blames the client
// blames this server's configuration, and no page can mend it.
var statusOfError = map[string]int{
	"invalid_client":         http.StatusBadGateway,
	"unauthorized_client":    http.StatusBadGateway,
	"unsupported_grant_type": http.StatusBadGateway,
}

// Forms of the error members that are passed on; anything else that an
// upstream sends is dropped.
var (
	errorCodeForm = regexp.MustCompile(`^[a-z_]{1,64}$`)
	koeForm       = regexp.MustCompile(`^[A-Z0-9_-]{1,16}$`)
)

// maxDescription bounds a description that is passed on, in bytes.
const maxDescription = 300

// fromTokenEndpoint turns an error of the oauth2 package into a failure. The
// secrets are what the request carried: the package's errors hold the whole
// response, and Kakao's descriptions repeat codes, so that everything that
// equals one of them is cut out. The hint is the catalogue's text for Kakao's
// error_code, and so repeats nothing of the answer.
func fromTokenEndpoint(err error, secrets ...string) *failure {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		return unreachable(err)
	}
	status := answer.Response.StatusCode
	said := kakao.OAuthError{
		Code:        keepForm(errorCodeForm, redact(answer.ErrorCode, secrets)),
		Description: clip(redact(answer.ErrorDescription, secrets)),
		KOE:         keepForm(koeForm, redact(koe(answer.Body), secrets)),
	}
	problem, _ := catalog.FindKOE(said.KOE)
	said.Hint = problem.Fix.En
	switch {
	case problem.Passes, status == http.StatusTooManyRequests:
		return passing(http.StatusServiceUnavailable, said, "answer "+strconv.Itoa(status))
	case status >= 500, said.Code == "":
		return passing(http.StatusBadGateway, said, "answer "+strconv.Itoa(status))
	}
	return &failure{
		Status: orElse(statusOfError[said.Code], http.StatusBadRequest), OAuthError: said,
		Upstream: "answer " + strconv.Itoa(status),
	}
}

// unreachable is the failure of a call that got no answer worth the name.
func unreachable(err error) *failure {
	var network *url.Error
	if errors.As(err, &network) {
		return passing(http.StatusServiceUnavailable, kakao.OAuthError{Description: "Kakao cannot be reached; try again"}, network.Err.Error())
	}
	return passing(http.StatusBadGateway, kakao.OAuthError{Description: "Kakao's answer is not a token response; try again"}, "unreadable answer")
}

// passing is a failure that passes: the session stays, and the caller is told
// when to come back. Its error says so whatever Kakao named, so that nobody who
// reads it takes an overload that is called invalid_grant for a dead login.
func passing(status int, said kakao.OAuthError, upstream string) *failure {
	said.Code = "temporarily_unavailable"
	return &failure{Status: status, OAuthError: said, RetryAfter: retryAfter, Upstream: upstream}
}

// koe reads Kakao's error_code, which the oauth2 package does not know.
func koe(body []byte) string {
	var answer kakao.OAuthError
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	return answer.KOE
}

// redact cuts every secret out of a text, as it is and percent-encoded.
func redact(text string, secrets []string) string {
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if form != "" {
				text = strings.ReplaceAll(text, form, "[redacted]")
			}
		}
	}
	return text
}

// clip bounds a description and takes control characters out of it.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if len(text) > maxDescription {
		text = strings.ToValidUTF8(text[:maxDescription], "") + "…"
	}
	return text
}

// keepForm returns text where it has the form, and nothing otherwise.
func keepForm(form *regexp.Regexp, text string) string {
	if form.MatchString(text) {
		return text
	}
	return ""
}

// writeFailure answers with the error object of RFC 6749, section 5.2, with
// Kakao's error_code and a hint where there are any.
func writeFailure(w http.ResponseWriter, f *failure) {
	if f.temporary() {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}
	writeJSON(w, f.Status, f.OAuthError)
}

// writeJSON answers with a JSON value that no cache may keep (RFC 6749,
// section 5.1).
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The value is one of this package's own, and so always encodes; an error
	// here means that the client is gone.
	_ = json.NewEncoder(w).Encode(value)
}
