package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

// stores are the stores in which instances may share their sessions: open
// returns that of one more instance.
var stores = map[string]func(t *testing.T) (open func() store.Store){
	"memory": func(*testing.T) func() store.Store {
		s := memory.New()
		return func() store.Store { return s }
	},
	"bolt": func(t *testing.T) func() store.Store {
		s, err := bolt.Open(filepath.Join(t.TempDir(), "sessions.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return func() store.Store { return s }
	},
	"redis": func(t *testing.T) func() store.Store {
		cfg := redis.Config{URL: redistest.Start(t).URL()}
		return func() store.Store {
			s, err := redis.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
	},
}

// newRing is a key ring of one new key.
func newRing(t testing.TB) *keyring.Ring {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// beside is another instance of the same service, with the browser's cookie.
func (h *harness) beside(platform *emulator.Emulator, change func(*Config)) *harness {
	other := newHarness(h.t, onEmulator(platform), func(c *Config) { c.Keys = h.cfg.Keys }, change)
	other.cookie = h.cookie
	return other
}

// loginOnEmulator logs the user of the emulator in.
func (h *harness) loginOnEmulator(platform *emulator.Emulator) {
	h.t.Helper()
	body := tokenRequestBody(map[string]any{"code": authorize(h.t, platform), "nonce": testNonce})
	if status, answer := h.do("POST", "/token", body); status != 200 {
		h.t.Fatalf("login: %d %v", status, answer)
	}
}

// change changes the login in the store, as another instance might.
func (h *harness) change(ctx context.Context, change func(*session.Login)) {
	h.t.Helper()
	found, err := h.sessions.Get(ctx, h.cookie)
	if err != nil {
		h.t.Fatal(err)
	}
	change(&found.Login)
	if _, err := h.sessions.Replace(ctx, found); err != nil {
		h.t.Fatal(err)
	}
}

// sharing is another instance of the same service, with the same fake Kakao and
// the browser's cookie.
func (h *harness) sharing(change ...func(*Config)) *harness {
	h.t.Helper()
	other := newHarness(h.t, append([]func(*Config){func(c *Config) {
		c.Store, c.HTTPClient = h.cfg.Store, &http.Client{Transport: h.kakao}
	}}, change...)...)
	other.kakao, other.cookie = h.kakao, h.cookie
	return other
}

// Rule 10: a thousand tabs of one user that renew at once over three instances
// make one call to Kakao, and each gets its answer. Kakao takes so long that all
// three are at it.
func TestRule10ThousandTabsOverThreeInstances(t *testing.T) {
	const tabs = 1000
	for name, share := range stores {
		t.Run(name, func(t *testing.T) {
			platform := newPlatform(t)
			open, ring := share(t), newRing(t)
			instances, asking := make([]*harness, 3), &sync.WaitGroup{}
			for i := range instances {
				instances[i] = newHarness(t, onEmulator(platform), func(c *Config) {
					c.Store, c.Keys, c.RequestsPerMinute = announcedStore{open(), sync.OnceFunc(asking.Done)}, ring, -1
					c.HTTPClient = &http.Client{Transport: waitingKakao{c.HTTPClient.Transport, asking}}
				})
			}
			instances[0].loginOnEmulator(platform)
			asking.Add(len(instances))
			answers := make([]string, tabs)
			var all sync.WaitGroup
			for i := range answers {
				instance := instances[i%len(instances)]
				r := instance.request("POST", "/refresh", "")
				r.Header.Set("Cookie", instances[0].cookies.Name+"="+instances[0].cookie)
				all.Go(func() {
					w := httptest.NewRecorder()
					instance.ServeHTTP(w, r)
					answers[i] = accessToken(w)
				})
			}
			all.Wait()
			if slices.Sort(answers); answers[0] != answers[tabs-1] || answers[0] == "" {
				t.Errorf("from %q to %q", answers[0], answers[tabs-1])
			}
			if n := platform.Count("refresh_token"); n != 1 {
				t.Errorf("Kakao was asked %d times, want once", n)
			}
		})
	}
}

// announcedStore tells when somebody wants the lease of a session.
type announcedStore struct {
	store.Store
	announce func()
}

func (s announcedStore) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if strings.HasPrefix(key, "session:") {
		s.announce()
	}
	return s.Store.Acquire(ctx, key, ttl)
}

// waitingKakao answers when all whom it waits for are there.
type waitingKakao struct {
	http.RoundTripper
	until *sync.WaitGroup
}

func (k waitingKakao) RoundTrip(r *http.Request) (*http.Response, error) {
	k.until.Wait()
	return k.RoundTripper.RoundTrip(r)
}

// accessToken is the access token of an answer, or "" where it has none.
func accessToken(w *httptest.ResponseRecorder) string {
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	_ = json.Unmarshal(w.Body.Bytes(), &answer)
	return answer.AccessToken
}

// lastMonth is a time after the login at which Kakao replaces refresh tokens.
const lastMonth = 40 * 24 * time.Hour

// replacesRefreshTokens makes a Kakao that replaces the refresh token in its last
// month, and then knows the old one no longer.
// Source: devtalk.kakao.com/t/126899 (KOE322).
func replacesRefreshTokens(h *harness) {
	valid, issued := testRefreshToken, time.Now()
	h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
		if form.Get("refresh_token") != valid {
			return deadRefreshToken(ctx, form)
		}
		fresh := ""
		if time.Since(issued) >= lastMonth {
			fresh = rand.Text()
			valid, issued = fresh, time.Now()
		}
		return 200, tokenBody(rand.Text(), fresh, nil), nil
	})
}

// crash is a renewal whose process dies at a step, or right after it.
type crash struct {
	step    int
	fate    fate
	rotates bool
}

func (c crash) String() string {
	return fmt.Sprintf("step %d, done %v, rotates %v", c.step, c.fate == doneUnseen, c.rotates)
}

// outcome is what a crash leads to.
type outcome struct {
	steps []string // that the process took
	lost  bool     // whether the login is lost
	asked int      // how often Kakao was asked to renew it
}

// A renewal whose process dies at any step loses no login, but for the one case
// in which that cannot be: Kakao has replaced the refresh token, and only the
// dead process knew the new one. Then the session stays while the process might
// be alive, and its end says why.
func TestRule10CrashAtEachStepOfARenewal(t *testing.T) {
	for _, rotates := range []bool{false, true} {
		var lost []string
		for step, steps := 0, 1; step < steps; step++ {
			for _, f := range []fate{notDone, doneUnseen} {
				c := crash{step, f, rotates}
				t.Run(c.String(), func(t *testing.T) {
					o := c.play(t)
					if step == 0 && f == notDone {
						steps = len(c.undisturbed(t))
					}
					if o.lost {
						lost = append(lost, fmt.Sprint(o.steps[step], " ", f == doneUnseen))
					}
					if most := map[bool]int{false: 2, true: 3}[o.lost]; o.asked > most {
						t.Errorf("Kakao was asked %d times, want at most %d", o.asked, most)
					}
				})
			}
		}
		want := map[bool][]string{true: {"kakao true", "replace false"}}[rotates]
		if !slices.Equal(lost, want) {
			t.Errorf("rotates %v: logins lost at %q, want %q", rotates, lost, want)
		}
	}
}

// undisturbed are the steps of a renewal.
func (c crash) undisturbed(t *testing.T) []string {
	c.step = -1
	return c.play(t).steps
}

// play plays a crash and what another instance makes of it.
func (c crash) play(t *testing.T) (o outcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		shared, dying := memory.New(), &gate{}
		first := newHarness(t, func(c *Config) {
			c.Store, c.SessionIdle = gatedStore{shared, dying}, DefaultSessionLifetime
			c.HTTPClient = &http.Client{Transport: gatedKakao{c.HTTPClient.Transport, dying}}
		})
		replacesRefreshTokens(first)
		first.login()
		if c.rotates {
			time.Sleep(lastMonth)
		}
		second := first.sharing(func(c *Config) { c.Store, c.SessionIdle = shared, DefaultSessionLifetime })
		dying.dieAt(c.step, c.fate)
		var dead sync.WaitGroup
		request := first.request("POST", "/refresh", "")
		dead.Go(func() { first.ServeHTTP(httptest.NewRecorder(), request) })
		dead.Wait()
		o.steps = dying.taken()

		status, answer := second.do("POST", "/refresh", "")
		if status == 503 {
			expectError(t, status, answer, 503, "temporarily_unavailable", "")
			time.Sleep(first.requestTimeout() + storeTimeout)
			status, answer = second.do("POST", "/refresh", "")
		}
		o.lost, o.asked = status != 200, first.kakao.count(callRefresh)
		if o.lost {
			expectError(t, status, answer, 401, "invalid_grant", "KOE322")
			if !strings.Contains(fmt.Sprint(answer["error_description"]), "was lost") {
				t.Errorf("the error does not say what happened: %v", answer)
			}
		}
	})
	return o
}

