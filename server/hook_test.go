package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// called are the calls of the hooks, by name.
type called struct {
	mu    sync.Mutex
	users map[string][]User
}

func (c *called) note(name string, u User) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users == nil {
		c.users = map[string][]User{}
	}
	c.users[name] = append(c.users[name], u)
}

// hooked sets every hook to do something after it has noted its call.
func hooked(calls *called, do func(context.Context)) func(*Config) {
	hook := func(name string) func(context.Context, User) {
		return func(ctx context.Context, u User) {
			calls.note(name, u)
			do(ctx)
		}
	}
	return func(c *Config) {
		c.OnLogin = func(ctx context.Context, u User) error { hook("login")(ctx, u); return nil }
		c.OnRefresh, c.OnLogout, c.OnUnlink = hook("refresh"), hook("logout"), hook("unlink")
	}
}

// A life of a login as the hooks see it, each with the user.
func TestHooksAreToldWhatHappens(t *testing.T) {
	calls := &called{}
	h, _ := newWebhookHarness(t, hooked(calls, func(context.Context) {}))
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{
		"id_token": signedWith(t, map[string]any{"nickname": "하늘", "email": "haneul@example.com"}),
	})))
	login := func() { h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce})) }
	login()
	h.do("POST", "/refresh", "")
	h.do("POST", "/refresh", "") // Nothing new: Kakao was asked a moment ago.
	h.do("POST", "/logout", "")
	h.do("POST", "/logout", "") // Nobody is logged in.
	login()
	h.navigate("/logout/account", navigation)
	h.send(unlinkHook("POST", formOf(testAppID, testUser)))

	user := User{ID: testUser, Scope: []string{"profile_nickname", "openid"}, Nickname: "하늘", Email: "haneul@example.com"}
	want := map[string][]User{"login": {user, user}, "refresh": {user}, "logout": {user, user}, "unlink": {{ID: testUser}}}
	if diff := cmp.Diff(want, calls.users); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A login that OnLogin refuses, or in which it panics, leaves nothing behind.
func TestRefusedLogin(t *testing.T) {
	for name, test := range map[string]struct {
		hook   func(context.Context, User) error
		status int
		code   string
		logged string
	}{
		"an error":           {func(context.Context, User) error { return errors.New("left-the-company") }, 403, "access_denied", "left-the-company"},
		"a panic":            {func(context.Context, User) error { panic("marked-panic") }, 500, "server_error", `"panic":"string"`},
		"a panic of runtime": {func(_ context.Context, u User) error { return []error{}[len(u.ID)] }, 500, "server_error", "index out of range"},
		"a hook that is slow": {func(ctx context.Context, _ User) error {
			<-ctx.Done()
			return ctx.Err()
		}, 403, "access_denied", context.DeadlineExceeded.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.OnLogin = test.hook })
				start := time.Now()
				res := h.send(h.request("POST", "/token", tokenRequestBody(nil)))
				body := decode(t, res)
				expectError(t, res.StatusCode, body, test.status, test.code, "")
				if took := time.Since(start); took > hookTimeout {
					t.Errorf("took %v", took)
				}
				if h.cookie != "" || h.isLoggedIn() || len(res.Cookies()) != 0 || body["access_token"] != nil {
					t.Errorf("a session began: %v, %v", res.Cookies(), body)
				}
				if last := h.kakao.bearers[len(h.kakao.bearers)-1]; h.kakao.count(pathLogout) != 1 || last != "Bearer "+testAccessToken {
					t.Errorf("the tokens live on at Kakao: %d logouts, of %q", h.kakao.count(pathLogout), last)
				}
				logs := h.logs.String()
				if !strings.Contains(logs, test.logged) || strings.Contains(logs, "marked-panic") || strings.Contains(body["error_description"].(string), test.logged) {
					t.Errorf("said %v, log: %s", body, logs)
				}
			})
		})
	}
}

// OnLogin is asked in the place of the session before: a login that is refused
// leaves that as it is.
func TestRefusedLoginLeavesTheSessionBefore(t *testing.T) {
	refuse := false
	h := newHarness(t, func(c *Config) {
		c.OnLogin = func(context.Context, User) error {
			if refuse {
				return errors.New("no")
			}
			return nil
		}
	})
	h.login()
	refuse = true
	if status, _ := h.do("POST", "/token", tokenRequestBody(nil)); status != http.StatusForbidden {
		t.Errorf("got %d", status)
	}
	if !h.isLoggedIn() {
		t.Error("the session before has ended")
	}
}

// Whatever a hook does that is only told: what it was told of is done.
func TestHooksThatAreToldChangeNothing(t *testing.T) {
	for name, do := range map[string]func(context.Context){
		"panic":    func(context.Context) { panic("marked-panic") },
		"are slow": func(ctx context.Context) { <-ctx.Done() },
	} {
		t.Run("hooks that "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := &called{}
				h, _ := newWebhookHarness(t, hooked(calls, do), func(c *Config) { c.OnLogin = nil })
				inTime := func(limit time.Duration, want int, r *http.Request) {
					t.Helper()
					start := time.Now()
					if res := h.send(r); res.StatusCode != want || time.Since(start) > limit {
						t.Errorf("got %s after %v", res.Status, time.Since(start))
					}
				}
				h.login()
				inTime(hookTimeout, 200, h.request("POST", "/refresh", ""))
				inTime(hookTimeout, 204, h.request("POST", "/logout", ""))
				if h.isLoggedIn() {
					t.Error("the session lives on")
				}
				h.login()
				inTime(webhookTimeout, 200, unlinkHook("POST", formOf(testAppID, testUser)))
				if h.isLoggedIn() {
					t.Error("the session lives on")
				}
				time.Sleep(hookTimeout)
				synctest.Wait()
				if len(calls.users) != 3 || strings.Contains(h.logs.String(), "marked-panic") {
					t.Errorf("called %v, log %s", calls.users, h.logs.String())
				}
				if panics := strings.Count(h.logs.String(), `"msg":"panic"`); panics != map[string]int{"panic": 3}[name] {
					t.Errorf("%d panics in the log", panics)
				}
			})
		})
	}
}

// The context of a hook outlives the request, and ends after five seconds.
func TestContextOfAHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := &called{}
		h, _ := newWebhookHarness(t, hooked(calls, func(ctx context.Context) {
			if end, ok := ctx.Deadline(); !ok || time.Until(end) != hookTimeout || ctx.Err() != nil {
				t.Errorf("ends in %v, %v", time.Until(end), ctx.Err())
			}
		}))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		h.send(h.request("POST", "/token", tokenRequestBody(nil)).WithContext(gone))
		h.send(h.request("POST", "/refresh", "").WithContext(gone))
		synctest.Wait() // Who asked for the renewal is gone, and does not wait for it.
		h.send(h.request("POST", "/logout", "").WithContext(gone))
		h.send(unlinkHook("POST", formOf(testAppID, testUser)).WithContext(gone))
		if len(calls.users) != 4 {
			t.Errorf("called: %v", calls.users)
		}
	})
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
