package server

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

const testProxy = "10.1.2.3"

// withProxy trusts the proxies of the tests.
func withProxy(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }

// asked is what a proxy asks about a request of the harness's browser.
func (h *harness) asked(method string) *http.Request {
	r := h.from(testProxy, "GET", "/auth")
	r.Header.Del(contract.PageHeader)
	r.Header.Set("X-Forwarded-Method", method)
	return r
}

// whoIsAsking sends what a proxy asks and returns status and X-Auth-Request headers.
func (h *harness) whoIsAsking(r *http.Request) (int, map[string]string) {
	h.t.Helper()
	res := h.send(r)
	said := map[string]string{}
	for name, values := range res.Header {
		if strings.HasPrefix(name, "X-Auth-Request-") {
			said[name] = strings.Join(values, "|")
		}
	}
	return res.StatusCode, said
}

// expectAuth checks what a proxy is answered.
func (h *harness) expectAuth(why string, r *http.Request, want int) {
	h.t.Helper()
	status, said := h.whoIsAsking(r)
	if status != want {
		h.t.Errorf("%s: got %d, want %d", why, status, want)
	}
	if status >= 300 && len(said) > 0 {
		h.t.Errorf("%s: a refusal says %v", why, said)
	}
}

func TestAuthSaysWhoIsAsking(t *testing.T) {
	h := newHarness(t, withProxy)
	h.expectAuth("without a session", h.asked("GET"), 401)
	h.cookie = strings.Repeat("A", 43)
	h.expectAuth("with a cookie that nobody was given", h.asked("GET"), 401)
	h.cookie = ""
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{
		"id_token": signedWith(t, map[string]any{"nickname": "하늘\r\nX-Evil: 1", "email": "haneul@example.com"}),
	})))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	status, said := h.whoIsAsking(h.asked("GET"))
	want := map[string]string{
		"X-Auth-Request-User":     testUser,
		"X-Auth-Request-Scope":    "profile_nickname openid",
		"X-Auth-Request-Nickname": "%ED%95%98%EB%8A%98%0D%0AX-Evil:%201",
		"X-Auth-Request-Email":    "haneul@example.com",
	}
	if diff := cmp.Diff(want, said); status != http.StatusAccepted || diff != "" {
		t.Errorf("got %d (-want +got):\n%s", status, diff)
	}
	id := h.cookie
	h.do("POST", "/logout", "")
	h.cookie = id
	h.expectAuth("after the logout", h.asked("GET"), 401)
}

// What a client has sent under these names is overwritten by what is copied, also
// where there is nothing to say.
func TestAuthSaysEveryHeaderEmptyOnesToo(t *testing.T) {
	h := newHarness(t, withProxy)
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"scope": ""})))
	h.login()
	status, said := h.whoIsAsking(h.asked("GET"))
	want := map[string]string{
		"X-Auth-Request-User": testUser, "X-Auth-Request-Scope": "", "X-Auth-Request-Nickname": "", "X-Auth-Request-Email": "",
	}
	if diff := cmp.Diff(want, said); status != http.StatusAccepted || diff != "" {
		t.Errorf("got %d (-want +got):\n%s", status, diff)
	}
}

// Who is asking comes from the session alone: Kakao is not asked, and what the
// client claims in other ways does not count.
func TestAuthComesFromTheSessionAlone(t *testing.T) {
	h := newHarness(t, withProxy)
	h.login()
	calls := maps.Clone(h.kakao.calls)
	r := h.asked("GET")
	for name := range authHeaders {
		r.Header.Set(name, "666")
	}
	r.Header.Set("Authorization", "Bearer 666")
	if status, said := h.whoIsAsking(r); status != http.StatusAccepted || said["X-Auth-Request-User"] != testUser {
		t.Errorf("got %d %v", status, said)
	}
	if diff := cmp.Diff(calls, h.kakao.calls); diff != "" {
		t.Errorf("Kakao was asked:\n%s", diff)
	}
	r.Header.Del("Cookie")
	h.expectAuth("with claims and no cookie", r, 401)
}

func TestAuthIsRefusedWhereTheUserIsNotKnown(t *testing.T) {
	h := newHarness(t, withProxy)
	h.kakao.on(pathTokenInfo, says(400, `{"code":-2,"msg":"x"}`))
	h.login()
	if _, session := h.do("GET", "/session", ""); session["authenticated"] != true || session["user_id"] != nil {
		t.Fatalf("expected a session of nobody known, got %v", session)
	}
	h.expectAuth("a session of nobody known", h.asked("GET"), 401)
}

