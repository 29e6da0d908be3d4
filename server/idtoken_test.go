package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
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

// Rule 8: which ID tokens are believed.
func TestRule08IDTokens(t *testing.T) {
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(testKey.Public())
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
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
		"issued a moment in advance": {with("iat", at(clockSkew/2)), ""},
		"wrong issuer":               {with("iss", "https://kauth.example.com"), "issuer"},
		"no issuer":                  {with("iss", nil), "claim is missing"},
		"no subject":                 {with("sub", nil), "subject"},
		"empty subject":              {with("sub", ""), "subject"},
		"another app's audience":     {with("aud", "other-key"), "audience"},
		"no audience":                {with("aud", nil), "claim is missing"},
		"another app besides":        {with("aud", []string{testJSKey, "other-key"}), "audience"},
		"another authorized party":   {with("azp", "other-key"), "authorized party"},
		"no time of issue":           {with("iat", nil), "issued"},
		"issued in the future":       {with("iat", at(2*clockSkew)), "future"},
		"expired":                    {with("exp", at(-2*clockSkew)), "expired"},
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
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": test.token})))
			status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
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

// publicKey is an entry of a JWKS.
func publicKey(kid string, key *rsa.PrivateKey) map[string]any {
	return map[string]any{"kid": kid, "kty": "RSA", "use": "sig", "alg": "RS256", "n": modulus(key), "e": "AQAB"}
}

// verifies reports how the verifier of a harness judges a token of a key.
func verifies(h *harness, kid string, key *rsa.PrivateKey) error {
	_, err := h.idTokens.verifyLogin(h.t.Context(), idToken(h.t, jwt.SigningMethodRS256, key, kid, goodClaims()), testNonce)
	return err
}

// Rule 8: an unknown key ID is looked up once per interval, and a key that
// Kakao rotated in is found.
func TestRule08UnknownKeysAreLookedUpOncePerInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			if err := verifies(h, fmt.Sprintf("forged-%d", i), otherKey); err == nil {
				t.Fatal("a forged key ID was believed")
			}
		}
		if n := h.kakao.count(kakao.PathJWKS); n != 1 {
			t.Errorf("%d look-ups in the first interval, want 1", n)
		}

		time.Sleep(jwksInterval)
		h.kakao.on(kakao.PathJWKS, says(200, jwksOf(publicKey("key-2", otherKey))))
		if err := verifies(h, "key-2", otherKey); err != nil {
			t.Errorf("a rotated key is not found: %v", err)
		}
		if err := verifies(h, "key-1", testKey); err == nil {
			t.Error("a withdrawn key still counts")
		}
		for i := range 50 {
			_ = verifies(h, fmt.Sprintf("forged-%d", i), otherKey)
		}
		if n := h.kakao.count(kakao.PathJWKS); n != 2 {
			t.Errorf("%d look-ups in two intervals, want 2", n)
		}
	})
}

// Rule 8: keys are looked up again when they are old, and stay while Kakao is
// away.
func TestRule08OldKeysAreLookedUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Fatal(err)
		}
		time.Sleep(jwksMaxAge + time.Second)
		h.kakao.on(kakao.PathJWKS, hangs)
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Errorf("a key is dropped while Kakao is away: %v", err)
		}
		time.Sleep(jwksRetry)
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
	h.kakao.on(kakao.PathJWKS, says(200, jwksOf(
		"no object", 7, map[string]any{}, map[string]any{"kid": 1, "kty": "RSA"}, map[string]any{"kid": "x", "kty": "??"},
		map[string]any{"kid": "key-s", "kty": "oct", "k": "c2VjcmV0"}, broken, encryption, publicKey("key-1", testKey))))
	if err := verifies(h, "key-1", testKey); err != nil {
		t.Error(err)
	}
	if err := verifies(h, "key-e", otherKey); err == nil {
		t.Error("an encryption key signs")
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
				if took := time.Since(start); took > jwksTimeout {
					t.Errorf("took %v", took)
				}
				time.Sleep(jwksRetry)
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
		"same user":    {nil, nil, 200, true},
		"another user": {map[string]any{"sub": "42"}, nil, 502, false},
		"another app":  {map[string]any{"aud": "other-key"}, nil, 502, false},
		"no keys":      {nil, says(500, ""), 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.login()
			if test.jwks != nil {
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
