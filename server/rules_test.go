package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// brokenStore fails or panics where it is told to: when it is to be written to.
type brokenStore struct {
	store.Store
	mu     sync.Mutex
	commit func() error
}

func (b *brokenStore) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	if err := b.broken(); err != nil {
		return 0, err
	}
	return b.Store.Create(ctx, key, e)
}

func (b *brokenStore) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	if err := b.broken(); err != nil {
		return 0, err
	}
	return b.Store.Replace(ctx, key, e)
}

func (b *brokenStore) broken() error {
	b.mu.Lock()
	commit := b.commit
	b.mu.Unlock()
	if commit == nil {
		return nil
	}
	return commit()
}

func (b *brokenStore) onCommit(commit func() error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.commit = commit
}

// Rule 1: no response, header, log line or page carries a refresh token, a
// client secret or a code, whatever Kakao answers.
func TestRule01NoSecretLeavesTheServer(t *testing.T) { synctest.Test(t, testNoSecretLeavesTheServer) }

func testNoSecretLeavesTheServer(t *testing.T) {
	store := &brokenStore{Store: memory.New()}
	h := newHarness(t, func(c *Config) { c.Store = store })
	rotated := "refresh-secret-2"
	// echoing answers with what it was asked with, as Kakao's messages may.
	echoing := func(status int, body func(echo string) string) answer {
		return func(_ context.Context, form url.Values) (int, string, error) {
			code := form.Get("code")
			return status, body(strings.Join([]string{code, url.QueryEscape(code), testVerifier, testSecret}, " ")), nil
		}
	}
	h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", rotated, nil)))

	h.do("GET", "/session", "")
	h.do("POST", "/refresh", "")
	h.login()
	h.do("GET", "/session", "")
	h.do("POST", "/refresh", "")
	cookie := h.cookie
	for _, koe := range []string{"KOE320", testCode, ""} {
		for _, status := range []int{400, 401, 429, 500, 302} {
			for _, code := range []string{"invalid_client", "invalid_request", "invalid_grant", testCode, rotated, ""} {
				h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, rotated, nil)))
				h.login()
				h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
					names := strings.NewReplacer(testCode, form.Get("code"))
					return echoing(status, func(echo string) string {
						return errorBody(names.Replace(code), names.Replace(koe), "authorization code not found for code="+echo)
					})(ctx, form)
				})
				h.do("POST", "/token", tokenRequestBody(nil))
				h.kakao.on(callRefresh, says(status, errorBody(code, koe, "no such refresh token "+rotated+testSecret)))
				h.do("POST", "/refresh", "")
			}
		}
	}
	h.kakao.on(callExchange, echoing(200, func(echo string) string { return "<html>" + echo }))
	h.do("POST", "/token", tokenRequestBody(nil))
	h.kakao.on(callExchange, echoing(500, func(echo string) string { return echo }))
	h.do("POST", "/token", tokenRequestBody(nil))
	h.kakao.on(callExchange, func(context.Context, url.Values) (int, string, error) { return 0, "", errors.New("connection reset") })
	h.do("POST", "/token", tokenRequestBody(nil))
	h.kakao.on(callExchange, echoing(200, func(echo string) string {
		return tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": echo})
	}))
	h.do("POST", "/token", tokenRequestBody(nil))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testCode}))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": "https://evil.example/?" + testCode}))
	h.do("POST", "/token", tokenRequestBody(map[string]any{testCode: testCode}))
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, nil)))
	store.onCommit(func() error { panic(testRefreshToken) })
	h.do("POST", "/token", tokenRequestBody(nil))
	store.onCommit(nil)
	h.login()
	store.onCommit(func() error { panic(testRefreshToken) })
	h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", rotated, nil)))
	h.do("POST", "/refresh", "")
	store.onCommit(nil)
	h.kakao.on(pathLogout, says(400, `{"code":-401,"msg":"`+testAccessToken+testRefreshToken+`"}`))
	h.do("POST", "/logout", "")
	h.send(h.request("GET", "/callback?state=x&code="+url.QueryEscape(testCode), ""))
	h.do("GET", "/callback/"+testRefreshToken+"?code="+url.QueryEscape(testCode), "")
	operations := httptest.NewRecorder()
	h.Operations().ServeHTTP(operations, httptest.NewRequest(http.MethodGet, "/metrics", nil))

	said := strings.ReplaceAll(h.said.String(), "GET /kakao/callback/"+testRefreshToken, "")
	everything := said + operations.Body.String() + h.logs.String()
	for _, secret := range []string{testRefreshToken, rotated, testSecret, testCode, url.QueryEscape(testCode), testVerifier, `"refresh_token"`} {
		if i := strings.Index(everything, secret); i >= 0 {
			t.Errorf("%q leaked: …%s…", secret, everything[max(0, i-200):min(len(everything), i+100)])
		}
	}
	for _, secret := range []string{"access-token", cookie} {
		if strings.Contains(h.logs.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(said, "KOE320") || !strings.Contains(said, "[redacted]") || !strings.Contains(h.logs.String(), "panic") {
		t.Error("the run did not meet what it is about")
	}
}

// Rule 2, the server's half: the relay page is the same whatever the query
// says, so that a state means something only to the page that made it. What
// the script does with a state is tested in relay/callback.test.mjs.
func TestRule02RelayPageDoesNotDependOnTheState(t *testing.T) {
	h := newHarness(t)
	plain := readAll(t, h.send(h.request("GET", "/callback", "")))
	full := readAll(t, h.send(h.request("GET", "/callback?state=p.aaaa&code=x&error=y", "")))
	if plain != full {
		t.Error("the page depends on the query")
	}
}

// A page with a redirect URI of its own exchanges codes without a verifier, or
// with the one that it has; nobody else does.
func TestRule03VerifierIsOptionalForThePagesOwnRedirectURI(t *testing.T) {
	const own = "https://shop.example.com/oauth"
	h := newHarness(t, func(c *Config) { c.RedirectURIs = []string{own} })
	for name, verifier := range map[string]any{"missing": nil, "empty": "", "there": testVerifier} {
		t.Run(name, func(t *testing.T) {
			request := map[string]any{"code_verifier": verifier, "redirect_uri": own}
			if status, body := h.do("POST", "/token", tokenRequestBody(request)); status != 200 {
				t.Fatalf("got %d %v", status, body)
			}
			sent, has := h.kakao.lastForm()["code_verifier"]
			if want := verifier == testVerifier; has != want || want && sent[0] != testVerifier {
				t.Errorf("code_verifier sent to Kakao: %v", sent)
			}
		})
	}
	status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"code_verifier": "short", "redirect_uri": own}))
	expectError(t, status, body, 400, "invalid_request", "")
}

