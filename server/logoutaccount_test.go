package server

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// navigation is what a browser sends with a link that its user follows on a page
// of the server's own origin.
var navigation = map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

// navigate sends a navigation with these cookies and further headers.
func (h *harness) navigate(path string, headers map[string]string, cookies ...*http.Cookie) *http.Response {
	h.t.Helper()
	r := h.request("GET", path, "")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return h.send(r)
}

// beginLogout begins a logout of the Kakao Account and returns the state sent to
// Kakao and the cookie given to the browser.
func (h *harness) beginLogout(query string) (string, *http.Cookie) {
	h.t.Helper()
	res := h.navigate("/logout/account"+query, navigation)
	target, err := res.Location()
	if res.StatusCode != http.StatusSeeOther || err != nil {
		h.t.Fatalf("got %s, %v", res.Status, err)
	}
	return target.Query().Get("state"), logoutCookie(h, res)
}

func logoutCookie(h *harness, res *http.Response) *http.Cookie {
	for _, c := range res.Cookies() {
		if c.Name == h.logouts.Name {
			return c
		}
	}
	return nil
}

// The whole way on the emulator: session and tokens end, the user ends the Kakao
// Account's session too, and comes back to where the page wanted.
func TestLogoutOfAccountOnTheEmulator(t *testing.T) {
	apps := emulator.Default(emulatorOrigin, testPublicURL+"/callback")
	apps.Apps[0].LogoutRedirectURIs = []string{testPublicURL + "/logout/callback"}
	platform, err := emulator.New(apps)
	if err != nil {
		t.Fatal(err)
	}
	var loggedOut []User
	h := newHarness(t, onEmulator(platform), func(c *Config) {
		c.OnLogout = func(_ context.Context, u User) { loggedOut = append(loggedOut, u) }
	})
	h.loginOnEmulator(platform)
	_, login := h.do("POST", "/refresh", "")

	res := h.navigate("/logout/account?return_to=%2Fbye%3Fx%3D1", navigation)
	if h.cookie != "" || len(loggedOut) != 1 || loggedOut[0].ID != emulatorUser {
		t.Errorf("cookie %q, OnLogout got %v", h.cookie, loggedOut)
	}
	if _, err := h.Server.kakao.UserID(t.Context(), rest.NewUserToken(login["access_token"].(string))); err == nil {
		t.Error("the access token lives on at Kakao")
	}
	target, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	back := h.navigate("/logout/callback?"+throughKakao(t, platform, target).RawQuery, map[string]string{"Sec-Fetch-Site": "cross-site"}, logoutCookie(h, res))
	if got := back.Header.Get("Location"); back.StatusCode != http.StatusSeeOther || got != testOrigin+"/bye?x=1" {
		t.Errorf("got %s to %q", back.Status, got)
	}
	if c := logoutCookie(h, back); c == nil || c.MaxAge >= 0 {
		t.Errorf("the state can be used again: %v", c)
	}
}

// throughKakao clicks through the emulator's logout page and returns where it
// leads.
func throughKakao(t *testing.T, platform http.Handler, target *url.URL) *url.URL {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Transport: inMemory{platform}, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Get(target.String())
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode == http.StatusOK {
		form := ticket.FindStringSubmatch(readAll(t, res))
		if form == nil {
			t.Fatal("the logout page has no form")
		}
		if res, err = browser.PostForm(target.String(), url.Values{"ticket": {form[1]}, "extent": {"account"}}); err != nil {
			t.Fatal(err)
		}
	}
	back, err := res.Location()
	if err != nil || !strings.HasPrefix(back.String(), testPublicURL+"/logout/callback?") {
		t.Fatalf("Kakao leads to %v, %v: %s", back, err, readAll(t, res))
	}
	return back
}

func TestLogoutOfAccountAsksKakao(t *testing.T) {
	h := newHarness(t)
	for name, logIn := range map[string]bool{"with a session": true, "without one": false} {
		if logIn {
			h.login()
		}
		target, err := h.navigate("/logout/account", navigation).Location()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		query := target.Query()
		state, err := base64.RawURLEncoding.DecodeString(query.Get("state"))
		if err != nil || len(state) < 16 {
			t.Errorf("%s: state of %d bytes, %v", name, len(state), err)
		}
		query.Del("state")
		target.RawQuery = query.Encode()
		want := "https://kauth.kakao.com/oauth/logout?" + url.Values{"client_id": {testRESTKey}, "logout_redirect_uri": {testPublicURL + "/logout/callback"}}.Encode()
		if target.String() != want {
			t.Errorf("%s: got  %s\nwant %s", name, target, want)
		}
	}
	if h.kakao.count(pathLogout) != 1 {
		t.Error("the tokens of the session live on")
	}
}

