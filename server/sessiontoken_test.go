package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// The back ends of the tests: two for the server's own pages, one for the shop's.
const (
	testBackEnd    = "https://api.example.com"
	otherBackEnd   = "https://reports.example.com"
	backEndOfShop  = "https://api.shop.example.com"
	testShopOrigin = "https://shop.example.com"
)

// withBackEnds allows the shop's pages and has tokens for back ends.
func withBackEnds(c *Config) {
	withShop(c)
	c.TokenAudiences = []TokenAudience{
		{testOrigin, testBackEnd}, {testOrigin, otherBackEnd}, {testShopOrigin, backEndOfShop},
	}
	c.TokenAlgorithm = signing.EdDSA
}

// sessionTokenFor asks for a token as a page of an origin does.
func (h *harness) sessionTokenFor(origin, body string) (int, map[string]any) {
	h.t.Helper()
	r := h.request("POST", "/session/token", body)
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", "same-site")
	res := h.send(r)
	return res.StatusCode, decode(h.t, res)
}

// aSessionToken is a token for the first back end of the server's own pages.
func (h *harness) aSessionToken() string {
	h.t.Helper()
	status, body := h.sessionTokenFor(testOrigin, "")
	token, _ := body["token"].(string)
	if status != http.StatusOK || token == "" {
		h.t.Fatalf("expected a token, got %d %v", status, body)
	}
	return token
}

// keysShown are the keys as a back end fetches them.
func (h *harness) keysShown() keyfunc.Keyfunc {
	h.t.Helper()
	r := httptest.NewRequest(http.MethodGet, testPublicURL+"/.well-known/jwks.json", nil)
	res := h.send(r)
	if res.StatusCode != http.StatusOK {
		h.t.Fatalf("the keys: %d", res.StatusCode)
	}
	var set json.RawMessage
	if err := json.NewDecoder(res.Body).Decode(&set); err != nil {
		h.t.Fatal(err)
	}
	keys, err := keyfunc.NewJWKSetJSON(set)
	if err != nil {
		h.t.Fatal(err)
	}
	return keys
}

// claimsOf verifies a token as a back end does, and returns what it says.
func (h *harness) claimsOf(token, audience string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, h.keysShown().Keyfunc,
		jwt.WithIssuer(testPublicURL), jwt.WithAudience(audience), jwt.WithExpirationRequired(), jwt.WithValidMethods([]string{"RS256", "EdDSA"}))
	return claims, err
}

func TestSessionTokenSaysWhoIsAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withBackEnds)
		h.login()
		loggedIn := time.Now().Unix()
		time.Sleep(3 * time.Hour)
		status, body := h.sessionTokenFor(testOrigin, "")
		if status != http.StatusOK || body["token_type"] != "Bearer" || body["expires_in"] != 300.0 || len(body) != 3 {
			t.Fatalf("got %d %v", status, body)
		}
		claims, err := h.claimsOf(body["token"].(string), testBackEnd)
		if err != nil {
			t.Fatal(err)
		}
		now := float64(time.Now().Unix())
		want := jwt.MapClaims{
			"iss": testPublicURL, "aud": testBackEnd, "sub": testUser, "scope": "profile_nickname openid",
			"auth_time": float64(loggedIn), "iat": now, "exp": now + 300, "sid": claims["sid"], "jti": claims["jti"],
		}
		if diff := cmp.Diff(want, claims); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// sid names the session, the same in each of its tokens and another in those of
// another login, and is neither the session's ID nor its hash.
func TestSessionTokenNamesTheSession(t *testing.T) {
	h := newHarness(t, withBackEnds)
	names := map[string]bool{}
	for range 3 {
		h.cookie = ""
		h.login()
		var sids, jtis []string
		for range 2 {
			claims, err := h.claimsOf(h.aSessionToken(), testBackEnd)
			if err != nil {
				t.Fatal(err)
			}
			sids, jtis = append(sids, claims["sid"].(string)), append(jtis, claims["jti"].(string))
		}
		h.do("POST", "/refresh", "")
		claims, _ := h.claimsOf(h.aSessionToken(), testBackEnd)
		if sids[0] != sids[1] || claims["sid"] != sids[0] || jtis[0] == jtis[1] {
			t.Errorf("names of one session: %v %v, of its tokens %v", sids, claims["sid"], jtis)
		}
		if strings.Contains(h.cookie, sids[0]) || strings.Contains(session.Key(h.cookie), sids[0]) || len(sids[0]) < 22 {
			t.Errorf("a name tells of the session's ID, or is short: %s", sids[0])
		}
		names[sids[0]] = true
	}
	if len(names) != 3 {
		t.Errorf("three sessions have the names %v", names)
	}
}