// Rule 3, the server's half: a code is exchanged with its verifier only.
func TestRule03PKCEVerifierIsRequiredAndSent(t *testing.T) {
	h := newHarness(t)
	for name, verifier := range map[string]any{
		"missing": nil, "empty": "", "too short": strings.Repeat("v", 42), "too long": strings.Repeat("v", 129),
		"other characters": strings.Repeat("v", 43) + "+", "a number": 43,
	} {
		t.Run(name, func(t *testing.T) {
			status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"code_verifier": verifier}))
			expectError(t, status, body, 400, "invalid_request", "")
		})
	}
	if n := h.kakao.count(callExchange); n != 0 {
		t.Errorf("%d exchanges without a good verifier", n)
	}
	h.do("POST", "/token", tokenRequestBody(map[string]any{"code": testCode}))
	form := h.kakao.lastForm()
	want := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {testRESTKey}, "client_secret": {testSecret},
		"code": {testCode}, "code_verifier": {testVerifier}, "redirect_uri": {testPublicURL + "/callback"},
	}
	if form.Encode() != want.Encode() {
		t.Errorf("got %v, want %v", form, want)
	}
}

// Rule 4, the server's half: a nonce that was sent must be in the ID token.
func TestRule04NonceIsChecked(t *testing.T) {
	for name, test := range map[string]struct {
		sent   string
		claims map[string]any // nil: no ID token
		status int
	}{
		"the same":                       {testNonce, map[string]any{"nonce": testNonce}, 200},
		"another":                        {testNonce, map[string]any{"nonce": "other"}, 502},
		"none in the token":              {testNonce, map[string]any{"nonce": nil}, 502},
		"no ID token":                    {testNonce, nil, 502},
		"none sent, one in the token":    {"", map[string]any{"nonce": testNonce}, 502},
		"none sent, none in the token":   {"", map[string]any{"nonce": nil}, 200},
		"none sent and no ID token":      {"", nil, 200},
		"the same with another's ending": {testNonce + "x", map[string]any{"nonce": testNonce}, 502},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			if test.claims != nil {
				h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken,
					map[string]any{"id_token": signedWith(t, test.claims)})))
			}
			status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": test.sent}))
			if status != test.status {
				t.Errorf("got %d %v, want %d", status, body, test.status)
			}
			if (h.cookie != "") != (test.status == 200) {
				t.Errorf("session cookie %q after %d", h.cookie, status)
			}
		})
	}
}

