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
func (e *World) replay(r *http.Request, c Call) (Call, error) {
	address := url.URL{Path: c.Path, RawQuery: c.Query.Encode()}
	again, err := http.NewRequestWithContext(r.Context(), c.Method, address.String(), bytes.NewReader([]byte(c.Form.Encode())))
	if err != nil {
		return Call{}, err
	}
	again.Host, again.Header = c.Host, c.Header.Clone()
	again.RemoteAddr = r.RemoteAddr
	before := e.journal.Last()
	e.handler.ServeHTTP(nowhere{http.Header{}}, again)
	calls := e.journal.Calls(c.Path, before)
	i := slices.IndexFunc(calls, func(made Call) bool { return made.Method == c.Method })
	if i < 0 {
		return Call{}, notFound("call")
	}
	return calls[i], nil
}