// A session of a version that gave sessions no name gets one, for good, on one
// of the instances that are asked.
func TestSessionOfAnEarlierVersionGetsItsName(t *testing.T) {
	h := newHarness(t, withBackEnds)
	h.login()
	found, err := h.sessions.Find(t.Context(), h.cookie)
	if err != nil {
		t.Fatal(err)
	}
	found.SID = ""
	if _, err := h.sessions.Replace(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	first, _ := h.claimsOf(h.aSessionToken(), testBackEnd)
	second, _ := h.claimsOf(h.aSessionToken(), testBackEnd)
	if first["sid"] == "" || first["sid"] != second["sid"] {
		t.Errorf("got %v and %v", first["sid"], second["sid"])
	}
}

// exp lies within five minutes and within the session's end.
func TestSessionTokenEndsWithItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withBackEnds, func(c *Config) { c.SessionLifetime = time.Hour + time.Second/2 })
		h.login()
		end := time.Now().Add(time.Hour + time.Second/2)
		for _, left := range []time.Duration{30 * time.Minute, 5 * time.Minute, 4 * time.Minute, 90 * time.Second, time.Second} {
			time.Sleep(time.Until(end) - left)
			claims, err := h.claimsOf(h.aSessionToken(), testBackEnd)
			if err != nil {
				t.Fatal(err)
			}
			expiry, _ := claims.GetExpirationTime()
			if expiry.After(end) || expiry.After(time.Now().Add(sessionTokenLife)) || time.Until(expiry.Time) < min(left, sessionTokenLife)-time.Second {
				t.Errorf("%v before the session's end: the token ends in %v", left, time.Until(expiry.Time))
			}
		}
		time.Sleep(time.Until(end) - time.Second/4)
		if status, body := h.sessionTokenFor(testOrigin, ""); status != 401 {
			t.Errorf("in the last second: %d %v", status, body)
		}
	})
}

// The audience is one that is configured for the origin of the page that asks.
func TestSessionTokenIsForABackEndOfItsPage(t *testing.T) {
	h := newHarness(t, withBackEnds)
	h.login()
	ask := func(audience string) string { return encode(map[string]string{"audience": audience}) }
	for name, test := range map[string]struct{ origin, body, want string }{
		"own page":                          {testOrigin, "", testBackEnd},
		"own page, first by name":           {testOrigin, ask(testBackEnd), testBackEnd},
		"own page, second":                  {testOrigin, ask(otherBackEnd), otherBackEnd},
		"own page, no name":                 {testOrigin, "{}", testBackEnd},
		"shop":                              {testShopOrigin, "", backEndOfShop},
		"shop asks for what is not its own": {testShopOrigin, ask(testBackEnd), ""},
		"own page asks for the shop's":      {testOrigin, ask(backEndOfShop), ""},
		"a back end that is nobody's":       {testOrigin, ask("https://evil.example"), ""},
		"a part of a name":                  {testOrigin, ask("https://api.example.co"), ""},
	} {
		status, body := h.sessionTokenFor(test.origin, test.body)
		if test.want == "" {
			expectError(t, status, body, 400, "invalid_target", "")
			continue
		}
		token, _ := body["token"].(string)
		if _, err := h.claimsOf(token, test.want); status != 200 || err != nil {
			t.Errorf("%s: %d %v, %v", name, status, body, err)
		}
		for _, other := range []string{testBackEnd, otherBackEnd, backEndOfShop} {
			if _, err := h.claimsOf(token, other); err == nil && other != test.want {
				t.Errorf("%s: the token counts at %s, too", name, other)
			}
		}
	}
	for _, body := range []string{`{"audience":1}`, `[]`, `x`, `{"audience":"` + strings.Repeat("a", maxSessionTokenRequest) + `"}`} {
		status, answer := h.sessionTokenFor(testOrigin, body)
		expectError(t, status, answer, 400, "invalid_request", "")
	}
}

func TestNoSessionTokenWithoutAUser(t *testing.T) {
	h := newHarness(t, withBackEnds)
	status, body := h.sessionTokenFor(testOrigin, "")
	expectError(t, status, body, 401, "login_required", "")
	h.kakao.on(pathTokenInfo, says(400, `{"code":-2,"msg":"x"}`))
	h.login()
	status, body = h.sessionTokenFor(testOrigin, "")
	expectError(t, status, body, 401, "login_required", "")
	h = newHarness(t, withBackEnds)
	h.login()
	id := h.cookie
	h.do("POST", "/logout", "")
	h.cookie = id
	status, body = h.sessionTokenFor(testOrigin, "")
	expectError(t, status, body, 401, "login_required", "")
}

