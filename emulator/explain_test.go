package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// What is wrong is shown beside what would have been right, with a way to change
// it here rather than at Kakao.
func TestErrorPagesShowTheDifference(t *testing.T) {
	p := start(t, func(c *emulator.Config) {
		c.Apps[0].RedirectURIs = []string{"http://127.0.0.1:1/callback", "https://shop.example.com/oauth"}
		c.Apps[0].LogoutRedirectURIs = nil
	})
	b := p.browser()
	b.header.Set("Accept-Language", "en")
	cases := []struct {
		name  string
		shown func() page
		want  []string
		not   []string
	}{
		{
			"a slash too many", func() page { return b.authorize("redirect_uri", callback+"/") },
			[]string{"KOE006", "http://127.0.0.1:1/callback<mark>/</mark>", "character <strong>28</strong>", "--redirect-uri &#39;http://127.0.0.1:1/callback/&#39;", `href="/console#/apps/100001"`},
			[]string{"Platform key"},
		},
		{"an invisible space", func() page { return b.authorize("redirect_uri", callback+" ") }, []string{"<mark>[U+0020]</mark>"}, []string{"kakaowasm emulate --"}},
		{"markup", func() page { return b.authorize("redirect_uri", "http://x/<script>alert(1)</script>") }, []string{"&lt;"}, []string{"<script>alert"}},
		{"an unknown key", func() page { return b.authorize("client_id", emulator.DemoRESTAPIKey[1:]) }, []string{"KOE101", emulator.DemoRESTAPIKey[1:] + "<mark>1</mark>", `href="/console#/apps"`}, []string{"Platform key"}},
		{"an admin key is never shown", func() page { return b.authorize("client_id", emulator.DemoAdminKey) }, []string{"KOE008"}, []string{emulator.DemoAdminKey}},
		{"nothing is registered", func() page {
			return b.do(http.MethodGet, p.url+"/oauth/logout?client_id="+emulator.DemoRESTAPIKey+"&logout_redirect_uri=http://127.0.0.1:1/bye", nil)
		}, []string{"KOE007", "Nothing is registered", "--logout-redirect-uri"}, []string{"First difference"}},
		{"a scope in a popup", func() page { return b.authorize("redirect_uri", "JS-SDK", "scope", "birthdate") }, []string{"KOE205", "<mark>", "birthda", "scope"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			shown := c.shown()
			for _, want := range c.want {
				if !strings.Contains(shown.body, want) {
					t.Errorf("%q is not in:\n%s", want, shown.body)
				}
			}
			for _, not := range c.not {
				if strings.Contains(shown.body, not) {
					t.Errorf("%q is in:\n%s", not, shown.body)
				}
			}
		})
	}
}

// Programs get the same in a header: the body stays as Kakao's is.
func TestProgramsGetTheDifferenceInAHeader(t *testing.T) {
	p := start(t)
	b := p.browser()
	code := b.logIn(b.authorize(), haneul).redirect.Get("code")
	refused := p.exchange(code, "redirect_uri", callback+"?from=kakao")
	wantRefusal(t, refused, http.StatusBadRequest, "invalid_grant", "KOE303")
	m, ok := mismatch.Parse(refused.header.Get(mismatch.HeaderMismatch))
	if !ok || m.Came != callback+"?from=kakao" || m.Registered[0] != callback || m.At() != len(callback)+1 {
		t.Errorf("got %+v", m)
	}
	away := p.browser().authorize("scope", "birthdate")
	if m, ok := mismatch.Parse(away.header.Get(mismatch.HeaderMismatch)); !ok || m.Parameter != "scope" || m.Registered[0] != "birthday" {
		t.Errorf("got %+v", m)
	}
	if got := p.call(http.MethodGet, kakao.PathDiscovery, "", nil); got.header.Get(mismatch.HeaderEmulator) != "/console" {
		t.Errorf("an emulator does not say that it is one: %v", got.header)
	}
}
