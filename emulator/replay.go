package emulator

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
)

// nowhere is an answer that nobody reads.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}

// replay makes the same request once more, with all that is hidden in the
// console, and returns what was answered.
func (e *World) replay(r *http.Request, c Call) (again Call, found bool) {
	address := url.URL{Path: c.Path, RawQuery: c.Query.Encode()}
	request, err := http.NewRequestWithContext(r.Context(), c.Method, address.String(), bytes.NewReader([]byte(c.Form.Encode())))
	if err != nil {
		return Call{}, false
	}
	request.Host, request.Header = c.Host, c.Header.Clone()
	request.RemoteAddr = r.RemoteAddr
	before := e.journal.Last()
	e.handler.ServeHTTP(nowhere{http.Header{}}, request)
	calls := e.journal.Calls(c.Path, before)
	i := slices.IndexFunc(calls, func(made Call) bool { return made.Method == c.Method })
	if i < 0 {
		return Call{}, false
	}
	return calls[i], true
}
