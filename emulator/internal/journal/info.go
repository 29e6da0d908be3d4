package journal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// hidden takes the place of what must not be shown.
const hidden = "(hidden)"

// secretNames are the parameters and members that hold secrets: those that the
// catalogue marks, and the emulator's own tickets.
var secretNames = func() map[string]bool {
	names := map[string]bool{"ticket": true}
	for _, call := range catalog.Calls() {
		for _, p := range call.Params {
			names[p.Name] = names[p.Name] || p.Secret
		}
		for _, f := range call.Fields {
			names[f.Name] = names[f.Name] || f.Secret
		}
	}
	// Errors of the REST API have a code that is none.
	delete(names, "code")
	return names
}()

// CallInfo is a call as the console shows it: without secrets.
type CallInfo struct {
	Number int               `json:"number"`
	At     time.Time         `json:"at"`
	Method string            `json:"method"`
	Host   string            `json:"host"`
	Path   string            `json:"path"`
	Query  map[string]string `json:"query,omitempty"`
	Form   map[string]string `json:"form,omitempty"`
	// Authorization is the scheme of the header.
	Authorization string `json:"authorization,omitempty"`
	Origin        string `json:"origin,omitempty"`
	// Header and AnswerHeader are the headers, with secrets hidden.
	Header       map[string]string `json:"header,omitempty"`
	AnswerHeader map[string]string `json:"answer_header,omitempty"`
	// Milliseconds is how long the answer took.
	Milliseconds float64 `json:"milliseconds"`
	// Login numbers the login that the call belongs to; 0 for calls of none.
	Login int `json:"login,omitempty"`
	// Status is that of the answer; 0 if the connection was dropped.
	Status int `json:"status"`
	// Error is the error code of a refusal, such as KOE006 or -401, also of one that
	// the answer takes back to the app.
	Error string `json:"error,omitempty"`
	// Location is where the answer leads, without secrets.
	Location string `json:"location,omitempty"`
	// Answer is the JSON of the answer; pages are left out.
	Answer any `json:"answer,omitempty"`
}

// Info is the call without secrets.
func (c Call) Info() CallInfo {
	answer := c.answer()
	return CallInfo{
		Number: c.Number, At: c.At.UTC(), Method: c.Method, Host: c.Host, Path: c.Path,
		Query: withoutSecrets(c.Query), Form: withoutSecrets(c.Form),
		Authorization: authorizationScheme(c.Header), Origin: c.Header.Get("Origin"),
		Header: headersOf(c.Header), AnswerHeader: headersOf(c.AnswerHeader),
		Milliseconds: float64(c.Duration.Microseconds()) / 1000, Login: c.Login,
		Status: c.Status, Error: c.refusal(answer), Location: locationOf(c.AnswerHeader), Answer: answer,
	}
}

func authorizationScheme(header http.Header) string {
	for _, auth := range []catalog.Auth{catalog.ByUserToken, catalog.ByAdminKey} {
		scheme := auth.Scheme() + " "
		if sent := header.Get("Authorization"); len(sent) > len(scheme) && sent[:len(scheme)] == scheme {
			return scheme + hidden
		}
	}
	if header.Get("Authorization") != "" {
		return hidden
	}
	return ""
}

func withoutSecrets(form url.Values) map[string]string {
	shown := map[string]string{}
	for name := range form {
		shown[name] = form.Get(name)
		if secretNames[name] || name == "code" {
			shown[name] = hidden
		}
	}
	return shown
}

func locationOf(header http.Header) string {
	location, err := url.Parse(header.Get("Location"))
	if err != nil || location.String() == "" {
		return ""
	}
	query := location.Query()
	for name, value := range withoutSecrets(query) {
		query.Set(name, value)
	}
	location.RawQuery = query.Encode()
	return location.String()
}

// refusal is the error code of a refusal: that of a page, that in the JSON of the
// answer, or that with which the answer leads back to the app.
func (c Call) refusal(answer any) string {
	if c.Status < http.StatusBadRequest {
		return c.redirectedError()
	}
	members, _ := answer.(map[string]any)
	for _, name := range []string{"error_code", "error", "code"} {
		if value, told := members[name]; told {
			return fmt.Sprint(value)
		}
	}
	return c.AnswerHeader.Get(mismatch.HeaderError)
}

// redirectedError is the error that an answer takes to the app (RFC 6749, section
// 4.1.2.1), or "".
func (c Call) redirectedError() string {
	location, err := url.Parse(c.AnswerHeader.Get("Location"))
	if err != nil {
		return ""
	}
	query := location.Query()
	return cmp.Or(query.Get("error_code"), query.Get("error"))
}

// answer is the JSON that the call got, without secrets; nil if it is none.
func (c Call) answer() any {
	media, _, err := mime.ParseMediaType(c.AnswerHeader.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil
	}
	var value any
	if json.Unmarshal(c.Answer, &value) != nil {
		return nil
	}
	hideMembers(value)
	return value
}

// hideMembers hides the secrets in a JSON value. A code is one where it is text.
func hideMembers(value any) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			hideMembers(element)
		}
	case map[string]any:
		for name, member := range value {
			if text, isText := member.(string); isText && (secretNames[name] || name == "code") && text != "" {
				value[name] = hidden
				continue
			}
			hideMembers(member)
		}
	}
}

// hiddenHeaders hold secrets; the scheme of Authorization is shown elsewhere.
var hiddenHeaders = []string{"Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"}

// headersOf are headers as the console shows them, with secrets hidden.
func headersOf(header http.Header) map[string]string {
	shown := map[string]string{}
	for name, values := range header {
		switch {
		case name == "Location":
			shown[name] = locationOf(header)
		case name == "Referer":
			shown[name] = locationOf(http.Header{"Location": values})
		case slices.Contains(hiddenHeaders, name):
			shown[name] = hidden
		default:
			shown[name] = strings.Join(values, ", ")
		}
	}
	return shown
}
