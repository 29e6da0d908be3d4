package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestRequestsWithoutTrustedRedirectURIEndOnAnErrorPage(t *testing.T) {
	p := start(t)
	tests := []struct {
		name   string
		pairs  []string
		status int
		koe    string
	}{
		{"unknown client_id", []string{"client_id", "nobody"}, http.StatusUnauthorized, "KOE101"},
		{"missing client_id", []string{"client_id", ""}, http.StatusUnauthorized, "KOE101"},
		{"admin key as client_id", []string{"client_id", emulator.DemoAdminKey}, http.StatusBadRequest, "KOE008"},
		{"missing redirect_uri", []string{"redirect_uri", ""}, http.StatusBadRequest, "KOE001"},
		{"unregistered redirect_uri", []string{"redirect_uri", "https://evil.example/"}, http.StatusBadRequest, "KOE006"},
		{"redirect_uri with one more slash", []string{"redirect_uri", callback + "/"}, http.StatusBadRequest, "KOE006"},
		{"redirect_uri with another query", []string{"redirect_uri", callback + "?a=b"}, http.StatusBadRequest, "KOE006"},
		{"redirect_uri in other letters", []string{"redirect_uri", strings.ToUpper(callback)}, http.StatusBadRequest, "KOE006"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := p.browser().authorize(tt.pairs...)
			if got.status != tt.status || got.location != "" || !strings.Contains(got.body, tt.koe) {
				t.Errorf("got %d, location %q, want %d and a page with %s:\n%s", got.status, got.location, tt.status, tt.koe, got.body)
			}
		})
	}
}

func TestMalformedQueriesEndOnAnErrorPage(t *testing.T) {
	p := start(t)
	for name, query := range map[string]string{
		"bad percent-encoding": "client_id=%zz",
		"a repeated parameter": "client_id=" + emulator.DemoRESTAPIKey + "&redirect_uri=" + url.QueryEscape(callback) + "&response_type=code&state=a&state=b",
	} {
		t.Run(name, func(t *testing.T) {
			got := p.browser().do(http.MethodGet, p.url+kakao.PathAuthorize+"?"+query, nil)
			if got.status != http.StatusBadRequest || !strings.Contains(got.body, "KOE001") {
				t.Errorf("got %d:\n%s", got.status, got.body)
			}
		})
	}
}

func TestOtherMistakesAreRedirectedToTheApp(t *testing.T) {
	p := start(t)
	challenge := kakao.ChallengeS256("v")
	tests := []struct {
		name  string
		pairs []string
		code  string
		koe   string
	}{
		{"no response_type", []string{"response_type", ""}, "invalid_request", "KOE207"},
		{"implicit grant", []string{"response_type", "token"}, "invalid_request", "KOE202"},
		{"unknown response_type", []string{"response_type", "id_token"}, "invalid_request", "KOE201"},
		{"scope that the app has not", []string{"scope", "account_email,account_ci"}, "invalid_scope", "KOE205"},
		{"unknown prompt", []string{"prompt", "consent"}, "invalid_request", "KOE204"},
		{"plain challenge", []string{"code_challenge", challenge, "code_challenge_method", "plain"}, "invalid_request", "KOE204"},
		{"challenge without method", []string{"code_challenge", challenge}, "invalid_request", "KOE204"},
		{"method without challenge", []string{"code_challenge_method", "S256"}, "invalid_request", "KOE204"},
		{"challenge too short", []string{"code_challenge", "abc", "code_challenge_method", "S256"}, "invalid_request", "KOE204"},
		{"prompt none while logged out", []string{"prompt", "none"}, "login_required", ""},
		{"prompt none with a prompt that needs a page", []string{"prompt", "none,login"}, "interaction_required", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := p.browser().authorize(tt.pairs...)
			if got.status != http.StatusFound {
				t.Fatalf("got %d, want 302:\n%s", got.status, got.body)
			}
			r := got.redirect
			if r.Get("error") != tt.code || r.Get("error_code") != tt.koe || r.Get("state") != "state-1" || r.Get("error_description") == "" {
				t.Errorf("got %v, want %s %s", r, tt.code, tt.koe)
			}
			if r.Has("code") {
				t.Error("a code came with the error")
			}
		})
	}
}

