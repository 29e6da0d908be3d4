package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// eventHook is an account webhook with a token.
func eventHook(token string) *http.Request {
	return hook("POST", "account", signedtoken.EventType, token)
}

// eventClaimsOf are the claims of a token that says that the test's user has left
// the app, with some changed; nil removes one.
func eventClaimsOf(change map[string]any) jwt.MapClaims {
	claims := jwt.MapClaims{
		"iss": kakao.Production.Auth, "aud": testRESTKey, "sub": testUser, "jti": "jti-1", "txm": "txm-1",
		"iat": time.Now().Unix(), "toe": time.Now().Unix(), "events": eventsOf(catalog.EventUserUnlinked, testUser),
	}
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// eventsOf are the events of a token that tells of one.
func eventsOf(name, user string) map[string]any {
	return map[string]any{name: map[string]any{
		"subject": map[string]any{"subject_type": "iss-sub", "iss": kakao.Production.Auth, "sub": user}, "reason": "ACCOUNT_DELETE",
	}}
}

// signedEvent is a good security event token with some claims changed.
func signedEvent(t testing.TB, change map[string]any) string {
	t.Helper()
	return signEvent(t, jwt.SigningMethodRS256, testKey, nil, eventClaimsOf(change))
}

// signEvent signs claims as Kakao does, with some members of the header changed.
func signEvent(t testing.TB, method jwt.SigningMethod, key any, header map[string]any, claims jwt.MapClaims) string {
	t.Helper()
	return signToken(t, method, key, claims, map[string]any{"kid": "key-1", "typ": "secevent+jwt"}, header)
}

// Which security event tokens are believed: as strictly as ID tokens.
func TestRule08SecurityEventTokens(t *testing.T) {
	ecKey, publicPEM := wrongKeys(t)
	with := func(name string, value any) string { return signedEvent(t, map[string]any{name: value}) }
	header := func(name string, value any) string {
		return signEvent(t, jwt.SigningMethodRS256, testKey, map[string]any{name: value}, eventClaimsOf(nil))
	}
	by := func(method jwt.SigningMethod, key any, kid any) string {
		return signEvent(t, method, key, map[string]any{"kid": kid}, eventClaimsOf(nil))
	}
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	good := signedEvent(t, nil)
	parts := strings.Split(good, ".")
	other := strings.Split(with("sub", "42"), ".")
	for name, test := range map[string]struct{ token, code, refused string }{
		"good":                       {good, "", ""},
		"audience is another key":    {with("aud", testJSKey), "", ""},
		"audience is a list":         {with("aud", []string{testRESTKey}), "", ""},
		"no key ID, one key":         {header("kid", nil), "", ""},
		"issued a moment in advance": {with("iat", at(signedtoken.ClockSkew/2)), "", ""},
		"issued a while ago":         {with("iat", at(-signedtoken.MaxEventAge/2)), "", ""},
		"an event without a subject": {with("events", map[string]any{catalog.EventUserUnlinked: map[string]any{}}), "", ""},
		"several events":             {with("events", map[string]any{catalog.EventAccountEnabled: map[string]any{}, catalog.EventUserUnlinked: map[string]any{}}), "", ""},

		"wrong issuer":               {with("iss", "https://kauth.example.com"), "invalid_issuer", "issuer"},
		"issuer with a slash":        {with("iss", kakao.Production.Auth+"/"), "invalid_issuer", "issuer"},
		"no issuer":                  {with("iss", nil), "invalid_request", "claim is missing"},
		"another app's audience":     {with("aud", "other-key"), "invalid_audience", "audience"},
		"another app besides":        {with("aud", []string{testRESTKey, "other-key"}), "invalid_audience", "audience"},
		"no audience":                {with("aud", nil), "invalid_request", "claim is missing"},
		"no subject":                 {with("sub", nil), "invalid_request", "subject"},
		"an empty subject":           {with("sub", ""), "invalid_request", "subject"},
		"a number as subject":        {with("sub", 42), "invalid_request", "another type"},
		"no time of issue":           {with("iat", nil), "invalid_request", "issued"},
		"issued in the future":       {with("iat", at(2*signedtoken.ClockSkew)), "invalid_request", "future"},
		"issued the day before":      {with("iat", at(-signedtoken.MaxEventAge-2*signedtoken.ClockSkew)), "invalid_request", "older"},
		"expired":                    {with("exp", at(-2*signedtoken.ClockSkew)), "invalid_request", "expired"},
		"not valid yet":              {with("nbf", at(2*signedtoken.ClockSkew)), "invalid_request", "not valid yet"},
		"no ID":                      {with("jti", nil), "invalid_request", "jti"},
		"an empty ID":                {with("jti", ""), "invalid_request", "jti"},
		"no events":                  {with("events", nil), "invalid_request", "event"},
		"an empty set of events":     {with("events", map[string]any{}), "invalid_request", "event"},
		"a list of events":           {with("events", []string{catalog.EventUserUnlinked}), "invalid_request", "another type"},
		"an event that is text":      {with("events", map[string]any{catalog.EventUserUnlinked: "x"}), "invalid_request", "another type"},
		"an event of another user":   {with("events", eventsOf(catalog.EventUserUnlinked, "42")), "invalid_request", "another one"},
		"an event of another issuer": {with("events", map[string]any{catalog.EventUserUnlinked: map[string]any{"subject": map[string]any{"iss": "https://x", "sub": testUser}}}), "invalid_request", "another one"},

		"typ of an ID token":        {header("typ", "JWT"), "invalid_request", "typ"},
		"no typ":                    {header("typ", nil), "invalid_request", "typ"},
		"typ in capitals":           {header("typ", "SECEVENT+JWT"), "invalid_request", "typ"},
		"a number as typ":           {header("typ", 1), "invalid_request", "typ"},
		"critical extensions":       {header("crit", []string{"b64"}), "invalid_request", "extensions"},
		"an ID token":               {idToken(t, jwt.SigningMethodRS256, testKey, "key-1", goodClaims()), "invalid_request", "typ"},
		"alg none":                  {by(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "key-1"), "authentication_failed", "RS256"},
		"HS256 with the public key": {by(jwt.SigningMethodHS256, publicPEM, "key-1"), "authentication_failed", "RS256"},
		"ES256":                     {by(jwt.SigningMethodES256, ecKey, "key-1"), "authentication_failed", "RS256"},
		"PS256 with the right key":  {by(jwt.SigningMethodPS256, testKey, "key-1"), "authentication_failed", "RS256"},
		"RS512 with the right key":  {by(jwt.SigningMethodRS512, testKey, "key-1"), "authentication_failed", "RS256"},
		"another key":               {by(jwt.SigningMethodRS256, otherKey, "key-1"), "authentication_failed", "RS256"},
		"another key without ID":    {by(jwt.SigningMethodRS256, otherKey, nil), "authentication_failed", "RS256"},
		"unknown key ID":            {by(jwt.SigningMethodRS256, otherKey, "key-9"), "invalid_key", "no key"},
		"a number as key ID":        {header("kid", 1), "invalid_key", "no key"},
		"an address of keys":        {signEvent(t, jwt.SigningMethodRS256, otherKey, map[string]any{"jku": "https://evil.example/jwks.json"}, eventClaimsOf(nil)), "authentication_failed", "RS256"},
		"another payload":           {parts[0] + "." + other[1] + "." + parts[2], "authentication_failed", "RS256"},
		"no signature":              {parts[0] + "." + parts[1] + ".", "authentication_failed", "RS256"},
		"two parts":                 {parts[0] + "." + parts[1], "invalid_request", "JSON Web Token"},
		"five parts":                {good + ".x.y", "invalid_request", "JSON Web Token"},
		"a space in front":          {" " + good, "invalid_request", "JSON Web Token"},
		"nothing":                   {"", "invalid_request", "JSON Web Token"},
		"a JSON object":             {`{"jti":"x"}`, "invalid_request", "JSON Web Token"},
	} {
		t.Run(name, func(t *testing.T) {
			h, left := newWebhookHarness(t)
			h.login()
			res := h.send(eventHook(test.token))
			if h.isLoggedIn() != (test.code != "") {
				t.Errorf("logged in after %s: %v", res.Status, h.isLoggedIn())
			}
			if test.code == "" {
				if body := readAll(t, res); res.StatusCode != http.StatusAccepted || body != "" {
					t.Errorf("got %s %s", res.Status, body)
				}
				left.expect(t, testUser)
				return
			}
			left.expect(t)
			expectEventError(t, res, 400, test.code, test.refused)
		})
	}
}

// expectEventError checks for an error of RFC 8935.
func expectEventError(t testing.TB, res *http.Response, status int, code, said string) {
	t.Helper()
	body := decode(t, res)
	description, _ := body["description"].(string)
	if res.StatusCode != status || body["err"] != code || !strings.Contains(description, said) || len(body) != 2 {
		t.Errorf("got %s %v, want %d %s and something about %q", res.Status, body, status, code, said)
	}
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		t.Errorf("Content-Type %q", got)
	}
}