// Rule 5, the server's half: the page is told the exact origins that it may
// send a result to. That it keeps to them is tested in
// relay/callback.test.mjs.
func TestRule05RelayPageNamesTheAllowedOrigins(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.AllowedOrigins = []string{"https://shop.example.com", "http://localhost:3000"} })
	page := readAll(t, h.send(h.request("GET", "/callback", "")))
	want := `<script src="/kakao/callback.js" data-origins="https://app.example.com https://shop.example.com http://localhost:3000" data-hints=`
	if !strings.Contains(page, want) {
		t.Errorf("expected %s in %s", want, page)
	}
}

// Rule 6: redirect URIs are compared exactly.
func TestRule06RedirectURIsAreExact(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RedirectURIs = []string{"https://shop.example.com/oauth"} })
	for uri, want := range map[string]int{
		testPublicURL + "/callback":            200,
		"https://shop.example.com/oauth":       200,
		"":                                     400,
		testPublicURL + "/callback/":           400,
		testPublicURL + "/callback?x=1":        400,
		testPublicURL + "/Callback":            400,
		"https://shop.example.com/oauth/../":   400,
		"https://shop.example.com.evil/oauth":  400,
		"https://SHOP.example.com/oauth":       400,
		"http://shop.example.com/oauth":        400,
		"https://evil@shop.example.com/oauth":  400,
		"https://shop.example.com:443/oauth":   400,
		"https://shop.example.com/oauth\u0000": 400,
	} {
		before := h.kakao.count(callExchange)
		status, _ := h.do("POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": uri}))
		if status != want {
			t.Errorf("%q: got %d, want %d", uri, status, want)
		}
		if asked := h.kakao.count(callExchange) > before; asked != (want == 200) {
			t.Errorf("%q: Kakao was asked: %v", uri, asked)
		}
	}
}

// Rule 6: unsafe methods pass from allowed origins only, and CORS headers go to
// no one else.
func TestRule06OriginsAreExact(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.AllowedOrigins = []string{"https://shop.example.com"} })
	for _, test := range []struct {
		origin, site string
		pass         bool
	}{
		{testOrigin, "same-origin", true},
		{"https://shop.example.com", "same-site", true},
		{"https://shop.example.com", "cross-site", true},
		{"https://shop.example.com", "", true},
		{"", "", true}, // not a page in a browser of today
		{"", "cross-site", false},
		{"", "same-site", false},
		{"null", "cross-site", false},
		{"null", "", false},
		{"https://evil.example", "cross-site", false},
		{"https://evil.example", "", false},
		{"https://evil.example", "same-origin", false},                    // a host name pointed at this server
		{"http://app.example.com", "", false},                             // plain http of the same host
		{"https://app.example.com.evil.example", "cross-site", false},     // prefix
		{"https://evil-app.example.com", "same-site", false},              // suffix
		{"https://app.example.com:8443", "same-site", false},              // port
		{"https://APP.example.com", "same-origin", false},                 // not as browsers send it
		{"https://shop.example.com, https://evil.example", "none", false}, // several
	} {
		for _, path := range []string{"/token", "/refresh", "/logout"} {
			r := h.request("POST", path, tokenRequestBody(nil))
			r.Header.Del("Origin")
			r.Header.Del("Sec-Fetch-Site")
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
			if test.site != "" {
				r.Header.Set("Sec-Fetch-Site", test.site)
			}
			res := h.send(r)
			if passed := res.StatusCode != http.StatusForbidden; passed != test.pass {
				t.Errorf("%s from %q (%q): got %d", path, test.origin, test.site, res.StatusCode)
			}
			shared := res.Header.Get("Access-Control-Allow-Origin")
			if want := map[bool]string{true: test.origin}[test.pass]; shared != want {
				t.Errorf("%s from %q: shared with %q, want %q", path, test.origin, shared, want)
			}
		}
	}
}

