package doctor

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

func TestARightSetupIsHealthy(t *testing.T) {
	p := emulator.Start(t)
	report := examine(t, p, change{})
	for _, f := range report {
		if f.Verdict != OK {
			t.Errorf("%s: %s: %s", f.Check, f.Verdict, f.Found.En)
		}
	}
	if calls := p.Calls(""); len(calls) > 15 {
		t.Errorf("%d requests, want at most 15: %v", len(calls), calls)
	}
}

// TestNothingChangesAtKakao runs where every login would end at once, with a user
// who agrees to everything.
func TestNothingChangesAtKakao(t *testing.T) {
	p := emulator.Start(t)
	cfg := setUp(t, p, change{})
	p.LogInAs(4210000001)
	before := memory(t, p)
	Run(t.Context(), cfg)
	after := memory(t, p)
	if strings.Contains(string(after["Sessions"]), "4210000001") {
		t.Errorf("a user is logged in: %s", after["Sessions"])
	}
	delete(before, "Sessions") // the emulator gives every browser a cookie
	delete(after, "Sessions")
	if diff := cmp.Diff(before, after); diff != "" || len(after) == 0 {
		t.Errorf("the platform's memory changed (-before +after):\n%s", diff)
	}
}

// memory is what the platform remembers: logins, codes, tokens, consents.
func memory(t *testing.T, p *emulator.Platform) map[string]json.RawMessage {
	t.Helper()
	saved, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Memory map[string]json.RawMessage `json:"memory"`
	}
	if err := json.Unmarshal(saved, &state); err != nil {
		t.Fatal(err)
	}
	return state.Memory
}