func TestOpenIDIsRefusedWhileOpenIDConnectIsOff(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].OpenIDConnect = false })
	got := p.browser().authorize("scope", "openid")
	if got.redirect.Get("error") != "invalid_scope" || got.redirect.Get("error_code") != "KOE205" {
		t.Errorf("got %v", got.redirect)
	}
}

func TestFirstLoginAsksForAccountAndConsentAndSecondForNothing(t *testing.T) {
	p := start(t)
	b := p.browser()

	shown := b.authorize("state", "a b&c=d/ü")
	if shown.status != http.StatusOK || !strings.Contains(shown.body, `name="user" value="`+haneul+`"`) {
		t.Fatalf("no account buttons:\n%s", shown.body)
	}
	asked := b.submit(shown, "/oauth/login", "user", haneul)
	for _, want := range []string{
		`type="checkbox" name="scope" value="profile_nickname" checked disabled`,
		`type="checkbox" name="scope" value="account_email">`,
		`type="checkbox" name="service_terms" value="service_20260101" checked disabled`,
		`name="decision" value="accept"`,
		`name="decision" value="cancel"`,
	} {
		if !strings.Contains(asked.body, want) {
			t.Errorf("consent page lacks %s:\n%s", want, asked.body)
		}
	}
	done := b.accept(asked)
	if done.status != http.StatusFound || done.redirect.Get("code") == "" || done.redirect.Get("state") != "a b&c=d/ü" {
		t.Fatalf("got %d %v", done.status, done.redirect)
	}

	again := b.authorize()
	if again.redirect.Get("code") == "" || again.redirect.Get("code") == done.redirect.Get("code") {
		t.Errorf("second login: got %d %v", again.status, again.redirect)
	}
	silent := b.authorize("prompt", "none")
	if silent.redirect.Get("code") == "" {
		t.Errorf("prompt=none after login and consent: got %v", silent.redirect)
	}
}

func TestLoginPageTakesAnEMailAddress(t *testing.T) {
	p := start(t)
	b := p.browser()
	shown := b.authorize("login_hint", "haneul@example.com", "lang", "en")
	if !strings.Contains(shown.body, `value="haneul@example.com"`) {
		t.Error("login_hint is not filled in")
	}
	wrong := b.submit(shown, "/oauth/login", "action", "login", "email", "nobody@example.com")
	if wrong.status != http.StatusOK || !strings.Contains(wrong.body, "There is no such account here") {
		t.Fatalf("unknown address: got %d\n%s", wrong.status, wrong.body)
	}
	right := b.submit(wrong, "/oauth/login", "action", "login", "email", " Haneul@Example.com ")
	if !strings.Contains(right.body, `value="accept"`) {
		t.Errorf("known address: got %d\n%s", right.status, right.body)
	}
}

func TestAccountsThatDoNotExistCannotLogIn(t *testing.T) {
	p := start(t)
	b := p.browser()
	shown := b.authorize()
	for _, user := range []string{"1", "", "x", "-1"} {
		shown = b.submit(shown, "/oauth/login", "user", user)
		if !strings.Contains(shown.body, `id="nobody"`) {
			t.Errorf("user %q: got %d", user, shown.status)
		}
	}
	shown = b.submit(shown, "/oauth/login", "action", "login", "email", "")
	if !strings.Contains(shown.body, `id="nobody"`) {
		t.Errorf("the account without an e-mail address was taken for an empty one: %d", shown.status)
	}
}