// One step of a login or renewal that fails is no reason to lose anything: the
// page gets its answer, or gets it when it asks again.
func TestRule10StoreFailsAtEachStepOfARenewal(t *testing.T) {
	for _, rotates := range []bool{false, true} {
		for step, steps := 0, 1; step < steps; step++ {
			for _, f := range []fate{notDone, doneUnseen} {
				t.Run(crash{step, f, rotates}.String(), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						failing := &gate{}
						h := newHarness(t, func(c *Config) {
							c.Store, c.SessionIdle = gatedStore{memory.New(), failing}, DefaultSessionLifetime
						})
						replacesRefreshTokens(h)
						h.login()
						if rotates {
							time.Sleep(lastMonth)
						}
						failing.failAt(step, f)
						status, answer := h.do("POST", "/refresh", "")
						steps = max(steps, len(failing.taken()))
						if status != 200 {
							expectError(t, status, answer, 503, "temporarily_unavailable", "")
							status, answer = h.do("POST", "/refresh", "")
						}
						if status != 200 {
							t.Errorf("asked again: %d %v", status, answer)
						}
						if n := h.kakao.count(callRefresh); n != 1 {
							t.Errorf("Kakao was asked %d times", n)
						}
					})
				})
			}
		}
	}
}

// slowAnswers are token responses of Kakao that arrive late.
type slowAnswers struct {
	http.RoundTripper
	delay time.Duration
}

