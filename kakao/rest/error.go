package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Errors that are no refusal by Kakao.
var (
	// ErrUnreachable: there was no answer. The errors of context tell a
	// timeout or a cancellation.
	ErrUnreachable = errors.New("no answer from Kakao; check the network, or try again")
	// ErrUnreadable: the answer is too long, is not JSON, or lacks a member
	// that it must have.
	ErrUnreadable = errors.New("the answer is not what Kakao documents")
	// ErrState: the state of a callback is not that of the request
	// (RFC 6749, section 10.12).
	ErrState = errors.New("the state is not that of the request; begin the login again")
	// ErrIssuer: a discovery document names another issuer than the platform
	// (OpenID Connect Discovery 1.0, section 4.3).
	ErrIssuer = errors.New("the discovery document names another issuer")
	// ErrSubject: the claims are about another user than the ID token
	// (OpenID Connect Core 1.0, section 5.3.2).
	ErrSubject = errors.New("the claims are about another user than the ID token; drop both and log in again")
)

// Refusals by the REST API, to be matched with [errors.Is].
// Source: REST API > Error code.
var (
	ErrInternal          = code(catalog.ErrInternal)      // -1: passes
	ErrArgument          = code(catalog.ErrArgument)      // -2: a parameter is wrong
	ErrDisabled          = code(catalog.ErrDisabled)      // -3: a setting of the app, or a consent that cannot be revoked
	ErrQuota             = code(catalog.ErrQuota)         // -10: the quota is used up
	ErrNotLinked         = code(catalog.ErrNotLinked)     // -101: the user is not linked with the app
	ErrAlreadyLinked     = code(catalog.ErrAlreadyLinked) // -102: the user is linked already
	ErrUnknownProperty   = code(catalog.ErrProperty)      // -201: the app has no such user property
	ErrInvalidToken      = code(catalog.ErrToken)         // -401: refresh the token, or log in again
	ErrInsufficientScope = code(catalog.ErrConsent)       // -402: ask for consent to RequiredScopes
)

// Refusals by the authorization server, to be matched with [errors.Is].
// Source: RFC 6749 sections 4.1.2.1 and 5.2, Kakao Login > Troubleshooting.
var (
	ErrAccessDenied    = name(catalog.ErrDenied)          // the user declined
	ErrLoginRequired   = name(catalog.ErrLoginRequired)   // auto-login: nobody is logged in
	ErrConsentRequired = name(catalog.ErrConsentRequired) // auto-login: the user must agree first
	ErrInvalidClient   = name(catalog.ErrClient)          // the key or the client secret is wrong
	ErrInvalidGrant    = name(catalog.ErrCode)            // the code or refresh token is used up, expired or not for this app
)

func code(e catalog.Error) error { return &Error{APIError: kakao.APIError{Code: e.Code}} }

func name(e catalog.Error) error { return &OAuthError{OAuthError: kakao.OAuthError{Code: e.Name}} }

// Error is a refusal by the REST API, with Kakao's code, msg and, for -402,
// required_scopes. Code is 0 where the answer was no error object, such as a
// page of a gateway. Source: REST API > Error code.
type Error struct {
	kakao.APIError
	// Call is method and path.
	Call string
	// Status is the HTTP status.
	Status int
	// RetryAfter is how long Kakao asked to wait; zero if it did not.
	RetryAfter time.Duration
}

// Problem is what the catalogue knows of the code: cause and fix, in English
// and Korean. It is false for a code that the catalogue does not know, and for
// an answer without one.
func (e *Error) Problem() (catalog.Problem, bool) { return catalog.FindCode(e.Code) }

// Error says what failed. It holds no token and no secret.
func (e *Error) Error() string {
	s := e.Call + ": status " + strconv.Itoa(e.Status)
	if e.Code == 0 && e.Msg == "" {
		return s
	}
	s += ": " + e.APIError.Error()
	if len(e.RequiredScopes) > 0 {
		s += " (required scopes: " + strings.Join(e.RequiredScopes, ", ") + ")"
	}
	return s
}

// Is reports whether target is an *Error that asks for this code, this status,
// or both: zero fields of target match anything.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && (t.Code == 0 || t.Code == e.Code) && (t.Status == 0 || t.Status == e.Status)
}

// Unwrap lets [errors.As] find the error object by itself.
func (e *Error) Unwrap() error { return &e.APIError }

// OAuthError is a refusal by the authorization server, with error,
// error_description and Kakao's error_code. A code that does not look like one is
// left out. Hint is the catalogue's fix for the error_code, in English.
// Source: RFC 6749 section 5.2, Kakao Login > Troubleshooting.
type OAuthError struct {
	kakao.OAuthError
	// Call is method and path.
	Call string
	// Status is the HTTP status; 0 where the refusal came with a redirect.
	Status int
	// RetryAfter is how long Kakao asked to wait; zero if it did not.
	RetryAfter time.Duration
}

// Problem is what the catalogue knows of the error_code: cause and fix, in
// English and Korean. It is false for an error_code that the catalogue does not
// know, and for an error without one, such as access_denied.
func (e *OAuthError) Problem() (catalog.Problem, bool) { return catalog.FindKOE(e.KOE) }

// Error says what failed. It holds no token, code or secret.
func (e *OAuthError) Error() string {
	said := e.OAuthError
	said.Code = cmp.Or(said.Code, "an error without a name")
	return e.Call + ": " + said.Error()
}