func TestCancelIsAccessDenied(t *testing.T) {
	p := start(t)
	for name, path := range map[string]string{"on the login page": "/oauth/login", "on the consent page": "/oauth/consent"} {
		t.Run(name, func(t *testing.T) {
			b := p.browser()
			shown := b.authorize()
			if path == "/oauth/consent" {
				shown = b.submit(shown, "/oauth/login", "user", haneul)
			}
			got := b.submit(shown, path, "decision", "cancel")
			want := callback + "?error=access_denied&error_description=User%20denied%20access&state=state-1"
			if got.location != want {
				t.Errorf("got %q, want %q", got.location, want)
			}
		})
	}
	b := p.browser()
	b.submit(b.authorize(), "/oauth/login", "user", haneul)
	if got := b.authorize("prompt", "none"); got.redirect.Get("error") != "consent_required" {
		t.Errorf("after a cancel: got %v, want consent_required", got.redirect)
	}
}

func TestFormsWorkOnceAndOnlyInTheirBrowser(t *testing.T) {
	p := start(t)
	t.Run("sent twice", func(t *testing.T) {
		b := p.browser()
		shown := b.authorize()
		b.submit(shown, "/oauth/login", "user", haneul)
		if again := b.submit(shown, "/oauth/login", "user", haneul); again.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", again.status)
		}
	})
	t.Run("sent by another browser", func(t *testing.T) {
		mine, theirs := p.browser(), p.browser()
		shown := mine.authorize()
		theirs.authorize()
		if stolen := theirs.submit(shown, "/oauth/login", "user", haneul); stolen.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", stolen.status)
		}
		if asked := mine.submit(shown, "/oauth/login", "user", haneul); asked.status != http.StatusOK {
			t.Errorf("the refusal spent the form: got %d", asked.status)
		}
	})
	t.Run("sent without a session", func(t *testing.T) {
		shown := p.browser().authorize()
		if got := p.browser().submit(shown, "/oauth/login", "user", haneul); got.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", got.status)
		}
	})
	t.Run("a login form sent as consent", func(t *testing.T) {
		b := p.browser()
		if got := b.submit(b.authorize(), "/oauth/consent", "decision", "accept"); got.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", got.status)
		}
	})
	t.Run("consent shown to another user than logged in now", func(t *testing.T) {
		b := p.browser()
		asked := b.submit(b.authorize(), "/oauth/login", "user", haneul)
		b.submit(b.authorize("prompt", "login"), "/oauth/login", "user", dohyun)
		if got := b.accept(asked); got.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", got.status)
		}
	})
	t.Run("left open for too long", func(t *testing.T) {
		b := p.browser()
		shown := b.authorize()
		p.clock.Advance(31 * time.Minute)
		if got := b.submit(shown, "/oauth/login", "user", haneul); got.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", got.status)
		}
	})
	t.Run("larger than the limit", func(t *testing.T) {
		b := p.browser()
		if got := b.submit(b.authorize(), "/oauth/login", "user", strings.Repeat("1", 65<<10)); got.status != http.StatusForbidden {
			t.Errorf("got %d, want 403", got.status)
		}
	})
}

func TestTwoTabsOfOneBrowserCanBothLogIn(t *testing.T) {
	b := start(t).browser()
	first, second := b.authorize(), b.authorize()
	if done := b.logIn(first, haneul); done.redirect.Get("code") == "" {
		t.Errorf("first tab: %v", done.redirect)
	}
	if done := b.logIn(second, haneul); done.redirect.Get("code") == "" {
		t.Errorf("second tab: %v", done.redirect)
	}
}

func TestLoginGivesTheSessionANewID(t *testing.T) {
	p := start(t)
	b := p.browser()
	shown := b.authorize()
	before := shown.header.Get("Set-Cookie")
	for _, want := range []string{"kakao_emulator_session=", "HttpOnly", "SameSite=Lax", "Path=/oauth/"} {
		if !strings.Contains(before, want) {
			t.Errorf("cookie %q lacks %s", before, want)
		}
	}
	b.logIn(shown, haneul)

	thief := p.browser()
	id, _, _ := strings.Cut(before, ";")
	thief.header.Set("Cookie", id)
	if got := thief.authorize("prompt", "none"); got.redirect.Get("error") != "login_required" {
		t.Errorf("the id from before the login is logged in: %v", got.redirect)
	}
}

