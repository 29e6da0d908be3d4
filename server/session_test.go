package server

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// damage makes the harness's session unreadable.
func (h *harness) damage() {
	h.t.Helper()
	e, err := h.cfg.Store.Get(h.t.Context(), session.Key(h.cookie))
	if err != nil {
		h.t.Fatal(err)
	}
	e.Value = []byte(`{"user_id":` + testUser)
	if _, err := h.cfg.Store.Replace(h.t.Context(), session.Key(h.cookie), e); err != nil {
		h.t.Fatal(err)
	}
}

// A session that cannot be read is none: its user can log in again, instead of
// being told to try again for ever. The log says why and nothing of what is in it.
func TestRule09UnreadableSessionIsNone(t *testing.T) {
	h := newHarness(t)
	h.login()
	h.damage()
	if _, session := h.do("GET", "/session", ""); session["authenticated"] != false {
		t.Errorf("session: %v", session)
	}
	status, answer := h.do("POST", "/refresh", "")
	expectError(t, status, answer, 401, "login_required", "")
	if logs := h.logs.String(); !strings.Contains(logs, "a session is ignored") || strings.Contains(logs, testUser) {
		t.Errorf("log: %s", logs)
	}
	h.login()
	if status, answer := h.do("POST", "/refresh", ""); status != 200 {
		t.Errorf("after the next login: %d %v", status, answer)
	}
}

// A server that was started with the wrong keys does no harm that putting them
// right does not mend.
func TestRule09WrongKeysEndNoSession(t *testing.T) {
	shared, right := memory.New(), newRing(t)
	h := newHarness(t, func(c *Config) { c.Store, c.Keys = shared, right })
	h.login()
	wrong := h.sharing(func(c *Config) { c.Store, c.Keys = shared, newRing(t) })
	status, answer := wrong.do("POST", "/refresh", "")
	expectError(t, status, answer, 401, "login_required", "")
	if wrong.cookie != h.cookie {
		t.Error("the cookie was cleared")
	}
	if status, answer := h.do("POST", "/refresh", ""); status != 200 {
		t.Errorf("with the right keys: %d %v", status, answer)
	}
}

// A store that fails for a moment does not keep anybody from logging out.
func TestLogoutIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := &gate{}
		h := newHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
		h.login()
		failing.failAt(0, notDone)
		if status, answer := h.do("POST", "/logout", ""); status != 204 || h.cookie != "" || h.kakao.count(pathLogout) != 1 {
			t.Errorf("got %d %v, cookie %q, %d logouts at Kakao", status, answer, h.cookie, h.kakao.count(pathLogout))
		}
	})
}

// Where the store is gone for longer the answer says so, and at least this
// browser, whose next user may be another, is logged out.
func TestLogoutWithoutAStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := &gate{}
		h := newHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
		h.login()
		failing.on(func(int, string) fate { return notDone })
		start := time.Now()
		status, answer := h.do("POST", "/logout", "")
		expectError(t, status, answer, 503, "temporarily_unavailable", "")
		if took := time.Since(start); h.cookie != "" || took > logoutTimeout {
			t.Errorf("cookie %q after %v", h.cookie, took)
		}
		failing.on(func(int, string) fate { return passes })
	})
}

// skewedStore is a store as it looks to an instance whose clock is ahead of all
// others': what they have written seems older to it, and what it writes seems
// newer to them.
type skewedStore struct {
	store.Store
	ahead time.Duration
}

func (s *skewedStore) Get(ctx context.Context, key string) (store.Entry, error) {
	e, err := s.Store.Get(ctx, key)
	return shifted(e, -s.ahead), err
}

func (s *skewedStore) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.Store.Create(ctx, key, shifted(e, s.ahead))
}

func (s *skewedStore) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.Store.Replace(ctx, key, shifted(e, s.ahead))
}

func (s *skewedStore) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	e, err := s.Store.Delete(ctx, key, v)
	return shifted(e, -s.ahead), err
}

