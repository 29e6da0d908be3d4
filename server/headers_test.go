package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	h, _ := newWebhookHarness(t, func(c *Config) { c.SDK = fstest.MapFS{"kakao.js": {Data: []byte("//")}} })
	for _, test := range []struct {
		method, path string
		status       int
		change       map[string]string // of the headers, where the answer needs others
	}{
		{"POST", "/token", 400, nil},
		{"POST", "/refresh", 401, nil},
		{"GET", "/session", 200, nil},
		{"GET", "/auth", 403, nil},
		{"POST", "/logout", 204, nil},
		{"PUT", "/logout", 405, nil},
		{"GET", "/logout/account", 403, nil},
		{"GET", "/logout/callback", 400, nil},
		{"POST", "/webhooks/unlink", 401, nil},
		{"POST", "/webhooks/account", 400, nil},
		{"GET", "/nothing", 404, nil},
		{"OPTIONS", "/token", 405, nil},
		{"GET", "/callback", 200, map[string]string{"Content-Security-Policy": relayPolicy}},
		{"GET", "/callback.js", 200, map[string]string{"Cache-Control": "no-cache"}},
		{"GET", strings.TrimPrefix(h.SDKPath("kakao.js"), "/kakao"), 200, map[string]string{
			"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin",
		}},
		{"GET", "/sdk/" + kakao.Version + "/kakao.js", 200, map[string]string{
			"Cache-Control": "public, no-cache", "Cross-Origin-Resource-Policy": "cross-origin",
		}},
		{"GET", "/sdk/integrity.json", 200, map[string]string{"Cross-Origin-Resource-Policy": "cross-origin"}},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			res := h.in(t).send(h.request(test.method, test.path, ""))
			if res.StatusCode != test.status {
				t.Errorf("got %d, want %d", res.StatusCode, test.status)
			}
			expectSecurityHeaders(t, res.Header, test.change)
		})
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/nothing"} {
		w := httptest.NewRecorder()
		h.Operations().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		expectSecurityHeaders(t, w.Header(), nil)
	}
}

// expectSecurityHeaders checks the headers of an answer, of which some are
// changed.
func expectSecurityHeaders(t *testing.T, got http.Header, change map[string]string) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
	} {
		if other, ok := change[name]; ok {
			want = other
		}
		if diff := cmp.Diff([]string{want}, got.Values(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestBrowsersAreAskedToKeepToHTTPSByChoice(t *testing.T) {
	for name, test := range map[string]struct {
		url  string
		life time.Duration
		want string
	}{
		"not chosen":  {testPublicURL, 0, ""},
		"for a year":  {testPublicURL, 365 * 24 * time.Hour, "max-age=31536000"},
		"on loopback": {"http://127.0.0.1:8480/kakao", time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(c *Config) { c.PublicURL, c.StrictTransportSecurity = test.url, test.life })
			if got := h.send(h.request("GET", "/session", "")).Header.Get("Strict-Transport-Security"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