func TestSessionEndsAfterADay(t *testing.T) {
	p := start(t)
	b := p.browser()
	b.logIn(b.authorize(), haneul)
	p.clock.Advance(24 * time.Hour)
	if got := b.authorize("prompt", "none"); got.redirect.Get("error") != "login_required" {
		t.Errorf("got %v", got.redirect)
	}
}

func TestRedirectURIKeepsItsOwnQuery(t *testing.T) {
	b := start(t).browser()
	done := b.logIn(b.authorize("redirect_uri", callback+"?from=kakao", "state", ""), haneul)
	if done.redirect.Get("from") != "kakao" || done.redirect.Get("code") == "" || done.redirect.Has("state") {
		t.Errorf("got %q", done.location)
	}
}

func TestLegacyParametersAreIgnored(t *testing.T) {
	b := start(t).browser()
	done := b.logIn(b.authorize("ka", "sdk/1.43.5 os/javascript", "origin", "http://127.0.0.1:1",
		"is_popup", "true", "proxy", "easyXDM_1", "through_account", "true", "channel_public_id", "_a", "extra.a", "b"), haneul)
	if done.redirect.Get("code") == "" {
		t.Errorf("got %v", done.redirect)
	}
}

func TestPagesSpeakKoreanAndEnglish(t *testing.T) {
	p := start(t)
	tests := []struct{ name, lang, accept, want string }{
		{"Korean by default", "", "", `<html lang="ko">`},
		{"English by the lang parameter", "en", "ko-KR", `<html lang="en">`},
		{"English by the browser", "", "fr-FR, en-US;q=0.8, ko;q=0.5", `<html lang="en">`},
		{"Korean for another language", "", "fr-FR", `<html lang="ko">`},
		{"unknown lang parameter", "xx", "en", `<html lang="en">`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			b.header.Set("Accept-Language", tt.accept)
			shown := b.authorize("lang", tt.lang)
			if !strings.Contains(shown.body, tt.want) {
				t.Errorf("login page is not %s", tt.want)
			}
			if asked := b.submit(shown, "/oauth/login", "user", haneul); !strings.Contains(asked.body, tt.want) {
				t.Errorf("consent page is not %s", tt.want)
			}
			if closed := b.authorize("lang", tt.lang, "redirect_uri", jsSDK, "prompt", "none"); !strings.Contains(closed.body, tt.want) {
				t.Errorf("closing page is not %s", tt.want)
			}
		})
	}
}

func TestAssetsOfThePages(t *testing.T) {
	p := start(t)
	b := p.browser()
	tests := []struct {
		path, contentType string
		status            int
	}{
		{"/emulator/style.css", "text/css; charset=utf-8", http.StatusOK},
		{"/emulator/consent.js", "text/javascript; charset=utf-8", http.StatusOK},
		{"/emulator/avatars/" + haneul + "/img_640x640.svg", "image/svg+xml", http.StatusOK},
		{"/emulator/avatars/" + haneul + "/img_110x110.svg", "image/svg+xml", http.StatusOK},
		{"/emulator/avatars/" + haneul + "/img_1x1.svg", "", http.StatusNotFound},
		{"/emulator/avatars/1/img_640x640.svg", "", http.StatusNotFound},
		{"/emulator/avatars/x/img_640x640.svg", "", http.StatusNotFound},
		{"/emulator/login.html", "", http.StatusNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			got := b.do(http.MethodGet, p.url+tt.path, nil)
			if got.status != tt.status {
				t.Fatalf("got %d, want %d", got.status, tt.status)
			}
			if tt.contentType != "" && got.header.Get("Content-Type") != tt.contentType {
				t.Errorf("Content-Type %q, want %q", got.header.Get("Content-Type"), tt.contentType)
			}
		})
	}
}