func TestNoSessionTokensWithoutABackEnd(t *testing.T) {
	h := newHarness(t)
	h.login()
	for method, path := range map[string]string{"POST": "/session/token", "GET": "/.well-known/jwks.json", "HEAD": "/.well-known/openid-configuration"} {
		if res := h.send(h.request(method, path, "")); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// A token is verified on every instance that shares the store, and by what each
// of them shows.
func TestSessionTokensOfAllInstancesAreOne(t *testing.T) {
	shared := memory.New()
	here := newHarness(t, withBackEnds, func(c *Config) { c.Store = shared })
	there := newHarness(t, withBackEnds, func(c *Config) { c.Store = shared })
	here.login()
	there.cookie = here.cookie
	for _, token := range []string{here.aSessionToken(), there.aSessionToken()} {
		for _, h := range []*harness{here, there} {
			if _, err := h.claimsOf(token, testBackEnd); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestSessionTokenWithoutAStore(t *testing.T) {
	failing := &gate{}
	h := newHarness(t, withBackEnds, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
	h.login()
	for step := range 2 { // the session, the keys
		failing.failAt(step, notDone)
		r := h.request("POST", "/session/token", "")
		expectFailure(t, h.send(r), 503, "temporarily_unavailable", "", true)
	}
	failing.on(func(int, string) fate { return notDone })
	expectFailure(t, h.send(h.request("GET", "/.well-known/jwks.json", "")), 503, "temporarily_unavailable", "", true)
	failing.on(func(int, string) fate { return passes })
}

// What the server signs tells of its keys what everybody may know, and the log
// and the answers tell nothing else.
func TestSigningKeysStayInside(t *testing.T) {
	kept := memory.New()
	h := newHarness(t, withBackEnds, func(c *Config) { c.Store = kept })
	h.login()
	token := h.aSessionToken()
	h.keysShown()
	e, err := kept.Get(t.Context(), "signing-keys")
	if err != nil {
		t.Fatal(err)
	}
	var ring []struct{ Private string }
	if err := json.Unmarshal(e.Value, &ring); err != nil || len(ring) != 2 {
		t.Fatalf("expected two keys, got %d, %v", len(ring), err)
	}
	for _, key := range ring {
		if said := h.said.String() + h.logs.String(); key.Private == "" || strings.Contains(said, key.Private) {
			t.Error("a key is in an answer or in the log")
		}
	}
	if strings.Contains(h.logs.String(), token) {
		t.Error("a token is in the log")
	}
}

// The answers that back ends fetch may be kept for a while, the token may not.
func TestCachesOfSessionTokens(t *testing.T) {
	h := newHarness(t, withBackEnds)
	h.login()
	for path, want := range map[string]string{
		"/.well-known/jwks.json": "public, max-age=300", "/.well-known/openid-configuration": "public, max-age=300", "/session/token": "no-store",
	} {
		method := map[bool]string{true: "POST", false: "GET"}[path == "/session/token"]
		if got := h.send(h.request(method, path, "")).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// tokenSite is a server that back ends reach over the network, and a browser that
// is logged in.
type tokenSite struct {
	*harness
	issuer string
}

// newTokenSite starts one.
func newTokenSite(t *testing.T, alg string, change ...func(*Config)) *tokenSite {
	t.Helper()
	site := &tokenSite{}
	made := make(chan struct{}) // the address is known before the server is made
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-made
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	site.issuer = web.URL + "/kakao"
	site.harness = newHarness(t, append([]func(*Config){func(c *Config) {
		c.PublicURL, c.TokenAlgorithm = site.issuer, alg
		c.TokenAudiences = []TokenAudience{{web.URL, testBackEnd}}
	}}, change...)...)
	close(made)
	return site
}

// token logs in, if need be, and asks for a token.
func (s *tokenSite) token() string {
	s.t.Helper()
	if s.cookie == "" {
		s.exchange(map[string]any{"redirect_uri": s.issuer + "/callback"})
	}
	token, _ := s.ask("/session/token", "")["token"].(string)
	return token
}

// exchange logs in with a code.
func (s *tokenSite) exchange(change map[string]any) { s.ask("/token", tokenRequestBody(change)) }

// ask makes a request of a page of the site.
func (s *tokenSite) ask(path, body string) map[string]any {
	s.t.Helper()
	r := s.request("POST", "", body)
	r.URL.Path = "/kakao" + path
	r.Header.Set("Origin", strings.TrimSuffix(s.issuer, "/kakao"))
	return decode(s.t, s.send(r))
}

// Unmodified libraries verify the token by the issuer's address alone.
func TestSessionTokensAreVerifiedByGoOIDC(t *testing.T) {
	for _, alg := range []string{signing.RS256, signing.EdDSA} {
		t.Run(alg, func(t *testing.T) {
			site := newTokenSite(t, alg)
			provider, err := oidc.NewProvider(t.Context(), site.issuer)
			if err != nil {
				t.Fatal(err)
			}
			token, err := provider.Verifier(&oidc.Config{ClientID: testBackEnd}).Verify(t.Context(), site.token())
			if err != nil {
				t.Fatal(err)
			}
			var claims struct {
				Scope    string `json:"scope"`
				SID      string `json:"sid"`
				AuthTime int64  `json:"auth_time"`
			}
			if err := token.Claims(&claims); err != nil || token.Subject != testUser || claims.SID == "" || claims.Scope == "" || claims.AuthTime == 0 {
				t.Errorf("got %s %+v, %v", token.Subject, claims, err)
			}
			for name, config := range map[string]*oidc.Config{
				"another back end": {ClientID: otherBackEnd},
				"after its end":    {ClientID: testBackEnd, Now: func() time.Time { return time.Now().Add(sessionTokenLife + time.Second) }},
			} {
				if _, err := provider.Verifier(config).Verify(t.Context(), site.token()); err == nil {
					t.Errorf("%s: the token counts", name)
				}
			}
			altered := site.token()
			altered = altered[:len(altered)-20] + "A" + altered[len(altered)-19:]
			if _, err := provider.Verifier(&oidc.Config{ClientID: testBackEnd}).Verify(t.Context(), altered+"A"); err == nil {
				t.Error("an altered token counts")
			}
		})
	}
}

func TestSessionTokensAreVerifiedByGolangJWT(t *testing.T) {
	for _, alg := range []string{signing.RS256, signing.EdDSA} {
		t.Run(alg, func(t *testing.T) {
			site := newTokenSite(t, alg)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel() // ends what fetches the keys
			keys, err := keyfunc.NewDefaultCtx(ctx, []string{site.issuer + "/.well-known/jwks.json"})
			if err != nil {
				t.Fatal(err)
			}
			parse := func(audience string) error {
				_, err := jwt.Parse(site.token(), keys.Keyfunc, jwt.WithAudience(audience), jwt.WithIssuer(site.issuer), jwt.WithValidMethods([]string{alg}))
				return err
			}
			if err := parse(testBackEnd); err != nil {
				t.Error(err)
			}
			if err := parse(otherBackEnd); err == nil {
				t.Error("another back end's token counts")
			}
		})
	}
}

// A token that Kakao has signed is none of the server's, and one of the server's
// is no ID token.
func TestSessionTokensAndIDTokensDoNotMix(t *testing.T) {
	h := newHarness(t, withBackEnds, func(c *Config) { c.TokenAlgorithm = signing.RS256 })
	h.login()
	if _, err := h.claimsOf(signedWith(t, nil), testBackEnd); err == nil {
		t.Error("an ID token counts at a back end")
	}
	if _, err := h.idTokens.VerifyLogin(t.Context(), h.aSessionToken(), ""); err == nil {
		t.Error("a session token counts as an ID token")
	}
}

// A use of the session by its back ends keeps it alive.
func TestSessionTokenCountsAgainstTheIdleLifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, withBackEnds)
		h.login()
		for range 2 {
			time.Sleep(25 * 24 * time.Hour)
			h.aSessionToken()
		}
	})
}

// The keys are sealed where the sessions are.
func TestSigningKeysAreSealed(t *testing.T) {
	kept := memory.New()
	h := newHarness(t, withBackEnds, func(c *Config) { c.Store, c.Keys = kept, newRing(t) })
	h.login()
	h.aSessionToken()
	e, err := kept.Get(t.Context(), "signing-keys")
	if err != nil || json.Valid(e.Value) {
		t.Errorf("the keys lie open, or not there: %v", err)
	}
	if owner := (store.Owner{}); e.Owner != owner {
		t.Errorf("the keys belong to %v", e.Owner)
	}
}
