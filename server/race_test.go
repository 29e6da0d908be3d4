package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

// oldLogin is a harness with a login in the last month of its refresh token,
// whose store and Kakao tests can disturb. Call it in a bubble.
func oldLogin(t *testing.T) (*harness, *brokenStore) {
	t.Helper()
	disturbed := &brokenStore{Store: memory.New()}
	h := newHarness(t, func(c *Config) { c.Store, c.SessionIdle = disturbed, DefaultSessionLifetime })
	h.login()
	time.Sleep(lastMonth)
	return h, disturbed
}

// before makes something happen before each of the next writes.
func (b *brokenStore) before(writes int, happen func()) {
	b.onCommit(func() error {
		b.onCommit(nil)
		happen()
		if writes > 1 {
			b.before(writes-1, happen)
		}
		return nil
	})
}

var deadRefreshToken = says(400, errorBody("invalid_grant", "KOE322", "dead"))

// expectLost checks that a login has ended because an answer was lost.
func expectLost(t *testing.T, status int, answer map[string]any) {
	t.Helper()
	expectError(t, status, answer, 401, "invalid_grant", "KOE322")
	if !strings.Contains(fmt.Sprint(answer["error_description"]), "was lost") {
		t.Errorf("the error does not say what happened: %v", answer)
	}
}

// expectUnderWay checks that the page is told to come back because of another
// request, and not because of a store that is well.
func expectUnderWay(t *testing.T, status int, answer map[string]any) {
	t.Helper()
	expectError(t, status, answer, 503, "temporarily_unavailable", "")
	if answer["error_description"] != session.ErrUnderWay.Description {
		t.Errorf("got %v", answer)
	}
}

// Somebody whose lease was lost asks Kakao between our looking and our note.
// That Kakao then refuses us means that they have the answer: the login waits
// for them.
func TestRule10RefusalWhileAnotherHoldsTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disturbed := oldLogin(t)
		h.kakao.on(callRefresh, deadRefreshToken)
		disturbed.before(1, func() { h.change(t.Context(), func(l *session.Login) { l.AskedAt = time.Now() }) })
		status, answer := h.do("POST", "/refresh", "")
		expectUnderWay(t, status, answer)
		if n := h.kakao.count(callRefresh); n != 1 {
			t.Errorf("Kakao was asked %d times", n)
		}
		time.Sleep(h.requestTimeout() + storeTimeout)
		status, answer = h.do("POST", "/refresh", "")
		expectLost(t, status, answer)
	})
}

// Asking over and over does not put off the end of a login whose answer is lost.
func TestRule10LostAnswerEndsTheLoginInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := oldLogin(t)
		h.change(t.Context(), func(l *session.Login) { l.AskedAt = time.Now() })
		h.kakao.on(callRefresh, deadRefreshToken)
		start := time.Now()
		status, answer := h.do("POST", "/refresh", "")
		for status == 503 && time.Since(start) < time.Hour {
			time.Sleep(web.RetryAfter)
			status, answer = h.do("POST", "/refresh", "")
		}
		expectLost(t, status, answer)
		if took := time.Since(start); took > h.requestTimeout()+storeTimeout+web.RetryAfter {
			t.Errorf("took %v", took)
		}
	})
}

// A renewal whose first answer is lost on the way, and whose second is that the
// refresh token is dead, says what happened; where Kakao does not replace
// refresh tokens, the token was dead before.
func TestRule10AnswerLostOnTheWay(t *testing.T) {
	for name, age := range map[string]time.Duration{"early": 0, "in the last month": lastMonth} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.SessionIdle = DefaultSessionLifetime })
				h.login()
				time.Sleep(age)
				h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
					if h.kakao.count(callRefresh) == 1 {
						return broken(ctx, form)
					}
					return deadRefreshToken(ctx, form)
				})
				status, answer := h.do("POST", "/refresh", "")
				expectError(t, status, answer, 401, "invalid_grant", "KOE322")
				if lost := strings.Contains(fmt.Sprint(answer["error_description"]), "was lost"); lost != (age > 0) {
					t.Errorf("lost: %v, %v", lost, answer)
				}
			})
		})
	}
}

