package server

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// The spans are made here and not by otelhttp, which writes down the path, the
// query of calls, the Host and the X-Forwarded-For that a client sent, and takes
// a trace over from anybody. These hold what this file writes and nothing else.

// tracerName says which package a span comes from.
const tracerName = "github.com/kakaowasm/kakaowasm/server"

// startSpan begins the span of a request. It continues the trace of a trusted
// proxy, or that of the back end that mounts the server, and nobody else's.
func (s *Server) startSpan(ctx context.Context, r *http.Request, route string) (context.Context, trace.Span) {
	if s.proxies.Trust(r) {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	if s.tracer == nil {
		return ctx, noop.Span{}
	}
	return s.tracer.Start(ctx, methodOf(r)+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", methodOf(r)),
		attribute.String("http.route", route),
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
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}
