package doctor

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

func TestPagesCountByTheirErrorCode(t *testing.T) {
	for _, tc := range []struct {
		name   string
		status int
		page   string
		koe    string // "" where the page proves nothing
	}{
		{"Korean error page", 400, `<!doctype html><title>kakao</title><strong>앱 관리자 설정 오류 (KOE006)</strong><p>책방 서비스 설정에 오류가 있어, 이용할 수 없습니다.`, "KOE006"},
		{"error page with status 200", 200, `<p>잘못된 요청 (KOE205)</p>`, "KOE205"},
		{"the same code twice", 400, `<title>KOE101</title><p>KOE101</p>`, "KOE101"},
		{"error object", 401, `{"error":"invalid_client","error_code":"KOE101"}`, "KOE101"},
		{"page drawn by a script", 400, `<div id="app"></div><script>window.error = {"code":"KOE006"}</script>`, "KOE006"},
		{"code in a script of a good page", 200, `<form>login</form><script>if (e === "KOE006") retry()</script>`, ""},
		{"code in a comment", 200, `<!-- KOE006 --><form>login</form>`, ""},
		{"code in a style", 200, `<style>.KOE006 {}</style>`, ""},
		{"code in an attribute", 200, `<a href="/help?code=KOE006">help</a>`, ""},
		{"visible code beside a list in a script", 400, `<p>KOE006</p><script>codes = ["KOE101", "KOE004"]</script>`, "KOE006"},
		{"list of codes", 400, `<li>KOE006<li>KOE101`, ""},
		{"longer word", 400, `XKOE006 KOE0061 KOE06 koe006`, ""},
		{"no code", 200, `<form>login</form>`, ""},
		{"nothing", 200, ``, ""},
		{"not text", 200, "\x00\xff\xfe<\x00>", ""},
		{"open tags", 400, strings.Repeat("<div ", 10_000) + "KOE006", "KOE006"},
		{"script that does not end", 200, `<script>KOE006`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := readPage(tc.status, []byte(tc.page))
			if got.koe != tc.koe || (got.kind == refusal) != (tc.koe != "") {
				t.Errorf("got %+v, want %q", got, tc.koe)
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	const back = "https://app.example.com/kakao/callback"
	for _, tc := range []struct {
		name, location, returnTo string
		want                     answer
	}{
		{"back, nobody logged in", back + "?error=login_required", back, answer{kind: returned}},
		{"back, with an error code", back + "?error=invalid_scope&error_code=KOE205", back, answer{kind: returned, koe: "KOE205"}},
		{"back, with an error code among words", back + "?error=invalid_scope&error_description=scope%20KOE205%20x", back, answer{kind: returned, koe: "KOE205"}},
		{"back, with a broken query", back + "?error=%zz", back, answer{}},
		{"back to an address with a query", back + "?a=b&error=login_required", back + "?a=b", answer{kind: returned}},
		{"login page", "https://accounts.kakao.com/login?continue=https%3A%2F%2Fkauth.kakao.com%2F%3FKOE006", back, answer{kind: login}},
		{"login page of somebody else", "https://accounts.kakao.com.evil.example/login", back, answer{}},
		{"login page without TLS", "http://accounts.kakao.com/login", back, answer{}},
		{"error page elsewhere", "https://kauth.kakao.com/error?code=KOE006", back, answer{kind: refusal, koe: "KOE006"}},
		{"another page of the app", "https://app.example.com/kakao/callback2", back, answer{}},
		{"the same path elsewhere", "https://app.example.com.evil.example/kakao/callback", back, answer{}},
		{"the same path without TLS", "http://app.example.com/kakao/callback", back, answer{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			location, err := url.Parse(tc.location)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.status = http.StatusFound
			if got := readRedirect(http.StatusFound, location, tc.returnTo); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

// TestALoginPageProvesNothingByItself plays a Kakao that leads to the login page
// where it might have refused.
func TestALoginPageProvesNothingByItself(t *testing.T) {
	p := emulator.Start(t)
	refuse := func(koe string) *http.Response { return page(http.StatusBadRequest, "<p>("+koe+")</p>") }
	for _, tc := range []struct {
		name                        string
		answer                      func(*http.Request) *http.Response
		key, login, redirect, scope string
	}{
		{
			"it looks at nothing before the login", toLogin,
			"warning, warning", "skipped", "warning, warning", "skipped",
		},
		{
			"it looks at the redirect URI before the login", func(r *http.Request) *http.Response {
				if strings.Contains(r.URL.RawQuery, "unregistered") {
					return refuse("KOE006")
				}
				return toLogin(r)
			},
			"ok, ok", "ok", "ok, ok", "warning",
		},
		{
			"it knows one of the keys only", func(r *http.Request) *http.Response {
				switch {
				case strings.Contains(r.URL.RawQuery, emulator.DemoRESTAPIKey):
					return refuse("KOE101")
				case strings.Contains(r.URL.RawQuery, "unregistered"):
					return refuse("KOE006")
				}
				return toLogin(r)
			},
			"failure KOE101, ok", "ok", "skipped, ok", "warning",
		},
		{
			"it looks at everything before the login", func(r *http.Request) *http.Response {
				switch {
				case strings.Contains(r.URL.RawQuery, "unregistered"):
					return refuse("KOE006")
				case strings.Contains(r.URL.RawQuery, nobodysScope):
					return refuse("KOE205")
				}
				return toLogin(r)
			},
			"ok, ok", "ok", "ok, ok", "ok",
		},
		{
			"it refuses the scopes on a page", func(r *http.Request) *http.Response {
				if r.URL.Query().Has("scope") {
					return refuse("KOE205")
				}
				return redirect(r.URL.Query().Get("redirect_uri") + "?error=login_required")
			},
			"ok, ok", "ok", "ok, ok", "failure KOE205",
		},
		{
			"it has a new error", func(*http.Request) *http.Response { return refuse("KOE999") },
			"warning, warning", "skipped", "warning KOE999, warning KOE999", "skipped",
		},
		{
			"it shows an endless page", func(*http.Request) *http.Response {
				return page(http.StatusBadRequest, strings.Repeat("<p>", maxPage)+"KOE006")
			},
			"warning, warning", "skipped", "warning, warning", "skipped",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			report := examine(t, p, change{config: func(c *Config) {
				c.Transport = standIn{"/oauth/authorize", tc.answer}
			}})
			for c, want := range map[Check]string{CheckKey: tc.key, CheckLogin: tc.login, CheckRedirectURI: tc.redirect, CheckScope: tc.scope} {
				if got := brief(of(report, c)); got != want {
					t.Errorf("%s: got %s, want %s", c, got, want)
				}
			}
		})
	}
}

// TestTheMostRequests plays a Kakao that has everything asked twice.
func TestTheMostRequests(t *testing.T) {
	p := emulator.Start(t)
	var pages atomic.Int64
	examine(t, p, change{config: func(c *Config) {
		c.RedirectURIs = []string{"http://127.0.0.1:8480/a", "http://127.0.0.1:8480/b", "http://127.0.0.1:8480/c"}
		c.Scopes = []string{"name", "gender", "openid", "birthday"}
		c.Transport = standIn{"/oauth/authorize", func(r *http.Request) *http.Response {
			pages.Add(1)
			switch {
			case r.URL.Query().Has("scope"):
				return page(http.StatusBadRequest, "KOE205")
			case strings.Contains(r.URL.RawQuery, "unregistered"):
				return page(http.StatusBadRequest, "KOE006")
			}
			return toLogin(r)
		}}
	}})
	if total := pages.Load() + int64(len(p.Calls(""))); total != 16 {
		t.Errorf("%d requests, want 16", total)
	}
}