// The verdict on a login is about what was found: a renewal that somebody has
// stored meanwhile stays.
func TestRule10VerdictDoesNotEndAnothersRenewal(t *testing.T) {
	for name, kakaoSays := range map[string]answer{
		"a dead token":  deadRefreshToken,
		"a wider scope": says(200, tokenBody("access-token-2", "", map[string]any{"scope": "talk_message"})),
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.login()
			h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
				h.change(ctx, func(l *session.Login) { l.AccessToken, l.RenewedAt = "access-token-of-another-instance", time.Now() })
				return kakaoSays(ctx, form)
			})
			status, answer := h.do("POST", "/refresh", "")
			expectUnderWay(t, status, answer)
			if status, answer := h.do("POST", "/refresh", ""); status != 200 || answer["access_token"] != "access-token-of-another-instance" {
				t.Errorf("asked again: %d %v", status, answer)
			}
		})
	}
}

// What Kakao has granted is stored however often somebody else changes the
// session, as long as they have not renewed it.
func TestRule10GrantIsStoredThroughConflicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, disturbed := oldLogin(t)
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			disturbed.before(5, func() { h.change(t.Context(), func(l *session.Login) { l.AskedAt = time.Now() }) }) //nolint:contextcheck // Another instance has a context of its own.
			return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
		})
		status, answer := h.do("POST", "/refresh", "")
		if status != 200 || answer["access_token"] != "access-token-2" || h.kakao.count(callRefresh) != 1 {
			t.Errorf("%d %v after %d calls", status, answer, h.kakao.count(callRefresh))
		}
		if found, err := h.sessions.Get(t.Context(), h.cookie); err != nil || found.RefreshToken != "refresh-secret-2" {
			t.Errorf("stored %q, %v", found.RefreshToken, err)
		}
	})
}

// Who has waited long for the lease does not hang up on Kakao in the middle of
// the answer.
func TestRule10WaitingForTheLeaseCutsNoCallShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		lease, err := h.cfg.Store.Acquire(t.Context(), session.Key(h.cookie), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		good := h.kakao.answers[callRefresh]
		h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
			select {
			case <-time.After(DefaultUpstreamTimeout - time.Second):
				return good(ctx, form)
			case <-ctx.Done():
				return 0, "", ctx.Err()
			}
		})
		request, w := h.request("POST", "/refresh", ""), httptest.NewRecorder()
		var waiting sync.WaitGroup
		waiting.Go(func() { h.ServeHTTP(w, request) })
		time.Sleep(h.requestTimeout() - time.Second)
		if err := lease.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		waiting.Wait()
		if w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("the one who waited: %d", w.Code)
		}
		status, answer := h.do("POST", "/refresh", "")
		if status != 200 || answer["access_token"] != "access-token-2" || h.kakao.count(callRefresh) != 1 {
			t.Errorf("%d %v after %d calls", status, answer, h.kakao.count(callRefresh))
		}
	})
}

// A lease that nobody gives back, because its holder has died or never learnt
// that it has it, holds nobody up for longer than it lives.
func TestRule10GhostLease(t *testing.T) {
	for name, test := range map[string]struct{ lives, took time.Duration }{
		"of a crash":      {leaseTTL, leaseTTL},
		"of a wrong hand": {time.Hour, 2 * DefaultUpstreamTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				if _, err := h.cfg.Store.Acquire(t.Context(), session.Key(h.cookie), test.lives); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				status, answer := h.do("POST", "/refresh", "")
				if test.lives > leaseTTL {
					expectUnderWay(t, status, answer)
				} else if status != 200 {
					t.Errorf("got %d %v", status, answer)
				}
				if took := time.Since(start); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				time.Sleep(time.Hour)
			})
		})
	}
}

// A login in another tab takes the session's place while it is being renewed. Its
// cookie stays, whatever becomes of the renewal.
func TestRule10LoginDuringRenewalKeepsItsCookie(t *testing.T) {
	for name, kakaoSays := range map[string]answer{
		"renewed": says(200, tokenBody("access-token-2", "refresh-secret-2", nil)), "refused": deadRefreshToken,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
					time.Sleep(time.Second)
					return kakaoSays(ctx, form)
				})
				request, w := h.request("POST", "/refresh", ""), httptest.NewRecorder()
				var renewing sync.WaitGroup
				renewing.Go(func() { h.ServeHTTP(w, request) })
				synctest.Wait()
				h.login()
				renewing.Wait()
				if w.Code != http.StatusUnauthorized || w.Header().Get("Set-Cookie") != "" {
					t.Errorf("the renewal: %d, cookie %q", w.Code, w.Header().Get("Set-Cookie"))
				}
				if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
					t.Errorf("the login: %v", session)
				}
			})
		})
	}
}

