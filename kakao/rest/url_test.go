package rest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

func TestAddressesForTheBrowser(t *testing.T) {
	a := app((&far{}).client(t))
	const callback = "https://app.example.com/cb?a=b"
	challenge := kakao.ChallengeS256("verifier-1")
	cases := []struct {
		name, path string
		make       func() (string, error)
		want       url.Values
	}{
		{"the least", "/oauth/authorize", func() (string, error) { return a.AuthorizeURL(rest.AuthorizeRequest{RedirectURI: callback}) }, url.Values{
			"response_type": {"code"}, "client_id": {appKey}, "redirect_uri": {callback},
		}},
		{"everything", "/oauth/authorize", func() (string, error) {
			return a.AuthorizeURL(rest.AuthorizeRequest{
				RedirectURI: callback, Scope: []string{"openid", "account_email"}, Prompt: []rest.Prompt{rest.PromptLogin, rest.PromptCreate},
				LoginHint: "haneul@example.com", ServiceTerms: []string{"tag1", "tag2"}, State: "state 1", Nonce: "nonce-1", Lang: "en",
				CodeChallenge: challenge,
			})
		}, url.Values{
			"response_type": {"code"}, "client_id": {appKey}, "redirect_uri": {callback}, "scope": {"openid,account_email"}, "prompt": {"login,create"},
			"login_hint": {"haneul@example.com"}, "service_terms": {"tag1,tag2"}, "state": {"state 1"}, "nonce": {"nonce-1"}, "lang": {"en"},
			"code_challenge": {challenge}, "code_challenge_method": {"S256"},
		}},
		{"another account", "/oauth/authorize", func() (string, error) {
			return a.AuthorizeURL(rest.AuthorizeRequest{RedirectURI: callback, Prompt: []rest.Prompt{rest.PromptSelectAccount}})
		}, url.Values{"response_type": {"code"}, "client_id": {appKey}, "redirect_uri": {callback}, "prompt": {"select_account"}}},
		{"auto-login", "/oauth/authorize", func() (string, error) {
			return a.AutoLoginURL(rest.AuthorizeRequest{RedirectURI: callback, State: "s"})
		}, url.Values{"response_type": {"code"}, "client_id": {appKey}, "redirect_uri": {callback}, "prompt": {"none"}, "state": {"s"}}},
		{"additional consent", "/oauth/authorize", func() (string, error) {
			return a.ConsentURL(rest.AuthorizeRequest{RedirectURI: callback, Scope: []string{"account_email", "gender"}})
		}, url.Values{"response_type": {"code"}, "client_id": {appKey}, "redirect_uri": {callback}, "scope": {"account_email,gender"}}},
		{"service terms", "/oauth/authorize", func() (string, error) {
			return a.TermsURL(rest.AuthorizeRequest{RedirectURI: callback, ServiceTerms: []string{"tag1", "tag2"}})
		}, url.Values{"response_type": {"code"}, "client_id": {appKey}, "redirect_uri": {callback}, "service_terms": {"tag1,tag2"}}},
		{"logout", "/oauth/logout", func() (string, error) {
			return a.LogoutURL(rest.LogoutRequest{LogoutRedirectURI: "https://app.example.com/bye", State: "s"})
		}, url.Values{"client_id": {appKey}, "logout_redirect_uri": {"https://app.example.com/bye"}, "state": {"s"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address, err := c.make()
			if err != nil {
				t.Fatal(err)
			}
			got, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Query()); diff != "" || !strings.HasPrefix(address, kauth+c.path+"?") {
				t.Errorf("%s\n%s", address, diff)
			}
			if strings.Contains(address, clientSecret) || strings.Contains(address, "verifier-1") {
				t.Errorf("a secret is in the address: %s", address)
			}
		})
	}
}
