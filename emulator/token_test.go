package emulator_test

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestAnIndependentClientLogsInAndRenews(t *testing.T) {
	p := start(t)
	client := oauth2.Config{
		ClientID:     emulator.DemoRESTAPIKey,
		ClientSecret: emulator.DemoClientSecret,
		RedirectURL:  callback,
		Scopes:       []string{"openid", "account_email"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   p.url + kakao.PathAuthorize,
			TokenURL:  p.url + kakao.PathToken,
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
	verifier := oauth2.GenerateVerifier()
	b := p.browser()
	shown := b.do(http.MethodGet, client.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier)), nil)
	done := b.logIn(shown, haneul, "account_email")

	token, err := client.Exchange(ctx, done.redirect.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if scope := token.Extra("scope"); scope != "openid account_email profile_nickname" {
		t.Errorf("scope %v", scope)
	}
	if token.Extra("id_token") == nil || token.Extra("expires_in") != float64(43199) ||
		token.Extra("refresh_token_expires_in") != float64(5184000) || token.TokenType != "bearer" {
		t.Errorf("got %+v", token)
	}

	token.Expiry = time.Now().Add(-time.Minute)
	renewed, err := client.TokenSource(ctx, token).Token()
	if err != nil {
		t.Fatal(err)
	}
	if renewed.AccessToken == token.AccessToken || renewed.RefreshToken != token.RefreshToken {
		t.Error("renewal must give a new access token and keep the refresh token")
	}
	me := p.call(http.MethodGet, "/v2/user/me", "Bearer "+renewed.AccessToken, nil)
	if me.status != http.StatusOK {
		t.Errorf("user/me: %d %s", me.status, me.raw)
	}
	if p.Count("authorization_code") != 1 || p.Count("refresh_token") != 1 || p.Count("other") != 0 {
		t.Error("token requests are not counted")
	}
}

// secondApp adds an app without a client secret, with the same redirect URIs.
func secondApp(c *emulator.Config) {
	other := c.Apps[0]
	other.ID, other.RESTAPIKey, other.JavaScriptKey, other.AdminKey, other.ClientSecret = 2, "other-rest", "other-js", "", ""
	c.Apps = append(c.Apps, other)
}

func TestTokenEndpointRefusesCodes(t *testing.T) {
	p := start(t, secondApp)
	tests := []struct {
		name      string
		pairs     []string
		status    int
		code, koe string
	}{
		{"unknown code", []string{"code", "x"}, http.StatusBadRequest, "invalid_grant", "KOE320"},
		{"missing code", []string{"code", ""}, http.StatusBadRequest, "invalid_request", "KOE207"},
		{"missing redirect_uri", []string{"redirect_uri", ""}, http.StatusBadRequest, "invalid_request", "KOE207"},
		{"other redirect_uri", []string{"redirect_uri", callback + "?from=kakao"}, http.StatusBadRequest, "invalid_grant", "KOE303"},
		{"missing client_id", []string{"client_id", ""}, http.StatusUnauthorized, "invalid_client", "KOE101"},
		{"unknown client_id", []string{"client_id", "x"}, http.StatusUnauthorized, "invalid_client", "KOE101"},
		{"client_id of another app", []string{"client_id", "other-rest"}, http.StatusBadRequest, "invalid_grant", "KOE320"},
		{"missing client_secret", []string{"client_secret", ""}, http.StatusUnauthorized, "invalid_client", "KOE010"},
		{"wrong client_secret", []string{"client_secret", "x"}, http.StatusUnauthorized, "invalid_client", "KOE010"},
		{"wrong client_secret with the JavaScript key", []string{"client_id", emulator.DemoJavaScriptKey, "client_secret", "x"}, http.StatusUnauthorized, "invalid_client", "KOE010"},
		{"missing grant_type", []string{"grant_type", ""}, http.StatusBadRequest, "invalid_request", "KOE207"},
		{"unknown grant_type", []string{"grant_type", "password"}, http.StatusBadRequest, "unsupported_grant_type", "KOE310"},
		{"verifier without challenge", []string{"code_verifier", strings.Repeat("v", 43)}, http.StatusBadRequest, "invalid_grant", "KOE303"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			code := b.logIn(b.authorize(), haneul).redirect.Get("code")
			got := p.exchange(code, tt.pairs...)
			wantRefusal(t, got, tt.status, tt.code, tt.koe)
			if strings.Contains(got.raw, code) {
				t.Error("the refusal repeats the code")
			}
		})
	}
}

