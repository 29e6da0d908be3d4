package doctor

import (
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// An emulator is repaired in its own console and by its own flags.
func TestAnEmulatorIsNoKakao(t *testing.T) {
	p := emulator.Start(t)
	for _, tc := range []struct {
		name   string
		check  Check
		change change
		found  string
		fix    string
	}{
		{
			"redirect URI with a slash too many", CheckRedirectURI,
			change{app: func(a *emulator.App) { a.RedirectURIs = []string{"https://elsewhere.example", callback + "/"} }},
			`not registered; the closest that is differs at character 37: "` + callback + `/"`, "--redirect-uri. " + p.URL + "/console",
		},
		{"no redirect URI", CheckRedirectURI, change{app: func(a *emulator.App) { a.RedirectURIs = nil }}, "the emulator has none", "--redirect-uri"},
		{"logout redirect URI", CheckLogoutURI, change{app: func(a *emulator.App) { a.LogoutRedirectURIs = []string{publicURL} }}, "differs at character 28", "--logout-redirect-uri"},
		{"unknown key", CheckKey, change{config: func(c *Config) { c.RESTAPIKey = strings.Repeat("a", 32) }}, "", "a key of an app of this emulator"},
		{"client secret", CheckClientSecret, change{config: func(c *Config) { c.ClientSecret = "wrong" }}, "", "emulator's console shows"},
		{"scope", CheckScope, change{config: func(c *Config) { c.Scopes = []string{"account_ci"} }}, "", "in the emulator's console"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, tc.change)
			for _, f := range of(report, tc.check) {
				if f.Verdict == Failure || tc.check == CheckLogoutURI {
					if !strings.Contains(f.Found.En, tc.found) || !strings.Contains(f.Fix.En, tc.fix) || strings.Contains(f.Fix.En+f.Fix.Ko, "Platform key") {
						t.Errorf("found %q, fix %q", f.Found.En, f.Fix.En)
					}
					return
				}
			}
			t.Errorf("no finding: %s", texts(report))
		})
	}
}