// shifted moves all times of an entry.
func shifted(e store.Entry, by time.Duration) store.Entry {
	e.Expiry = e.Expiry.Add(by)
	found, err := session.Decode("", e)
	if err != nil {
		return e // It is no session.
	}
	for _, at := range []*time.Time{&found.CreatedAt, &found.RenewedAt, &found.UsedAt, &found.AskedAt, &found.ExpiresAt, &found.RefreshExpiresAt} {
		if !at.IsZero() {
			*at = at.Add(by)
		}
	}
	e.Value = []byte(encode(found.Login))
	return e
}

// A clock that jumps by an hour while a session lives, and back again, logs
// nobody out, neither early in the life of the refresh token nor in its last
// month. An ID token that only the clock speaks against is left out.
func TestRule10ClockJumps(t *testing.T) {
	for name, jump := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour} {
		for when, age := range map[string]time.Duration{"early": 0, "in the last month": lastMonth} {
			t.Run(name+", "+when, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					clock := &skewedStore{Store: memory.New()}
					h := newHarness(t, func(c *Config) { c.Store, c.SessionIdle = clock, DefaultSessionLifetime })
					h.login()
					time.Sleep(age)
					h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
						kakaosNow := time.Now().Add(-clock.ahead).Unix()
						idToken := signedWith(t, map[string]any{"iat": kakaosNow, "exp": kakaosNow + 21600, "nonce": nil})
						return 200, tokenBody(fmt.Sprint("access-token-", 1+h.kakao.count(callRefresh)), "", map[string]any{"id_token": idToken}), nil
					})
					for i, ahead := range []time.Duration{0, jump, 0} {
						clock.ahead = ahead
						if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
							t.Fatalf("%v ahead: session %v", ahead, session)
						}
						status, answer := h.do("POST", "/refresh", "")
						if status != 200 || answer["access_token"] != fmt.Sprint("access-token-", i+2) {
							t.Fatalf("%v ahead: %d %v", ahead, status, answer)
						}
						if _, told := answer["id_token"]; told != (ahead >= 0) {
							t.Errorf("%v ahead: ID token %v", ahead, told)
						}
						time.Sleep(time.Minute)
					}
					if status, answer := h.do("POST", "/logout", ""); status != 204 {
						t.Errorf("logout: %d %v", status, answer)
					}
				})
			})
		}
	}
}

// A clock that jumps right after a renewal was noted delays its verdict no longer
// than any other would.
func TestRule10ClockJumpsWhileKakaoIsAsked(t *testing.T) {
	for name, jump := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				clock := &skewedStore{Store: memory.New()}
				h := newHarness(t, func(c *Config) { c.Store, c.SessionIdle = clock, DefaultSessionLifetime })
				h.login()
				time.Sleep(lastMonth)
				h.change(t.Context(), func(l *session.Login) { l.AskedAt = time.Now() })
				clock.ahead = jump
				h.kakao.on(callRefresh, says(400, errorBody("invalid_grant", "KOE322", "dead")))
				status, answer := h.do("POST", "/refresh", "")
				expectError(t, status, answer, 401, "invalid_grant", "KOE322")
			})
		})
	}
}

// Instances whose clocks differ share renewals all the same: by a little also
// one that is over, by an hour those that were waited for.
func TestRule10InstancesWhoseClocksDiffer(t *testing.T) {
	for _, ahead := range []time.Duration{2 * time.Second, -2 * time.Second, time.Hour, -time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				other := h.sharing(func(c *Config) { c.Store = &skewedStore{h.cfg.Store, ahead} })
				good := h.kakao.answers[callRefresh]
				h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
					time.Sleep(time.Second)
					return good(ctx, form)
				})
				var all sync.WaitGroup
				for range 50 {
					for _, instance := range []*harness{h, other} {
						request := instance.request("POST", "/refresh", "")
						all.Go(func() {
							w := httptest.NewRecorder()
							if instance.ServeHTTP(w, request); accessToken(w) != "access-token-2" {
								t.Errorf("got %d %s", w.Code, w.Body)
							}
						})
					}
				}
				all.Wait()
				if ahead.Abs() < session.RenewalReuse {
					h.do("POST", "/refresh", "")
					other.do("POST", "/refresh", "")
				}
				if n := h.kakao.count(callRefresh); n != 1 {
					t.Errorf("Kakao was asked %d times", n)
				}
			})
		})
	}
}
