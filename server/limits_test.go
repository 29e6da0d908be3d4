package server

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// from is a request of the page that comes from a client address.
func (h *harness) from(client, method, path string) *http.Request {
	r := h.request(method, path, "")
	r.RemoteAddr = client + ":1"
	return r
}

// expectTooMany checks for a refusal that says when to come back.
func expectTooMany(t *testing.T, res *http.Response) {
	t.Helper()
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "60" {
		t.Errorf("got %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

func TestRule11RequestsOfOneAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(c *Config) { c.RequestsPerMinute = 3 })
		ask := func(client, method, path string) *http.Response { return h.send(h.from(client, method, path)) }
		for _, path := range []string{"/token", "/refresh", "/logout"} {
			ask("192.0.2.1", "POST", path)
		}
		expectTooMany(t, ask("192.0.2.1", "POST", "/refresh"))
		expectTooMany(t, ask("192.0.2.1", "POST", "/nothing"))
		if res := ask("192.0.2.2", "POST", "/logout"); res.StatusCode != http.StatusNoContent {
			t.Errorf("another address: %d", res.StatusCode)
		}
		if res := ask("192.0.2.1", "GET", "/session"); res.StatusCode != http.StatusOK {
			t.Errorf("reading, which others can make a browser do, was counted too: %d", res.StatusCode)
		}
		time.Sleep(2 * time.Minute)
		if res := ask("192.0.2.1", "POST", "/logout"); res.StatusCode != http.StatusNoContent {
			t.Errorf("two minutes later: %d", res.StatusCode)
		}
	})
}

func TestRule11ReadingIsLimitedOnEveryEndpoint(t *testing.T) {
	for _, path := range []string{
		"/session", "/logout/account", "/logout/callback", "/callback", "/callback.js", "/webhooks/unlink", "/webhooks/account", "/sdk/integrity.json", "/sdk/x", "/nothing",
	} {
		t.Run(path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.RequestsPerMinute = 2 })
				for range 2 * readsPerChange {
					if res := h.send(h.from("192.0.2.1", "GET", path)); res.StatusCode == http.StatusTooManyRequests {
						t.Fatal("refused too early")
					}
				}
				expectTooMany(t, h.send(h.from("192.0.2.1", "GET", path)))
			})
		})
	}
}

func TestRule11RequestsOfOneSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(c *Config) { c.SessionRequestsPerMinute = 3 })
		h.login()
		mine := h.cookie
		for _, client := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
			if res := h.send(h.from(client, "POST", "/refresh")); res.StatusCode != http.StatusOK {
				t.Errorf("got %d", res.StatusCode)
			}
		}
		for _, path := range []string{"/token", "/refresh", "/logout"} {
			expectTooMany(t, h.send(h.from("192.0.2.4", "POST", path)))
		}
		if res := h.send(h.from("192.0.2.4", "GET", "/session")); res.StatusCode != http.StatusOK {
			t.Errorf("reading: %d", res.StatusCode)
		}
		h.cookie = ""
		h.login()
		if res := h.send(h.from("192.0.2.1", "POST", "/refresh")); res.StatusCode != http.StatusOK || h.cookie == mine {
			t.Errorf("another session: %d", res.StatusCode)
		}
	})
}

// What a foreign page makes its visitor's browser send does not use up what the
// visitor may ask for.
func TestRule11RefusedOriginsAreNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(c *Config) { c.RequestsPerMinute = 2 })
		for range 10 {
			r := h.request("POST", "/logout", "")
			r.Header.Set("Origin", "https://evil.example")
			if res := h.send(r); res.StatusCode != http.StatusForbidden {
				t.Fatalf("got %d", res.StatusCode)
			}
		}
		if res := h.send(h.request("POST", "/logout", "")); res.StatusCode != http.StatusNoContent {
			t.Errorf("got %d", res.StatusCode)
		}
	})
}

func TestRule11RateLimitsCountTheClientBehindTheProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(c *Config) {
			c.RequestsPerMinute = 2
			c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		})
		ask := func(peer, forwarded string) *http.Response {
			r := h.from(peer, "POST", "/logout")
			r.Header.Set(XForwardedFor, forwarded)
			return h.send(r)
		}
		for i := range 2 {
			ask("10.0.0.1", strings.Repeat("1.1.1.1, ", i)+"198.51.100.7")
		}
		expectTooMany(t, ask("10.0.0.2", "9.9.9.9, 198.51.100.7"))
		if res := ask("10.0.0.1", "198.51.100.8"); res.StatusCode != http.StatusNoContent {
			t.Errorf("another client: %d", res.StatusCode)
		}
		for i := range 2 {
			ask("203.0.113.9", strings.Repeat("2.2.2.2, ", i)+"3.3.3.3")
		}
		expectTooMany(t, ask("203.0.113.9", "4.4.4.4"))
	})
}

func TestRule11SizesOnEveryEndpoint(t *testing.T) {
	h, _ := newWebhookHarness(t)
	for _, path := range []string{
		"/token", "/refresh", "/session", "/session/token", contract.PathJWKS, "/auth", "/auth/orders", "/logout", "/logout/account", "/logout/callback", "/callback", "/callback.js", "/webhooks/unlink", "/webhooks/account",
		"/sdk/integrity.json", "/sdk/x", "/nothing",
	} {
		for name, test := range map[string]struct {
			change func(*http.Request)
			status int
		}{
			"one long header":   {func(r *http.Request) { r.Header.Set("X", strings.Repeat("x", web.MaxHeader)) }, 431},
			"many headers":      {func(r *http.Request) { r.Header["X"] = strings.Split(strings.Repeat("1234567,", web.MaxHeader/8), ",") }, 431},
			"a long address":    {func(r *http.Request) { r.RequestURI = "/?" + strings.Repeat("x", web.MaxHeader) }, 431},
			"a long body":       {func(r *http.Request) { r.ContentLength = web.MaxBody + 1 }, 413},
			"an enormous body":  {func(r *http.Request) { r.ContentLength = 1 << 62 }, 413},
			"headers that pass": {func(r *http.Request) { r.Header.Set("X", strings.Repeat("x", web.MaxHeader/2)) }, 0},
		} {
			r := h.request("GET", path, "")
			test.change(r)
			res := h.send(r)
			refused := res.StatusCode == http.StatusRequestEntityTooLarge || res.StatusCode == http.StatusRequestHeaderFieldsTooLarge
			if refused != (test.status != 0) || refused && res.StatusCode != test.status {
				t.Errorf("%s with %s: got %d, want %d", path, name, res.StatusCode, test.status)
			}
		}
	}
}
