package emulator_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// home is where the logout page of the tests leads.
const home = "http://127.0.0.1:1/bye"

func withHome(c *emulator.Config) { c.Apps[0].LogoutRedirectURIs = []string{home} }

// kind says which page is shown or how the request ended.
func (p page) kind() string {
	switch {
	case p.redirect.Has("code"):
		return "code"
	case p.redirect.Has("error"):
		return p.redirect.Get("error")
	case strings.Contains(p.body, `value="choose"`):
		return "chooser"
	case strings.Contains(p.body, `name="nickname"`):
		return "sign-up"
	case strings.Contains(p.body, `value="accept"`):
		return "consent"
	case strings.Contains(p.body, `name="email"`):
		return "login"
	}
	return p.body
}

func wantKind(t *testing.T, got page, want string) {
	t.Helper()
	if got.kind() != want {
		t.Errorf("got %d %s, want %s", got.status, got.kind(), want)
	}
}

// withAccounts is a browser in which some accounts are logged in and linked, the
// last one current.
func (p *platform) withAccounts(users ...string) *browser {
	p.t.Helper()
	b := p.browser()
	for _, user := range users {
		b.logIn(b.authorize("prompt", "login"), user)
	}
	return b
}

func TestPromptsInEverySession(t *testing.T) {
	sessions := [][]string{nil, {haneul}, {haneul, dohyun}}
	tests := []struct {
		name, parameter, value string
		want                   [3]string // with no account, one and two
	}{
		{"none given", "prompt", "", [3]string{"login", "code", "code"}},
		{"login", "prompt", "login", [3]string{"login", "login", "login"}},
		{"none", "prompt", "none", [3]string{"login_required", "code", "code"}},
		{"create", "prompt", "create", [3]string{"sign-up", "sign-up", "sign-up"}},
		{"select_account", "prompt", "select_account", [3]string{"login", "code", "chooser"}},
		{"login and select_account", "prompt", "login,select_account", [3]string{"login", "login", "login"}},
		{"select_account and create", "prompt", "select_account,create", [3]string{"sign-up", "sign-up", "sign-up"}},
		{"none with another", "prompt", "none,select_account", [3]string{"interaction_required", "interaction_required", "interaction_required"}},
		{"auth_type, which is outdated", "auth_type", "reauthenticate", [3]string{"login", "login", "login"}},
		{"another auth_type", "auth_type", "none", [3]string{"login", "code", "code"}},
	}
	p := start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for accounts, want := range tt.want {
				b := p.withAccounts(sessions[accounts]...)
				wantKind(t, b.authorize(tt.parameter, tt.value), want)
			}
		})
	}
	t.Run("prompt counts before auth_type", func(t *testing.T) {
		wantKind(t, p.withAccounts(haneul).authorize("auth_type", "reauthenticate", "prompt", "none"), "code")
	})
	t.Run("none before consent", func(t *testing.T) {
		b := p.browser()
		b.submit(b.authorize(), "/oauth/login", "user", onyu)
		wantKind(t, b.authorize("prompt", "none"), "consent_required")
		wantKind(t, b.authorize("prompt", "select_account"), "consent")
	})
}

var asideLink = regexp.MustCompile(`<p class="aside"><a href="([^"]+)"`)

// follow opens the link below the forms of a page.
func (b *browser) follow(shown page) page {
	b.t.Helper()
	match := asideLink.FindStringSubmatch(shown.body)
	if match == nil {
		b.t.Fatalf("no link on the page:\n%s", shown.body)
	}
	return b.do(http.MethodGet, b.url+html.UnescapeString(match[1]), nil)
}

func TestTheChooserKeepsTheTimeOfTheLogin(t *testing.T) {
	p := start(t)
	began := p.clock.Now()
	b := p.browser()
	b.logIn(b.authorize(), haneul)
	p.clock.Advance(time.Hour)
	b.logIn(b.authorize("prompt", "login"), dohyun)
	p.clock.Advance(time.Hour)

	done := b.submit(b.authorize("prompt", "select_account"), "/oauth/login", "action", "choose", "user", haneul)
	claims := verifyIDToken(t, p, p.exchange(done.redirect.Get("code")).text("id_token"))
	if claims["sub"] != haneul || claims["auth_time"] != float64(began.Unix()) {
		t.Errorf("got %v", claims)
	}
	again := b.submit(b.authorize("prompt", "login"), "/oauth/login", "user", haneul)
	claims = verifyIDToken(t, p, p.exchange(again.redirect.Get("code")).text("id_token"))
	if claims["auth_time"] != float64(p.clock.Now().Unix()) {
		t.Errorf("a login anew keeps the old time: %v", claims)
	}

	chooser := b.authorize("prompt", "select_account")
	wantKind(t, b.submit(chooser, "/oauth/login", "decision", "cancel"), "access_denied")
	login := b.follow(b.authorize("prompt", "select_account"))
	wantKind(t, login, "login")
	wantKind(t, b.logIn(login, onyu), "code")
}

