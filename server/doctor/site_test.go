package doctor

import (
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/server"
)

func TestSites(t *testing.T) {
	for _, tc := range []struct {
		name, public, origin string
		partitioned          bool
		want                 Verdict
		found                string // part of cause or finding
	}{
		{"the server's own origin", "https://app.example.com/kakao", "https://app.example.com", false, OK, ""},
		{"a sibling", "https://login.example.com", "https://www.example.com", false, OK, "same site"},
		{"a domain under a public suffix", "https://login.example.co.kr", "https://example.co.kr", false, OK, ""},
		{"another domain", "https://login.example.com", "https://shop.example.net", false, Failure, "does not arrive"},
		{"two companies under one public suffix", "https://one.co.kr", "https://two.co.kr", false, Failure, "does not arrive"},
		{"two users of one host", "https://one.github.io", "https://two.github.io", false, Failure, "does not arrive"},
		{"another domain, Partitioned", "https://login.example.com", "https://shop.example.net", true, OK, "Partitioned"},
		{"another scheme", "https://localhost:8480/kakao", "http://localhost:3000", false, Failure, "scheme"},
		{"other ports of one machine", "http://127.0.0.1:8480/kakao", "http://127.0.0.1:3000", false, OK, ""},
		{"localhost against 127.0.0.1", "http://127.0.0.1:8480/kakao", "http://localhost:3000", false, Failure, "localhost and 127.0.0.1"},
		{"127.0.0.1 against localhost", "http://localhost:8480/kakao", "http://127.0.0.1:3000", false, Failure, "localhost and 127.0.0.1"},
		{"an address on the network", "https://10.0.0.1", "https://10.0.0.2", false, Failure, "does not arrive"},
		{"plain http", "https://app.example.com", "http://app.example.com", false, Failure, "Secure"},
		{"a trailing slash", "https://app.example.com", "https://app.example.com/", false, Failure, "no origin"},
		{"a path", "https://app.example.com", "https://app.example.com/shop", false, Failure, "no origin"},
		{"no scheme", "https://app.example.com", "app.example.com", false, Failure, "no origin"},
		{"a wildcard", "https://app.example.com", "https://*.example.com", false, Failure, "no origin"},
		{"all", "https://app.example.com", "*", false, Failure, "no origin"},
		{"null", "https://app.example.com", "null", false, Failure, "no origin"},
		{"upper case", "https://app.example.com", "https://App.example.com", false, Failure, "lower case"},
		{"a default port", "https://app.example.com", "https://app.example.com:443", false, Failure, "default port"},
		{"control characters", "https://app.example.com", "https://app.example.com\x1b[31m\n", false, Failure, "no origin"},
		{"beside a broken server address", "nonsense", "https://app.example.com", false, Skipped, "wrong"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := &examination{Config: Config{PublicURL: tc.public, AllowedOrigins: []string{tc.origin}, Partitioned: tc.partitioned}}
			report := Report(e.checkSites(t.Context()))
			wantTexts(t, report)
			f := of(report, CheckAllowedOrigin)[0]
			if f.Verdict != tc.want || !strings.Contains(f.Found.En+f.Cause.En, tc.found) {
				t.Errorf("got %s: %s %s", f.Verdict, f.Found.En, f.Cause.En)
			}
			if strings.ContainsAny(f.Found.En+f.Found.Ko, "\x1b\n") {
				t.Errorf("control characters in %q", f.Found.En)
			}
		})
	}
}

func TestServerAddress(t *testing.T) {
	for _, tc := range []struct {
		public      string
		partitioned bool
		want        Verdict
	}{
		{"https://app.example.com/kakao", false, OK},
		{"https://app.example.com", true, OK},
		{"http://127.0.0.1:8480/kakao", false, OK},
		{"http://127.0.0.1:8480/kakao", true, Failure},
		{"http://app.example.com/kakao", false, Failure},
		{"https://app.example.com:443/kakao", false, Failure},
		{"https://app.example.com/kakao?x=1", false, Failure},
		{"https://app.example.com/kakao#x", false, Failure},
		{"https://user:password@app.example.com/kakao", false, Failure},
		{"https://app.example.com/a/../b", false, Failure},
		{"https://app.example.com/a%2fb", false, Failure},
		{"app.example.com/kakao", false, Failure},
		{"", false, Failure},
		{"https://%zz", false, Failure},
	} {
		t.Run(tc.public, func(t *testing.T) {
			e := &examination{Config: Config{PublicURL: tc.public, Partitioned: tc.partitioned}}
			report := Report(e.checkSites(t.Context()))
			wantTexts(t, report)
			if got := report[0].Verdict; got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if strings.Contains(texts(report), "password") {
				t.Errorf("the password is in %s", texts(report))
			}
			_, err := server.New(server.Config{PublicURL: tc.public, RESTAPIKey: "key", Partitioned: tc.partitioned})
			if (err == nil) != (tc.want == OK) {
				t.Errorf("the server says %v", err)
			}
		})
	}
}

func TestRedirectURIsOfPages(t *testing.T) {
	for _, tc := range []struct {
		name, uri string
		want      Verdict
		found     string
	}{
		{"on the server's origin", "http://127.0.0.1:8480/oauth", OK, "allowed"},
		{"on an allowed origin", "http://127.0.0.1:3000/oauth", OK, "allowed"},
		{"on another origin", "https://app.example.com/oauth", Warning, "may not call"},
		{"on the other name of this machine", "http://localhost:3000/oauth", Warning, "localhost and 127.0.0.1"},
		{"with a fragment", "http://127.0.0.1:3000/#/oauth", Failure, "fragment"},
		{"relative", "/oauth", Failure, "absolute"},
		{"plain http", "http://app.example.com/oauth", Failure, "Secure"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := &examination{Config: Config{PublicURL: publicURL, AllowedOrigins: []string{"http://127.0.0.1:3000"}, RedirectURIs: []string{tc.uri}}}
			report := Report(e.checkSites(t.Context()))
			wantTexts(t, report)
			f := of(report, CheckRedirectOrigin)[0]
			if f.Verdict != tc.want || !strings.Contains(f.Found.En+f.Cause.En, tc.found) {
				t.Errorf("got %s: %s %s", f.Verdict, f.Found.En, f.Cause.En)
			}
		})
	}
}

func TestOriginsAreJudgedAsTheServerDoes(t *testing.T) {
	for _, origin := range []string{
		"https://app.example.com", "http://localhost:3000", "http://app.localhost", "http://[::1]:3000",
		"http://app.example.com", "https://app.example.com/", "https://*.example.com", "https://APP.example.com",
		"https://app.example.com:", "https://app.example.com:443", "null", "", "https://", "://", "https://user@app.example.com",
	} {
		_, bad := judgeOrigin(CheckAllowedOrigin, origin)
		_, err := server.New(server.Config{PublicURL: publicURL, RESTAPIKey: "key", AllowedOrigins: []string{origin}})
		if bad != (err != nil) {
			t.Errorf("%q: the doctor says bad: %t, the server says %v", origin, bad, err)
		}
	}
}