func TestAuthAnswersProxiesOnly(t *testing.T) {
	for peer, test := range map[string]struct {
		trusted bool // whether 10.0.0.0/8 is
		want    int
	}{
		"10.1.2.3":         {true, 202},
		"::ffff:10.1.2.3":  {true, 202},
		"127.0.0.1":        {false, 202},
		"::1":              {true, 202},
		"192.0.2.1":        {true, 403},
		"10.1.2.4":         {false, 403},
		"2001:db8::1":      {true, 403},
		"no address at it": {true, 403},
	} {
		h := newHarness(t, func(c *Config) {
			if test.trusted {
				withProxy(c)
			}
		})
		h.login()
		r := h.asked("GET")
		if r.RemoteAddr = "[" + peer + "]:1"; !strings.Contains(peer, ":") {
			r.RemoteAddr = peer + ":1"
		}
		r.Header.Set(XForwardedFor, "10.1.2.3")
		h.expectAuth(peer, r, test.want)
	}
}

// Pages have no use for the answer, and none may read it; no cache may keep it.
func TestAuthIsSharedWithNobody(t *testing.T) {
	h := newHarness(t, withProxy, withShop)
	h.login()
	for _, method := range []string{"GET", "OPTIONS"} {
		for _, origin := range []string{testOrigin, "https://shop.example.com", "https://evil.example"} {
			r := h.asked("GET")
			r.Method = method
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", "GET")
			res := h.send(r)
			for name := range res.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %s: got %s", method, origin, name)
				}
			}
			if kept := res.Header.Get("Cache-Control"); kept != "no-store" {
				t.Errorf("%s from %s: Cache-Control: %s", method, origin, kept)
			}
		}
	}
}

// All users of a site come from one proxy: what one client address may ask does
// not hold for it, and what one proxy asks is not counted for another.
func TestAuthIsCountedByProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withProxy, func(c *Config) {
			c.RequestsPerMinute, c.SessionRequestsPerMinute, c.ProxyRequestsPerMinute = 1, 1, 50
		})
		h.login()
		for range 50 {
			r := h.asked("POST")
			r.Header.Set(XForwardedFor, "198.51.100.7")
			h.expectAuth("within the proxy's limit", r, 202)
		}
		expectTooMany(t, h.send(h.asked("GET")))
		other := h.asked("GET")
		other.RemoteAddr = "10.9.9.9:1"
		h.expectAuth("another proxy", other, 202)
		if res := h.send(h.from("198.51.100.7", "POST", "/refresh")); res.StatusCode != http.StatusOK {
			t.Errorf("what the proxy asked was counted for the client: %d", res.StatusCode)
		}
	})
}