func TestPKCE(t *testing.T) {
	p := start(t)
	verifier := strings.Repeat("v", 43)
	tests := []struct {
		name, verifier string
		ok             bool
	}{
		{"right verifier", verifier, true},
		{"wrong verifier", strings.Repeat("w", 43), false},
		{"the challenge as verifier", kakao.ChallengeS256(verifier), false},
		{"no verifier", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			done := b.logIn(b.authorize("code_challenge", kakao.ChallengeS256(verifier), "code_challenge_method", "S256"), haneul)
			got := p.exchange(done.redirect.Get("code"), "code_verifier", tt.verifier)
			if tt.ok {
				if got.status != http.StatusOK {
					t.Errorf("got %d %s", got.status, got.raw)
				}
				return
			}
			wantRefusal(t, got, http.StatusBadRequest, "invalid_grant", "KOE303")
			again := p.exchange(done.redirect.Get("code"), "code_verifier", verifier)
			wantRefusal(t, again, http.StatusBadRequest, "invalid_grant", "KOE320")
		})
	}
}

// A verifier that no challenge came before is refused, or whoever strips the
// challenge of a request would switch PKCE off (RFC 9700, section 2.1.1).
func TestAVerifierWithoutAChallengeIsRefused(t *testing.T) {
	p := start(t)
	b := p.browser()
	done := b.logIn(b.authorize(), haneul)
	got := p.exchange(done.redirect.Get("code"), "code_verifier", strings.Repeat("v", 43))
	wantRefusal(t, got, http.StatusBadRequest, "invalid_grant", "KOE303")
	wantRefusal(t, p.exchange(done.redirect.Get("code")), http.StatusBadRequest, "invalid_grant", "KOE320")
}

func TestCodesWorkOnceAndForTenMinutes(t *testing.T) {
	p := start(t)
	b := p.browser()
	code := b.logIn(b.authorize(), haneul).redirect.Get("code")
	p.clock.Advance(10*time.Minute - time.Second)
	if got := p.exchange(code); got.status != http.StatusOK {
		t.Fatalf("got %d %s", got.status, got.raw)
	}
	wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_grant", "KOE320")

	late := b.authorize().redirect.Get("code")
	p.clock.Advance(10 * time.Minute)
	wantRefusal(t, p.exchange(late), http.StatusBadRequest, "invalid_grant", "KOE320")
}

func TestTokenEndpointReadsFormsOnly(t *testing.T) {
	p := start(t)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {emulator.DemoRESTAPIKey}}.Encode()
	tests := []struct{ name, contentType, body string }{
		{"JSON", "application/json", `{"grant_type":"refresh_token"}`},
		{"a broken content type", "application/", form},
		{"bad percent-encoding", "application/x-www-form-urlencoded", "grant_type=%zz"},
		{"a repeated parameter", "application/x-www-form-urlencoded", form + "&client_id=x"},
		{"more than 64 KB", "application/x-www-form-urlencoded", form + "&x=" + strings.Repeat("x", 65<<10)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+kakao.PathToken, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", tt.contentType)
			response, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			if response.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), `"error":"invalid_request"`) {
				t.Errorf("got %d %s", response.StatusCode, body)
			}
		})
	}
}

func TestParametersInTheQueryAreTakenToo(t *testing.T) {
	p := start(t)
	b := p.browser()
	query := url.Values{
		"grant_type": {"authorization_code"}, "code": {b.logIn(b.authorize(), haneul).redirect.Get("code")}, "redirect_uri": {callback},
		"client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret},
	}
	if got := p.call(http.MethodPost, kakao.PathToken+"?"+query.Encode(), "", nil); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.raw)
	}
}

