package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// RequireLogin lets through who has a session, and says who it is; Kakao is not
// asked.
func TestRequireLogin(t *testing.T) {
	failing := &gate{}
	h := newHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
	h.login()
	mine := h.cookie
	asked := len(h.kakao.bearers)
	for _, test := range []struct {
		name   string
		change func(*http.Request)
		status int
		code   string
	}{
		{"the session", func(*http.Request) {}, 200, ""},
		{"no cookie", func(r *http.Request) { r.Header.Del("Cookie") }, 401, "login_required"},
		{"a cookie of nobody's", func(r *http.Request) { r.Header.Set("Cookie", h.cookies.Name+"="+strings.Repeat("A", 43)) }, 401, "login_required"},
		{"two cookies", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: h.cookies.Name, Value: mine}) }, 401, "login_required"},
		{"a change from a foreign page", func(r *http.Request) { r.Method = "POST"; r.Header.Set("Origin", "https://evil.example") }, 403, "access_denied"},
		{"a change from its own", func(r *http.Request) { r.Method = "POST"; r.Header.Set("Origin", testOrigin) }, 200, ""},
		{"a store that is away", func(*http.Request) { failing.on(func(int, string) fate { return notDone }) }, 503, "temporarily_unavailable"},
	} {
		var found User
		handler := h.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { found, _ = UserFromContext(r.Context()) }))
		r := h.request("GET", "/orders", "")
		test.change(r)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		res := w.Result()
		if test.status == 200 {
			if want := (User{ID: testUser, Scope: []string{"profile_nickname", "openid"}}); !cmp.Equal(found, want) || res.StatusCode != http.StatusOK {
				t.Errorf("%s: %d %+v", test.name, res.StatusCode, found)
			}
			continue
		}
		expectError(t, res.StatusCode, decode(t, res), test.status, test.code, "")
		if found.ID != "" {
			t.Errorf("%s: the handler was called for %v", test.name, found)
		}
	}
	failing.on(func(int, string) fate { return passes })
	if len(h.kakao.bearers) != asked {
		t.Error("Kakao was asked")
	}
}

func TestNoUserOutsideOfRequireLogin(t *testing.T) {
	if u, ok := UserFromContext(t.Context()); ok || u.ID != "" {
		t.Errorf("got %v", u)
	}
}
