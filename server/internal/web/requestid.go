package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"

	"go.opentelemetry.io/otel/trace"
)

// RequestIDHeader names a request in the logs of all who had a part in it.
const RequestIDHeader = "X-Request-Id"

// requestIDForm is what a request ID of another may look like.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{8,128}$`)

// requestIDKey is the key of the request ID in a context.
type requestIDKey struct{}

// RequestID returns the ID of the request that a context belongs to; "" outside of
// requests.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// IdentifyRequest gives a request its ID, which the answer names, and returns the
// context that holds it: the ID that a trusted proxy has given it, or a new one. A client's own is not taken over, since it could be
// that of somebody else's request, or a secret.
func (p Proxies) IdentifyRequest(w http.ResponseWriter, r *http.Request) context.Context {
	id := rand.Text()
	if sent := r.Header.Values(RequestIDHeader); len(sent) == 1 && p.Trust(r) && requestIDForm.MatchString(sent[0]) {
		id = sent[0]
	}
	w.Header().Set(RequestIDHeader, id)
	return context.WithValue(r.Context(), requestIDKey{}, id)
}

// RequestLog adds to each line the request that it belongs to, by its ID and by
// its trace where there is one.
type RequestLog struct{ slog.Handler }

// Handle implements [slog.Handler].
func (l RequestLog) Handle(ctx context.Context, line slog.Record) error {
	if id := RequestID(ctx); id != "" {
		line.AddAttrs(slog.String("request_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		line.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	return l.Handler.Handle(ctx, line)
}

// WithAttrs implements [slog.Handler].
func (l RequestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return RequestLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (l RequestLog) WithGroup(name string) slog.Handler {
	return RequestLog{l.Handler.WithGroup(name)}
}