func TestRefreshTokenIsReplacedInItsLastMonth(t *testing.T) {
	const day = 24 * time.Hour
	p := start(t)
	old := p.tokens(haneul).text("refresh_token")

	p.clock.Advance(30 * day)
	early := p.refresh(old)
	if early.status != http.StatusOK || early.text("access_token") == "" {
		t.Fatalf("got %d %s", early.status, early.raw)
	}
	if _, replaced := early.body["refresh_token"]; replaced {
		t.Error("replaced with a whole month of validity left")
	}

	p.clock.Advance(time.Second)
	late := p.refresh(old)
	replacement := late.text("refresh_token")
	if replacement == "" || replacement == old || late.body["refresh_token_expires_in"] != float64(5184000) {
		t.Fatalf("not replaced: %s", late.raw)
	}
	wantRefusal(t, p.refresh(old), http.StatusBadRequest, "invalid_grant", "KOE322")
	if got := p.refresh(replacement); got.status != http.StatusOK {
		t.Errorf("replacement: %d %s", got.status, got.raw)
	}

	p.clock.Advance(60 * day)
	wantRefusal(t, p.refresh(replacement), http.StatusBadRequest, "invalid_grant", "KOE322")
}

func TestTokenEndpointRefusesRefreshTokens(t *testing.T) {
	p := start(t, secondApp)
	got := p.tokens(haneul)
	refresh := got.text("refresh_token")
	wantRefusal(t, p.refresh("x"), http.StatusBadRequest, "invalid_grant", "KOE322")
	wantRefusal(t, p.refresh(""), http.StatusBadRequest, "invalid_grant", "KOE319")
	wantRefusal(t, p.refresh(got.text("access_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	wantRefusal(t, p.refresh(refresh, "client_id", "other-rest"), http.StatusBadRequest, "invalid_grant", "KOE322")
	wantRefusal(t, p.refresh(refresh, "client_secret", "x"), http.StatusUnauthorized, "invalid_client", "KOE010")
	if again := p.refresh(refresh, "client_id", emulator.DemoJavaScriptKey); again.status != http.StatusOK {
		t.Errorf("the other key of the same app: %d %s", again.status, again.raw)
	}
	p.ExpireRefreshTokens()
	wantRefusal(t, p.refresh(refresh), http.StatusBadRequest, "invalid_grant", "KOE322")
}

// publicKey is the key of that ID in the platform's key set.
func (p *platform) publicKey(id any) (*rsa.PublicKey, error) {
	list, _ := p.call(http.MethodGet, kakao.PathJWKS, "", nil).body["keys"].([]any)
	for _, element := range list {
		key, _ := element.(map[string]any)
		if key["kid"] != id || key["kty"] != "RSA" || key["alg"] != "RS256" || key["use"] != "sig" {
			continue
		}
		n, _ := base64.RawURLEncoding.DecodeString(key["n"].(string))
		e, _ := base64.RawURLEncoding.DecodeString(key["e"].(string))
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
	}
	return nil, jwt.ErrTokenUnverifiable
}

// verifyIDToken checks an ID token with the key set, as a relying party does.
func verifyIDToken(t *testing.T, p *platform, idToken string) jwt.MapClaims {
	t.Helper()
	parsed, err := jwt.Parse(idToken, func(token *jwt.Token) (any, error) {
		return p.publicKey(token.Header["kid"])
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(p.url), jwt.WithExpirationRequired(), jwt.WithTimeFunc(p.clock.Now))
	if err != nil {
		t.Fatalf("ID token: %v", err)
	}
	return parsed.Claims.(jwt.MapClaims)
}

func TestIDTokenSaysWhoLoggedInForWhom(t *testing.T) {
	p := start(t)
	began := p.clock.Now()
	b := p.browser()
	done := b.logIn(b.authorize("client_id", emulator.DemoJavaScriptKey, "scope", "openid profile_image account_email", "nonce", "n-1"),
		haneul, "account_email")
	p.clock.Advance(time.Minute)
	got := p.exchange(done.redirect.Get("code"))
	want := jwt.MapClaims{
		"iss": p.url, "aud": emulator.DemoJavaScriptKey, "sub": haneul, "nonce": "n-1",
		"auth_time": float64(began.Unix()), "iat": float64(began.Add(time.Minute).Unix()),
		"exp":      float64(began.Add(time.Minute + 12*time.Hour).Unix()),
		"nickname": "하늘보리", "email": "haneul@example.com",
	}
	if diff := cmp.Diff(want, verifyIDToken(t, p, got.text("id_token"))); diff != "" {
		t.Error(diff)
	}

	p.clock.Advance(time.Hour)
	delete(want, "nonce")
	want["iat"] = float64(p.clock.Now().Unix())
	want["exp"] = float64(p.clock.Now().Add(12 * time.Hour).Unix())
	renewed := p.refresh(got.text("refresh_token"))
	if diff := cmp.Diff(want, verifyIDToken(t, p, renewed.text("id_token"))); diff != "" {
		t.Error(diff)
	}
	if _, has := renewed.body["scope"]; has {
		t.Error("the answer to a refresh names a scope; Kakao's does not")
	}
}

func TestIDTokenComesOnlyWithOpenID(t *testing.T) {
	tests := []struct {
		name  string
		oidc  bool
		scope string
		want  bool
	}{
		{"scope without openid", true, "account_email", false},
		{"scope with openid", true, "openid", true},
		{"no scope, OpenID Connect on", true, "", true},
		{"no scope, OpenID Connect off", false, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, func(c *emulator.Config) { c.Apps[0].OpenIDConnect = tt.oidc })
			b := p.browser()
			got := p.exchange(b.logIn(b.authorize("scope", tt.scope), haneul).redirect.Get("code"))
			renewed := p.refresh(got.text("refresh_token"))
			for step, answer := range map[string]answer{"exchange": got, "refresh": renewed} {
				if has := answer.text("id_token") != ""; has != tt.want {
					t.Errorf("%s: id_token is there: %v, want %v", step, has, tt.want)
				}
			}
			if has := strings.Contains(got.text("scope"), "openid"); has != tt.want {
				t.Errorf("scope %q", got.text("scope"))
			}
		})
	}
}

func TestDiscoveryNamesTheEndpoints(t *testing.T) {
	p := start(t)
	got := p.call(http.MethodGet, kakao.PathDiscovery, "", nil)
	for member, want := range map[string]string{
		"issuer":                 p.url,
		"authorization_endpoint": p.url + "/oauth/authorize",
		"token_endpoint":         p.url + "/oauth/token",
		"userinfo_endpoint":      p.url + "/v1/oidc/userinfo",
		"jwks_uri":               p.url + "/.well-known/jwks.json",
	} {
		if got.text(member) != want {
			t.Errorf("%s is %q, want %q", member, got.text(member), want)
		}
	}
}

func TestAuthorizationServerRefusesOtherPathsAndMethods(t *testing.T) {
	p := start(t)
	wantRefusal(t, p.call(http.MethodGet, "/oauth/nothing", "", nil), http.StatusNotFound, "invalid_request", "KOE002")
	wantRefusal(t, p.call(http.MethodGet, "/.well-known/nothing", "", nil), http.StatusNotFound, "invalid_request", "KOE002")
	got := p.call(http.MethodGet, kakao.PathToken, "", nil)
	wantRefusal(t, got, http.StatusMethodNotAllowed, "invalid_request", "")
	if got.header.Get("Allow") != http.MethodPost {
		t.Errorf("Allow %q", got.header.Get("Allow"))
	}
}

func TestPagesMayReadWhatIsNoPage(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].SiteDomains = []string{"http://shop.example"} })
	for _, tt := range []struct {
		method, path string
		readable     bool
	}{
		{http.MethodPost, kakao.PathToken, true},
		{http.MethodPost, "/oauth/tokeninfo", true},
		{http.MethodGet, kakao.PathJWKS, true},
		{http.MethodGet, kakao.PathDiscovery, true},
		{http.MethodGet, kakao.PathAuthorize, false},
		{http.MethodPost, "/oauth/login", false},
		{http.MethodGet, "/oauth/logout", false},
	} {
		b := p.browser()
		b.header.Set("Origin", "http://shop.example")
		got := b.do(tt.method, p.url+tt.path, nil)
		if allowed := got.header.Get("Access-Control-Allow-Origin") != ""; allowed != tt.readable {
			t.Errorf("%s: readable %t, want %t", tt.path, allowed, tt.readable)
		}
	}
}