func TestAuthWithoutAStore(t *testing.T) {
	failing := &gate{}
	h := newHarness(t, withProxy, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
	h.login()
	failing.on(func(int, string) fate { return notDone })
	res := h.send(h.asked("GET"))
	expectFailure(t, res, 503, "temporarily_unavailable", "", true)
	failing.on(func(int, string) fate { return passes })
}

// A cookie says who the user is, and not what page asks.
func TestAuthRefusesUnsafeRequestsOfForeignPages(t *testing.T) {
	h := newHarness(t, withProxy, withShop)
	h.login()
	for name, test := range map[string]struct {
		change map[string]string // "" removes
		want   int
	}{
		"GET of the site's page":          {map[string]string{"Origin": testOrigin}, 202},
		"GET of another site":             {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 202},
		"link on another site":            {map[string]string{"Sec-Fetch-Site": "cross-site"}, 202},
		"POST of the site's page":         {map[string]string{"X-Forwarded-Method": "POST", "Origin": testOrigin}, 202},
		"POST of an allowed page":         {map[string]string{"X-Forwarded-Method": "POST", "Origin": "https://shop.example.com", "Sec-Fetch-Site": "same-site"}, 202},
		"POST of a program":               {map[string]string{"X-Forwarded-Method": "POST"}, 202},
		"POST of another site":            {map[string]string{"X-Forwarded-Method": "POST", "Origin": "https://evil.example"}, 403},
		"POST of a sandboxed frame":       {map[string]string{"X-Forwarded-Method": "POST", "Origin": "null"}, 403},
		"POST without Origin":             {map[string]string{"X-Forwarded-Method": "POST", "Sec-Fetch-Site": "cross-site"}, 403},
		"POST of a sibling":               {map[string]string{"X-Forwarded-Method": "POST", "Sec-Fetch-Site": "same-site"}, 403},
		"DELETE of another site":          {map[string]string{"X-Forwarded-Method": "DELETE", "Origin": "https://evil.example"}, 403},
		"nginx: POST of another site":     {map[string]string{"X-Forwarded-Method": "", "X-Original-Method": "POST", "Origin": "https://evil.example"}, 403},
		"nginx: GET of another site":      {map[string]string{"X-Forwarded-Method": "", "X-Original-Method": "GET", "Origin": "https://evil.example"}, 202},
		"nginx: the client says GET":      {map[string]string{"X-Original-Method": "POST", "Origin": "https://evil.example"}, 403},
		"nginx: the client says POST":     {map[string]string{"X-Forwarded-Method": "POST", "X-Original-Method": "GET", "Origin": "https://evil.example"}, 403},
		"no method, another site":         {map[string]string{"X-Forwarded-Method": "", "Origin": "https://evil.example"}, 403},
		"no method, the site's page":      {map[string]string{"X-Forwarded-Method": "", "Origin": testOrigin}, 202},
		"a method that nobody knows":      {map[string]string{"X-Forwarded-Method": "get", "Origin": "https://evil.example"}, 403},
		"WebSocket of another site":       {map[string]string{"Sec-WebSocket-Key": "x", "Origin": "https://evil.example"}, 403},
		"WebSocket of the site's page":    {map[string]string{"Sec-WebSocket-Key": "x", "Origin": testOrigin}, 202},
		"WebSocket without another word":  {map[string]string{"Sec-WebSocket-Key": "x", "Sec-Fetch-Site": "cross-site"}, 403},
		"HEAD and OPTIONS are safe, HEAD": {map[string]string{"X-Forwarded-Method": "HEAD", "Origin": "https://evil.example"}, 202},
	} {
		r := h.asked("GET")
		for header, value := range test.change {
			if r.Header.Set(header, value); value == "" {
				r.Header.Del(header)
			}
		}
		h.expectAuth(name, r, test.want)
	}
}

// Envoy asks by the method of the request, below the path that it was given, and
// takes 200 alone for a yes.
func TestAuthOfEnvoy(t *testing.T) {
	h := newHarness(t, withProxy)
	h.login()
	for _, test := range []struct {
		method, path, origin string
		want                 int
	}{
		{"GET", "/auth/orders/7", "https://evil.example", 200},
		{"POST", "/auth/orders", testOrigin, 200},
		{"POST", "/auth/", "https://evil.example", 403},
		{"DELETE", "/auth/orders/7", "https://evil.example", 403},
	} {
		r := h.from(testProxy, test.method, test.path)
		r.Header.Set("Origin", test.origin)
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		h.expectAuth(test.method+" "+test.path+" from "+test.origin, r, test.want)
	}
}

// countingStore counts what is written to it.
type countingStore struct {
	store.Store
	writes atomic.Int64
}

func (s *countingStore) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	s.writes.Add(1)
	return s.Store.Replace(ctx, key, e)
}

// A session that is used lives on, also where its page never renews it, until the
// end that its lifetime sets; and its cookie does, too.
func TestAuthCountsAgainstTheIdleLifetime(t *testing.T) {
	const day = 24 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withProxy)
		start := time.Now()
		res := h.send(h.request("POST", "/token", tokenRequestBody(nil)))
		if cookie := res.Cookies()[0]; time.Duration(cookie.MaxAge)*time.Second < 59*day {
			t.Errorf("the cookie ends after %d s, although its session may be used for 60 days", cookie.MaxAge)
		}
		for time.Since(start) < 59*day {
			h.expectAuth("after "+time.Since(start).String(), h.asked("GET"), 202)
			time.Sleep(20 * day)
		}
		h.expectAuth("after the end of its refresh token", h.asked("GET"), 401)
	})
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withProxy)
		h.login()
		time.Sleep(30*day + time.Second)
		h.expectAuth("a session that nobody has used", h.asked("GET"), 401)
	})
}