func (s slowAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := s.RoundTripper.RoundTrip(r)
	if r.URL.Path == kakao.PathToken {
		time.Sleep(s.delay)
	}
	return res, err
}

// A process that hangs with Kakao's answer in its hands, so that its lease is
// lost and another one takes over, stores it when it wakes up: it holds the only
// refresh token that is left.
func TestRule10RenewalThatLostItsLeaseIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform, shared := newPlatform(t), memory.New()
		cut := &gate{}
		first := newHarness(t, onEmulator(platform), func(c *Config) {
			c.Store, c.SessionIdle, c.Keys = gatedStore{shared, cut}, DefaultSessionLifetime, newRing(t)
		})
		first.loginOnEmulator(platform)
		time.Sleep(lastMonth)
		first = first.beside(platform, func(c *Config) {
			c.Store, c.SessionIdle, c.UpstreamTimeout = gatedStore{shared, cut}, DefaultSessionLifetime, time.Minute
			c.HTTPClient = &http.Client{Transport: slowAnswers{c.HTTPClient.Transport, 3 * leaseTTL / 2}}
		})
		second := first.beside(platform, func(c *Config) { c.Store, c.SessionIdle = shared, DefaultSessionLifetime })

		request, w := first.request("POST", "/refresh", ""), httptest.NewRecorder()
		var hanging sync.WaitGroup
		hanging.Go(func() { first.ServeHTTP(w, request) })
		synctest.Wait() // Kakao has answered, and the answer is on its way.
		cut.mu.Lock()
		cut.dead = true
		cut.mu.Unlock()
		status, answer := second.do("POST", "/refresh", "")
		expectError(t, status, answer, 503, "temporarily_unavailable", "")
		cut.mu.Lock()
		cut.dead = false
		cut.mu.Unlock()
		hanging.Wait()
		if w.Code != 200 {
			t.Fatalf("the renewal that lost its lease: %d %s", w.Code, w.Body)
		}
		status, answer = second.do("POST", "/refresh", "")
		if status != 200 || answer["access_token"] != accessToken(w) {
			t.Errorf("the other instance: %d %v", status, answer)
		}
	})
}

