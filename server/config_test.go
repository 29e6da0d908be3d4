package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// good is the least configuration.
func good() Config { return Config{PublicURL: testPublicURL, RESTAPIKey: testRESTKey} }

func TestConfigMistakesAreNamed(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Config)
		want   string // "" for none
	}{
		"least":                      {func(*Config) {}, ""},
		"root as base path":          {func(c *Config) { c.PublicURL = "https://login.example.com/" }, ""},
		"loopback":                   {func(c *Config) { c.PublicURL = "http://localhost:8480/kakao" }, ""},
		"IPv6 loopback":              {func(c *Config) { c.PublicURL = "http://[::1]:8480/kakao" }, ""},
		"no public URL":              {func(c *Config) { c.PublicURL = "" }, "Config.PublicURL: expected the address"},
		"relative public URL":        {func(c *Config) { c.PublicURL = "/kakao" }, "Config.PublicURL: expected the address"},
		"public URL over plain http": {func(c *Config) { c.PublicURL = "http://app.example.com/kakao" }, "Config.PublicURL: expected https"},
		"loopback in a name only":    {func(c *Config) { c.PublicURL = "http://127.0.0.1.example.com/kakao" }, "Config.PublicURL: expected https"},
		"public URL with query":      {func(c *Config) { c.PublicURL += "?x" }, "Config.PublicURL: expected the address"},
		"public URL with user":       {func(c *Config) { c.PublicURL = "https://u@app.example.com/" }, "Config.PublicURL: expected the address"},
		"base path that needs care":  {func(c *Config) { c.PublicURL = testOrigin + "/a/../b" }, "Config.PublicURL: expected a plain path"},
		"encoded base path":          {func(c *Config) { c.PublicURL = testOrigin + "/%2e" }, "Config.PublicURL: expected a plain path"},
		"no REST key":                {func(c *Config) { c.RESTAPIKey = "" }, "Config.RESTAPIKey: expected the key"},
		"key with a space":           {func(c *Config) { c.JavaScriptKeys = []string{"ok", "not ok"} }, "Config.JavaScriptKeys[1]: expected the key"},
		"admin key with a space":     {func(c *Config) { c.AppID, c.AdminKey = "1", "not ok" }, "Config.AdminKey: expected the key"},
		"admin key without app":      {func(c *Config) { c.AdminKey = "key" }, "Config.AppID: expected the app's number"},
		"admin key and app":          {func(c *Config) { c.AppID, c.AdminKey = "1", "key" }, ""},
		"origin with a path":         {func(c *Config) { c.AllowedOrigins = []string{"https://a.example.com/"} }, "Config.AllowedOrigins[0]: expected an origin"},
		"wildcard origin":            {func(c *Config) { c.AllowedOrigins = []string{"https://*.example.com"} }, "Config.AllowedOrigins[0]: expected an origin"},
		"any origin":                 {func(c *Config) { c.AllowedOrigins = []string{"*"} }, "Config.AllowedOrigins[0]: expected an origin"},
		"origin null":                {func(c *Config) { c.AllowedOrigins = []string{"null"} }, "Config.AllowedOrigins[0]: expected an origin"},
		"address written otherwise":  {func(c *Config) { c.AllowedOrigins = []string{"https://127.1"} }, "as browsers write it"},
		"IPv6 written otherwise":     {func(c *Config) { c.PublicURL = "https://[::0001]/kakao" }, "as browsers write it"},
		"xn-- that stands for none":  {func(c *Config) { c.PublicURL = "https://xn--a/kakao" }, "as browsers write it"},
		"origin with default port":   {func(c *Config) { c.AllowedOrigins = []string{"https://a.example.com:443"} }, "as browsers send it"},
		"origin in capitals":         {func(c *Config) { c.AllowedOrigins = []string{"https://A.example.com"} }, "as browsers send it"},
		"origin over plain http":     {func(c *Config) { c.AllowedOrigins = []string{"http://a.example.com"} }, "Config.AllowedOrigins[0]: expected https"},
		"redirect URI with fragment": {func(c *Config) { c.RedirectURIs = []string{"https://a.example.com/#x"} }, "Config.RedirectURIs[0]: expected an absolute URL"},
		"redirect URI over http":     {func(c *Config) { c.RedirectURIs = []string{"http://a.example.com/"} }, "Config.RedirectURIs[0]: expected https"},
		"half a platform":            {func(c *Config) { c.Platform = kakao.Platform{Auth: "https://kauth.example.com"} }, "Config.Platform.API: expected an origin"},
		"partitioned on loopback":    {func(c *Config) { c.PublicURL, c.Partitioned = "http://127.0.0.1:8480/kakao", true }, "Config.Partitioned: expected an https"},
		"SameSite=None":              {func(c *Config) { c.SameSite = http.SameSiteNoneMode }, "Config.SameSite: expected Lax or Strict"},
		"SameSite as browsers like":  {func(c *Config) { c.SameSite = http.SameSiteDefaultMode }, "Config.SameSite: expected Lax or Strict"},
		"Strict and partitioned":     {func(c *Config) { c.SameSite, c.Partitioned = http.SameSiteStrictMode, true }, "Config.SameSite: expected Strict or Partitioned"},
		"any proxy":                  {func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")} }, "Config.TrustedProxies[0]: expected the network"},
		"proxies with host bits":     {func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.1/8")} }, "Config.TrustedProxies[0]: expected the network"},
		"zero network":               {func(c *Config) { c.TrustedProxies = []netip.Prefix{{}} }, "Config.TrustedProxies[0]: expected the network"},
		"one proxy":                  {func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")} }, ""},
		"audience of a foreign page": {func(c *Config) { c.TokenAudiences = []TokenAudience{{"https://evil.example", "x"}} }, "Config.TokenAudiences[0]: expected the server's own origin or an allowed one"},
		"audience of nobody":         {func(c *Config) { c.TokenAudiences = []TokenAudience{{testOrigin, ""}} }, "Config.TokenAudiences[0]: expected an audience"},
		"audience with a space":      {func(c *Config) { c.TokenAudiences = []TokenAudience{{testOrigin, "a b"}} }, "Config.TokenAudiences[0]: expected an audience"},
		"tokens that nobody signs":   {func(c *Config) { c.TokenAlgorithm = "none" }, "Config.TokenAlgorithm: expected RS256 or EdDSA"},
		"tokens by a shared secret":  {func(c *Config) { c.TokenAlgorithm = "HS256" }, "Config.TokenAlgorithm: expected RS256 or EdDSA"},
		"other forwarding header":    {func(c *Config) { c.ForwardedHeader = "X-Real-IP" }, "Config.ForwardedHeader: expected X-Forwarded-For or Forwarded"},
		"negative HSTS":              {func(c *Config) { c.StrictTransportSecurity = -1 }, "Config.StrictTransportSecurity: expected a duration"},
		"negative duration":          {func(c *Config) { c.SessionIdle = -1 }, "Config.SessionIdle: expected a duration"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := good()
			test.change(&cfg)
			_, err := New(cfg)
			if validated := cfg.Validate(); fmt.Sprint(validated) != fmt.Sprint(err) {
				t.Errorf("Validate says %v, and New %v", validated, err)
			}
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestConfigMistakesAreNamedAtOnce(t *testing.T) {
	_, err := New(Config{AllowedOrigins: []string{"*"}, RedirectURIs: []string{"x"}})
	for _, name := range []string{"PublicURL", "RESTAPIKey", "AllowedOrigins[0]", "RedirectURIs[0]"} {
		if err == nil || !strings.Contains(err.Error(), "Config."+name) {
			t.Errorf("%s is missing in: %v", name, err)
		}
	}
}

func TestAMistakeKnowsItsField(t *testing.T) {
	_, err := New(Config{PublicURL: testPublicURL, RESTAPIKey: "key", RedirectURIs: []string{"https://a.example.com/", "x"}})
	if mistake := (*FieldError)(nil); !errors.As(err, &mistake) || mistake.Field != "RedirectURIs[1]" || mistake.Err == nil {
		t.Errorf("got %v", err)
	}
}

func TestConfigDoesNotRepeatAMisplacedSecret(t *testing.T) {
	cfg := good()
	cfg.RESTAPIKey = "secret with spaces"
	if _, err := New(cfg); err == nil || strings.Contains(err.Error(), "secret with") {
		t.Error(err)
	}
}

func TestRegistryIsForOneServer(t *testing.T) {
	cfg := good()
	cfg.Registry = prometheus.NewRegistry()
	if _, err := New(cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), "Config.Registry") {
		t.Errorf("got %v", err)
	}
}

// A server at the root of its origin has the same paths.
func TestEmptyBasePath(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.PublicURL = testOrigin })
	r := h.request("GET", "/x", "")
	r.URL.Path = "/session"
	if res := h.send(r); res.StatusCode != http.StatusOK {
		t.Errorf("got %d", res.StatusCode)
	}
	if page := h.send(rootCallback(h)); page.StatusCode != http.StatusOK || !strings.Contains(readAll(t, page), `src="/callback.js"`) {
		t.Error("the relay page looks for its script elsewhere")
	}
}

func rootCallback(h *harness) *http.Request {
	r := h.request("GET", "/x", "")
	r.URL.Path = "/callback"
	return r
}
