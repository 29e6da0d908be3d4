package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// ask is the status of a request for a host, at the token server and at the
// operations.
func (h *harness) ask(host, path string) (served, operations int) {
	h.t.Helper()
	status := func(handler http.Handler, path string) int {
		r := httptest.NewRequest(http.MethodGet, testOrigin+path, http.NoBody)
		r.Host = host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	return status(h, path), status(h.Operations(), "/metrics")
}

// Names that somebody else can point at this server are refused on every path, the
// operations included, which take addresses too.
func TestForeignHostsAreRefused(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.AllowedHosts = []string{"kakaowasm.internal"} })
	for host, want := range map[string][2]int{
		"app.example.com": {200, 200}, "APP.example.com": {200, 200}, "app.example.com:8443": {200, 200}, "app.example.com.": {200, 200},
		"kakaowasm.internal": {200, 200}, "kakaowasm.internal:8480": {200, 200},
		"127.0.0.1:8480": {200, 200}, "localhost": {200, 200}, "[::1]:8480": {200, 200},
		"192.0.2.7:8480": {421, 200}, "[2001:db8::7]": {421, 200}, "10.0.0.1": {421, 200},
		"evil.example": {421, 421}, "evil.example:8480": {421, 421}, "app.example.com.evil.example": {421, 421}, "evil-app.example.com": {421, 421},
		"localhost.evil.example": {421, 421}, "127.0.0.1.evil.example": {421, 421}, "": {421, 421}, "192.0.2.7.evil.example": {421, 421}, "0x7f000001.evil.example": {421, 421},
	} {
		for _, path := range []string{"/kakao/session", "/kakao/callback"} {
			if served, operations := h.ask(host, path); served != want[0] || operations != want[1] {
				t.Errorf("%q %s: got %d and %d, want %v", host, path, served, operations, want)
			}
		}
	}
	for path := range h.tableOf() {
		if served, _ := h.ask("evil.example", testBase+path); served != http.StatusMisdirectedRequest && path != "/auth" && path != authBelow {
			t.Errorf("%q: got %d for a foreign host", path, served)
		}
	}
}

// testBase is the base path of testPublicURL.
const testBase = "/kakao"

// tableOf are the routes of a server.
func (h *harness) tableOf() map[string]http.Handler {
	h.t.Helper()
	table, err := h.table()
	if err != nil {
		h.t.Fatal(err)
	}
	return table
}

func TestAllowedHostsAreNames(t *testing.T) {
	for _, bad := range []string{"", "https://a.example", "a.example:80", "a b", "*"} {
		cfg := Config{PublicURL: testPublicURL, RESTAPIKey: testRESTKey, AllowedHosts: []string{bad}}
		if cfg.Validate() == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	cfg := Config{PublicURL: testPublicURL, RESTAPIKey: testRESTKey, AllowedHosts: []string{"a.example", "10.0.0.1", "2001:db8::7"}}
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
}