func TestManyLoginsAtOnce(t *testing.T) {
	p := start(t)
	var wait sync.WaitGroup
	for i := range 16 {
		user := []string{haneul, dohyun, onyu}[i%3]
		wait.Go(func() {
			b := p.browser()
			got := p.exchange(b.logIn(b.authorize(), user, allOptional...).redirect.Get("code"))
			renewed := p.refresh(got.text("refresh_token"))
			me := p.call(http.MethodGet, "/v2/user/me", renewed.bearer(), nil)
			if me.status != http.StatusOK {
				t.Errorf("got %d %s", me.status, me.raw)
			}
			p.call(http.MethodPost, "/v1/user/logout", renewed.bearer(), nil)
		})
	}
	wait.Wait()
	if p.Count("authorization_code") != 16 || p.Count("refresh_token") != 16 {
		t.Errorf("counted %d and %d", p.Count("authorization_code"), p.Count("refresh_token"))
	}
}

func TestOneCodeExchangedByManyWorksOnce(t *testing.T) {
	p := start(t)
	b := p.browser()
	code := b.logIn(b.authorize(), haneul).redirect.Get("code")
	var wait sync.WaitGroup
	var mu sync.Mutex
	served := 0
	for range 8 {
		wait.Go(func() {
			if p.exchange(code).status == http.StatusOK {
				mu.Lock()
				defer mu.Unlock()
				served++
			}
		})
	}
	wait.Wait()
	if served != 1 {
		t.Errorf("the code was exchanged %d times", served)
	}
}

