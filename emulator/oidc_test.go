package emulator_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// The tests of this file are relying parties that others wrote: they take the
// issuer's address and nothing else from the platform.

// withClient makes OAuth and OpenID Connect libraries use a client that leaves no
// connection behind.
func withClient(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
}

// party is a relying party on golang.org/x/oauth2 with coreos/go-oidc.
type party struct {
	*platform
	provider *oidc.Provider
	client   oauth2.Config
}

func (p *platform) party(style oauth2.AuthStyle) *party {
	p.t.Helper()
	provider, err := oidc.NewProvider(withClient(p.t.Context()), p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = style
	return &party{p, provider, oauth2.Config{
		ClientID: emulator.DemoRESTAPIKey, ClientSecret: emulator.DemoClientSecret,
		RedirectURL: callback, Endpoint: endpoint, Scopes: []string{oidc.ScopeOpenID, "profile_image", "account_email"},
	}}
}

// login logs a user in with PKCE and a nonce, and exchanges the code.
func (p *party) login(user string) *oauth2.Token {
	p.t.Helper()
	verifier := oauth2.GenerateVerifier()
	b := p.browser()
	shown := b.do(http.MethodGet, p.client.AuthCodeURL("state-1", oidc.Nonce("nonce-1"), oauth2.S256ChallengeOption(verifier)), nil)
	done := b.logIn(shown, user, "profile_image", "account_email")
	if done.redirect.Get("state") != "state-1" {
		p.t.Fatalf("state %q", done.redirect.Get("state"))
	}
	token, err := p.client.Exchange(withClient(p.t.Context()), done.redirect.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// renew refreshes a token that has expired.
func (p *party) renew(token *oauth2.Token) *oauth2.Token {
	p.t.Helper()
	expired := *token
	expired.Expiry = time.Now().Add(-time.Minute)
	renewed, err := p.client.TokenSource(withClient(p.t.Context()), &expired).Token()
	if err != nil {
		p.t.Fatal(err)
	}
	return renewed
}

// verify checks the ID token beside an access token as a new relying party does.
func (p *party) verify(token *oauth2.Token) (*oidc.IDToken, error) {
	p.t.Helper()
	raw, _ := token.Extra("id_token").(string)
	return p.provider.Verifier(&oidc.Config{ClientID: p.client.ClientID}).Verify(withClient(p.t.Context()), raw)
}

func TestGoOIDCLogsInVerifiesAndRefreshes(t *testing.T) {
	styles := map[string]oauth2.AuthStyle{
		"client secret in the form":  oauth2.AuthStyleInParams,
		"the style is to be guessed": oauth2.AuthStyleAutoDetect, // HTTP Basic first, which Kakao does not read
	}
	for name, style := range styles {
		t.Run(name, func(t *testing.T) {
			p := start(t).party(style)
			token := p.login(haneul)
			id, err := p.verify(token)
			if err != nil {
				t.Fatal(err)
			}
			if id.Subject != haneul || id.Nonce != "nonce-1" || id.Issuer != p.url {
				t.Errorf("got %+v", id)
			}
			info, err := p.provider.UserInfo(withClient(t.Context()), oauth2.StaticTokenSource(token))
			if err != nil {
				t.Fatal(err)
			}
			if info.Subject != id.Subject || info.Email != "haneul@example.com" || !info.EmailVerified {
				t.Errorf("got %+v", info)
			}
			renewed := p.renew(token)
			again, err := p.verify(renewed)
			if err != nil {
				t.Fatal(err)
			}
			if again.Subject != id.Subject || again.Nonce != "" || renewed.AccessToken == token.AccessToken {
				t.Errorf("got %+v", again)
			}
		})
	}
}

func TestRelyingPartiesFollowNewKeys(t *testing.T) {
	for name, retire := range map[string]bool{"the old keys stay": false, "the old keys are gone": true} {
		t.Run(name, func(t *testing.T) {
			host := start(t)
			p := host.party(oauth2.AuthStyleInParams)
			before := p.login(haneul)
			if _, err := p.verify(before); err != nil {
				t.Fatal(err)
			}
			if err := p.RotateKeys(retire); err != nil {
				t.Fatal(err)
			}
			if _, err := p.verify(p.renew(before)); err != nil {
				t.Errorf("a token of the new key: %v", err)
			}
			newcomer := host.party(oauth2.AuthStyleInParams)
			if _, err := newcomer.verify(before); (err != nil) != retire {
				t.Errorf("a token of the old key, by who never saw it: %v", err)
			}
		})
	}
}

// strictParty is a relying party on zitadel/oidc, which checks the times of ID
// tokens more closely.
func (p *platform) strictParty() rp.RelyingParty {
	p.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	strict, err := rp.NewRelyingPartyOIDC(p.t.Context(), p.url, emulator.DemoRESTAPIKey, emulator.DemoClientSecret, callback,
		[]string{zitadel.ScopeOpenID}, rp.WithHTTPClient(client), rp.WithAuthStyle(oauth2.AuthStyleInParams),
		rp.WithSigningAlgsFromDiscovery(), rp.WithVerifierOpts(
			rp.WithNonce(func(context.Context) string { return "nonce-1" }),
			rp.WithIssuedAtMaxAge(time.Minute), rp.WithAuthTimeMaxAge(time.Minute),
		))
	if err != nil {
		p.t.Fatal(err)
	}
	return strict
}

// strictLogin logs a user in, and exchanges and verifies with the strict party.
func (p *platform) strictLogin(strict rp.RelyingParty, user string) (*zitadel.Tokens[*zitadel.IDTokenClaims], error) {
	p.t.Helper()
	verifier := oauth2.GenerateVerifier()
	b := p.browser()
	address := rp.AuthURL("state-1", strict, rp.WithCodeChallenge(oauth2.S256ChallengeFromVerifier(verifier)), rp.AuthURLOpt(rp.WithURLParam("nonce", "nonce-1")))
	done := b.logIn(b.do(http.MethodGet, address, nil), user)
	return rp.CodeExchange[*zitadel.IDTokenClaims](p.t.Context(), done.redirect.Get("code"), strict, rp.WithCodeVerifier(verifier))
}

func TestAStricterClientLogsInVerifiesAndRefreshes(t *testing.T) {
	p := start(t)
	strict := p.strictParty()
	tokens, err := p.strictLogin(strict, haneul)
	if err != nil {
		t.Fatal(err)
	}
	if tokens.IDTokenClaims.GetSubject() != haneul {
		t.Errorf("sub %q", tokens.IDTokenClaims.GetSubject())
	}
	info, err := rp.Userinfo[*zitadel.UserInfo](t.Context(), tokens.AccessToken, tokens.TokenType, tokens.IDTokenClaims.GetSubject(), strict)
	if err != nil || info.Nickname != "하늘보리" {
		t.Errorf("got %+v, %v", info, err)
	}
	// The nonce is not repeated (OpenID Connect Core 1.0, section 12.2).
	strict.IDTokenVerifier().Nonce = nil
	renewed, err := rp.RefreshTokens[*zitadel.IDTokenClaims](t.Context(), strict, tokens.RefreshToken, "", "")
	if err != nil || renewed.IDTokenClaims.GetSubject() != haneul {
		t.Errorf("got %+v, %v", renewed, err)
	}
}

func TestInjectedFaultsAreRefusedByRelyingParties(t *testing.T) {
	tests := []struct {
		name            string
		fault           emulator.Fault
		goOIDC, zitadel bool // whether they refuse
	}{
		{"signed with a key that is not in the key set", emulator.Fault{WrongSignature: true}, true, true},
		{"a clock that is 13 hours late", emulator.Fault{Skew: emulator.Duration(-13 * time.Hour)}, true, true},
		// go-oidc leaves the time of issue to its caller.
		{"a clock that is an hour fast", emulator.Fault{Skew: emulator.Duration(time.Hour)}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t)
			tt.fault.Path = "/oauth/token"
			p.inject(tt.fault)
			party := p.party(oauth2.AuthStyleInParams)
			if _, err := party.verify(party.login(haneul)); (err != nil) != tt.goOIDC {
				t.Errorf("go-oidc: %v", err)
			}
			if _, err := p.strictLogin(p.strictParty(), dohyun); (err != nil) != tt.zitadel {
				t.Errorf("zitadel: %v", err)
			}
			p.ClearFaults()
			if _, err := p.strictLogin(p.strictParty(), dohyun); err != nil {
				t.Errorf("without the fault: %v", err)
			}
		})
	}
}