func TestAccountWebhookRequests(t *testing.T) {
	good := signedEvent(t, nil)
	for name, test := range map[string]struct {
		request *http.Request
		status  int
	}{
		"with a charset":  {hook("POST", "account", signedtoken.EventType+"; charset=utf-8", good), 202},
		"in capitals":     {hook("POST", "account", strings.ToUpper(signedtoken.EventType), good), 202},
		"no type":         {hook("POST", "account", "", good), 400},
		"a form":          {hook("POST", "account", formType, good), 400},
		"JSON":            {hook("POST", "account", "application/json", good), 400},
		"plain JWT":       {hook("POST", "account", "application/jwt", good), 400},
		"GET":             {hook("GET", "account", "", ""), 405},
		"a long body":     {hook("POST", "account", signedtoken.EventType, good+strings.Repeat(" ", maxWebhook)), 413},
		"an endless body": {hook("POST", "account", signedtoken.EventType, strings.Repeat("x", web.MaxBody)), 413},
	} {
		t.Run(name, func(t *testing.T) {
			h, _ := newWebhookHarness(t)
			h.login()
			res := h.send(test.request)
			if h.isLoggedIn() == (test.status == 202) {
				t.Errorf("logged in after %s: %v", res.Status, h.isLoggedIn())
			}
			if test.status != 202 {
				expectEventError(t, res, test.status, "invalid_request", "expected")
			}
		})
	}
}