// Of two renewals that both got an answer the first one that is stored stays.
func TestRule10RenewalThatComesTooLateTakesTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := memory.New()
		h := newHarness(t, func(c *Config) { c.Store = shared })
		h.login()
		h.kakao.on(callRefresh, func(ctx context.Context, _ url.Values) (int, string, error) {
			h.change(ctx, func(l *session.Login) { l.AccessToken, l.RenewedAt = "access-token-of-another-instance", time.Now() })
			return 200, tokenBody("access-token-2", "", nil), nil
		})
		if status, answer := h.do("POST", "/refresh", ""); status != 200 || answer["access_token"] != "access-token-of-another-instance" {
			t.Errorf("got %d %v", status, answer)
		}
	})
}

// A transient error is gone at the next try, and neither the page nor the
// session notices.
func TestTransientErrorsAreTriedAgain(t *testing.T) {
	for name, failure := range map[string]answer{
		"broken line": broken, "internal error": says(500, ""), "KOE003": says(400, errorBody("server_error", "KOE003", "x")),
		"KOE237": says(400, errorBody("invalid_request", "KOE237", "x")),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				good := h.kakao.answers[callRefresh]
				h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
					if h.kakao.count(callRefresh) < upstream.Tries {
						return failure(ctx, form)
					}
					return good(ctx, form)
				})
				start := time.Now()
				if status, answer := h.do("POST", "/refresh", ""); status != 200 {
					t.Errorf("got %d %v", status, answer)
				}
				if took := time.Since(start); took < 250*time.Millisecond || took > h.requestTimeout() {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// pausing is a Kakao that asks for a pause with each answer.
type pausing struct {
	http.RoundTripper
	pause string
}

func (p pausing) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := p.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Header.Set("Retry-After", p.pause)
	}
	return res, err
}

// Where Kakao itself asks for a longer pause it is not asked again before, and
// the page is told.
func TestKakaosOwnPauseIsKept(t *testing.T) {
	for pause, tries := range map[string]int{"1": upstream.Tries, "30": 1} {
		t.Run(pause+" s", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.HTTPClient = &http.Client{Transport: pausing{c.HTTPClient.Transport, pause}} })
				h.login()
				h.kakao.on(callRefresh, says(429, errorBody("invalid_request", "KOE237", "x")))
				res := h.send(h.request("POST", "/refresh", ""))
				expectFailure(t, res, 503, "temporarily_unavailable", "KOE237", true)
				if told := res.Header.Get("Retry-After"); tries == 1 && told != pause {
					t.Errorf("the page is told to wait %s s", told)
				}
				if n := h.kakao.count(callRefresh); n != tries {
					t.Errorf("Kakao was asked %d times, want %d", n, tries)
				}
				if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
					t.Errorf("session: %v", session)
				}
			})
		})
	}
}

