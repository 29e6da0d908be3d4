package server

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// The spans are made here and not by otelhttp, which writes down the path, the
// query of calls, the Host and the X-Forwarded-For that a client sent, and takes
// a trace over from anybody. These hold what this file writes and nothing else.

// tracerName says which package a span comes from.
const tracerName = "github.com/kakaowasm/kakaowasm/server"

// startSpan begins the span of a request. It continues the trace of a trusted
// proxy, or that of the back end that mounts the server, and nobody else's.
func (s *Server) startSpan(r *http.Request) (context.Context, trace.Span) {
	ctx := r.Context()
	if s.proxies.Trust(r) {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	return s.tracer.Start(ctx, methodOf(r)+" "+r.Pattern, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", methodOf(r)),
		attribute.String("http.route", r.Pattern),
	))
}

// methodOf is the method of a request, or "_OTHER": a client may invent any.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return r.Method
	}
	return "_OTHER"
}

// answered notes the status of the answer in a span.
func answered(span trace.Span, status int) {
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}

// tracedTransport makes a span of each call to Kakao, which ends when the
// headers of the answer are there. Kakao is not told of the trace.
type tracedTransport struct {
	next   http.RoundTripper
	tracer trace.Tracer
}

// traced returns a copy of a client whose calls are traced.
func traced(client *http.Client, provider trace.TracerProvider) *http.Client {
	c := *client
	c.Transport = tracedTransport{orElse(c.Transport, newTransport()), provider.Tracer(tracerName)}
	return &c
}

// RoundTrip implements [http.RoundTripper]. The path of a call is one of Kakao's
// and holds nothing of a user; its query may.
func (t tracedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, span := t.tracer.Start(r.Context(), r.Method+" "+r.URL.Path, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", r.Method),
		attribute.String("server.address", r.URL.Hostname()),
		attribute.String("url.path", r.URL.Path),
	))
	defer func() { span.End() }() // Deferred bare, it writes down what a panic holds.
	res, err := t.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		span.SetStatus(codes.Error, "no answer")
		return nil, err
	}
	answered(span, res.StatusCode)
	return res, nil
}
