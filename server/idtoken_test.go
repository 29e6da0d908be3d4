package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
)

// signedWith is a good ID token with some claims changed; nil removes one.
func signedWith(t testing.TB, change map[string]any) string {
	t.Helper()
	return idToken(t, jwt.SigningMethodRS256, testKey, "key-1", changedClaims(change))
}

func changedClaims(change map[string]any) jwt.MapClaims {
	claims := goodClaims()
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// wrongKeys are keys that a forger may try: one of another algorithm, and Kakao's
// public one as the secret of a symmetric algorithm.
func wrongKeys(t testing.TB) (ecKey *ecdsa.PrivateKey, publicPEM []byte) {
	t.Helper()
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(testKey.Public())
	if err != nil {
		t.Fatal(err)
	}
	return ecKey, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
}

// Rule 8: which ID tokens are believed.
func TestRule08IDTokens(t *testing.T) {
	ecKey, publicPEM := wrongKeys(t)
	with := func(name string, value any) string { return signedWith(t, map[string]any{name: value}) }
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	good := with("aud", testJSKey)
	flip := func(token string) string {
		i := strings.LastIndexByte(token, '.') + 5
		return token[:i] + map[bool]string{true: "B", false: "A"}[token[i] == 'A'] + token[i+1:]
	}
	for name, test := range map[string]struct{ token, refused string }{
		"good":                       {good, ""},
		"audience is the REST key":   {with("aud", testRESTKey), ""},
		"audience is a list":         {with("aud", []string{testJSKey}), ""},
		"our authorized party":       {with("azp", testJSKey), ""},
		"no key ID, one key":         {idToken(t, jwt.SigningMethodRS256, testKey, "", goodClaims()), ""},
		"issued a moment in advance": {with("iat", at(signedtoken.ClockSkew/2)), ""},
		"wrong issuer":               {with("iss", "https://kauth.example.com"), "issuer"},
		"no issuer":                  {with("iss", nil), "claim is missing"},
		"no subject":                 {with("sub", nil), "subject"},
		"empty subject":              {with("sub", ""), "subject"},
		"another app's audience":     {with("aud", "other-key"), "audience"},
		"no audience":                {with("aud", nil), "claim is missing"},
		"another app besides":        {with("aud", []string{testJSKey, "other-key"}), "audience"},
		"another authorized party":   {with("azp", "other-key"), "authorized party"},
		"no time of issue":           {with("iat", nil), "issued"},
		"issued in the future":       {with("iat", at(2*signedtoken.ClockSkew)), "future"},
		"expired":                    {with("exp", at(-2*signedtoken.ClockSkew)), "expired"},
		"no expiry":                  {with("exp", nil), "claim is missing"},
		"wrong nonce":                {with("nonce", "other"), "nonce"},
		"no nonce":                   {with("nonce", nil), "nonce"},
		"alg none":                   {idToken(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "key-1", goodClaims()), "RS256"},
		"HS256 with the public key":  {idToken(t, jwt.SigningMethodHS256, publicPEM, "key-1", goodClaims()), "RS256"},
		"ES256":                      {idToken(t, jwt.SigningMethodES256, ecKey, "key-1", goodClaims()), "RS256"},
		"PS256 with the right key":   {idToken(t, jwt.SigningMethodPS256, testKey, "key-1", goodClaims()), "RS256"},
		"RS512 with the right key":   {idToken(t, jwt.SigningMethodRS512, testKey, "key-1", goodClaims()), "RS256"},
		"bad signature":              {flip(good), "RS256"},
		"no signature":               {good[:strings.LastIndexByte(good, '.')+1], "RS256"},
		"another key":                {idToken(t, jwt.SigningMethodRS256, otherKey, "key-1", goodClaims()), "RS256"},
		"another key without ID":     {idToken(t, jwt.SigningMethodRS256, otherKey, "", goodClaims()), "RS256"},
		"unknown key ID":             {idToken(t, jwt.SigningMethodRS256, otherKey, "key-9", goodClaims()), "no key"},
		"no token at all":            {"a.b.c", "JSON Web Token"},
		"a huge token":               {"a." + strings.Repeat("e30", 100_000) + ".c", "JSON Web Token"},
		"extensions demanded":        {headed(t, testKey, map[string]any{"crit": []string{"exp"}}), "extensions"},
		"extensions demanded, empty": {headed(t, testKey, map[string]any{"crit": []string{}}), "extensions"},
		"its own key in the header":  {headed(t, otherKey, map[string]any{"jwk": publicKey("key-1", otherKey)}), "RS256"},
		"its own key, no key ID":     {headed(t, otherKey, map[string]any{"jwk": publicKey("", otherKey), "kid": nil}), "RS256"},
		"its own keys' address":      {headed(t, otherKey, map[string]any{"jku": "https://evil.example/jwks.json"}), "RS256"},
		"its own certificate":        {headed(t, otherKey, map[string]any{"x5c": []string{"MIIB"}, "x5u": "https://evil.example/cert.pem"}), "RS256"},
		"a key ID that is a path":    {headed(t, otherKey, map[string]any{"kid": "../../dev/null"}), "no key"},
		"a key ID that is no text":   {headed(t, testKey, map[string]any{"kid": 1}), "no key"},
		"a claim again, bad at last": {twice(t, `"aud":"`+testJSKey+`"`, `"aud":"other-key"`), "twice"},
		"a claim again, good last":   {twice(t, `"aud":"other-key"`, `"aud":"`+testJSKey+`"`), "twice"},
		"a member again: alg none":   {twice(t, `"alg":"RS256"`, `"alg":"none"`), "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": test.token})))
			status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
			expectKnownCalls(t, h.kakao)
			if test.refused == "" {
				if status != 200 || body["id_token"] != test.token {
					t.Errorf("got %d %v", status, body)
				}
				return
			}
			expectError(t, status, body, 502, "invalid_id_token", "")
			if said := body["error_description"].(string); !strings.Contains(said, test.refused) {
				t.Errorf("got %q, want something about %q", said, test.refused)
			}
			if h.cookie != "" || body["access_token"] != nil {
				t.Error("a login came out of a bad ID token")
			}
		})
	}
}