func TestFindings(t *testing.T) {
	p := emulator.Start(t)
	secret := func(value string) func(*Config) { return func(c *Config) { c.ClientSecret = value } }
	scopes := func(list ...string) func(*Config) { return func(c *Config) { c.Scopes = list } }
	status := func(path string, code int, body string) []emulator.Fault {
		return []emulator.Fault{{Path: path, Status: code, Body: body}}
	}
	for _, tc := range []struct {
		name  string
		check Check
		change
		want  string
		found string // part of the English text
	}{
		{"metadata of another issuer", CheckDiscovery, change{config: func(c *Config) {
			c.Transport = rewriting{`"issuer":"`, `"issuer":"https://not.example/`}
		}}, "failure", "another issuer"},
		{"metadata with another token endpoint", CheckDiscovery, change{config: func(c *Config) {
			c.Transport = rewriting{"/oauth/token", "/oauth/tokens"}
		}}, "warning", "token_endpoint"},
		{"metadata without PKCE", CheckDiscovery, change{config: func(c *Config) {
			c.Transport = rewriting{`"S256"`, `"plain"`}
		}}, "warning", "code_challenge_methods_supported"},
		{"metadata while Kakao has trouble", CheckDiscovery, change{faults: status("/.well-known/openid-configuration", 500, "")}, "warning KOE003", ""},
		{"no signing keys", CheckJWKS, change{faults: status("/.well-known/jwks.json", 200, `{"keys":[]}`)}, "failure", "no usable"},
		{"signing keys of other kinds only", CheckJWKS, change{faults: status("/.well-known/jwks.json", 200, otherKeys)}, "failure", "no usable"},
		{"signing keys that are no JSON", CheckJWKS, change{faults: status("/.well-known/jwks.json", 200, "<html>")}, "warning", "unexpected"},
		{"signing keys while the connection drops", CheckJWKS, change{faults: []emulator.Fault{{Path: "/.well-known/jwks.json", Drop: true}}}, "warning", "breaks off"},

		{"no REST API key", CheckKeyForm, change{config: func(c *Config) { c.RESTAPIKey = "" }}, "failure", "no REST API key"},
		{"no JavaScript key", CheckKeyForm, change{config: func(c *Config) { c.JavaScriptKeys, c.Scopes = nil, []string{"profile_nickname"} }}, "warning", "no JavaScript key"},
		{"no JavaScript key, with openid", CheckKeyForm, change{config: func(c *Config) { c.JavaScriptKeys = nil }}, "failure", "no JavaScript key"},
		{"app ID in place of a key", CheckKeyForm, change{config: func(c *Config) { c.RESTAPIKey = "1234567" }}, "warning", "short number"},
		{"key with a quote", CheckKeyForm, change{config: func(c *Config) { c.JavaScriptKeys[0] += `"` }}, "warning", "32 hexadecimal"},
		{"one key in two places", CheckKeyForm, change{config: func(c *Config) { c.RESTAPIKey = emulator.DemoJavaScriptKey }}, "failure", "as REST API key and as JavaScript key"},
		{"admin key as client secret", CheckKeyForm, change{config: secret(emulator.DemoAdminKey)}, "failure", "as admin key and as client secret"},

		{"unknown REST API key", CheckKey, change{config: func(c *Config) { c.RESTAPIKey = strings.Repeat("a", 32) }}, "failure KOE101, ok", "aaaa…"},
		{"unknown JavaScript key", CheckKey, change{config: func(c *Config) { c.JavaScriptKeys[0] = strings.Repeat("b", 32) }}, "ok, failure KOE101", ""},
		{"admin key as REST API key", CheckKey, change{config: func(c *Config) { c.RESTAPIKey, c.AdminKey = c.AdminKey, "" }}, "failure KOE008, ok", "3333…"},
		{"admin key and REST API key swapped", CheckKey, change{config: func(c *Config) { c.RESTAPIKey, c.AdminKey = c.AdminKey, c.RESTAPIKey }}, "failure KOE008, ok", ""},
		{"keys while Kakao shows another page", CheckKey, change{faults: status("/oauth/authorize", 200, "<html>")}, "warning, warning", ""},

		{"too many keys to ask about", CheckKey, change{config: func(c *Config) {
			c.JavaScriptKeys = append(c.JavaScriptKeys, "a0000001", "a0000002", "a0000003", "a0000004")
		}}, "ok, ok, failure KOE101, failure KOE101, failure KOE101, skipped", "too many"},

		{"Kakao Login off", CheckLogin, change{app: func(a *emulator.App) { a.LoginOff = true }}, "failure KOE004", "off"},
		{"Kakao Login not seen", CheckLogin, change{app: func(a *emulator.App) { a.RedirectURIs = nil }}, "skipped", ""},

		{"redirect URI not registered", CheckRedirectURI, change{app: func(a *emulator.App) { a.RedirectURIs = nil }}, "warning KOE006, failure KOE006", "not registered"},
		{"redirect URI not registered, no JavaScript key", CheckRedirectURI, change{app: func(a *emulator.App) { a.RedirectURIs = nil }, config: func(c *Config) { c.JavaScriptKeys = nil }}, "failure KOE006", ""},
		{"redirect URI with a slash too many", CheckRedirectURI, change{app: func(a *emulator.App) { a.RedirectURIs = []string{callback + "/"} }}, "warning KOE006, failure KOE006", ""},
		{"one of two redirect URIs not registered", CheckRedirectURI, change{config: func(c *Config) { c.RedirectURIs = []string{"http://127.0.0.1:3000/oauth"} }}, "ok, ok, warning KOE006, failure KOE006", ""},
		{"too many redirect URIs to ask about", CheckRedirectURI, change{config: func(c *Config) {
			c.RedirectURIs = []string{"http://127.0.0.1:3000/a", "http://127.0.0.1:3000/b"}
		}}, "ok, ok, warning KOE006, failure KOE006, warning KOE006, skipped", ""},
		{"redirect URI of a key that is none", CheckRedirectURI, change{config: func(c *Config) { c.JavaScriptKeys[0] = strings.Repeat("b", 32) }}, "ok, skipped", ""},
		{"redirect URI while Kakao Login is off", CheckRedirectURI, change{app: func(a *emulator.App) { a.LoginOff = true }}, "skipped, skipped", ""},
		{"redirect URI while Kakao has trouble", CheckRedirectURI, change{faults: status("/oauth/authorize", 500, "")}, "warning KOE003, warning KOE003", ""},
		{"redirect URI while the connection drops", CheckRedirectURI, change{faults: []emulator.Fault{{Path: "/oauth/authorize", Drop: true}}}, "warning, warning", "breaks off"},

		{"OpenID Connect off", CheckScope, change{app: func(a *emulator.App) { a.OpenIDConnect = false }}, "failure KOE205", `"openid": not set`},
		{"scope that is no consent item", CheckScope, change{config: scopes("openid", "name")}, "failure KOE205", `"name": not set`},
		{"single scope that is no consent item", CheckScope, change{config: scopes("name")}, "failure KOE205", `"name": not set`},
		{"openid last in a list", CheckScope, change{app: func(a *emulator.App) { a.OpenIDConnect = false }, config: scopes("gender", "birthday", "openid")}, "failure KOE205", `"openid": not set, and maybe others`},
		{"scope beyond those asked one by one", CheckScope, change{config: scopes("openid", "gender", "name")}, "failure KOE205", "one or more"},
		{"no scopes given", CheckScope, change{config: scopes()}, "skipped", "--scope"},
		{"scopes without a registered redirect URI", CheckScope, change{app: func(a *emulator.App) { a.RedirectURIs = nil }}, "skipped", "no login"},

		{"client secret wrong", CheckClientSecret, change{config: secret("wrong-secret")}, "failure KOE010", "wrong"},
		{"client secret missing", CheckClientSecret, change{config: secret("")}, "failure KOE010", "missing"},
		{"client secret not asked for", CheckClientSecret, change{app: func(a *emulator.App) { a.ClientSecretOff = true }}, "warning", "does not ask"},
		{"neither configured nor asked for", CheckClientSecret, change{app: func(a *emulator.App) { a.ClientSecretOff = true }, config: secret("")}, "ok", "none"},
		{"client secret of an unknown key", CheckClientSecret, change{config: func(c *Config) { c.RESTAPIKey = strings.Repeat("a", 32) }}, "failure KOE101", ""},
		{"client secret without a key", CheckClientSecret, change{config: func(c *Config) { c.RESTAPIKey = "" }}, "skipped", ""},
		{"client secret under a quota", CheckClientSecret, change{faults: status("/oauth/token", 400, `{"error":"invalid_request","error_code":"KOE237"}`)}, "warning KOE237", ""},
		{"client secret and an error nobody knows", CheckClientSecret, change{faults: status("/oauth/token", 400, `{"error":"odd","error_code":"KOE999"}`)}, "warning KOE999", ""},
		{"client secret while the second request fails", CheckClientSecret, change{faults: []emulator.Fault{
			{Path: "/oauth/token", Times: 1, Status: 401, Body: `{"error":"invalid_client","error_code":"KOE010"}`}, {Path: "/oauth/token", Drop: true},
		}}, "warning", "breaks off"},

		{"admin key wrong", CheckAdminKey, change{config: func(c *Config) { c.AdminKey = strings.Repeat("c", 32) }}, "failure -401", "refused"},
		{"admin key without the list of users", CheckAdminKey, change{faults: status("/v1/user/ids", 403, `{"code":-3,"msg":"x"}`)}, "ok", "known"},
		{"admin key while Kakao has trouble", CheckAdminKey, change{faults: status("/v1/user/ids", 400, `{"code":-1,"msg":"x"}`)}, "warning -1", ""},
		{"no admin key", CheckAdminKey, change{config: func(c *Config) { c.AdminKey = "" }}, "skipped", "webhook"},

		{"logout redirect URI not registered", CheckLogoutURI, change{app: func(a *emulator.App) { a.LogoutRedirectURIs = nil }}, "warning KOE007", ""},
		{"logout redirect URI and an odd page", CheckLogoutURI, change{faults: status("/oauth/logout", 200, "<html>")}, "skipped", "could not tell"},
		{"logout without a key", CheckLogoutURI, change{config: func(c *Config) { c.RESTAPIKey = "" }}, "skipped", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, tc.change)
			found := of(report, tc.check)
			if got := brief(found); got != tc.want {
				t.Fatalf("got %s, want %s", got, tc.want)
			}
			if !strings.Contains(texts(found), tc.found) {
				t.Errorf("%q lacks %q", texts(found), tc.found)
			}
		})
	}
}