// Rule 6: preflights are answered for allowed origins, with credentials.
func TestRule06Preflight(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.AllowedOrigins = []string{"https://shop.example.com"} })
	for origin, want := range map[string]string{"https://shop.example.com": "true", "https://evil.example": ""} {
		r := h.request("OPTIONS", "/token", "")
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "content-type,kakaowasm")
		if got := h.send(r).Header.Get("Access-Control-Allow-Credentials"); got != want {
			t.Errorf("%s: got %q, want %q", origin, got, want)
		}
	}
}

// unsuffixed is the text of a cookie without what tells the servers of a host apart.
func unsuffixed(cookie string) string {
	return regexp.MustCompile(`^((?:__Host-)?kakao_(?:session|logout))_[A-Za-z0-9_-]{8}\b`).ReplaceAllString(cookie, "$1")
}

// Rule 7: the session cookie.
func TestRule07SessionCookie(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"https":       {func(*Config) {}, "__Host-kakao_session=ID; Path=/; Max-Age=5183999; HttpOnly; Secure; SameSite=Lax"},
		"strict":      {func(c *Config) { c.SameSite = http.SameSiteStrictMode }, "__Host-kakao_session=ID; Path=/; Max-Age=5183999; HttpOnly; Secure; SameSite=Strict"},
		"partitioned": {func(c *Config) { c.Partitioned = true }, "__Host-kakao_session=ID; Path=/; Max-Age=5183999; HttpOnly; Secure; SameSite=None; Partitioned"},
		"loopback":    {func(c *Config) { c.PublicURL = "http://127.0.0.1:8480/kakao" }, "kakao_session=ID; Path=/; Max-Age=5183999; HttpOnly; SameSite=Lax"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, test.change)
			r := h.request("POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": h.at.callback()}))
			r.Header.Set("Origin", h.at.origin)
			res := h.send(r)
			got := strings.ReplaceAll(unsuffixed(res.Header.Get("Set-Cookie")), h.cookie, "ID")
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			r = h.request("POST", "/logout", "")
			r.Header.Set("Origin", h.at.origin)
			cleared := unsuffixed(h.send(r).Header.Get("Set-Cookie"))
			if want := strings.NewReplacer("=ID", "=", "5183999", "0").Replace(test.want); cleared != want {
				t.Errorf("got  %s\nwant %s", cleared, want)
			}
		})
	}
}

// Rule 9, as far as it is the sessions' own: the ID changes at login, the one
// from before is worth nothing, and one from outside is never taken over.
func TestRule09SessionIDChangesAtLogin(t *testing.T) {
	h := newHarness(t)
	h.cookie = strings.Repeat("A", 43) // planted
	h.login()
	first := h.cookie
	if first == strings.Repeat("A", 43) {
		t.Fatal("a planted session ID was taken over")
	}
	h.login()
	second := h.cookie
	h.cookie = first
	if _, body := h.do("GET", "/session", ""); first == second || body["authenticated"] != false {
		t.Errorf("the session from before the login lives: %v", body)
	}
	h.cookie = second
	if _, body := h.do("GET", "/session", ""); body["authenticated"] != true {
		t.Errorf("the session of the login does not live: %v", body)
	}
}

// Rule 9: sessions end after their idle time, their lifetime, and with their
// refresh token.
func TestRule09SessionsEnd(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		refreshEvery time.Duration
		change       func(*Config)
		alive, ended time.Duration
	}{
		"idle":          {0, func(*Config) {}, 30*day - time.Second, 30*day + time.Second},
		"lifetime":      {10 * day, func(c *Config) { c.SessionLifetime = 50 * day }, 49 * day, 50*day + time.Second},
		"refresh token": {10 * day, func(*Config) {}, 59 * day, 60*day + time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, test.change)
				h.login()
				start := time.Now()
				for test.refreshEvery > 0 && time.Since(start)+test.refreshEvery < test.alive {
					time.Sleep(test.refreshEvery)
					if status, body := h.do("POST", "/refresh", ""); status != 200 {
						t.Fatalf("after %v: %d %v", time.Since(start), status, body)
					}
				}
				time.Sleep(time.Until(start.Add(test.alive)))
				if _, body := h.do("GET", "/session", ""); body["authenticated"] != true {
					t.Errorf("ended too early: %v", body)
				}
				time.Sleep(time.Until(start.Add(test.ended)))
				if _, body := h.do("GET", "/session", ""); body["authenticated"] != false {
					t.Errorf("lives too long: %v", body)
				}
			})
		})
	}
}