func TestLoginByEMailAddressOrPhoneNumber(t *testing.T) {
	p := start(t)
	tests := []struct{ name, typed, want string }{
		{"e-mail address", "haneul@example.com", "consent"},
		{"e-mail address in capitals", " HANEUL@example.com", "consent"},
		{"phone number with country code", "+82 10-0000-0001", "consent"},
		{"phone number as people in Korea write it", "010-0000-0001", "consent"},
		{"phone number without a mark", "01000000001", "consent"},
		{"another phone number", "010-9999-9999", "login"},
		{"a part of a phone number", "0000-0001", "login"},
		{"no more than marks", "+-", "login"},
		{"the number of the account", haneul, "login"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			shown := b.authorize("login_hint", tt.typed)
			if !strings.Contains(html.UnescapeString(shown.body), `name="email" value="`+tt.typed+`"`) {
				t.Errorf("the hint is not filled in:\n%s", shown.body)
			}
			wantKind(t, b.submit(shown, "/oauth/login", "action", "login", "email", tt.typed), tt.want)
		})
	}
}

func TestMistakesOnTheSignUpPage(t *testing.T) {
	p := start(t)
	tests := []struct{ name, nickname, email, want string }{
		{"no nickname", " ", "new@example.com", "Enter a nickname"},
		{"no e-mail address", "새 사람", "new", "Enter a nickname, and an address"},
		{"the address of another account", "새 사람", "HANEUL@example.com", "Another account has this address"},
		{"very long", strings.Repeat("가", 100), "", "Enter a nickname"},
		{"a very long address", "새 사람", strings.Repeat("a", 250) + "@example.com", "Enter a nickname"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			before := len(p.Config().Users)
			got := b.submit(b.authorize("prompt", "create", "lang", "en"), "/oauth/create", "nickname", tt.nickname, "email", tt.email)
			if got.status != http.StatusOK || !strings.Contains(got.body, tt.want) {
				t.Errorf("got %d\n%s", got.status, got.body)
			}
			if kept := `name="email" value="` + tt.email + `"`; !strings.Contains(got.body, kept) {
				t.Errorf("what was typed is lost:\n%s", got.body)
			}
			if after := len(p.Config().Users); after != before {
				t.Errorf("%d accounts, before %d", after, before)
			}
			wantKind(t, b.submit(got, "/oauth/create", "nickname", "새 사람"), "consent")
		})
	}
}

func TestANewAccountLogsInAtOnce(t *testing.T) {
	p := start(t)
	b := p.browser()
	shown := b.authorize("prompt", "create")
	wantKind(t, b.follow(shown), "login")
	wantKind(t, b.follow(b.authorize()), "sign-up")
	asked := b.submit(shown, "/oauth/create", "nickname", "새 사람", "email", "new@example.com")
	got := p.exchange(b.accept(asked, "account_email").redirect.Get("code"))
	me := p.call(http.MethodGet, pathMe, got.bearer(), nil)
	if !strings.Contains(me.raw, "새 사람") || !strings.Contains(me.raw, "new@example.com") {
		t.Errorf("got %s", me.raw)
	}
	if login := p.browser().authorize(); !strings.Contains(login.body, "새 사람") {
		t.Error("the login page of another browser does not show the account")
	}
	wantKind(t, b.submit(b.authorize("prompt", "create"), "/oauth/create", "decision", "cancel"), "access_denied")
}

func (b *browser) logOut(pairs ...string) page {
	b.t.Helper()
	return b.do(http.MethodGet, b.url+logoutAddress(pairs...), nil)
}

func logoutAddress(pairs ...string) string {
	query := url.Values{"client_id": {emulator.DemoRESTAPIKey}, "logout_redirect_uri": {home}, "state": {"s 1"}}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			query.Del(pairs[i])
		}
	}
	return "/oauth/logout?" + query.Encode()
}

func TestTheLogoutPage(t *testing.T) {
	p := start(t, withHome)
	tests := []struct {
		name, extent string
		want         string // what prompt=none says then
	}{
		{"with the account", "account", "login_required"},
		{"the service only", "service", "code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.withAccounts(dohyun, haneul)
			token := p.exchange(b.authorize().redirect.Get("code"))
			shown := b.logOut()
			if shown.status != http.StatusOK || !strings.Contains(shown.body, "하늘보리") {
				t.Fatalf("got %d\n%s", shown.status, shown.body)
			}
			if done := b.submit(shown, logoutAddress(), "extent", tt.extent); done.status != http.StatusFound || done.location != home+"?state=s%201" {
				t.Errorf("got %d %q", done.status, done.location)
			}
			wantKind(t, b.authorize("prompt", "none"), tt.want)
			if me := p.call(http.MethodGet, pathMe, token.bearer(), nil); me.status != http.StatusOK {
				t.Errorf("the page ended the tokens, which is the service's business: %s", me.raw)
			}
		})
	}
}

