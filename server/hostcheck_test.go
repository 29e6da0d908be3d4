package server

import (
	"bufio"
	"errors"
	"io"
	"net"
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

// The final dot of a name that the configuration has counts no more than that of a
// request.
func TestHostsOfAConfigurationMayEndInADot(t *testing.T) {
	h := newHarness(t, func(c *Config) {
		c.PublicURL = "https://dotted.example." + testBase
		c.AllowedHosts = []string{"kakaowasm.internal."}
	})
	for host, want := range map[string]int{"dotted.example.": 200, "dotted.example": 200, "kakaowasm.internal": 200, "kakaowasm.internal.:8480": 200, "example.": 421, ".": 421} {
		if served, _ := h.ask(host, "/kakao/callback"); served != want {
			t.Errorf("%q: got %d, want %d", host, served, want)
		}
	}
}

// Requests that name their host in other ways than by one Host header.
func TestForeignHostsAreRefusedHoweverTheyAreNamed(t *testing.T) {
	server := httptest.NewServer(newHarness(t))
	t.Cleanup(server.Close)
	for request, want := range map[string]int{
		"GET http://evil.example/kakao/session HTTP/1.1\r\nHost: app.example.com": 421,
		"GET http://app.example.com/kakao/session HTTP/1.1\r\nHost: evil.example": 200,
		"GET /kakao/session HTTP/1.0":                       421,
		"GET /kakao/session HTTP/1.0\r\nHost: evil.example": 421,
		"GET /kakao/session HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: app.example.com\r\nForwarded: host=app.example.com": 421,
		"GET /kakao/session HTTP/1.1\r\nHost: app.example.com\r\nHost: evil.example":                                                400,
		"GET /kakao/session HTTP/1.1\r\nHost: user@app.example.com":                                                                 400,
		"GET /kakao/session HTTP/1.1\r\nHost: [::1%25eth0]:8480":                                                                    421,
		"GET /kakao/session HTTP/1.1\r\nHost: app.example.com..":                                                                    421,
		"CONNECT evil.example:443 HTTP/1.1\r\nHost: app.example.com":                                                                421,
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(conn, request+"\r\n\r\n")
		res, readErr := http.ReadResponse(bufio.NewReader(conn), nil)
		if err := errors.Join(err, readErr); err != nil {
			t.Errorf("%q: %v", request, err)
		} else if res.StatusCode != want {
			t.Errorf("%q: got %d, want %d", request, res.StatusCode, want)
		}
		_ = conn.Close()
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