// tokenStore remembers what it was asked to make.
type tokenStore struct {
	store.Store
	stored []string // keys and values
}

func (s *tokenStore) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	s.stored = append(s.stored, key, string(e.Value))
	return s.Store.Create(ctx, key, e)
}

// Rule 9: what is in the store makes no cookie.
func TestRule09StoreHoldsNoSessionIDs(t *testing.T) {
	store := &tokenStore{Store: memory.New()}
	h := newHarness(t, func(c *Config) { c.Store = store })
	h.login()
	stored := strings.Join(store.stored, "\n")
	if len(store.stored) != 4 || strings.Contains(stored, h.cookie) || strings.Contains(stored, testVerifier) || strings.Contains(stored, testCode) {
		t.Errorf("stored: %s", stored)
	}
}

// Rule 10: however many ask, Kakao is asked once, and all get the answer.
func TestRule10OneRefreshPerSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			time.Sleep(time.Second) // All others arrive meanwhile.
			return 200, tokenBody(fmt.Sprintf("access-token-%d", 1+h.kakao.count(callRefresh)), "", nil), nil
		})
		requests := make([]*http.Request, 100)
		for i := range requests {
			requests[i] = h.request("POST", "/refresh", "")
		}
		answers := make([]string, len(requests))
		var all sync.WaitGroup
		for i, r := range requests {
			all.Go(func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				answers[i] = fmt.Sprint(w.Code, w.Body)
			})
		}
		all.Wait()
		for _, answer := range answers {
			if answer != answers[0] || !strings.Contains(answer, "access-token-2") {
				t.Fatalf("got %s and %s", answer, answers[0])
			}
		}
		if n := h.kakao.count(callRefresh); n != 1 {
			t.Errorf("%d refreshes at Kakao, want 1", n)
		}

		time.Sleep(session.RenewalReuse - time.Second)
		_, late := h.do("POST", "/refresh", "")
		if h.kakao.count(callRefresh) != 1 || late["access_token"] != "access-token-2" || late["expires_in"].(float64) >= 21599 {
			t.Errorf("a recent result is not handed out again: %v", late)
		}
		time.Sleep(time.Second)
		if _, next := h.do("POST", "/refresh", ""); next["access_token"] != "access-token-3" {
			t.Errorf("an old result is handed out again: %v", next)
		}
	})
}

// Rule 10: the renewal survives the caller that began it.
func TestRule10RenewalOutlivesItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			time.Sleep(time.Second)
			return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		first, second := h.request("POST", "/refresh", "").WithContext(ctx), h.request("POST", "/refresh", "")
		var gone sync.WaitGroup
		gone.Go(func() { h.ServeHTTP(httptest.NewRecorder(), first) })
		synctest.Wait()
		cancel()
		gone.Wait()
		if res := h.send(second); res.StatusCode != http.StatusOK {
			t.Errorf("the second caller got %d", res.StatusCode)
		}
		if n := h.kakao.count(callRefresh); n != 1 {
			t.Errorf("%d refreshes at Kakao, want 1", n)
		}
	})
}