// Is reports whether target is an *OAuthError that asks for this error, this
// error_code, this status, or any of them: zero fields of target match anything.
func (e *OAuthError) Is(target error) bool {
	t, ok := target.(*OAuthError)
	return ok && e.OAuthError.Is(&t.OAuthError) && (t.Status == 0 || t.Status == e.Status)
}

// Unwrap lets [errors.Is] match a [kakao.OAuthError].
func (e *OAuthError) Unwrap() error { return &e.OAuthError }

// refusal turns an answer into an error. What it repeats of Kakao's words is
// bounded and free of the secrets of the request.
func refusal(r prepared, res *http.Response, body []byte) error {
	retryAfter := retryAfter(res.Header.Get("Retry-After"))
	if said, ok := readOAuthError(body); ok {
		return &OAuthError{
			OAuthError: cleaned(said, r.secrets...),
			Call:       r.name, Status: res.StatusCode, RetryAfter: retryAfter,
		}
	}
	return &Error{
		APIError: readAPIError(body, r.secrets),
		Call:     r.name, Status: res.StatusCode, RetryAfter: retryAfter,
	}
}

// refuses reports whether an answer of status 200 refuses all the same: an error
// object of the token endpoint counts whatever its status. Elsewhere an answer
// may hold an error of its own, as that of PollCode does.
func (r prepared) refuses(body []byte) bool {
	if r.call.Path != kakao.PathToken || !bytes.Contains(body, []byte("error")) && !bytes.ContainsRune(body, '\\') {
		return false // No member is named so, not even with an escape.
	}
	_, refused := readOAuthError(body)
	return refused
}

// readOAuthError reads an error object of the authorization server as it came;
// it is false for anything else. A member of the wrong type counts as left out.
func readOAuthError(body []byte) (kakao.OAuthError, bool) {
	var members map[string]jsontext.Value
	if jsonv2.Unmarshal(body, &members, jsontext.AllowInvalidUTF8(true)) != nil {
		return kakao.OAuthError{}, false
	}
	text := func(name string) (text string) {
		_ = json.Unmarshal(members[name], &text)
		return text
	}
	said := kakao.OAuthError{Code: text("error"), KOE: text("error_code"), Description: text("error_description")}
	return said, said.Code != "" || said.KOE != ""
}

// readAPIError reads an error object of the REST API, free of secrets; it is
// zero for anything else.
func readAPIError(body []byte, secrets []string) kakao.APIError {
	var said struct {
		kakao.APIError
		Code jsontext.Value `json:"code"`
	}
	err := jsonv2.Unmarshal(body, &said, jsontext.AllowInvalidUTF8(true))
	number, notWhole := strconv.Atoi(strings.Trim(said.Code.String(), `"`))
	if err != nil || notWhole != nil {
		return kakao.APIError{}
	}
	clean := func(text string) string { return clip(redact(text, secrets)) }
	return kakao.APIError{
		Code: number, Msg: clean(said.Msg), APIType: clean(said.APIType),
		RequiredScopes: cleanedAll(said.RequiredScopes, clean), AllowedScopes: cleanedAll(said.AllowedScopes, clean),
	}
}

// Forms of the codes that are kept; what is no code may be anything.
var (
	nameForm = regexp.MustCompile(`^[a-z_]{1,64}$`)
	koeForm  = regexp.MustCompile(`^[A-Z0-9_-]{1,16}$`)
)

// cleaned is an error object that may be shown and logged, with a hint from the
// catalogue.
func cleaned(e kakao.OAuthError, secrets ...string) kakao.OAuthError {
	said := kakao.OAuthError{
		Code:        keepForm(nameForm, redact(e.Code, secrets)),
		Description: clip(redact(e.Description, secrets)),
		KOE:         keepForm(koeForm, redact(e.KOE, secrets)),
	}
	problem, _ := catalog.FindKOE(said.KOE)
	said.Hint = problem.Fix.En
	return said
}

// keepForm returns text where it has the form, and nothing otherwise.
func keepForm(form *regexp.Regexp, text string) string {
	if form.MatchString(text) {
		return text
	}
	return ""
}

// maxScopes bounds how many scopes of an error object are kept.
const maxScopes = 50

func cleanedAll(list []string, clean func(string) string) []string {
	list = slices.Clone(list[:min(len(list), maxScopes)])
	for i := range list {
		list[i] = clean(list[i])
	}
	return list
}

// maxText bounds what is kept of a text in an error object, in bytes.
const maxText = 300

// clip bounds a text and takes control characters out of it.
func clip(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return text
}

// redacted stands in a text where a secret was.
const redacted = "[redacted]"

// redact cuts every secret out of a text, as it is and percent-encoded:
// Kakao's messages repeat codes and tokens.
func redact(text string, secrets []string) string {
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if form != "" {
				text = strings.ReplaceAll(text, form, redacted)
			}
		}
	}
	return text
}

// retryAfter reads the header of that name where it counts seconds (RFC 9110,
// section 10.2.3). A date is taken for nothing.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.ParseUint(header, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// passing reports whether the same call may succeed later, by the catalogue or
// by the status, and how long Kakao asked to wait.
func passing(err error) (time.Duration, bool) {
	var api *Error
	var oauth *OAuthError
	switch {
	case errors.As(err, &api):
		problem, _ := api.Problem()
		return api.RetryAfter, problem.Passes || passes(api.Status)
	case errors.As(err, &oauth):
		problem, _ := oauth.Problem()
		return oauth.RetryAfter, problem.Passes || passes(oauth.Status)
	}
	return 0, errors.Is(err, ErrUnreachable)
}

func passes(status int) bool { return status == http.StatusTooManyRequests || status >= 500 }