func TestOutagesDropTheConnection(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answers := func(method, path string) bool {
		r, err := http.NewRequestWithContext(t.Context(), method, p.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(r)
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return true
	}
	p.inject(emulator.Fault{Path: "/v2/*", Drop: true})
	if answers(http.MethodGet, "/v2/user/me") || !answers(http.MethodPost, kakao.PathToken) {
		t.Error("a fault must hit its path and nothing else")
	}
	p.ClearFaults()
	p.inject(emulator.Fault{Path: kakao.PathToken, Drop: true})
	p.inject(emulator.Fault{Path: kakao.PathJWKS, Drop: true})
	if answers(http.MethodPost, kakao.PathToken) || answers(http.MethodGet, kakao.PathJWKS) ||
		!answers(http.MethodGet, "/v2/user/me") || !answers(http.MethodGet, kakao.PathAuthorize) {
		t.Error("faults must hit their paths and nothing else")
	}
	p.ClearFaults()
	if got := p.refresh(token.text("refresh_token")); got.status != http.StatusOK {
		t.Errorf("after the outage: %d %s", got.status, got.raw)
	}
}

func TestResetForgetsEverything(t *testing.T) {
	p := start(t)
	b := p.browser()
	got := p.exchange(b.logIn(b.authorize(), haneul).redirect.Get("code"))
	p.Reset()
	wantAPIRefusal(t, p.call(http.MethodGet, "/v2/user/me", got.bearer(), nil), http.StatusUnauthorized, -401, "does not exist")
	wantRefusal(t, p.refresh(got.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	if again := b.authorize("prompt", "none"); again.redirect.Get("error") != "login_required" {
		t.Errorf("got %v", again.redirect)
	}
	if p.Count("authorization_code") != 0 {
		t.Error("counters are not reset")
	}
}
