package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// nowhereOrigin is where nothing listens.
func nowhereOrigin(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// serving is a server that answers all requests alike.
func serving(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// proxied is the doctor's own transport with a proxy for every host.
func proxied(t *testing.T, proxy string) *http.Transport {
	t.Helper()
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	transport := newTransport().(*http.Transport)
	transport.Proxy = http.ProxyURL(u)
	return transport
}

func TestKakaoUnreachable(t *testing.T) {
	p := emulator.Start(t)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	forbidding := serving(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusProxyAuthRequired) })
	portal := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<h1>Please log in</h1> KOE006")
	})
	gateway := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<h1>Bad gateway</h1>", http.StatusBadGateway)
	})
	plain := strings.Replace(portal.URL, "http://", "https://", 1)
	noDNS := newTransport().(*http.Transport)
	noDNS.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "kauth.kakao.com", IsNotFound: true}}
	}
	for _, tc := range []struct {
		name      string
		origin    string
		transport http.RoundTripper
		found     string
	}{
		{"refused", nowhereOrigin(t), nil, "(TCP)"},
		{"no name", "https://kauth.kakao.com", noDNS, "(DNS)"},
		{"certificate of nobody", secure.URL, nil, "(TLS)"},
		{"no TLS at all", plain, nil, "(TLS)"},
		{"proxy away", "https://kauth.kakao.com", proxied(t, nowhereOrigin(t)), "(proxy)"},
		{"proxy refuses", "https://kauth.kakao.com", proxied(t, forbidding.URL), "(proxy)"},
		{"login page of the network", portal.URL, nil, "not as Kakao does"},
		{"gateway error", gateway.URL, nil, "status 502"},
		{"no origin", "https://kauth.kakao.com/", nil, "kauth.kakao.com/"},
		{"plain http", "http://kauth.kakao.com", nil, "http://kauth"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, change{config: func(c *Config) {
				c.Platform.Auth, c.Platform.API = tc.origin, tc.origin
				c.Transport = tc.transport
			}})
			for _, c := range []Check{CheckAuth, CheckAPI} {
				f := of(report, c)[0]
				if f.Verdict != Failure || !strings.Contains(f.Found.En, tc.found) {
					t.Errorf("%s: got %s: %s", c, f.Verdict, f.Found.En)
				}
			}
			for _, c := range []Check{CheckDiscovery, CheckJWKS, CheckKey, CheckLogin, CheckRedirectURI, CheckScope, CheckClientSecret, CheckAdminKey, CheckLogoutURI} {
				if got := brief(of(report, c)); got != "skipped" {
					t.Errorf("%s: got %s", c, got)
				}
			}
			if got := brief(of(report, CheckPublicURL)); got != "ok" {
				t.Errorf("what needs no network: got %s", got)
			}
		})
	}
}

func TestHostsAreMetApart(t *testing.T) {
	p := emulator.Start(t)
	for _, tc := range []struct {
		name                 string
		change               func(*Config, string)
		auth, api, key, user string
	}{
		{"only kapi away", func(c *Config, away string) { c.Platform.API = away }, "ok", "failure", "ok, ok", "skipped"},
		{"only kauth away", func(c *Config, away string) { c.Platform.Auth = away }, "failure", "ok", "skipped", "ok"},
		{"kapi's address wrong", func(c *Config, _ string) { c.Platform.API = "http://kapi.kakao.com" }, "skipped", "failure", "skipped", "skipped"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, change{config: func(c *Config) { tc.change(c, nowhereOrigin(t)) }})
			for c, want := range map[Check]string{CheckAuth: tc.auth, CheckAPI: tc.api, CheckKey: tc.key, CheckAdminKey: tc.user} {
				if got := brief(of(report, c)); got != want {
					t.Errorf("%s: got %s, want %s", c, got, want)
				}
			}
		})
	}
}

func TestASlowKakaoIsNotWaitedFor(t *testing.T) {
	p := emulator.Start(t)
	for _, tc := range []struct {
		name, path string
		check      Check
		want       string
	}{
		{"metadata", "/.well-known/openid-configuration", CheckAuth, "failure"},
		{"REST API", "/v1/user/access_token_info", CheckAPI, "failure"},
		{"signing keys", "/.well-known/jwks.json", CheckJWKS, "warning"},
		{"authorization pages", "/oauth/authorize", CheckRedirectURI, "warning, warning"},
		{"token endpoint", "/oauth/token", CheckClientSecret, "warning"},
		{"list of users", "/v1/user/ids", CheckAdminKey, "warning"},
		{"logout page", "/oauth/logout", CheckLogoutURI, "skipped"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, change{config: func(c *Config) {
				c.Transport, c.Timeout = standIn{path: tc.path}, 100*time.Millisecond
			}})
			found := of(report, tc.check)
			if got := brief(found); got != tc.want {
				t.Fatalf("got %s, want %s", got, tc.want)
			}
			if tc.want != "skipped" && !strings.Contains(found[0].Found.En, "(time-out)") {
				t.Errorf("got %s", found[0].Found.En)
			}
		})
	}
}

func TestAnExaminationCanBeEnded(t *testing.T) {
	p := emulator.Start(t)
	cfg := setUp(t, p, change{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report := Run(ctx, cfg)
	wantTexts(t, report)
	if f := of(report, CheckAuth)[0]; f.Verdict != Failure || !strings.Contains(f.Found.En, "ended") {
		t.Errorf("got %s: %s", f.Verdict, f.Found.En)
	}
	if calls := p.Calls(""); len(calls) > 0 {
		t.Errorf("asked after the end: %v", calls)
	}
}

func TestOutages(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want string
	}{
		{context.Canceled, "ended"},
		{context.DeadlineExceeded, "time-out"},
		{&net.DNSError{IsTimeout: true}, "DNS"},
		{&net.OpError{Op: "proxyconnect", Err: &net.DNSError{}}, "proxy"},
		{proxyRefusalError(403), "proxy"},
		{&tls.CertificateVerificationError{Err: errors.New("x")}, "TLS"},
		{io.ErrUnexpectedEOF, "breaks off"},
	} {
		if got := outageOf(&url.Error{Err: tc.err}).found.En; !strings.Contains(got, tc.want) {
			t.Errorf("%v: got %q, want %q", tc.err, got, tc.want)
		}
	}
}