// expectKnownCalls checks that nothing was asked but what a login asks: no
// address that a token names, and no claims of userinfo, which another user's
// could be mixed up with.
func expectKnownCalls(t *testing.T, k *fakeKakao) {
	t.Helper()
	known := []string{callExchange, pathLogout, kakao.PathDiscovery, kakao.PathJWKS}
	k.mu.Lock()
	defer k.mu.Unlock()
	for call := range k.calls {
		if !slices.Contains(known, call) {
			t.Errorf("%s was asked", call)
		}
	}
}

// headed is a good ID token of a key with some members of the header changed;
// nil removes one.
func headed(t testing.TB, key *rsa.PrivateKey, change map[string]any) string {
	t.Helper()
	return signToken(t, jwt.SigningMethodRS256, key, goodClaims(), map[string]any{"kid": "key-1"}, change)
}

// twice is a token, signed as it is, that has a member of its header or of its
// claims twice, of which two readers could take two (RFC 7515, section 4).
func twice(t testing.TB, first, last string) string {
	t.Helper()
	header := `{"alg":"RS256","kid":"key-1"}`
	claims := encode(goodClaims())
	if strings.Contains(first, "alg") {
		header = `{"kid":"key-1",` + first + "," + last + "}"
	} else {
		claims = strings.Replace(claims, `"aud":"`+testJSKey+`"`, first+","+last, 1)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	signature, err := jwt.SigningMethodRS256.Sign(signed, testKey)
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// publicKey is an entry of a JWKS.
func publicKey(kid string, key *rsa.PrivateKey) map[string]any {
	return map[string]any{"kid": kid, "kty": "RSA", "use": "sig", "alg": "RS256", "n": modulus(key), "e": "AQAB"}
}

// verifies reports how the verifier of a harness judges a token of a key.
func verifies(h *harness, kid string, key *rsa.PrivateKey) error {
	_, err := h.idTokens.VerifyLogin(h.t.Context(), idToken(h.t, jwt.SigningMethodRS256, key, kid, goodClaims()), testNonce)
	return err
}

// forge has many tokens of unknown keys verified at once, none of which may be
// believed.
func forge(h *harness) {
	h.t.Helper()
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if err := verifies(h, fmt.Sprintf("forged-%d", i), otherKey); err == nil {
				h.t.Error("a forged key ID was believed")
			}
		})
	}
	all.Wait()
}

// expectFetches checks how often the keys were fetched.
func expectFetches(h *harness, want int) {
	h.t.Helper()
	for _, path := range []string{kakao.PathDiscovery, kakao.PathJWKS} {
		if n := h.kakao.count(path); n != want {
			h.t.Errorf("%s was fetched %d times, want %d", path, n, want)
		}
	}
}

// Rule 8: an unknown key ID is looked up once per interval, however many come,
// one after the other or at once; and when the interval is over, a key that
// Kakao rotated in is found.
func TestRule08UnknownKeysAreLookedUpOncePerInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Fatal(err)
		}
		forge(h)
		forge(h)
		expectFetches(h, 2)

		time.Sleep(signedtoken.KeysInterval - time.Nanosecond)
		forge(h)
		expectFetches(h, 2)

		time.Sleep(time.Nanosecond)
		h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-2", otherKey))))
		if err := verifies(h, "key-2", otherKey); err != nil {
			t.Errorf("a rotated key is not found: %v", err)
		}
		if err := verifies(h, "key-1", testKey); err == nil {
			t.Error("a withdrawn key still counts")
		}
		forge(h)
		expectFetches(h, 3)
	})
}

