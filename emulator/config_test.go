package emulator_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

func TestDefaultConfigurationSurvivesJSON(t *testing.T) {
	want := emulator.Default("http://127.0.0.1:8481", callback)
	written, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "emulator.json")
	if err := os.WriteFile(path, written, 0o600); err != nil {
		t.Fatal(err)
	}
	seed, err := emulator.ReadSeed(path)
	got := seed.Config
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Users, got.Users, cmpopts.IgnoreFields(emulator.User{}, "ServiceUserIDs")); diff != "" {
		t.Error(diff)
	}
	e, err := emulator.NewFromSeed(seed)
	if err != nil {
		t.Fatal(err)
	}
	completed := e.Config()
	if time.Duration(completed.AccessTokenTTL) != 12*time.Hour || time.Duration(completed.RefreshTokenTTL) != 60*24*time.Hour {
		t.Errorf("lifetimes %v, %v", completed.AccessTokenTTL, completed.RefreshTokenTTL)
	}
	if scope := completed.Apps[0].Scopes[2]; scope.Name.En != "Email" || scope.Type != "PRIVACY" {
		t.Errorf("scope not completed: %+v", scope)
	}
	if want.Apps[0].Scopes[2].Name.En != "" {
		t.Error("reading changed the original")
	}
}

func TestReadSeedNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "emulator.json")
	if _, err := emulator.ReadSeed(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := emulator.ReadSeed(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestParseSeedIsStrict(t *testing.T) {
	tests := []struct{ name, json, want string }{
		{"no YAML", "apps: [", "neither JSON nor YAML"},
		{"unknown member", `{"app":[]}`, "app: is not known"},
		{"wrong type", `{"apps":{}}`, "apps"},
		{"more than one object", `{} {}`, "neither JSON nor YAML"},
		{"bad duration", `{"access_token_ttl":"soon"}`, `"soon" is not a duration`},
		{"bad days", `{"access_token_ttl":"xd"}`, `"xd" is not a duration`},
		{"an app without keys", `{"apps":[{"name":"a","id":1}]}`, "apps[0].rest_api_key: is required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := emulator.ParseSeed([]byte(tt.json))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestDaysAreDurations(t *testing.T) {
	cfg := emulator.Default("", callback)
	written, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	with := `{"refresh_token_ttl":"14d","access_token_ttl":"90s",` + string(written[1:])
	got, err := emulator.ParseSeed([]byte(with))
	if err != nil {
		t.Fatal(err)
	}
	if time.Duration(got.RefreshTokenTTL) != 14*24*time.Hour || time.Duration(got.AccessTokenTTL) != 90*time.Second {
		t.Errorf("got %v, %v", got.RefreshTokenTTL, got.AccessTokenTTL)
	}
	text, err := got.RefreshTokenTTL.MarshalText()
	if err != nil || string(text) != "336h0m0s" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestNewNamesEveryMistake(t *testing.T) {
	tests := []struct {
		name string
		edit func(*emulator.Config)
		want []string
	}{
		{"no issuer", func(c *emulator.Config) { c.Issuer = "" }, []string{`issuer: "" is not an origin`}},
		{"issuer with a slash", func(c *emulator.Config) { c.Issuer += "/" }, []string{"issuer:"}},
		{"lifetimes", func(c *emulator.Config) { c.AccessTokenTTL, c.RefreshTokenTTL = 1, -1 }, []string{"access_token_ttl:", "refresh_token_ttl:"}},
		{"empty app", func(c *emulator.Config) { c.Apps = []emulator.App{{}} }, []string{
			"apps[0].name: is required", "apps[0].id: is required", "apps[0].rest_api_key: is required",
			"apps[0].javascript_key: is required",
		}},
		{"two apps with the same keys", func(c *emulator.Config) { c.Apps = append(c.Apps, c.Apps[0]) }, []string{
			"apps[1].id: is the same as apps[0].id", "apps[1].rest_api_key: is the same as apps[0].rest_api_key",
		}},
		{"redirect URIs", func(c *emulator.Config) {
			c.Apps[0].RedirectURIs = []string{"http://shop.example/", "/callback", "https://shop.example/#a", "app://x", "http://localhost:1/ok", "http://[::1]/ok", "https://shop.example/ok"}
		}, []string{"redirect_uris[0]: \"http://shop.example/\" must use https", "redirect_uris[1]:", "redirect_uris[2]:", "fragment", "redirect_uris[3]:"}},
		{"site domain with a path", func(c *emulator.Config) { c.Apps[0].SiteDomains = []string{"https://shop.example/a"} }, []string{"site_domains[0]:"}},
		{"scopes", func(c *emulator.Config) {
			c.Apps[0].Scopes = []emulator.Scope{{ID: "a b"}, {ID: "openid"}, {ID: "own"}, {ID: "gender", Type: "OTHER"}, {ID: "gender"}}
		}, []string{"scopes[0].id:", "scopes[1].id: openid is no consent item", "scopes[2].display_name:", "scopes[3].type:", "scopes[4].id: is the same as"}},
		{"terms", func(c *emulator.Config) { c.Apps[0].ServiceTerms = []emulator.ServiceTerm{{Tag: "a,b"}} }, []string{"service_terms[0].tag:", "service_terms[0].title:"}},
		{"user properties", func(c *emulator.Config) { c.Apps[0].UserProperties = []string{"clothing_size", "a b", "nickname"} }, []string{
			`user_properties[1]: "a b" must be`, `user_properties[2]: "nickname" follows the profile`,
		}},
		{"webhooks", func(c *emulator.Config) {
			c.Apps[0].AdminKey = ""
			c.Apps[0].UnlinkWebhook = emulator.UnlinkWebhook{URL: "https://shop.example/hook", Method: "PUT"}
			c.Apps[0].AccountWebhook = emulator.AccountWebhook{URL: "/hook", Events: []string{catalog.EventTokenIssued, "made-up"}}
		}, []string{
			`unlink_webhook.method: "PUT" must be GET or POST`, "unlink_webhook: needs the app's admin_key",
			`account_webhook.url: "/hook" is not an absolute`, `account_webhook.events[1]: "made-up"`,
		}},
		{"an item that is both required and in use", func(c *emulator.Config) { c.Apps[0].Scopes[0].InUse = true }, []string{"scopes[0]: choose one of required and in_use"}},
		{"addresses and IDs of users", func(c *emulator.Config) {
			c.Users[0].ShippingAddresses = []emulator.ShippingAddress{{}, {ID: 3}, {ID: 3}}
			c.Users[0].ServiceUserIDs, c.Users[1].ServiceUserIDs = map[int64]int64{100001: 5}, map[int64]int64{100001: 5}
			c.Users[2].ServiceUserIDs = map[int64]int64{100001: -1}
		}, []string{
			"users[0].shipping_addresses[0].id: is required", "users[0].shipping_addresses[2].id: is the same as", "users[1].service_user_ids[100001]: is the same as",
			"users[2].service_user_ids[100001]: must be positive",
		}},
		{"users", func(c *emulator.Config) {
			c.Users = []emulator.User{{}, {ID: 1, Nickname: "a", Email: "x", Gender: "m", AgeRange: "25", Birthday: "1332", Birthyear: "99", ProfileImageURL: "a.jpg", ThumbnailImageURL: "b.jpg"}, {ID: 1, Nickname: "b"}}
		}, []string{
			"users[0].id:", "users[0].nickname:", "users[1].email:", "users[1].gender:", "users[1].age_range:", "users[1].birthday:",
			"users[1].birthyear:", "users[1].profile_image_url:", "users[1].thumbnail_image_url:", "users[2].id: is the same as users[1].id",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := emulator.Default("http://127.0.0.1:8481", callback)
			tt.edit(&cfg)
			_, err := emulator.New(cfg)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error lacks %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "/ok") {
				t.Errorf("a good redirect URI is refused:\n%v", err)
			}
		})
	}
}

func TestCookieIsSecureBehindHTTPS(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Issuer = "https://kauth.example" })
	if cookie := p.browser().authorize().header.Get("Set-Cookie"); !strings.Contains(cookie, "Secure") {
		t.Errorf("got %q", cookie)
	}
}

func TestLogsHoldNoTokensCodesOrSecrets(t *testing.T) {
	var log bytes.Buffer
	cfg := emulator.Default("http://127.0.0.1:8481", callback)
	e, err := emulator.New(cfg, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{"code-value", "secret-value", "token-value", emulator.DemoClientSecret}
	requests := []struct{ method, target, body, authorization string }{
		{http.MethodGet, "/oauth/authorize?client_id=x&code=code-value", "", ""},
		{http.MethodPost, "/oauth/token", "grant_type=authorization_code&client_id=" + emulator.DemoRESTAPIKey + "&client_secret=secret-value&code=code-value", ""},
		{http.MethodPost, "/oauth/token", "grant_type=refresh_token&client_id=" + emulator.DemoRESTAPIKey + "&client_secret=" + emulator.DemoClientSecret + "&refresh_token=token-value", ""},
		{http.MethodGet, "/v2/user/me", "", "Bearer token-value"},
	}
	for _, request := range requests {
		serve(t, e, request.method, request.target, request.body, request.authorization)
	}
	if lines := strings.Count(log.String(), "\n"); lines != len(requests) {
		t.Errorf("%d lines for %d refusals:\n%s", lines, len(requests), log.String())
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, log.String())
		}
	}
}