// Rule 10: a rotated refresh token is in the store before the access token is
// out; where it cannot be stored, the access token stays in.
func TestRule10RotatedRefreshTokenIsStoredFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &brokenStore{Store: memory.New()}
		h := newHarness(t, func(c *Config) { c.Store = store })
		h.login()
		h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", "refresh-secret-2", nil)))
		store.onCommit(func() error { return errDiskFull })
		status, body := h.do("POST", "/refresh", "")
		expectError(t, status, body, 503, "temporarily_unavailable", "")
		if strings.Contains(h.said.String(), "access-token-2") {
			t.Error("the access token is out, and the refresh token is lost")
		}

		store.onCommit(func() error {
			if strings.Contains(h.said.String(), "access-token-2") {
				t.Error("the access token was out before the refresh token was stored")
			}
			return nil
		})
		if status, body := h.do("POST", "/refresh", ""); status != 200 || body["access_token"] != "access-token-2" {
			t.Fatalf("got %d %v", status, body)
		}
		if n := h.kakao.count(callRefresh); n != 1 {
			t.Errorf("Kakao was asked %d times, although the first answer was still to be stored", n)
		}
		l, err := h.sessions.Find(t.Context(), h.cookie)
		if err != nil || l.RefreshToken != "refresh-secret-2" {
			t.Errorf("stored %q, %v", l.RefreshToken, err)
		}
	})
}

// errDiskFull is what a store says that cannot write.
var errDiskFull = store.Unavailable(errors.New("disk full"))

// Rule 10: a logout during a renewal wins.
func TestRule10LogoutDuringRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		id := h.cookie
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			time.Sleep(time.Second)
			return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
		})
		renewal, logout := h.request("POST", "/refresh", ""), h.request("POST", "/logout", "")
		w := httptest.NewRecorder()
		var renewed sync.WaitGroup
		renewed.Go(func() { h.ServeHTTP(w, renewal) })
		synctest.Wait()
		h.send(logout)
		renewed.Wait()
		if w.Code != 401 {
			t.Errorf("the renewal got %d", w.Code)
		}
		if _, err := h.sessions.Find(t.Context(), id); !errors.Is(err, session.ErrLoginRequired) {
			t.Errorf("the renewal brought the session back: %v", err)
		}
	})
}

// Rule 11: limits on size, form and number of requests.
func TestRule11Limits(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RequestsPerMinute = 8 })
	for _, test := range []struct {
		name, contentType, body string
		status                  int
	}{
		{"too large", "application/json", `{"code":"` + strings.Repeat("c", maxTokenRequest) + `"}`, 413},
		{"trailing spaces too large", "application/json", tokenRequestBody(nil) + strings.Repeat(" ", maxTokenRequest), 413},
		{"a form", "application/x-www-form-urlencoded", "code=x", 415},
		{"no type", "", tokenRequestBody(nil), 415},
		{"unknown member", "application/json", tokenRequestBody(map[string]any{"client_secret": "x"}), 400},
		{"two objects", "application/json", tokenRequestBody(nil) + tokenRequestBody(nil), 400},
		{"no object", "application/json", `null null`, 400},
	} {
		r := h.request("POST", "/token", test.body)
		r.Header.Set("Content-Type", test.contentType)
		res := h.send(r)
		if res.StatusCode != test.status {
			t.Errorf("%s: got %d, want %d", test.name, res.StatusCode, test.status)
		}
	}
	h.do("POST", "/refresh", "")
	res := h.send(h.request("POST", "/token", tokenRequestBody(nil)))
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "60" || decode(t, res)["error"] != "temporarily_unavailable" {
		t.Errorf("got %d %v", res.StatusCode, res.Header)
	}
	other := h.request("POST", "/token", tokenRequestBody(nil))
	other.RemoteAddr = "198.51.100.7:1"
	if res := h.send(other); res.StatusCode != http.StatusOK {
		t.Errorf("another address got %d", res.StatusCode)
	}
	if n := h.kakao.count(callExchange); n != 1 {
		t.Errorf("%d exchanges, want 1", n)
	}
}

// Rule 12: the relay page runs without inline script, unframed and unsent.
func TestRule12RelayPageHeaders(t *testing.T) {
	h := newHarness(t)
	res := h.send(h.request("GET", "/callback?code=x", ""))
	for name, want := range map[string]string{
		"Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Content-Type":           "text/html; charset=utf-8",
		"Referrer-Policy":        "no-referrer",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options":        "DENY",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if res.Header.Get("Cross-Origin-Opener-Policy") != "" {
		t.Error("the page cuts the popup off its opener")
	}
	page := readAll(t, res)
	if strings.Count(page, "<script") != 1 || strings.Contains(page, " style=") || strings.Contains(page, "<style") {
		t.Errorf("inline script or style: %s", page)
	}
}

// readAll reads a body.
func readAll(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
