package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// readyTimeout bounds the question whether the store answers.
const readyTimeout = 2 * time.Second

// readyKey is what the store is asked for: an entry that nobody makes.
const readyKey = "ready"

// Operations returns the handler for those who run the server: /healthz (the
// process lives), /readyz (it may be sent requests: the store answers, can write and
// has met no damage, and neither Drain nor Close was called), and /metrics (Prometheus). It is apart from the
// base path so that it need not be public.
func (s *Server) Operations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeState(w, true) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { writeState(w, s.ready(r.Context())) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.cfg.Registry, promhttp.HandlerOpts{}))
	answer := s.hosts.RequireNameOrAddress(s.fail)(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.secure(w.Header())
		answer.ServeHTTP(w, r)
	})
}

// ready reports whether requests can be answered. Kakao's state is not part of
// it: taking every instance out of service because Kakao is away helps nobody.
func (s *Server) ready(ctx context.Context) bool {
	if s.draining.Load() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	_, err := s.cfg.Store.Get(ctx, readyKey)
	return (err == nil || errors.Is(err, store.ErrNotFound)) && s.health.Probe(ctx) == nil && !s.health.IsDamaged()
}

// writeState answers a probe.
func writeState(w http.ResponseWriter, good bool) {
	status, state := http.StatusOK, "ok"
	if !good {
		status, state = http.StatusServiceUnavailable, "unavailable"
	}
	web.WriteJSON(w, status, map[string]string{"status": state})
}