// Who has asked to be logged out is, whatever Kakao does; but the browser does
// not go on where the session could not be ended.
func TestLogoutOfAccountWhileOthersFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		h.kakao.on(pathLogout, hangs)
		id := h.cookie
		if res := h.navigate("/logout/account", navigation); res.StatusCode != http.StatusSeeOther {
			t.Errorf("got %s", res.Status)
		}
		if _, err := h.sessions.Find(t.Context(), id); err == nil {
			t.Error("the session lives on")
		}
	})
	g := &gate{}
	h := newHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), g} })
	h.login()
	g.on(func(int, string) fate { return notDone })
	res := h.navigate("/logout/account", navigation)
	expectError(t, res.StatusCode, decode(t, res), 503, "temporarily_unavailable", "")
	if logoutCookie(h, res) != nil {
		t.Error("a logout is under way that was refused")
	}
}

// Rule 14 (BBA): a link logs a user out only where the user, or a page that may
// call the server, has put it.
func TestLogoutOfAccountIsTheUsersOwnWish(t *testing.T) {
	with := func(more ...string) map[string]string {
		h := map[string]string{"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
		for i := 0; i < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	for name, test := range map[string]struct {
		headers map[string]string
		allowed bool
	}{
		"a link of the same origin":                     {with("Sec-Fetch-Site", "same-origin"), true},
		"an address typed by hand":                      {with("Sec-Fetch-Site", "none"), true},
		"a link of an allowed sibling":                  {with("Sec-Fetch-Site", "same-site", "Referer", "https://shop.example.com/"), true},
		"a link of an allowed page of another site":     {with("Sec-Fetch-Site", "cross-site", "Referer", "https://shop.example.org/a/b?c"), true},
		"an old browser on an allowed page":             {map[string]string{"Referer": testOrigin + "/account"}, true},
		"a link of another site":                        {with("Sec-Fetch-Site", "cross-site", "Referer", "https://evil.example/"), false},
		"a link of another site that hides it":          {with("Sec-Fetch-Site", "cross-site"), false},
		"a link of another sibling":                     {with("Sec-Fetch-Site", "same-site", "Referer", "https://evil.example.com/"), false},
		"a sibling with an allowed name in front":       {with("Sec-Fetch-Site", "same-site", "Referer", "https://shop.example.com.evil.example/"), false},
		"a sibling with an allowed name as user":        {with("Sec-Fetch-Site", "cross-site", "Referer", "https://shop.example.com@evil.example/"), false},
		"an allowed host without https":                 {with("Sec-Fetch-Site", "cross-site", "Referer", "http://shop.example.com/"), false},
		"an allowed host at another port":               {with("Sec-Fetch-Site", "same-site", "Referer", "https://shop.example.com:8443/"), false},
		"a broken Referer":                              {with("Sec-Fetch-Site", "cross-site", "Referer", "https://shop.example.com%/"), false},
		"an image of the same origin":                   {map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, false},
		"a frame of the same origin":                    {with("Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "iframe"), false},
		"a script's request of the same origin":         {map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, false},
		"an allowed page's image":                       {map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "image", "Referer": "https://shop.example.com/"}, false},
		"a page that is prefetched":                     {with("Sec-Fetch-Site", "same-origin", "Sec-Purpose", "prefetch"), false},
		"a page that is rendered in advance":            {with("Sec-Fetch-Site", "none", "Sec-Purpose", "prefetch;prerender"), false},
		"an old browser on another page":                {map[string]string{"Referer": "https://evil.example/"}, false},
		"an old browser on a page that hides its name":  {nil, false},
		"a value of Sec-Fetch-Site that does not exist": {with("Sec-Fetch-Site", "same-planet"), false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, func(c *Config) { c.AllowedOrigins = []string{"https://shop.example.com", "https://shop.example.org"} })
			h.login()
			res := h.navigate("/logout/account", test.headers)
			_, session := h.do("GET", "/session", "")
			if session["authenticated"] == test.allowed {
				t.Errorf("session: %v", session)
			}
			if test.allowed {
				if res.StatusCode != http.StatusSeeOther {
					t.Errorf("got %s", res.Status)
				}
				return
			}
			expectError(t, res.StatusCode, decode(t, res), 403, "access_denied", "")
			if len(res.Cookies()) != 0 {
				t.Errorf("cookies: %v", res.Cookies())
			}
		})
	}
}

// Rule 3: the callback believes the state of this browser's own logout only.
func TestLogoutCallbackChecksTheState(t *testing.T) {
	h := newHarness(t)
	state, mine := h.beginLogout("?return_to=/bye")
	other, theirs := h.beginLogout("?return_to=/theirs")
	value := func(v string) *http.Cookie { return &http.Cookie{Name: mine.Name, Value: v} }
	for name, test := range map[string]struct {
		query   string
		cookies []*http.Cookie
	}{
		"no state":                         {"", []*http.Cookie{mine}},
		"an empty state":                   {"?state=", []*http.Cookie{mine}},
		"another state":                    {"?state=" + strings.Repeat("A", 43), []*http.Cookie{mine}},
		"the state of another browser":     {"?state=" + other, []*http.Cookie{mine}},
		"a state cut short":                {"?state=" + state[:42], []*http.Cookie{mine}},
		"the state twice":                  {"?state=" + state + "&state=" + state, []*http.Cookie{mine}},
		"no cookie":                        {"?state=" + state, nil},
		"the cookie of another browser":    {"?state=" + state, []*http.Cookie{theirs}},
		"two cookies":                      {"?state=" + state, []*http.Cookie{mine, theirs}},
		"an empty cookie and state":        {"?state=", []*http.Cookie{value("")}},
		"a cookie of dots":                 {"?state=", []*http.Cookie{value("...")}},
		"a cookie without return address":  {"?state=" + state, []*http.Cookie{value(state)}},
		"a cookie that is not encoded":     {"?state=" + state, []*http.Cookie{value(state + ".***")}},
		"a cookie that leads elsewhere":    {"?state=" + state, []*http.Cookie{value(state + "." + base64.RawURLEncoding.EncodeToString([]byte("https://evil.example/")))}},
		"a cookie that leads to a script":  {"?state=" + state, []*http.Cookie{value(state + "." + base64.RawURLEncoding.EncodeToString([]byte("javascript:alert(1)")))}},
		"the session cookie for the state": {"?state=" + state, []*http.Cookie{{Name: h.cookies.Name, Value: mine.Value}}},
	} {
		t.Run(name, func(t *testing.T) {
			h := h.in(t)
			res := h.navigate("/logout/callback"+test.query, nil, test.cookies...)
			expectError(t, res.StatusCode, decode(t, res), 400, "invalid_request", "")
			if res.Header.Get("Location") != "" || len(res.Cookies()) != 0 {
				t.Errorf("got %v", res.Header)
			}
		})
	}
	if res := h.navigate("/logout/callback?state="+state, nil, mine); res.Header.Get("Location") != testOrigin+"/bye" {
		t.Errorf("the right one leads to %q", res.Header.Get("Location"))
	}
}

// Rule 7: the cookie of a logout under way.
func TestRule07LogoutCookie(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Config)
		want   http.Cookie
	}{
		"https":       {func(*Config) {}, http.Cookie{Name: "__Host-kakao_logout", Secure: true}},
		"partitioned": {func(c *Config) { c.Partitioned = true }, http.Cookie{Name: "__Host-kakao_logout", Secure: true}},
		"strict":      {func(c *Config) { c.SameSite = http.SameSiteStrictMode }, http.Cookie{Name: "__Host-kakao_logout", Secure: true}},
		"loopback":    {func(c *Config) { c.PublicURL = "http://127.0.0.1:8480/kakao" }, http.Cookie{Name: "kakao_logout"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, test.change)
			_, got := h.beginLogout("")
			want := test.want
			want.Path, want.HttpOnly, want.SameSite, want.MaxAge = "/", true, http.SameSiteLaxMode, got.MaxAge
			got.Raw, got.Value, got.Name = "", "", strings.TrimSuffix(unsuffixed(got.Name+"="), "=")
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Error(diff)
			}
			if limit := int(logoutStateLife / time.Second); got.MaxAge > limit || got.MaxAge < limit-1 {
				t.Errorf("it lives %d s", got.MaxAge)
			}
		})
	}
}

// Two logouts under way know nothing of each other's state, and none comes again.
func TestLogoutStatesAreFresh(t *testing.T) {
	h := newHarness(t)
	seen := map[string]bool{}
	for range 100 {
		state, cookie := h.beginLogout("")
		if seen[state] || !strings.HasPrefix(cookie.Value, state+".") {
			t.Fatalf("state %q again, cookie %q", state, cookie.Value)
		}
		seen[state] = true
	}
}