// texts are all English texts of a report.
func texts(report Report) string {
	var all strings.Builder
	for _, f := range report {
		fmt.Fprintln(&all, f.Found.En, f.Cause.En, f.Fix.En)
	}
	return all.String()
}

const otherKeys = `{"keys":[
	{"kid":"1","kty":"EC","alg":"ES256","use":"sig","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
	{"kid":"2","kty":"RSA","alg":"RS256","use":"enc","n":"AQAB","e":"AQAB"},
	{"kid":"","kty":"RSA","alg":"RS256","use":"sig","n":"AQAB","e":"AQAB"},
	{"kid":"4","kty":"RSA","alg":"RS256","use":"sig","n":"!","e":"AQAB"},
	{"kid":"5","kty":"oct","alg":"HS256","k":"AQAB"}]}`

func TestClock(t *testing.T) {
	p := emulator.Start(t)
	for _, tc := range []struct {
		name  string
		off   time.Duration
		want  Verdict
		found string
	}{
		{"right", 0, OK, "half a minute"},
		{"a little ahead", 25 * time.Second, OK, "half a minute"},
		{"ahead", 40 * time.Second, Warning, "ahead"},
		{"behind", -45 * time.Second, Warning, "behind"},
		{"behind by more than the token server tolerates", -65 * time.Second, Failure, "behind"},
		{"ahead by as much", 65 * time.Second, Warning, "ahead"},
		{"far ahead", time.Hour, Failure, "ahead"},
		{"far behind", -6 * time.Minute, Failure, "behind"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, change{config: func(c *Config) {
				c.Now = func() time.Time { return time.Now().Add(tc.off) }
			}})
			f := of(report, CheckClock)[0]
			if f.Verdict != tc.want || !strings.Contains(f.Found.En, tc.found) {
				t.Errorf("got %s: %s", f.Verdict, f.Found.En)
			}
		})
	}
}

