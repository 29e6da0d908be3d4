package main

import (
	"errors"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// parseServe reads a command line in an environment of the test's own.
func parseServe(t *testing.T, env map[string]string, args ...string) *ServeCmd {
	t.Helper()
	for _, name := range []string{
		"KAKAO_CLIENT_SECRET", "KAKAO_CLIENT_SECRET_FILE", "KAKAOWASM_SESSION_KEYS", "KAKAOWASM_SESSION_KEYS_FILE",
		"KAKAOWASM_STORE", "KAKAO_REST_API_KEY", "STATE_DIRECTORY",
	} {
		t.Setenv(name, env[name])
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	var serve ServeCmd
	options := newFlags(&serve)
	if err := errors.Join(options.set.Parse(args), options.readEnv()); err != nil {
		t.Fatal(err)
	}
	return &serve
}

// file writes a file and returns its path.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What back ends are told, and by which secrets, comes from the options.
func TestServeOptionsForBackEnds(t *testing.T) {
	const first, second = "whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="
	env := map[string]string{
		"KAKAO_REST_API_KEY":           "rest",
		"KAKAOWASM_STORE":              "memory",
		"KAKAOWASM_TOKEN_AUDIENCES":    "https://app.example.com=https://api.example.com,https://app.example.com=urn:reports=1",
		"KAKAOWASM_NOTIFY_URL":         "https://app.example.com/hooks",
		"KAKAOWASM_NOTIFY_SECRET_FILE": file(t, second+"\n"+first+"\n"),
	}
	o, err := parseServe(t, env, "--public-url=https://app.example.com/kakao", "--token-algorithm=EdDSA", "--proxy-requests-per-minute=-1").options()
	if err != nil {
		t.Fatal(err)
	}
	got := []any{o.TokenAudiences, o.TokenAlgorithm, o.NotifyURL, o.NotifySecrets, o.ProxyRequestsPerMinute}
	want := []any{
		[]server.TokenAudience{{Origin: "https://app.example.com", Audience: "https://api.example.com"}, {Origin: "https://app.example.com", Audience: "urn:reports=1"}},
		"EdDSA", "https://app.example.com/hooks",
		[]string{second, first},
		-1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	env["KAKAOWASM_TOKEN_AUDIENCES"], env["KAKAOWASM_NOTIFY_SECRET_FILE"] = "https://api.example.com", file(t, "hunter2hunter2")
	_, err = parseServe(t, env, "--public-url=https://app.example.com/kakao", "--token-algorithm=none").options()
	for _, want := range []string{
		"--token-audience (KAKAOWASM_TOKEN_AUDIENCES): expected the origin of the pages, = and the audience",
		"--token-algorithm (KAKAOWASM_TOKEN_ALGORITHM): expected RS256 or EdDSA",
		"--notify-secret-file (KAKAOWASM_NOTIFY_SECRET_FILE): expected whsec_",
	} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("expected %q, and no secret, got: %v", want, err)
		}
	}
}

func TestServeOptionsBecomeTheConfiguration(t *testing.T) {
	c := parseServe(t, map[string]string{
		"KAKAO_REST_API_KEY":            "rest",
		"KAKAO_JAVASCRIPT_KEY":          "js1,js2",
		"KAKAOWASM_TRUSTED_PROXIES":     "10.0.0.0/8,192.0.2.1,fd00::/8",
		"KAKAO_CLIENT_SECRET_FILE":      file(t, "\nhush\r\n"),
		"KAKAOWASM_SESSION_KEYS_FILE":   file(t, keyring.Generate()),
		"KAKAOWASM_STORE":               "bolt:/var/lib/x.db",
		"KAKAOWASM_SESSION_IDLE":        "12h",
		"KAKAOWASM_FORWARDED_HEADER":    "Forwarded",
		"KAKAOWASM_REQUESTS_PER_MINUTE": "-1",
	}, "--public-url=https://app.example.com/kakao", "--strict-transport-security=8760h", "--drain-delay=0s", "--cookie-same-site=Strict")
	o, err := c.options()
	if err != nil {
		t.Fatal(err)
	}
	got := []any{
		o.PublicURL, o.RESTAPIKey, o.JavaScriptKeys, o.ClientSecret, o.TrustedProxies, o.ForwardedHeader,
		o.SessionIdle, o.SessionLifetime, o.RequestsPerMinute, o.SessionRequestsPerMinute, o.StrictTransportSecurity,
		o.store.path, o.drainDelay, o.SameSite,
	}
	want := []any{
		"https://app.example.com/kakao", "rest",
		[]string{"js1", "js2"},
		"hush",
		[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("fd00::/8")},
		"Forwarded",
		12 * time.Hour, 90 * 24 * time.Hour, -1, 1200, 365 * 24 * time.Hour,
		"/var/lib/x.db", time.Duration(0), http.SameSiteStrictMode,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A domain as people write it means the form that browsers send, and -1 is a number
// as a word of its own, too.
func TestOptionsAsPeopleWriteThem(t *testing.T) {
	c := parseServe(t, nil, "--store", "memory", "--rest-api-key", "rest", "--public-url", "https://쇼핑몰.한국/kakao",
		"--allowed-origin", "https://가게.한국", "--requests-per-minute", "-1", "--session-requests-per-minute=-1")
	o, err := c.options()
	if err != nil {
		t.Fatal(err)
	}
	if o.PublicURL != "https://xn--352bl7khqr.xn--3e0b707e/kakao" || o.AllowedOrigins[0] != "https://xn--o39akk.xn--3e0b707e" {
		t.Errorf("got %s and %v", o.PublicURL, o.AllowedOrigins)
	}
	if o.RequestsPerMinute != -1 || o.SessionRequestsPerMinute != -1 {
		t.Errorf("limits %d and %d", o.RequestsPerMinute, o.SessionRequestsPerMinute)
	}
	asFile := o.Config
	asFile.PublicURL, asFile.AllowedOrigins = "https://쇼핑몰.한국/kakao", nil
	if err := asFile.Validate(); err == nil || !strings.Contains(err.Error(), "https://xn--352bl7khqr.xn--3e0b707e") {
		t.Errorf("a configuration in Go: got %v, want the form that it needs", err)
	}
}

func TestServeNamesEveryMistakeAtOnce(t *testing.T) {
	c := parseServe(t, map[string]string{"KAKAO_CLIENT_SECRET": "hush", "KAKAO_CLIENT_SECRET_FILE": "/no/such/file", "KAKAO_ADMIN_KEY": "hush hush"},
		"--public-url=http://app.example.com/kakao", "--auth-origin=kakao", "--redirect-uri=http://a.example.com/", "--allowed-origin=*",
		"--log-level=loud", "--log-format=xml", "--store=redis+hush://x", "--trusted-proxy=0.0.0.0/0", "--trusted-proxy=here",
		"--session-idle=-1s", "--session-lifetime=long", "--drain-delay=now", "--requests-per-minute=0", "--forwarded-header=X-Real-IP",
		"--sdk-dir=/no/such/dir", "--strict-transport-security=-1h", "--upstream-timeout=0s", "--partitioned", "--cookie-same-site=none")
	_, err := c.options()
	if err == nil {
		t.Fatal("no mistakes")
	}
	for _, want := range []string{
		"--public-url (KAKAOWASM_PUBLIC_URL): expected https",
		"--rest-api-key (KAKAO_REST_API_KEY): expected the key",
		"--client-secret-file (KAKAO_CLIENT_SECRET_FILE): expected the file or KAKAO_CLIENT_SECRET, got both",
		"--client-secret-file (KAKAO_CLIENT_SECRET_FILE): open /no/such/file",
		"--admin-key-file (KAKAO_ADMIN_KEY_FILE): expected the key",
		"--app-id (KAKAO_APP_ID): expected the app's number",
		"--auth-origin (KAKAO_AUTH_ORIGIN): expected an origin",
		"--redirect-uri (KAKAOWASM_REDIRECT_URIS): expected https",
		"--allowed-origin (KAKAOWASM_ALLOWED_ORIGINS): expected an origin",
		`--log-level (KAKAOWASM_LOG_LEVEL): expected debug, info, warn or error, got "loud"`,
		`--log-format (KAKAOWASM_LOG_FORMAT): expected json or text, got "xml"`,
		"--store (KAKAOWASM_STORE): expected memory, bolt:FILE",
		`--trusted-proxy (KAKAOWASM_TRUSTED_PROXIES): expected the network of the proxies, such as 10.0.0.0/8 or 192.0.2.1/32, its host bits zero, got "0.0.0.0/0"`,
		`--trusted-proxy (KAKAOWASM_TRUSTED_PROXIES): expected a network such as 10.0.0.0/8, got "here"`,
		"--session-idle (KAKAOWASM_SESSION_IDLE): expected a time above zero",
		`--session-lifetime (KAKAOWASM_SESSION_LIFETIME): expected a time such as 30s or 720h, got "long"`,
		`--drain-delay (KAKAOWASM_DRAIN_DELAY): expected a time such as 30s or 720h, got "now"`,
		`--requests-per-minute (KAKAOWASM_REQUESTS_PER_MINUTE): expected a whole number above 0, or -1 for no limit, got "0"`,
		"--forwarded-header (KAKAOWASM_FORWARDED_HEADER): expected X-Forwarded-For or Forwarded",
		"--sdk-dir (KAKAOWASM_SDK_DIR): /no/such/dir/kakao.js is missing",
		"--strict-transport-security (KAKAOWASM_STRICT_TRANSPORT_SECURITY): expected a time such as 5s, or 0s for none",
		`--upstream-timeout (KAKAOWASM_UPSTREAM_TIMEOUT): expected a time above zero`,
		`--cookie-same-site (KAKAOWASM_COOKIE_SAME_SITE): expected lax or strict, got "none"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("a secret is in the error:\n%v", err)
	}
}

func TestPartitionedIsReadWithTheOtherOptions(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		want bool
		err  string
	}{
		"not named":         {},
		"flag":              {args: []string{"--partitioned"}, want: true},
		"flag with a value": {args: []string{"--partitioned=no"}},
		"variable":          {env: map[string]string{"KAKAOWASM_PARTITIONED": "True"}, want: true},
		"variable is off":   {env: map[string]string{"KAKAOWASM_PARTITIONED": "0"}},
		"empty variable":    {env: map[string]string{"KAKAOWASM_PARTITIONED": ""}},
		"neither": {
			env: map[string]string{"KAKAOWASM_PARTITIONED": "maybe"}, args: []string{"--log-level=loud"},
			err: `--partitioned (KAKAOWASM_PARTITIONED): expected true or false, got "maybe"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := parseServe(t, test.env, append(test.args, "--rest-api-key=rest", "--store=memory", "--public-url=https://app.example.com/kakao")...)
			o, err := c.options()
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || !strings.Contains(err.Error(), "--log-level") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || o.Partitioned != test.want {
				t.Errorf("got %v, %v", o.Partitioned, err)
			}
		})
	}
}

func TestSessionKeysAreNeededWhereLoginsOutliveTheProcess(t *testing.T) {
	for name, test := range map[string]struct {
		store, keys string
		want        string // "" for no mistake
	}{
		"memory":                   {"memory", "", ""},
		"memory with keys":         {"memory", keyring.Generate(), ""},
		"a file":                   {"bolt:x.db", "", "kakaowasm keygen"},
		"the default, a file":      {"", "", "kakaowasm keygen"},
		"Redis":                    {"redis://127.0.0.1:6379/0", "", "kakaowasm keygen"},
		"a file with keys":         {"bolt:x.db", keyring.Generate(), ""},
		"a file with what is none": {"bolt:x.db", "no-key", "key 1 of 1: expected kakaowasm-key-1-"},
		"memory with what is none": {"memory", "no-key", "key 1 of 1: expected kakaowasm-key-1-"},
	} {
		t.Run(name, func(t *testing.T) {
			c := parseServe(t, map[string]string{
				"KAKAO_REST_API_KEY": "rest", "KAKAOWASM_STORE": test.store, "KAKAOWASM_SESSION_KEYS": test.keys,
			})
			_, err := c.options()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "no-key") {
				t.Errorf("the key is in the error: %v", err)
			}
		})
	}
}

func TestSecretFilesMustHoldSomething(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "white space": " \n\t"} {
		if _, err := readSecretFile(file(t, content)); err == nil || !strings.Contains(err.Error(), "empty") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Each option that a mistake may be named by has a flag and a variable.
func TestOptionsHaveBothNames(t *testing.T) {
	for _, field := range []string{"PublicURL", "Store", "SessionKeysFile", "TrustedProxies", "AuthOrigin", "DrainDelay"} {
		if o := optionOf(field); len(o.flag) < 5 || o.env == "" {
			t.Errorf("%s: %s", field, o)
		}
	}
}
