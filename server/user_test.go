package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// greeted is a handler of a back end behind RequireLogin, and whom it met.
func (h *harness) greeted() (http.Handler, *[]User) {
	var met []User
	return h.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, ok := UserFromContext(r.Context())
		if !ok {
			h.t.Error("the handler was called without a user")
		}
		met = append(met, u)
		w.WriteHeader(http.StatusTeapot)
	})), &met
}

// own is a request to a path of the back end, beside the base path.
func (h *harness) own(method string) *http.Request {
	r := h.request(method, "", "")
	r.URL.Path = "/orders"
	return r
}

func answerOf(handler http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

func TestRequireLogin(t *testing.T) {
	h := newHarness(t)
	orders, met := h.greeted()
	refused := func(why string) {
		t.Helper()
		res := answerOf(orders, h.own("GET"))
		expectError(t, res.StatusCode, decode(t, res), 401, "login_required", "")
		if len(*met) > 0 {
			t.Fatalf("%s: the handler was called", why)
		}
	}
	refused("without a session")
	h.cookie = strings.Repeat("A", 43)
	refused("with a cookie that nobody was given")
	h.cookie = ""
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{
		"id_token": signedWith(t, map[string]any{"nickname": "하늘"}),
	})))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	if res := answerOf(orders, h.own("GET")); res.StatusCode != http.StatusTeapot {
		t.Errorf("got %s", res.Status)
	}
	want := []User{{ID: testUser, Scope: []string{"profile_nickname", "openid"}, Nickname: "하늘"}}
	if diff := cmp.Diff(want, *met); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	*met = nil
	id := h.cookie
	h.do("POST", "/logout", "")
	h.cookie = id
	refused("after the logout")
}

// RequireLogin takes a cookie for its user's wish only where the browser says
// that the page is an allowed one.
func TestRequireLoginRefusesOtherOrigins(t *testing.T) {
	h := newHarness(t, withShop)
	h.login()
	orders, met := h.greeted()
	for name, test := range map[string]struct {
		method, origin, site string
		status               int
	}{
		"the own page posts":             {"POST", testOrigin, "same-origin", http.StatusTeapot},
		"an allowed page posts":          {"POST", "https://shop.example.com", "same-site", http.StatusTeapot},
		"a program posts":                {"POST", "", "", http.StatusTeapot},
		"a link leads from another site": {"GET", "", "cross-site", http.StatusTeapot},
		"another site posts":             {"POST", "https://evil.example", "cross-site", http.StatusForbidden},
		"a sibling posts":                {"POST", "https://evil.example.com", "same-site", http.StatusForbidden},
		"another site deletes":           {"DELETE", "https://evil.example", "cross-site", http.StatusForbidden},
		"a page without origin posts":    {"POST", "null", "cross-site", http.StatusForbidden},
		"a page that hides its origin":   {"POST", "", "cross-site", http.StatusForbidden},
		"an old browser on another site": {"PUT", "https://evil.example", "", http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			*met = nil
			r := h.own(test.method)
			for header, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
				r.Header.Del(header)
				if value != "" {
					r.Header.Set(header, value)
				}
			}
			res := answerOf(orders, r)
			if res.StatusCode != test.status || (len(*met) == 1) != (test.status == http.StatusTeapot) {
				t.Errorf("got %s, met %v", res.Status, *met)
			}
		})
	}
}

// While the store is away nobody is taken for logged out.
func TestRequireLoginWhileTheStoreIsAway(t *testing.T) {
	g := &gate{}
	h := newHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), g} })
	h.login()
	orders, _ := h.greeted()
	g.on(func(int, string) fate { return notDone })
	res := answerOf(orders, h.own("GET"))
	expectError(t, res.StatusCode, decode(t, res), 503, "temporarily_unavailable", "")
	if res.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
	asked := g.taken()
	if diff := cmp.Diff([]string{"get"}, asked); diff != "" || h.kakao.count(callRefresh) != 0 {
		t.Errorf("the store was asked %v", asked)
	}
}

func TestNoUserWithoutRequireLogin(t *testing.T) {
	if u, ok := UserFromContext(t.Context()); ok {
		t.Errorf("got %v", u)
	}
}
