package server

import "net/http"

// idleConnections is how many connections to Kakao are kept for the next call.
// The two of [http.DefaultTransport] would have most calls of a busy minute
// connect, and shake hands, anew.
const idleConnections = 256

// newTransport returns the way to Kakao of a server that is given none: that of
// [http.DefaultTransport], with connections kept.
func newTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // The program has put its own there.
	}
	kept := standard.Clone()
	kept.MaxIdleConns, kept.MaxIdleConnsPerHost = 0, idleConnections
	return kept
}