// Rule 8: forged key IDs that come first cost two fetches, whatever their number.
func TestRule08UnknownKeysFillTheCacheOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		forge(h)
		expectFetches(h, 2)
	})
}

// Rule 8: Kakao changes its key a moment before it signs, right after the server
// has fetched the old one; and a moment after it has signed.
func TestRule08KeyRotationAroundTheSignature(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Fatal(err)
		}
		h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-2", otherKey))))
		if err := verifies(h, "key-2", otherKey); err != nil {
			t.Errorf("changed before signing: %v", err)
		}
		h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-3", testKey))))
		if err := verifies(h, "key-2", otherKey); err != nil {
			t.Errorf("changed after signing: %v", err)
		}
		expectFetches(h, 2)
	})
}

// Rule 8: a token that names no key is tried with every key that there is.
func TestRule08NoKeyIDWithSeveralKeys(t *testing.T) {
	h := newHarness(t)
	h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-1", testKey), publicKey("key-2", otherKey))))
	for name, key := range map[string]*rsa.PrivateKey{"the first key": testKey, "the second key": otherKey} {
		if err := verifies(h, "", key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifies(h, "", stranger); err == nil {
		t.Error("a key that is not in the set was believed")
	}
}

// Rule 8: the keys come from where the metadata of the configured issuer say,
// and from nowhere else.
func TestRule08KeysComeFromTheMetadataOfTheIssuer(t *testing.T) {
	const issuer, elsewhere = "https://kauth.kakao.com", "/keys/elsewhere.json"
	for name, test := range map[string]struct {
		metadata string
		address  string // where the keys are fetched
		refused  string
	}{
		"the usual address":      {encode(map[string]any{"issuer": issuer, "jwks_uri": issuer + kakao.PathJWKS}), kakao.PathJWKS, ""},
		"another address":        {encode(map[string]any{"issuer": issuer, "jwks_uri": "https://keys.example" + elsewhere}), elsewhere, ""},
		"another issuer":         {encode(map[string]any{"issuer": "https://evil.example", "jwks_uri": issuer + kakao.PathJWKS}), "", "issuer"},
		"the emulator":           {encode(map[string]any{"issuer": emulatorOrigin, "jwks_uri": emulatorOrigin + kakao.PathJWKS}), "", "issuer"},
		"a trailing slash":       {encode(map[string]any{"issuer": issuer + "/", "jwks_uri": issuer + kakao.PathJWKS}), "", "issuer"},
		"no issuer":              {encode(map[string]any{"jwks_uri": issuer + kakao.PathJWKS}), "", "issuer"},
		"no address":             {encode(map[string]any{"issuer": issuer}), "", "jwks_uri"},
		"an address without TLS": {encode(map[string]any{"issuer": issuer, "jwks_uri": "http://kauth.kakao.com" + kakao.PathJWKS}), "", "https"},
		"an address of a file":   {encode(map[string]any{"issuer": issuer, "jwks_uri": "file:///etc/keys"}), "", "jwks_uri"},
		"no metadata":            {"<html>", "", "JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			keys := h.kakao.answers[kakao.PathJWKS]
			h.kakao.on(kakao.PathJWKS, says(404, ""))
			h.kakao.on(test.address, keys)
			h.kakao.on(kakao.PathDiscovery, says(200, test.metadata))
			h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": signedWith(t, nil)})))
			status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
			if test.refused == "" {
				if status != 200 {
					t.Errorf("got %d %v", status, body)
				}
				return
			}
			expectError(t, status, body, 503, "temporarily_unavailable", "")
			if h.cookie != "" || h.kakao.count(kakao.PathJWKS) != 0 {
				t.Error("something came of the metadata")
			}
			if !strings.Contains(h.logs.String(), test.refused) {
				t.Errorf("the log does not say %q: %s", test.refused, h.logs)
			}
		})
	}
}

// Row 6, mix-up: a server that is configured for one platform believes nothing
// of the other's, although both know the same app.
func TestTokensOfTheOtherPlatformAreRefused(t *testing.T) {
	h := newHarness(t) // configured for the real platform
	genuine := signedWith(t, map[string]any{"iss": emulatorOrigin})
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": genuine})))
	status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	expectError(t, status, body, 502, "invalid_id_token", "")

	other := newFakeKakao() // answers as the real platform
	other.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": signedWith(t, nil)})))
	h = newHarness(t, onEmulator(newPlatform(t)), func(c *Config) { c.HTTPClient = &http.Client{Transport: other} })
	status, body = h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	expectError(t, status, body, 503, "temporarily_unavailable", "")
	if !strings.Contains(h.logs.String(), "expected metadata of the issuer "+emulatorOrigin) {
		t.Errorf("the log does not name the mix-up: %s", h.logs)
	}
}

// Rule 8: keys are looked up again when they are old, and stay while Kakao is
// away.
func TestRule08OldKeysAreLookedUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Fatal(err)
		}
		time.Sleep(signedtoken.KeysMaxAge + time.Second)
		h.kakao.on(kakao.PathJWKS, hangs)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Errorf("a key is dropped while Kakao is away: %v", err)
		}
		time.Sleep(signedtoken.KeysRetry)
		h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-2", otherKey))))
		if err := verifies(h, "key-1", testKey); err == nil {
			t.Error("a withdrawn key still counts")
		}
	})
}

