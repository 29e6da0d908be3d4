package server

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// What is probably not meant is said at the start, in both languages.
func TestWarningsOfAConfiguration(t *testing.T) {
	whole := Config{PublicURL: "http://127.0.0.1:8480/kakao", RESTAPIKey: testRESTKey, JavaScriptKeys: []string{testJSKey}, SDK: fstest.MapFS{}}
	for name, test := range map[string]struct {
		change func(*Config)
		want   []string
	}{
		"nothing":             {func(*Config) {}, nil},
		"no JavaScript key":   {func(c *Config) { c.JavaScriptKeys = nil }, []string{"JavaScriptKeys"}},
		"no SDK":              {func(c *Config) { c.SDK = fs.FS(nil) }, []string{"SDK"}},
		"a page on localhost": {func(c *Config) { c.AllowedOrigins = []string{"http://localhost:3000"} }, []string{"AllowedOrigins"}},
		"a page on the same":  {func(c *Config) { c.AllowedOrigins = []string{"http://127.0.0.1:3000"} }, nil},
		"a page elsewhere":    {func(c *Config) { c.AllowedOrigins = []string{"https://app.example.com"} }, nil},
	} {
		cfg := whole
		test.change(&cfg)
		var got []string
		for _, w := range cfg.Warnings() {
			got = append(got, w.Field)
			if w.Text.En == "" || w.Text.Ko == "" || w.Text.En == w.Text.Ko {
				t.Errorf("%s: %+v", name, w)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

// A reverse proxy that nobody trusts is named once, not once a request.
func TestAForgottenProxyIsNamedOnce(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	visit := func(remote string) int {
		r := h.request("GET", "/session", "")
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		h.send(r)
		return strings.Count(h.logs.String(), "no trusted proxy")
	}
	if n := visit("10.1.2.3:5"); n != 0 {
		t.Error("a trusted proxy is warned of")
	}
	visit("192.0.2.7:5")
	if n := visit("192.0.2.8:5"); n != 1 || !strings.Contains(h.logs.String(), "192.0.2.7") {
		t.Errorf("%d warnings: %s", n, h.logs)
	}
}

// The log has the cause of every refusal, not only the browser.
func TestTheLogHasTheCause(t *testing.T) {
	h := newHarness(t)
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": signedWith(t, map[string]any{"aud": "other-key"})})))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": "https://elsewhere.example/"}))
	foreign := h.request("POST", "/refresh", "")
	foreign.Header.Set("Origin", "https://elsewhere.example")
	h.send(foreign)
	for _, want := range []string{"its audience is another app; list the key", "redirect_uri is not one of the server's", "the page's origin is not allowed"} {
		if !strings.Contains(h.logs.String(), `"cause":"`+want) {
			t.Errorf("the log lacks %q: %s", want, h.logs)
		}
	}
}

// A page on localhost with a server on 127.0.0.1 is told what is wrong.
func TestTwoNamesOfThisMachineAreNamed(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.PublicURL = "http://127.0.0.1:8480/kakao" })
	r := h.request("POST", "/refresh", "")
	r.Header.Set("Origin", "http://localhost:8480")
	if body := decode(t, h.send(r)); !strings.Contains(fmt.Sprint(body["error_description"]), "localhost and 127.0.0.1") {
		t.Errorf("got %v", body)
	}
}

// An error of the SDK's addresses is no stricter than a success: a browser on
// another origin sees the status, whatever went wrong.
func TestErrorsOfTheSDKAreShared(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.SDK = fstest.MapFS{"kakao.js": {Data: []byte("//")}}; c.RequestsPerMinute = 1 })
	statuses := map[int]bool{}
	for _, ask := range []struct{ method, path string }{
		{"GET", "/sdk/9.9.9/kakao.js"}, {"GET", "/sdk/x"}, {"POST", "/sdk/x"}, {"GET", "/sdk/integrity.json"}, {"DELETE", "/sdk/integrity.json"},
	} {
		for range 15 {
			res := h.send(h.request(ask.method, ask.path, ""))
			statuses[res.StatusCode] = true
			if got := res.Header.Get("Cross-Origin-Resource-Policy"); got != "cross-origin" || res.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s %s: %d with %q", ask.method, ask.path, res.StatusCode, got)
			}
		}
	}
	for _, want := range []int{404, 405, 429} {
		if !statuses[want] {
			t.Errorf("no answer had status %d", want)
		}
	}
	large := h.request("POST", "/token", strings.Repeat("x", web.MaxBody+1))
	if res := h.send(large); res.StatusCode != http.StatusRequestEntityTooLarge || res.Header.Get("Access-Control-Allow-Origin") != testOrigin {
		t.Errorf("too large: %s, shared with %q", res.Status, res.Header.Get("Access-Control-Allow-Origin"))
	}
}

// hangingStore answers a read when the caller has given up.
type hangingStore struct {
	store.Store
	asked chan struct{}
}

func (s hangingStore) Get(ctx context.Context, _ string) (store.Entry, error) {
	close(s.asked)
	<-ctx.Done()
	return store.Entry{}, store.Unavailable(context.Cause(ctx))
}

// A client that hangs up is no fault of the store: neither log nor metrics say so.
func TestAClientThatHangsUpIsNoFaultOfTheStore(t *testing.T) {
	kept := hangingStore{memory.New(), make(chan struct{})}
	h := newHarness(t, func(c *Config) { c.Store = kept })
	h.cookie = strings.Repeat("a", 43)
	ctx, hangUp := context.WithCancel(t.Context())
	go func() {
		<-kept.asked
		hangUp()
	}()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, h.request("GET", "/session", "").WithContext(ctx))
	if w.Code != 499 || strings.Contains(h.logs.String(), "WARN") || strings.Contains(h.logs.String(), "store") {
		t.Errorf("got %d: %s", w.Code, h.logs)
	}
	if failing, _ := h.health.IsFailing(); failing {
		t.Error("the store counts as failing")
	}
}

// Whoever has a /48 of IPv6 has no more than so many quotas; clients of IPv4 have
// one each.
func TestRule11SitesOfIPv6AreLimited(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RequestsPerMinute = 2 })
	passed := 0
	ask := func(remote string) bool {
		r := h.request("POST", "/refresh", "")
		r.RemoteAddr = remote
		return h.send(r).StatusCode != http.StatusTooManyRequests
	}
	for i := range 100 {
		if ask(fmt.Sprintf("[2001:db8:1:%x::1]:5", i)) {
			passed++
		}
	}
	if passed != 2*networksPerSite {
		t.Errorf("%d requests of one site passed", passed)
	}
	if !ask("[2001:db8:2::1]:5") || !ask("192.0.2.7:5") {
		t.Error("others are limited with it")
	}
	for i := range 100 {
		if !ask(fmt.Sprintf("198.51.100.%d:5", i)) {
			t.Fatal("clients of IPv4 share a quota")
		}
	}
}