func TestLogoutWithoutAPage(t *testing.T) {
	p := start(t, withHome)
	tests := []struct {
		name     string
		pairs    []string
		status   int
		location string
		koe      string
	}{
		{"nobody is logged in", nil, http.StatusFound, home + "?state=s%201", ""},
		{"without state", []string{"state", ""}, http.StatusFound, home, ""},
		{"with the JavaScript key", []string{"client_id", emulator.DemoJavaScriptKey}, http.StatusFound, home + "?state=s%201", ""},
		{"no address", []string{"logout_redirect_uri", ""}, http.StatusBadRequest, "", "KOE007"},
		{"an address that is not registered", []string{"logout_redirect_uri", callback}, http.StatusBadRequest, "", "KOE007"},
		{"no client_id", []string{"client_id", ""}, http.StatusUnauthorized, "", "KOE101"},
		{"an unknown client_id", []string{"client_id", "x"}, http.StatusUnauthorized, "", "KOE101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := p.browser().logOut(tt.pairs...)
			if got.status != tt.status || got.location != tt.location || !strings.Contains(got.body, tt.koe) {
				t.Errorf("got %d %q\n%s", got.status, got.location, got.body)
			}
		})
	}
	t.Run("a repeated parameter", func(t *testing.T) {
		if got := p.browser().do(http.MethodGet, p.url+logoutAddress()+"&state=b", nil); got.status != http.StatusBadRequest || !strings.Contains(got.body, "KOE001") {
			t.Errorf("got %d\n%s", got.status, got.body)
		}
	})
}

func TestLogoutFormsOfOthersAreRefused(t *testing.T) {
	p := start(t, withHome)
	tests := []struct {
		name string
		send func(mine, theirs *browser) page
	}{
		{"made up", func(mine, _ *browser) page {
			return mine.do(http.MethodPost, p.url+logoutAddress(), url.Values{"ticket": {"made-up"}, "extent": {"account"}})
		}},
		{"without a ticket", func(mine, _ *browser) page {
			return mine.do(http.MethodPost, p.url+logoutAddress(), url.Values{"extent": {"account"}})
		}},
		{"shown to another browser", func(mine, theirs *browser) page {
			return mine.submit(theirs.logOut(), logoutAddress(), "extent", "account")
		}},
		{"for another request", func(mine, _ *browser) page {
			return mine.submit(mine.logOut(), logoutAddress("state", "other"), "extent", "account")
		}},
		{"of another page", func(mine, _ *browser) page {
			return mine.submit(mine.authorize("prompt", "login"), logoutAddress(), "extent", "account")
		}},
		{"sent twice", func(mine, _ *browser) page {
			shown := mine.logOut()
			mine.submit(shown, logoutAddress(), "extent", "service")
			return mine.submit(shown, logoutAddress(), "extent", "account")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mine, theirs := p.withAccounts(haneul), p.withAccounts(dohyun)
			if got := tt.send(mine, theirs); got.status != http.StatusForbidden || got.location != "" {
				t.Errorf("got %d %q", got.status, got.location)
			}
			wantKind(t, mine.authorize("prompt", "none"), "code")
		})
	}
}

// everyPage shows each kind of page once.
func (p *platform) everyPage(lang, acceptLanguage string) map[string]page {
	p.t.Helper()
	b := p.withAccounts(dohyun, haneul)
	b.header.Set("Accept-Language", acceptLanguage)
	fresh := p.browser()
	fresh.header.Set("Accept-Language", acceptLanguage)
	login := fresh.authorize("lang", lang)
	asked := fresh.submit(login, "/oauth/login", "user", onyu)
	return map[string]page{
		"login":   fresh.authorize("lang", lang, "prompt", "login"),
		"mistake": fresh.submit(fresh.authorize("lang", lang, "prompt", "login"), "/oauth/login", "action", "login", "email", "<b>nobody"),
		"consent": asked,
		"sign-up": fresh.submit(fresh.authorize("lang", lang, "prompt", "create"), "/oauth/create", "email", "<b>nobody"),
		"chooser": b.authorize("lang", lang, "prompt", "select_account"),
		"logout":  b.logOut("lang", lang),
		"closed":  b.authorize("lang", lang, "redirect_uri", jsSDK, "scope", "<b>"),
		"error":   b.authorize("lang", lang, "client_id", "<b>"),
	}
}