// A type that Kakao invents tomorrow is not refused, and does nothing.
func TestUnknownAccountEventsArePassedOver(t *testing.T) {
	h, left := newWebhookHarness(t)
	h.login()
	for _, name := range []string{"https://schemas.kakao.com/platevent/kakao/event-type/new", "x", "", "https://schemas.openid.net/secevent/oauth/event-type/"} {
		res := h.send(eventHook(signedEvent(t, map[string]any{"events": eventsOf(name, testUser)})))
		if res.StatusCode != http.StatusAccepted || !h.isLoggedIn() {
			t.Errorf("%q: %s, logged in: %v", name, res.Status, h.isLoggedIn())
		}
	}
	left.expect(t)
}

// A token counts once: a copy of it does not log the user out again, on any
// instance, not even on one with other keys, and is accepted because Kakao may
// send it again.
func TestAccountEventsCountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := memory.New()
		h, left := newWebhookHarness(t, func(c *Config) { c.Store, c.Keys = shared, newRing(t) })
		other, _ := newWebhookHarness(t, func(c *Config) { c.Store, c.Keys = shared, newRing(t) })
		token := signedEvent(t, nil)
		replay := func(on *harness) {
			t.Helper()
			on.login()
			if res := on.send(eventHook(token)); res.StatusCode != http.StatusAccepted || !on.isLoggedIn() {
				t.Errorf("again: %s, logged in: %v", res.Status, on.isLoggedIn())
			}
		}
		h.send(eventHook(token))
		replay(h)
		replay(other)
		time.Sleep(signedtoken.MaxEventAge + signedtoken.ClockSkew)
		replay(h)
		time.Sleep(2 * signedtoken.ClockSkew)
		h.login()
		expectEventError(t, h.send(eventHook(token)), 400, "invalid_request", "older")
		left.expect(t, testUser)
		h.send(eventHook(signedEvent(t, map[string]any{"jti": "jti-2"})))
		if h.isLoggedIn() {
			t.Error("another token about the same did nothing")
		}
		left.expect(t, testUser, testUser)
	})
}

// An event that could not be acted on is not remembered as one that was.
func TestAccountEventsCountWhenTheyHaveBeenActedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		h, left := newWebhookHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), g} })
		h.login()
		token := signedEvent(t, nil)
		g.on(func(int, string) fate { return notDone })
		if res := h.send(eventHook(token)); res.StatusCode != http.StatusAccepted {
			t.Errorf("got %s", res.Status)
		}
		time.Sleep(storeTimeout)
		synctest.Wait()
		g.on(func(int, string) fate { return passes })
		if !h.isLoggedIn() {
			t.Fatal("the store works")
		}
		h.send(eventHook(token))
		if h.isLoggedIn() {
			t.Error("the session lives on")
		}
		left.expect(t, testUser, testUser)
		if steps := g.taken(); !slices.Contains(steps, "create") {
			t.Errorf("not remembered: %v", steps)
		}
	})
}

// Forged key IDs do not turn the server against Kakao: the first fills the cache,
// and one look-up is allowed per interval.
func TestForgedAccountEventsFetchNoKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := newWebhookHarness(t)
		for range 50 {
			h.send(eventHook(signEvent(t, jwt.SigningMethodRS256, otherKey, map[string]any{"kid": session.NewID()}, eventClaimsOf(nil))))
		}
		if n := h.kakao.count(kakao.PathJWKS); n != 2 {
			t.Errorf("%d look-ups, want 2", n)
		}
	})
}

func FuzzAccountWebhook(f *testing.F) {
	h, left := newWebhookHarness(f, func(c *Config) { c.RequestsPerMinute = -1 })
	good := signedEvent(f, nil)
	for _, body := range []string{
		good[1:], good + "A", good + "=", strings.ToUpper(good), "..", "a.b.c", "{}", "", signEvent(f, jwt.SigningMethodRS256, otherKey, nil, eventClaimsOf(nil)),
		signEvent(f, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, eventClaimsOf(nil)),
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		h := h.in(t)
		res := h.send(eventHook(body))
		if res.StatusCode == http.StatusAccepted && body != good {
			t.Errorf("accepted %q", body)
		}
		if answer := map[string]any(nil); res.StatusCode != http.StatusAccepted {
			if answer = decode(t, res); answer["err"] == nil || answer["description"] == nil {
				t.Errorf("%s without an error object: %v", res.Status, answer)
			}
		}
		left.expect(t)
	})
}
