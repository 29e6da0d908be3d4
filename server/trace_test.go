package server

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
)

// newTracedHarness is a server whose spans are recorded.
func newTracedHarness(t *testing.T, change ...func(*Config)) (*harness, *tracetest.SpanRecorder) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	return newHarness(t, append(change, func(c *Config) { c.TracerProvider = provider })...), recorder
}

// described are spans as texts: kind, name, attributes, status.
func described(spans []sdktrace.ReadOnlySpan) []string {
	var texts []string
	for _, span := range spans {
		text := span.SpanKind().String() + " " + span.Name()
		for _, attribute := range span.Attributes() {
			text += " " + string(attribute.Key) + "=" + attribute.Value.String()
		}
		texts = append(texts, strings.TrimSpace(text+" "+span.Status().Code.String()))
	}
	return texts
}

func TestRequestsAndCallsAreTraced(t *testing.T) {
	h, recorder := newTracedHarness(t)
	h.login()
	want := []string{
		"client POST /oauth/token http.request.method=POST server.address=kauth.kakao.com url.path=/oauth/token http.response.status_code=200 Unset",
		"client GET /v1/user/access_token_info http.request.method=GET server.address=kapi.kakao.com url.path=/v1/user/access_token_info http.response.status_code=200 Unset",
		"server POST /token http.request.method=POST http.route=/token http.response.status_code=200 Unset",
	}
	spans := recorder.Ended()
	if diff := cmp.Diff(want, described(spans)); diff != "" {
		t.Fatalf("spans (-want +got):\n%s", diff)
	}
	for _, call := range spans[:2] {
		if call.Parent().SpanID() != spans[2].SpanContext().SpanID() {
			t.Errorf("%s is no part of the request", call.Name())
		}
	}
	if !strings.Contains(h.logs.String(), `"trace_id":"`+spans[2].SpanContext().TraceID().String()) {
		t.Error("the log does not name the trace")
	}
}

func TestFailuresAreMarkedInTraces(t *testing.T) {
	h, recorder := newTracedHarness(t)
	h.kakao.on(callExchange, broken)
	h.do("POST", "/token", tokenRequestBody(nil))
	r := h.request("GET", "/nothing", "")
	r.Method = "PROPFIND"
	h.send(r)
	try := "client POST /oauth/token http.request.method=POST server.address=kauth.kakao.com url.path=/oauth/token Error"
	want := append(slices.Repeat([]string{try}, upstream.Tries),
		"server POST /token http.request.method=POST http.route=/token http.response.status_code=503 Error",
		"server _OTHER  http.request.method=_OTHER http.route= http.response.status_code=404 Unset",
	)
	if diff := cmp.Diff(want, described(recorder.Ended())); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

// A renewal is part of the trace of the request that began it.
func TestRenewalsAreTraced(t *testing.T) {
	h, recorder := newTracedHarness(t)
	h.login()
	h.do("POST", "/refresh", "")
	spans := recorder.Ended()
	call, request := spans[len(spans)-2], spans[len(spans)-1]
	if call.Name() != "POST "+kakao.PathToken || call.Parent().SpanID() != request.SpanContext().SpanID() {
		t.Errorf("got %v", described(spans))
	}
}

func TestATraceIsContinuedForTrustedProxiesOnly(t *testing.T) {
	h, recorder := newTracedHarness(t, func(c *Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	const theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
	for peer, continued := range map[string]bool{"10.0.0.1": true, "192.0.2.1": false} {
		r := h.from(peer, "GET", "/session")
		r.Header.Set("traceparent", "00-"+theirs+"-00f067aa0ba902b7-01")
		h.send(r)
		spans := recorder.Ended()
		if got := spans[len(spans)-1].SpanContext().TraceID().String(); (got == theirs) != continued {
			t.Errorf("%s: trace %s", peer, got)
		}
	}
}

func TestATraceIsContinuedForTheBackEnd(t *testing.T) {
	h, recorder := newTracedHarness(t)
	r := h.request("GET", "/session", "")
	parent := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	h.send(r.WithContext(trace.ContextWithSpanContext(r.Context(), parent)))
	if got := recorder.Ended()[0].Parent(); got.SpanID() != parent.SpanID() {
		t.Errorf("parent %v", got)
	}
}

// What a span holds does not depend on what a client wrote.
func TestSpansHoldNothingOfTheClient(t *testing.T) {
	h, recorder := newTracedHarness(t)
	r := h.request("GET", "/callback", "")
	r.URL.RawQuery = url.Values{"code": {testCode}}.Encode()
	r.Host = "secret.localhost"
	for _, name := range []string{"User-Agent", "X-Forwarded-For", "Referer", "Authorization", "X-Request-Id", "baggage"} {
		r.Header.Set(name, "secret-of-"+name)
	}
	if res := h.send(r); res.StatusCode != http.StatusOK {
		t.Errorf("got %d", res.StatusCode)
	}
	want := []string{"server GET /callback http.request.method=GET http.route=/callback http.response.status_code=200 Unset"}
	if diff := cmp.Diff(want, described(recorder.Ended())); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}
