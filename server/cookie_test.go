package server

import (
	"net/http"
	"strings"
	"testing"
)

// Two servers on one host, by ports, by paths or by apps, have cookies of their own:
// a browser with both is logged in at both, and out of one alone.
func TestServersOnOneHostHaveCookiesOfTheirOwn(t *testing.T) {
	for name, other := range map[string]func(*Config){
		"another port": func(c *Config) { c.PublicURL = "https://app.example.com:8443/kakao" },
		"another path": func(c *Config) { c.PublicURL = "https://app.example.com/b/kakao" },
		"another app":  func(c *Config) { c.RESTAPIKey = "other-app-key" },
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newHarness(t), newHarness(t, other)
			if a.cookies.Name == b.cookies.Name || a.logouts.Name == b.logouts.Name || !strings.HasPrefix(a.cookies.Name, hostPrefix+sessionCookieName) {
				t.Fatalf("both have %s and %s", a.cookies.Name, a.logouts.Name)
			}
			jar := map[string]*http.Cookie{}
			visit := func(h *harness, method, path, body string) *http.Response {
				r := h.request(method, path, body)
				r.URL.Path = h.at.base + path
				r.Header.Set("Origin", h.at.origin)
				for _, c := range jar {
					r.AddCookie(c)
				}
				res := (&harness{Server: h.Server, t: t, said: h.said}).send(r)
				for _, c := range res.Cookies() {
					if jar[c.Name] = c; c.MaxAge < 0 {
						delete(jar, c.Name)
					}
				}
				return res
			}
			for _, h := range []*harness{a, b} {
				if res := visit(h, "POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": h.at.callback()})); res.StatusCode != http.StatusOK {
					t.Fatalf("login: %s", res.Status)
				}
			}
			for _, h := range []*harness{a, b} {
				if body := decode(t, visit(h, "GET", "/session", "")); body["authenticated"] != true {
					t.Errorf("not logged in at %s", h.at.base)
				}
			}
			visit(a, "POST", "/logout", "")
			if body := decode(t, visit(b, "GET", "/session", "")); body["authenticated"] != true {
				t.Error("the logout at one server is one at the other")
			}
		})
	}
}

// A cookie of version 0.1 is a login until the next renewal, which gives it the new
// name; that of another server on the host is left alone.
func TestCookiesOfTheEarlierNameAreTakenOver(t *testing.T) {
	h := newHarness(t)
	h.login()
	id := h.cookie
	ask := func(method, path string, cookies ...*http.Cookie) *http.Response {
		h.cookie = ""
		r := h.request(method, path, "")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		return h.send(r)
	}
	earlier := &http.Cookie{Name: h.cookies.earlier, Value: id}
	if body := decode(t, ask("GET", "/session", earlier)); body["authenticated"] != true {
		t.Error("the earlier name is no login")
	}
	set := map[string]int{}
	for _, c := range ask("POST", "/refresh", earlier).Cookies() {
		set[c.Name] = c.MaxAge
	}
	if len(set) != 2 || set[h.cookies.Name] <= 0 || set[h.cookies.earlier] >= 0 {
		t.Errorf("the renewal sets %v", set)
	}
	foreign := &http.Cookie{Name: h.cookies.earlier, Value: strings.Repeat("f", 43)}
	for _, call := range []string{"/refresh", "/logout", "/token"} {
		body := map[string]string{"/token": tokenRequestBody(nil)}[call]
		r := h.request("POST", call, body)
		r.AddCookie(foreign)
		for _, c := range h.send(r).Cookies() {
			if c.Name == h.cookies.earlier {
				t.Errorf("%s changes the cookie of another server", call)
			}
		}
		h.cookie = ""
	}
	own := &http.Cookie{Name: h.cookies.Name, Value: id}
	if body := decode(t, ask("GET", "/session", own, foreign)); body["authenticated"] != true {
		t.Error("the earlier name spoils the new one")
	}
	cleared := map[string]bool{}
	for _, c := range ask("POST", "/logout", earlier).Cookies() {
		cleared[c.Name] = c.MaxAge < 0
	}
	if !cleared[h.cookies.earlier] || !cleared[h.cookies.Name] {
		t.Errorf("the logout clears %v", cleared)
	}
}
