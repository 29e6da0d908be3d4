package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// benchmarked is a server as it is released: its values sealed, its requests
// logged, its limits counting.
func benchmarked(b *testing.B) *harness {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		b.Fatal(err)
	}
	return newHarness(b, func(c *Config) {
		c.Keys, c.Logger = ring, slog.New(slog.NewJSONHandler(io.Discard, nil))
		c.RequestsPerMinute, c.SessionRequestsPerMinute, c.ProxyRequestsPerMinute = 1<<30, 1<<30, 1<<30
	})
}

// oldSessions are the cookies of sessions that were begun an hour ago.
func (h *harness) oldSessions(b *testing.B, n int) []string {
	cookies := make([]string, 0, n)
	for range n {
		begun, err := h.sessions.Create(context.Background(), session.Login{
			UserID: testUser, SID: session.NewSID(), CreatedAt: time.Now().Add(-time.Hour), TokenType: "bearer",
			AccessToken: testAccessToken, ExpiresAt: time.Now().Add(time.Hour), Scope: "profile_nickname account_email",
			RefreshToken: testRefreshToken, RefreshExpiresAt: time.Now().Add(60 * 24 * time.Hour),
		})
		if err != nil {
			b.Fatal(err)
		}
		cookies = append(cookies, begun.ID)
	}
	return cookies
}

// serveAll answers one request a round.
func (h *harness) serveAll(b *testing.B, want int, request func(i int) *http.Request) {
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = request(i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for _, r := range requests {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			b.Fatalf("got %d: %s", w.Code, w.Body)
		}
	}
}

func BenchmarkWhoIsAsking(b *testing.B) {
	h := benchmarked(b)
	h.cookie = h.oldSessions(b, 1)[0]
	h.serveAll(b, http.StatusAccepted, func(int) *http.Request {
		r := h.request("GET", "/auth", "")
		r.RemoteAddr = "127.0.0.1:1234"
		r.Header.Set("X-Forwarded-Method", "GET")
		return r
	})
}

func BenchmarkSession(b *testing.B) {
	h := benchmarked(b)
	h.cookie = h.oldSessions(b, 1)[0]
	h.serveAll(b, http.StatusOK, func(int) *http.Request { return h.request("GET", "/session", "") })
}

// Each session is renewed once, at a Kakao without a network.
func BenchmarkRenewal(b *testing.B) {
	h := benchmarked(b)
	cookies := h.oldSessions(b, b.N)
	h.serveAll(b, http.StatusOK, func(i int) *http.Request {
		h.cookie = cookies[i]
		return h.request("POST", "/refresh", "")
	})
}
