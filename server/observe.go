package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/internal/recorder"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/assets"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// metrics are what the server counts. No label takes a value from a request.
type metrics struct {
	requests  *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	upstreams *prometheus.CounterVec
	retries   *prometheus.CounterVec
	renewals  *prometheus.CounterVec
	waits     *prometheus.HistogramVec
	notices   *prometheus.CounterVec
	clients   *prometheus.CounterVec
}

// newMetrics registers the metrics.
func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kakaowasm_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kakaowasm_request_seconds", Help: "Time until a request was answered, by route.",
		}, []string{"route"}),
		upstreams: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kakaowasm_upstream_calls_total", Help: "Calls to Kakao, by call and outcome.",
		}, []string{"call", "outcome"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kakaowasm_upstream_retries_total", Help: "Token requests to Kakao that were made again after a failure that passes, by call.",
		}, []string{"call"}),
		renewals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kakaowasm_renewals_total", Help: "Requests to renew a login, by outcome and by whether several shared one renewal.",
		}, []string{"outcome", "shared"}),
		notices: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kakaowasm_notifications_total", Help: "Tries to send a notification, by outcome.",
		}, []string{"outcome"}),
		clients: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kakaowasm_client_addresses_total",
			Help: "Requests by how the client's address is known: from the connection, from a trusted proxy, from nothing that the trusted proxy says (missing), or not from what an address that is no trusted proxy says (untrusted).",
		}, []string{"source"}),
		waits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kakaowasm_lease_wait_seconds", Help: "Time until a renewal or an exchange had the lease that keeps others from doing the same, by call.",
		}, []string{"call"}),
	}
	for _, c := range []prometheus.Collector{m.clients, m.notices, m.requests, m.seconds, m.upstreams, m.retries, m.renewals, m.waits} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("server: Config.Registry: expected one without this package's metrics, give each server its own: %w", err)
		}
	}
	return m, nil
}

// upstream counts one call to Kakao.
func (m *metrics) upstream(call string, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "error"
	}
	m.upstreams.WithLabelValues(call, outcome).Inc()
}

// notified counts one try to send a notification.
func (m *metrics) notified(outcome string) { m.notices.WithLabelValues(outcome).Inc() }

// retried counts one token request that is made again.
func (m *metrics) retried(call string) { m.retries.WithLabelValues(call).Inc() }

// renewal counts one answer to a request for a renewal.
func (m *metrics) renewal(outcome string, shared bool) {
	m.renewals.WithLabelValues(outcome, strconv.FormatBool(shared)).Inc()
}

// waited takes down how long a lease was waited for.
func (m *metrics) waited(call string, took time.Duration) {
	m.waits.WithLabelValues(call).Observe(took.Seconds())
}

// secure sets the headers that are on every answer.
func (s *Server) secure(h http.Header) {
	web.SetSecurityHeaders(h)
	if s.at.secure && s.cfg.StrictTransportSecurity > 0 {
		h.Set("Strict-Transport-Security", "max-age="+strconv.Itoa(int(s.cfg.StrictTransportSecurity/time.Second)))
	}
}

// observe runs the handler of a route within the limits of size and time, under a
// request ID and a span; it counts and logs the answer, and answers where the handler
// panics. Log, metrics and span name the route, never the path or the query.
func (s *Server) observe(w http.ResponseWriter, r *http.Request, route string, next http.Handler) {
	answer, start := &recorder.Response{ResponseWriter: w}, time.Now()
	ctx, span := s.startSpan(s.proxies.IdentifyRequest(w, r), r, route)
	r = r.WithContext(ctx) // A copy: the caller's stays as it is.
	r.Pattern = route
	defer func() { span.End() }() // Deferred bare, it writes down what a panic holds.
	defer func() {
		if p := recover(); p != nil {
			s.answerPanic(answer, r, p)
		}
		took, status := time.Since(start), cmp.Or(answer.Status(), http.StatusOK)
		answered(span, status)
		s.metrics.requests.WithLabelValues(r.Pattern, strconv.Itoa(status)).Inc()
		s.metrics.seconds.WithLabelValues(r.Pattern).Observe(took.Seconds())
		s.log.LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("method", methodOf(r)), slog.String("route", r.Pattern),
			slog.Int("status", status), slog.Duration("took", took))
	}()
	s.secure(w.Header())
	if r.Pattern == contract.PathSDK || r.Pattern == contract.PathSDKIntegrity {
		assets.AllowEveryOrigin(w.Header()) // Errors too: the console of a browser names their status then.
	}
	s.noteClient(r)
	web.LimitBodyTime(answer, r)
	next.ServeHTTP(answer, r)
}

// answerPanic turns a panic into a 500, where nothing has been written yet.
func (s *Server) answerPanic(w *recorder.Response, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	f := s.panicked(r.Context(), p)
	if w.Status() == 0 {
		web.WriteFailure(w, f)
	}
}

// panicked logs a panic and returns the failure that it makes. What was passed
// to panic may hold anything, a token included, and so only errors of the
// runtime are written out.
func (s *Server) panicked(ctx context.Context, p any) *web.Failure {
	what := fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		what = err.Error()
	}
	s.log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("panic", what), slog.String("stack", string(debug.Stack())))
	return &web.Failure{Status: http.StatusInternalServerError, OAuthError: kakao.OAuthError{
		Code: contract.CodeServerError, Description: "the server failed; its log says where",
	}}
}
