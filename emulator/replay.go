package emulator

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// nowhere is an answer that nobody reads.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}

// replay makes the same request once more, with all that is hidden in the
// console, and returns what was answered.
func (e *World) replay(r *http.Request, c Call) (Call, error) {
	address := url.URL{Path: c.Path, RawQuery: c.Query.Encode()}
	again, err := http.NewRequestWithContext(r.Context(), c.Method, address.String(), bytes.NewReader([]byte(c.Form.Encode())))
	if err != nil {
		return Call{}, err
	}
	again.Host, again.Header = c.Host, c.Header.Clone()
	again.RemoteAddr = r.RemoteAddr
	before := e.journal.log.Last()
	e.handler.ServeHTTP(nowhere{http.Header{}}, again)
	calls := e.journal.calls(c.Path, before)
	i := slices.IndexFunc(calls, func(made Call) bool { return made.Method == c.Method })
	if i < 0 {
		return Call{}, notFound("call")
	}
	return calls[i], nil
}

func (a *consoleAPI) getCall(r *http.Request) (any, error) {
	c, found := a.journal.log.Get(int(numberOf(r, "call")))
	if !found {
		return nil, notFound("call")
	}
	return c.info(), nil
}

func (a *consoleAPI) replayCall(r *http.Request) (any, error) {
	c, found := a.journal.log.Get(int(numberOf(r, "call")))
	if !found {
		return nil, notFound("call")
	}
	again, err := a.replay(r, c)
	if err != nil {
		return nil, err
	}
	return again.info(), nil
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