func TestEveryPageSpeaksFourLanguages(t *testing.T) {
	titles := map[string]map[string]string{
		"ko": {"login": "어떤 계정으로", "mistake": "없는 계정입니다", "consent": "동의하고 계속하기", "sign-up": "닉네임을 입력하고", "chooser": "다른 계정으로", "logout": "함께 로그아웃", "closed": closedKo, "error": "처리할 수 없습니다"},
		"en": {"login": "Which account", "mistake": "no such account", "consent": "Accept and continue", "sign-up": "Enter a nickname", "chooser": "another account", "logout": "Log out with", "closed": closedEn, "error": "cannot be served"},
		"ja": {"login": "どのアカウント", "mistake": "ないアカウント", "consent": "同意して続ける", "sign-up": "入力してください", "chooser": "別のアカウント", "logout": "からもログアウト", "closed": "閉じて", "error": "処理できません"},
		"zh": {"login": "哪个账号", "mistake": "没有此账号", "consent": "同意并继续", "sign-up": "请输入昵称", "chooser": "其他账号", "logout": "一起退出", "closed": "可以关闭", "error": "无法处理"},
	}
	p := start(t, withHome)
	for language, want := range titles {
		for name, asked := range map[string][2]string{
			"lang":            {language, "fr"},
			"Accept-Language": {"", language + "-XX,fr;q=0.5"},
		} {
			t.Run(language+" by "+name, func(t *testing.T) {
				for kind, got := range p.everyPage(asked[0], asked[1]) {
					if !strings.Contains(got.body, `<html lang="`+language+`">`) || got.header.Get("Content-Language") != language || !strings.Contains(got.body, want[kind]) {
						t.Errorf("%s is not in %s:\n%s", kind, language, got.body)
					}
				}
			})
		}
	}
}

var (
	scriptTag      = regexp.MustCompile(`(?i)<script[^>]*>`)
	inlineHandlers = regexp.MustCompile(`(?i)<[^>]+\s(on\w+|style)\s*=|<style|javascript:`)
)

func TestEveryPageIsSafeWhateverItShows(t *testing.T) {
	const hostile = `"><script>alert('x')</script><img src=x onerror=alert(1) style=a>`
	p := start(t, withHome, func(c *emulator.Config) {
		c.Apps[0].Name = hostile
		c.Apps[0].Scopes = append(c.Apps[0].Scopes, emulator.Scope{ID: "own'><b>", Name: emulator.Text{Ko: hostile, En: hostile}})
		c.Apps[0].ServiceTerms[0].Title = emulator.Text{Ko: hostile, En: hostile}
		for i := range c.Users {
			c.Users[i].Nickname = hostile
		}
	})
	for kind, got := range p.everyPage("ko", "") {
		t.Run(kind, func(t *testing.T) {
			for _, tag := range scriptTag.FindAllString(got.body, -1) {
				if tag != `<script src="/emulator/consent.js" defer>` {
					t.Errorf("script %s", tag)
				}
			}
			if found := inlineHandlers.FindString(got.body); found != "" || strings.Contains(got.body, "<b>") || strings.Contains(got.body, "<img src=x") {
				t.Errorf("%q in the page:\n%s", found, got.body)
			}
			for header, want := range map[string]string{
				"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8",
				"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "",
			} {
				if got.header.Get(header) != want {
					t.Errorf("%s %q", header, got.header.Get(header))
				}
			}
			for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"} {
				if !strings.Contains(got.header.Get("Content-Security-Policy"), want) {
					t.Errorf("policy %q lacks %s", got.header.Get("Content-Security-Policy"), want)
				}
			}
		})
	}
}

// A browser that goes back or reloads after a mistake is asked to send no form
// again: the page with the mistake comes by a redirect.
func TestMistakesInFormsAreShownAfterARedirect(t *testing.T) {
	for name, c := range map[string]struct{ prompt, path, want string }{
		"sign-up": {"create", "/oauth/create", "Another account has this address"},
		"login":   {"login", "/oauth/login", "There is no such account here"},
	} {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			b := p.browser()
			b.header.Set("Accept-Language", "en")
			follow := b.client.CheckRedirect
			shown := b.authorize("prompt", c.prompt)
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			email := map[string]string{"create": "haneul@example.com", "login": "nobody@example.com"}[c.prompt]
			sent := b.submit(shown, c.path, "action", "login", "decision", "create", "nickname", "새봄", "email", email)
			if sent.status != http.StatusSeeOther || strings.Contains(sent.location, email) {
				t.Fatalf("%d to %s", sent.status, sent.location)
			}
			b.client.CheckRedirect = follow
			again := b.do(http.MethodGet, p.url+sent.location, nil)
			if !strings.Contains(again.body, c.want) || !strings.Contains(again.body, email) {
				t.Errorf("lacks %q or %q:\n%s", c.want, email, again.body)
			}
			if reloaded := b.do(http.MethodGet, p.url+sent.location, nil); strings.Contains(reloaded.body, c.want) {
				t.Error("a reload tells of the mistake once more")
			}
		})
	}
}