func TestUsesAreWrittenEveryFewMinutesAtMost(t *testing.T) {
	for name, test := range map[string]struct {
		idle, every time.Duration
		atMost      int64 // writes in an hour
		atLeast     int64
	}{
		"as usual":           {0, time.Second, 12, 11},
		"rare uses":          {0, 20 * time.Minute, 3, 2},
		"a short life":       {4 * time.Minute, time.Second, 60, 59},
		"the shortest pause": {10 * time.Minute, 8 * time.Minute, 8, 7},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				counted := &countingStore{Store: memory.New()}
				h := newHarness(t, withProxy, func(c *Config) { c.Store, c.SessionIdle = counted, test.idle })
				h.login()
				for start := time.Now(); time.Since(start) < time.Hour; time.Sleep(test.every) {
					h.expectAuth("in use", h.asked("GET"), 202)
				}
				if writes := counted.writes.Load(); writes > test.atMost || writes < test.atLeast {
					t.Errorf("%d writes in an hour, want %d to %d", writes, test.atLeast, test.atMost)
				}
			})
		})
	}
}

// A clock that was ahead and is put right makes no write of every use.
func TestUsesAfterTheClockWasPutRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counted := &countingStore{Store: memory.New()}
		ahead := newHarness(t, withProxy, func(c *Config) { c.Store = &skewedStore{counted, 6 * time.Hour} })
		ahead.login()
		time.Sleep(10 * time.Minute)
		ahead.expectAuth("ahead", ahead.asked("GET"), 202)
		right := newHarness(t, withProxy, func(c *Config) { c.Store = counted })
		right.cookie = ahead.cookie
		before := counted.writes.Load()
		for range 10 {
			right.expectAuth("right", right.asked("GET"), 202)
			time.Sleep(time.Second)
		}
		if writes := counted.writes.Load() - before; writes != 1 {
			t.Errorf("%d writes in ten seconds, want 1", writes)
		}
	})
}

// A store that reads and cannot write knows who is asking all the same; where the
// session has ended while its use was written down, nobody is.
func TestUseThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing, kept := &gate{}, memory.New()
		h := newHarness(t, withProxy, func(c *Config) { c.Store = gatedStore{kept, failing} })
		h.login()
		time.Sleep(session.UseInterval)
		failing.on(func(_ int, name string) fate {
			if name == "replace" {
				return notDone
			}
			return passes
		})
		h.expectAuth("a full disk", h.asked("GET"), 202)
		if !strings.Contains(h.logs.String(), session.UseIsUnwritten) {
			t.Errorf("the log does not say so: %s", h.logs)
		}
		failing.on(func(_ int, name string) fate {
			if name == "replace" {
				_, _ = kept.Delete(t.Context(), session.Key(h.cookie), store.AnyVersion)
			}
			return passes
		})
		h.expectAuth("a logout at the same time", h.asked("GET"), 401)
	})
}

// A use that is written while a session is being renewed does not cost the renewal.
func TestUseWhileTheSessionIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withProxy)
		h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"refresh_token_expires_in": 86400})))
		h.login()
		time.Sleep(session.UseInterval)
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			h.in(t).expectAuth("during the renewal", h.asked("GET"), 202)
			return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
		})
		if status, body := h.do("POST", "/refresh", ""); status != 200 || body["access_token"] != "access-token-2" {
			t.Errorf("got %d %v", status, body)
		}
		found, err := h.sessions.Find(t.Context(), h.cookie)
		if err != nil || found.RefreshToken != "refresh-secret-2" || !found.AskedAt.IsZero() {
			t.Errorf("the renewal was not kept: %v", err)
		}
	})
}

// No answer comes from a cache that another instance's logout cannot empty.
func TestAuthHearsOfALogoutOnAnotherInstance(t *testing.T) {
	shared := memory.New()
	here := newHarness(t, withProxy, func(c *Config) { c.Store = shared })
	there := newHarness(t, withProxy, func(c *Config) { c.Store = shared })
	here.login()
	there.cookie = here.cookie
	for range 3 {
		there.expectAuth("before the logout", there.asked("GET"), 202)
	}
	here.do("POST", "/logout", "")
	there.expectAuth("after the logout", there.asked("GET"), 401)
}

// Every header of a 202 is one that the guides have proxies copy and strip.
func TestAuthHeadersHaveOnePrefix(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(authHeaders)) {
		if !strings.HasPrefix(name, "X-Auth-Request-") || http.CanonicalHeaderKey(name) != name {
			t.Errorf("got %s", name)
		}
	}
}