// A platform whose clock goes otherwise than this machine's says so with every
// answer, as it does in ID tokens.
func TestClockOfThePlatform(t *testing.T) {
	p := emulator.Start(t)
	seed := p.Seed()
	seed.Clock.Advance = emulator.Duration(10 * time.Minute)
	if err := p.ApplySeed(seed); err != nil {
		t.Fatal(err)
	}
	f := of(examine(t, p, change{}), CheckClock)[0]
	if f.Verdict != Failure || !strings.Contains(f.Found.En, "10m0s behind the emulator's clock") || strings.Contains(f.Fix.En+f.Fix.Ko, "NTP") {
		t.Errorf("got %s: %s %s", f.Verdict, f.Found.En, f.Fix.En)
	}
}

// TestNoSecretIsFound puts the secrets into every place of a setup that takes a
// text, and looks for them in everything that a report holds.
func TestNoSecretIsFound(t *testing.T) {
	p := emulator.Start(t)
	const secret, admin = "s3cret-5fd0c1e2", "adm1n-77aa88bb99"
	hidden := []string{secret, admin, emulator.DemoRESTAPIKey, emulator.DemoJavaScriptKey}
	everywhere := "https://" + secret + ":" + admin + "@app.example.com/" + secret + "/" + emulator.DemoRESTAPIKey + "#" + admin
	for _, tc := range []struct {
		name   string
		change change
	}{
		{"in their places", change{}},
		{"as each other", change{config: func(c *Config) { c.RESTAPIKey, c.JavaScriptKeys = secret, []string{admin, secret} }}},
		{"in addresses", change{config: func(c *Config) {
			c.PublicURL, c.AllowedOrigins, c.RedirectURIs, c.Scopes = everywhere, []string{everywhere, secret}, []string{everywhere, "https://a.example/" + secret}, []string{secret, admin}
		}}},
		{"in the platform's address", change{config: func(c *Config) { c.Platform.Auth, c.Platform.API = everywhere, secret }}},
		{"repeated by Kakao", change{faults: []emulator.Fault{
			{Path: "/oauth/*", Status: 400, Body: `{"error":"` + secret + `","error_description":"` + admin + `","error_code":"KOE` + secret + `"}`},
			{Path: "/v1/*", Status: 400, Body: `{"code":-5,"msg":"` + admin + `"}`},
		}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			change := tc.change
			configure := change.config
			change.config = func(c *Config) {
				c.ClientSecret, c.AdminKey = secret, admin
				if configure != nil {
					configure(c)
				}
			}
			report := examine(t, p, change)
			said := fmt.Sprintf("%+v", report)
			for _, s := range hidden {
				if strings.Contains(said, s) || strings.Contains(said, s[:8]) {
					t.Errorf("%s is in %s", s, said)
				}
			}
		})
	}
}

func TestEveryCheckHasATitle(t *testing.T) {
	p := emulator.Start(t)
	for c, title := range titles {
		if title.En == "" || title.Ko == "" {
			t.Errorf("%s has no title in both languages", c)
		}
	}
	report := examine(t, p, change{config: func(c *Config) {
		c.AllowedOrigins, c.RedirectURIs = []string{"http://127.0.0.1:3000"}, []string{"http://127.0.0.1:3000/oauth"}
		c.Live = true // Nothing listens: then each of its checks says that it was skipped.
	}})
	seen := map[Check]bool{}
	for _, f := range report {
		seen[f.Check] = true
	}
	for c := range titles {
		if !seen[c] {
			t.Errorf("no finding of %s", c)
		}
	}
	if len(seen) != len(titles) {
		t.Errorf("%d checks have findings, %d have titles", len(seen), len(titles))
	}
}
