package server

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// addressedKakao notes the addresses that are asked.
type addressedKakao struct {
	http.RoundTripper
	mu        sync.Mutex
	addresses []string
}

// RoundTrip implements [http.RoundTripper].
func (k *addressedKakao) RoundTrip(r *http.Request) (*http.Response, error) {
	k.mu.Lock()
	k.addresses = append(k.addresses, r.URL.String())
	k.mu.Unlock()
	return k.RoundTripper.RoundTrip(r)
}

// Row 7: tokens, codes and secrets are in the bodies and headers of calls, never
// in an address, neither of Kakao's nor of an answer to a browser.
func TestNoTokenIsInAnAddress(t *testing.T) {
	var asked *addressedKakao
	h := newHarness(t, func(c *Config) {
		asked = &addressedKakao{RoundTripper: c.HTTPClient.Transport}
		c.HTTPClient = &http.Client{Transport: asked}
	})
	h.login()
	h.do("POST", "/refresh", "")
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": signedWith(t, nil)})))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	for _, path := range []string{"/session", "/callback?code=x&state=y"} {
		if res := h.send(h.request("GET", path, "")); res.Header.Get("Location") != "" {
			t.Errorf("%s leads to %s", path, res.Header.Get("Location"))
		}
	}
	h.do("POST", "/logout", "")
	if len(asked.addresses) < 5 {
		t.Errorf("only %v were asked", asked.addresses)
	}
	for _, address := range asked.addresses {
		if strings.Contains(address, "?") {
			t.Errorf("%s has a query", address)
		}
	}
}

// Row 11: the server redeems codes and refresh tokens with its secret, and uses
// no other grant.
func TestOnlyTheGrantsOfAConfidentialClientAreUsed(t *testing.T) {
	h := newHarness(t)
	h.login()
	h.do("POST", "/refresh", "")
	h.do("POST", "/logout", "")
	var grants []string
	for _, form := range h.kakao.forms {
		grants = append(grants, form.Get("grant_type"))
		if form.Get("client_secret") != testSecret || form.Get("client_id") != testRESTKey {
			t.Errorf("%s without the secret of the app", form.Get("grant_type"))
		}
	}
	if diff := cmp.Diff([]string{callExchange, callRefresh}, grants); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}

// Row 17: what a page holds, or sends, makes it nobody: no key, token or secret
// of a request stands for the app or for a login, only the session cookie does.
func TestNothingButTheCookieIsALogin(t *testing.T) {
	h := newHarness(t)
	h.login()
	id := h.cookie
	h.cookie = ""
	for name, change := range map[string]func(*http.Request){
		"access token":            func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+testAccessToken) },
		"refresh token":           func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+testRefreshToken) },
		"JavaScript key":          func(r *http.Request) { r.Header.Set("Authorization", "KakaoAK "+testJSKey) },
		"client secret":           func(r *http.Request) { r.SetBasicAuth(testRESTKey, testSecret) },
		"session ID as a token":   func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+id) },
		"session ID in a query":   func(r *http.Request) { r.URL.RawQuery = url.Values{h.cookies.Name: {id}, "session": {id}}.Encode() },
		"cookie without prefix":   func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "kakao_session", Value: id}) },
		"two cookies of the name": func(r *http.Request) { r.Header.Set("Cookie", h.cookies.Name+"="+id+"; "+h.cookies.Name+"="+id) },
		"user ID in a header":     func(r *http.Request) { r.Header.Set("X-Forwarded-User", testUser) },
	} {
		r := h.request("GET", "/session", "")
		change(r)
		if session := decode(t, h.send(r)); session["authenticated"] != false {
			t.Errorf("%s is a login: %v", name, session)
		}
		r = h.request("POST", "/refresh", "")
		change(r)
		if res := h.send(r); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s renews: %d", name, res.StatusCode)
		}
	}
	for _, member := range []string{"client_id", "client_secret", "refresh_token", "grant_type", "access_token"} {
		status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{member: testSecret}))
		expectError(t, status, body, 400, "invalid_request", "")
	}
}

// Row 10: the page that receives codes is no answer to a script of any origin.
func TestRelayPageIsSharedWithNoOrigin(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.AllowedOrigins = []string{"https://shop.example.com"} })
	for _, origin := range []string{testOrigin, "https://shop.example.com", "https://evil.example", "null"} {
		for _, method := range []string{"GET", "OPTIONS"} {
			r := h.request(method, "/callback?code=x", "")
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", "GET")
			for name := range h.send(r).Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %s: %s", method, origin, name)
				}
			}
		}
	}
}

// FuzzIDToken: no token but the one that was signed is believed.
func FuzzIDToken(f *testing.F) {
	h := newHarness(f)
	good := signedWith(f, nil)
	signed := good[:strings.LastIndexByte(good, '.')]
	for _, seed := range []string{
		good, good + ".", good + "x", "." + good, strings.ToUpper(good), signed + ".", "eyJhbGciOiJub25lIn0.e30.", "a.b.c", "..", "", "e30.e30.e30",
		headed(f, otherKey, map[string]any{"jwk": publicKey("key-1", otherKey)}), headed(f, testKey, map[string]any{"crit": []string{"x"}}), good + " " + good,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		claims, err := h.idTokens.VerifyLogin(t.Context(), raw, testNonce)
		if err == nil && (!strings.HasPrefix(raw, signed+".") || claims.Subject != testUser) {
			t.Errorf("%q is believed: %+v", raw, claims)
		}
	})
}

// FuzzRedirectURI: a code is exchanged for the redirect URIs of the server, as
// they are, and for nothing else.
func FuzzRedirectURI(f *testing.F) {
	h := newHarness(f, func(c *Config) { c.RequestsPerMinute, c.RedirectURIs = -1, []string{"https://shop.example.com/oauth"} })
	for _, seed := range slices.Concat(h.redirectURIs, alteredCorpus(), hostileCorpus()[:100]) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		h := h.in(t)
		h.kakao.on(callExchange, func(_ context.Context, form url.Values) (int, string, error) {
			if !slices.Contains(h.redirectURIs, form.Get("redirect_uri")) {
				t.Errorf("%q was sent to Kakao", form.Get("redirect_uri"))
			}
			return 400, errorBody("invalid_grant", "KOE320", ""), nil
		})
		h.do("POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": address}))
	})
}

// FuzzOrigin: an origin that is not in the list, letter for letter, changes
// nothing and reads nothing.
func FuzzOrigin(f *testing.F) {
	h := newHarness(f, func(c *Config) { c.RequestsPerMinute = -1 })
	for _, seed := range slices.Concat([]string{testOrigin, "null", "*"}, alteredCorpus(), hostileCorpus()[:100]) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, origin string) {
		h := h.in(t)
		r := h.request("POST", "/logout", "")
		r.Header.Set("Origin", origin)
		res := h.send(r)
		allowed := origin == testOrigin
		if passed := res.StatusCode != http.StatusForbidden; passed != allowed {
			t.Errorf("%q: %d", origin, res.StatusCode)
		}
		if shared := res.Header.Get("Access-Control-Allow-Origin") != ""; shared != allowed {
			t.Errorf("%q: %v", origin, maps.Clone(res.Header))
		}
	})
}
