package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestThePlatformGoesByTheNameThatWasAsked(t *testing.T) {
	const kakaoIssuer = "https://kauth.kakao.com"
	tests := []struct {
		name, issuer, host string // "" for the platform's own
		want, wantAPI      string
	}{
		{"its own name", "", "", "", ""},
		{"Kakao's name", "", "kauth.kakao.com", kakaoIssuer, "https://kapi.kakao.com"},
		{"Kakao's name with a port", "", "kauth.kakao.com:8443", kakaoIssuer, "https://kapi.kakao.com"},
		{"its own name, with Kakao's issuer", kakaoIssuer, "", kakaoIssuer, "https://kapi.kakao.com"},
		{"a public name", "https://kakao.example", "", "https://kakao.example", "https://kakao.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, func(c *emulator.Config) {
				if tt.issuer != "" {
					c.Issuer = tt.issuer
				}
			})
			if tt.want == "" {
				tt.want, tt.wantAPI = p.url, p.url
			}
			host := orOwn(tt.host, p)
			discovery := p.call(http.MethodGet, kakao.PathDiscovery, "", nil, "Host", host)
			want := []string{tt.want, tt.want + kakao.PathToken, tt.wantAPI + "/v1/oidc/userinfo"}
			if diff := cmp.Diff(want, []string{discovery.text("issuer"), discovery.text("token_endpoint"), discovery.text("userinfo_endpoint")}); diff != "" {
				t.Error(diff)
			}
			events := p.call(http.MethodGet, "/.well-known/sse-configuration", "", nil, "Host", host)
			if events.text("issuer") != tt.want || events.text("jwks_uri") != tt.want+kakao.PathJWKS ||
				events.text("delivery_methods_supported") != "http://schemas.openid.net/secevent/risc/delivery-method/push" {
				t.Errorf("got %s", events.raw)
			}
		})
	}
	if diff := cmp.Diff([]string{"kauth.kakao.com", "kapi.kakao.com"}, emulator.Hosts()); diff != "" {
		t.Error(diff)
	}
}

func TestWebhooksNameKakaoAsTheIssuerWhereItIs(t *testing.T) {
	hook := newReceiver(t, http.StatusAccepted)
	p := start(t, func(c *emulator.Config) {
		c.Issuer = "https://kauth.kakao.com"
		c.Apps[0].AccountWebhook.URL = hook.url
	})
	if err := p.AutoLogin(4210000001); err != nil {
		t.Fatal(err)
	}
	p.browser().authorize()
	p.deliveries()
	_, claims := p.setClaims("https://kauth.kakao.com", hook.last().body)
	if claims["iss"] != "https://kauth.kakao.com" || claims["sub"] != haneul {
		t.Errorf("got %v", claims)
	}
}

func TestAnAppWhoseLoginIsOff(t *testing.T) {
	p := start(t)
	b := p.browser()
	code := b.logIn(b.authorize(), haneul).redirect.Get("code")
	open := b.authorize("prompt", "login")
	if err := p.Update(func(c *emulator.Config) { c.Apps[0].LoginOff = true }); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]page{"a new login": b.authorize(), "an open page": b.submit(open, "/oauth/login", "user", haneul)} {
		if got.status != http.StatusBadRequest || !strings.Contains(got.body, "KOE004") {
			t.Errorf("%s: %d\n%s", name, got.status, got.body)
		}
	}
	wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_request", "KOE004")
}

func TestTokensOfWhatIsGoneAreWorthNothing(t *testing.T) {
	tests := []struct {
		name string
		edit func(*emulator.Config)
		// what the token endpoint says of a refresh token and of a code
		refresh, exchange string
	}{
		{"the account", func(c *emulator.Config) { c.Users = c.Users[1:] }, "KOE322", "KOE320"},
		{"the app", func(c *emulator.Config) { c.Apps = nil }, "KOE101", "KOE101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t)
			b := p.browser()
			got := p.exchange(b.logIn(b.authorize(), haneul).redirect.Get("code"))
			code := b.authorize().redirect.Get("code")
			if err := p.Update(tt.edit); err != nil {
				t.Fatal(err)
			}
			wantAPIRefusal(t, p.call(http.MethodGet, pathMe, got.bearer(), nil), http.StatusUnauthorized, -401, "this access token does not exist")
			if refused := p.refresh(got.text("refresh_token")); refused.text("error_code") != tt.refresh {
				t.Errorf("got %d %s", refused.status, refused.raw)
			}
			if refused := p.exchange(code); refused.text("error_code") != tt.exchange {
				t.Errorf("got %d %s", refused.status, refused.raw)
			}
			if shown := b.authorize(); shown.redirect.Has("code") {
				t.Error("the session still logs in")
			}
		})
	}
}
