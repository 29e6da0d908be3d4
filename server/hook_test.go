package server

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// calls are the calls of hooks.
type calls struct {
	mu   sync.Mutex
	made []string
	last User
}

// hook is one that takes down its calls under a name.
func (c *calls) hook(name string) func(context.Context, User) {
	return func(_ context.Context, u User) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.made, c.last = append(c.made, name), u
	}
}

// The hooks hear of each thing that happens, once, and of nothing that does not.
func TestHooksAreToldOnce(t *testing.T) {
	heard, login := &calls{}, tokenRequestBody(map[string]any{"nonce": testNonce})
	h := newHarness(t, func(c *Config) {
		c.OnLogin = func(ctx context.Context, u User) error { heard.hook("login")(ctx, u); return nil }
		c.OnRefresh, c.OnLogout = heard.hook("refresh"), heard.hook("logout")
	})
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken,
		map[string]any{"id_token": signedWith(t, map[string]any{"nickname": "라이언", "email": "ryan@example.com"})})))
	user := User{ID: testUser, Scope: []string{"profile_nickname", "openid"}, Nickname: "라이언", Email: "ryan@example.com"}
	h.kakao.on(callRefresh, says(401, errorBody("invalid_client", "KOE010", "x")))
	for _, step := range []struct {
		name, path, body string
		want             []string
	}{
		{"a login", "/token", login, []string{"login"}},
		{"the same code again", "/token", login, nil},
		{"a renewal that fails", "/refresh", "", nil},
		{"a renewal", "/refresh", "", []string{"refresh"}},
		{"another tab's", "/refresh", "", nil},
		{"a logout", "/logout", "", []string{"logout"}},
		{"a logout of nobody", "/logout", "", nil},
	} {
		heard.made = nil
		if step.name == "a renewal" {
			h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", "", nil)))
		}
		h.do("POST", step.path, step.body)
		if diff := cmp.Diff(step.want, heard.made); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		if diff := cmp.Diff(user, heard.last); diff != "" {
			t.Errorf("%s: the user (-want +got):\n%s", step.name, diff)
		}
	}
}

// Whom OnLogin does not let in has no session and no tokens; why is for the log.
func TestOnLoginDecides(t *testing.T) {
	for name, test := range map[string]struct {
		hook   func(context.Context, User) error
		status int
		code   string
		logged string
	}{
		"an error": {func(context.Context, User) error { return errors.New("is on the list") }, 403, "access_denied", "is on the list"},
		"a panic":  {func(context.Context, User) error { panic("mine") }, 500, "server_error", "panic"},
		"silence":  {func(ctx context.Context, _ User) error { <-ctx.Done(); return ctx.Err() }, 403, "access_denied", "deadline"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.OnLogin = test.hook })
				start := time.Now()
				status, answer := h.do("POST", "/token", tokenRequestBody(nil))
				expectError(t, status, answer, test.status, test.code, "")
				if h.cookie != "" || h.kakao.count(pathLogout) != 1 {
					t.Errorf("cookie %q, %d logouts at Kakao", h.cookie, h.kakao.count(pathLogout))
				}
				if !strings.Contains(h.logs.String(), test.logged) || strings.Contains(h.said.String(), test.logged) {
					t.Errorf("said: %s\nlog: %s", h.said, h.logs)
				}
				if took := time.Since(start); took > hookTimeout {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// What a hook does or leaves undone changes nothing about what has happened.
func TestHooksThatAreOnlyToldChangeNothing(t *testing.T) {
	for name, hook := range map[string]func(context.Context, User){
		"a panic": func(context.Context, User) { panic("mine") },
		"silence": func(ctx context.Context, _ User) { <-ctx.Done() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.OnRefresh, c.OnLogout = hook, hook })
				h.login()
				if status, answer := h.do("POST", "/refresh", ""); status != 200 || answer["access_token"] != "access-token-2" {
					t.Errorf("renewal: %d %v", status, answer)
				}
				if status, answer := h.do("POST", "/logout", ""); status != 204 || h.cookie != "" {
					t.Errorf("logout: %d %v", status, answer)
				}
			})
		})
	}
}

// A hook has its five seconds, however long the request has taken before, and
// also when its caller is gone.
func TestHooksHaveTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left time.Duration
		h := newHarness(t, func(c *Config) {
			c.OnLogout = func(ctx context.Context, _ User) {
				deadline, _ := ctx.Deadline()
				if left = time.Until(deadline); ctx.Err() != nil {
					t.Error(ctx.Err())
				}
			}
		})
		h.login()
		h.kakao.on(pathLogout, hangs)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		h.send(h.request("POST", "/logout", "").WithContext(ctx))
		if left != hookTimeout {
			t.Errorf("it had %v", left)
		}
	})
}