// Rule 8: what cannot be parsed in a JWKS does not spoil the rest.
func TestRule08UnparsableKeysAreIgnored(t *testing.T) {
	h := newHarness(t)
	broken := publicKey("key-b", otherKey)
	broken["n"] = "***"
	encryption := publicKey("key-e", otherKey)
	encryption["use"] = "enc"
	pss := publicKey("key-p", otherKey)
	pss["alg"] = "PS256"
	h.kakao.on(kakao.PathJWKS, says(200, jwksOf(
		"no object", 7, map[string]any{}, map[string]any{"kid": 1, "kty": "RSA"}, map[string]any{"kid": "x", "kty": "??"},
		map[string]any{"kid": "key-s", "kty": "oct", "k": "c2VjcmV0"}, broken, encryption, pss, publicKey("key-1", testKey))))
	if err := verifies(h, "key-1", testKey); err != nil {
		t.Error(err)
	}
	for kid, what := range map[string]string{"key-e": "an encryption key", "key-p": "a key for another algorithm", "": "one of both"} {
		if err := verifies(h, kid, otherKey); err == nil {
			t.Errorf("%s signs", what)
		}
	}
}

// Rule 8: without keys nothing is believed, and the failure passes.
func TestRule08DeadJWKSEndpoint(t *testing.T) {
	for name, dead := range map[string]answer{
		"hangs":           hangs,
		"breaks":          func(context.Context, url.Values) (int, string, error) { return 0, "", errors.New("reset") },
		"errs":            says(500, ""),
		"garbage":         says(200, "<html>"),
		"leads elsewhere": says(302, ""),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.kakao.on(kakao.PathJWKS, dead)
				token := signedWith(t, nil)
				h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": token})))
				start := time.Now()
				status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
				expectError(t, status, body, 503, "temporarily_unavailable", "")
				if took := time.Since(start); took > signedtoken.KeysTimeout {
					t.Errorf("took %v", took)
				}
				time.Sleep(signedtoken.KeysRetry)
				h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-1", testKey))))
				if err := verifies(h, "key-1", testKey); err != nil {
					t.Errorf("not recovered: %v", err)
				}
			})
		})
	}
}

// A refreshed ID token must be of the same user; one that cannot be checked is
// left out.
func TestRefreshedIDToken(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]any
		jwks   answer
		status int
		given  bool
	}{
		"same user":                   {nil, nil, 200, true},
		"another user":                {map[string]any{"sub": "42"}, nil, 502, false},
		"another app":                 {map[string]any{"aud": "other-key"}, nil, 502, false},
		"our other key":               {map[string]any{"aud": testRESTKey}, nil, 200, true},
		"another issuer":              {map[string]any{"iss": emulatorOrigin}, nil, 502, false},
		"another app's authorization": {map[string]any{"azp": "other-key"}, nil, 502, false},
		"no subject":                  {map[string]any{"sub": nil}, nil, 502, false},
		"no nonce":                    {map[string]any{"nonce": nil}, nil, 200, true},
		"another nonce":               {map[string]any{"nonce": "nonce-8e"}, nil, 502, false},
		"no keys":                     {nil, says(500, ""), 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			if test.jwks == nil {
				h.loginOpenID()
			} else { // The keys are fetched for the first time.
				h.login()
				h.kakao.on(kakao.PathJWKS, test.jwks)
			}
			h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", "", map[string]any{"id_token": signedWith(t, test.change)})))
			status, body := h.do("POST", "/refresh", "")
			if _, given := body["id_token"]; status != test.status || given != test.given {
				t.Errorf("got %d %v", status, body)
			}
			if test.status != 200 && h.cookie != "" {
				t.Error("the session lives on")
			}
		})
	}
}