// What says that a token is dead ends the login, under whatever name, and the
// error says which.
func TestFatalErrorsEndTheLogin(t *testing.T) {
	for name, test := range map[string]struct {
		kakao answer
		koe   string
	}{
		"invalid_grant":              {says(400, errorBody("invalid_grant", "", "x")), ""},
		"KOE322":                     {says(400, errorBody("invalid_grant", "KOE322", "x")), "KOE322"},
		"KOE322 under another name":  {says(401, errorBody("invalid_token", "KOE322", "x")), "KOE322"},
		"-401":                       {says(401, `{"msg":"this access token does not exist","code":-401}`), "-401"},
		"-401 with status 400":       {says(400, `{"msg":"x","code":-401}`), "-401"},
		"KOE322 with OK as a status": {says(200, errorBody("", "KOE322", "x")), "KOE322"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.login()
			h.kakao.on(callRefresh, test.kakao)
			status, answer := h.do("POST", "/refresh", "")
			expectError(t, status, answer, 401, "invalid_grant", test.koe)
			if h.cookie != "" || h.kakao.count(callRefresh) != 1 {
				t.Errorf("cookie %q after %d calls", h.cookie, h.kakao.count(callRefresh))
			}
		})
	}
}

// What passes during a login is gone at the next try, and the page does not
// notice. Where Kakao had taken the code and its answer was lost, nothing helps:
// the page learns that the code is used.
func TestTransientErrorsOfAnExchangeAreTriedAgain(t *testing.T) {
	refused := func(context.Context, url.Values) (int, string, error) {
		return 0, "", &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	used := says(400, errorBody("invalid_grant", "KOE320", "authorization code not found"))
	for name, test := range map[string]struct {
		first  answer
		then   answer // nil: Kakao's good one
		status int
	}{
		"connection refused":           {refused, nil, 200},
		"broken line":                  {broken, nil, 200},
		"internal error":               {says(500, ""), nil, 200},
		"KOE003":                       {says(400, errorBody("server_error", "KOE003", "x")), nil, 200},
		"KOE237":                       {says(400, errorBody("invalid_request", "KOE237", "x")), nil, 200},
		"the answer to a code is lost": {broken, used, 400},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				then := test.then
				if then == nil {
					then = h.kakao.answers[callExchange]
				}
				h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
					if h.kakao.count(callExchange) == 1 {
						return test.first(ctx, form)
					}
					return then(ctx, form)
				})
				status, answer := h.do("POST", "/token", tokenRequestBody(nil))
				if status != test.status || h.kakao.count(callExchange) != 2 {
					t.Errorf("%d %v after %d tries", status, answer, h.kakao.count(callExchange))
				}
				if status != 200 {
					expectError(t, status, answer, 400, "invalid_grant", "KOE320")
				}
			})
		})
	}
}

// BBA: a token of wider scope than the login's is not handed out, and ends.
func TestRefreshDoesNotWidenTheScope(t *testing.T) {
	for name, test := range map[string]struct {
		scope  string
		status int
	}{
		"none named":         {"", 200},
		"the same":           {"openid profile_nickname", 200},
		"less":               {"openid", 200},
		"more":               {"openid profile_nickname account_email", 401},
		"something else":     {"talk_message", 401},
		"a longer namesake":  {"profile_nickname_all", 401},
		"spaces for nothing": {"  openid   ", 200},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.login()
			h.kakao.on(callRefresh, says(200, tokenBody("access-token-2", "refresh-secret-2", map[string]any{"scope": test.scope})))
			status, answer := h.do("POST", "/refresh", "")
			if status != test.status {
				t.Fatalf("got %d %v", status, answer)
			}
			if status == 200 {
				return
			}
			expectError(t, status, answer, 401, "invalid_grant", "")
			if strings.Contains(h.said.String(), "access-token-2") || h.cookie != "" {
				t.Error("the wider token is out")
			}
			if last := h.kakao.bearers[len(h.kakao.bearers)-1]; last != "Bearer access-token-2" || h.kakao.count(pathLogout) != 1 {
				t.Errorf("the wider token lives on; the last call was made with %q", last)
			}
		})
	}
}