// A renewal that a logout has overtaken ends the tokens that it has got.
func TestRule10RenewalAfterALogoutEndsItsTokens(t *testing.T) {
	h := newHarness(t)
	h.login()
	h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
		if _, err := h.sessions.End(h.t.Context(), h.cookie); err != nil { //nolint:contextcheck // The logout is another request.
			t.Error(err)
		}
		return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
	})
	status, answer := h.do("POST", "/refresh", "")
	expectError(t, status, answer, 401, "login_required", "")
	if last := h.kakao.bearers[len(h.kakao.bearers)-1]; last != "Bearer access-token-2" || h.kakao.count(pathLogout) != 1 {
		t.Errorf("the tokens live on; the last call was made with %q", last)
	}
}

// A failed renewal changes no cookie unless it has ended the login.
func TestRule10FailedRenewalSetsNoCookie(t *testing.T) {
	for name, test := range map[string]struct {
		kakao answer
		ends  bool
	}{
		"Kakao is away": {says(503, ""), false}, "the line breaks": {broken, false}, "an overload": {says(400, errorBody("invalid_request", "KOE237", "x")), false},
		"a wrong secret": {says(401, errorBody("invalid_client", "KOE010", "x")), false}, "a dead token": {deadRefreshToken, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				h.kakao.on(callRefresh, test.kakao)
				cookies := h.send(h.request("POST", "/refresh", "")).Cookies()
				if cleared := len(cookies) == 1 && cookies[0].MaxAge < 0; cleared != test.ends || len(cookies) > 1 || len(cookies) == 1 && !cleared {
					t.Errorf("cookies: %v", cookies)
				}
			})
		})
	}
}

// The ID token of a renewal that names another user ends the login, and the
// tokens, which may be theirs.
func TestRule08RefreshedIDTokenOfAnotherEndsTheTokens(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"subject": {"sub": "42"}, "issuer": {"iss": "https://evil.example"}, "audience": {"aud": "another app"}, "authorized party": {"azp": "another app"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.login()
			h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", "", map[string]any{"id_token": signedWith(t, change)})))
			status, answer := h.do("POST", "/refresh", "")
			expectError(t, status, answer, 502, "invalid_id_token", "")
			if h.cookie != "" || strings.Contains(h.said.String(), "access-token-2") {
				t.Error("the login lives on")
			}
			if last := h.kakao.bearers[len(h.kakao.bearers)-1]; last != "Bearer access-token-2" || h.kakao.count(pathLogout) != 1 {
				t.Errorf("the tokens live on; the last call was made with %q", last)
			}
		})
	}
}

// revivedRedis is a Redis that is started again once a write has failed.
type revivedRedis struct {
	store.Store
	restart func()
}

func (r revivedRedis) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	v, err := r.Store.Replace(ctx, key, e)
	if errors.Is(err, store.ErrUnavailable) {
		r.restart()
	}
	return v, err
}

// Redis dies with Kakao's answer on its way and comes back: the answer is stored,
// and the other instances find it.
func TestRule10RedisDiesWhileKakaoAnswers(t *testing.T) {
	server := redistest.Start(t)
	open := func() store.Store {
		s, err := redis.Open(t.Context(), redis.Config{URL: server.URL() + "?max_retries=-1"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return revivedRedis{s, sync.OnceFunc(server.Restart)}
	}
	h := newHarness(t, func(c *Config) { c.Store = open() })
	h.login()
	other := h.sharing(func(c *Config) { c.Store = open() })
	h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
		server.Kill()
		return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
	})
	for _, instance := range []*harness{h, other} {
		if status, answer := instance.do("POST", "/refresh", ""); status != 200 || answer["access_token"] != "access-token-2" {
			t.Errorf("got %d %v", status, answer)
		}
	}
	if n := h.kakao.count(callRefresh); n != 1 {
		t.Errorf("Kakao was asked %d times", n)
	}
}
