package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"

	"go.opentelemetry.io/otel/trace"
)

// requestIDHeader names a request in the logs of all who had a part in it.
const requestIDHeader = "X-Request-Id"

// requestIDForm is what a request ID of another may look like.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{8,128}$`)

// requestIDKey is the key of the request ID in a context.
type requestIDKey struct{}

// RequestID returns the ID of the request that a context belongs to, which is in
// its X-Request-Id header and in each of its log lines; "" outside of requests.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identifyRequest gives a request its ID: the one that a trusted proxy has
// given it, or a new one. A client's own is not taken over, since it could be
// that of somebody else's request, or a secret.
func (s *Server) identifyRequest(w http.ResponseWriter, r *http.Request) *http.Request {
	id := rand.Text()
	if sent := r.Header.Values(requestIDHeader); len(sent) == 1 && s.proxies.Trust(r) && requestIDForm.MatchString(sent[0]) {
		id = sent[0]
	}
	w.Header().Set(requestIDHeader, id)
	return r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
}

// requestLog adds to each line the request that it belongs to, by its ID and by
// its trace where there is one.
type requestLog struct{ slog.Handler }

// Handle implements [slog.Handler].
func (l requestLog) Handle(ctx context.Context, line slog.Record) error {
	if id := RequestID(ctx); id != "" {
		line.AddAttrs(slog.String("request_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		line.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	return l.Handler.Handle(ctx, line)
}

// WithAttrs implements [slog.Handler].
func (l requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (l requestLog) WithGroup(name string) slog.Handler {
	return requestLog{l.Handler.WithGroup(name)}
}
