package upstream

import (
	"net/http"

	"go.opentelemetry.io/otel/trace"
)

// idleConnections is how many connections to Kakao are kept for the next call.
// The two of [http.DefaultTransport] would have most calls of a busy minute
// connect, and shake hands, anew.
const idleConnections = 256

// maxAnswerHeader is how many bytes the header of an answer may have: Kakao's have
// about one KB, and of many calls at once each may be at it. The standard is 10 MB.
const maxAnswerHeader = 64 << 10

// newTransport returns the way to Kakao of a server that is given none: that of
// [http.DefaultTransport], with connections kept.
func newTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // The program has put its own there.
	}
	kept := standard.Clone()
	kept.MaxIdleConns, kept.MaxIdleConnsPerHost = 0, idleConnections
	kept.MaxResponseHeaderBytes = maxAnswerHeader
	return kept
}

// HTTPClient returns a copy of a client for calls to Kakao: traced where there is a
// tracer, kept from overloading an origin, and without redirects, because a token
// request must not be sent on to another host.
func HTTPClient(client *http.Client, tracer trace.Tracer) *http.Client {
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	next := c.Transport
	if next == nil {
		next = newTransport()
	}
	if tracer != nil {
		next = tracedTransport{next, tracer}
	}
	c.Transport = guardedFromOverload(next)
	return &c
}
