package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

const (
	testAppID    = "123456"
	testAdminKey = "admin-key-secret-3f"
)

// leavers are the users that OnUnlink was told of.
type leavers struct {
	mu  sync.Mutex
	ids []string
}

func (l *leavers) note(_ context.Context, u User) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ids = append(l.ids, u.ID)
}

func (l *leavers) expect(t testing.TB, want ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if diff := cmp.Diff(want, l.ids); diff != "" {
		t.Errorf("OnUnlink (-want +got):\n%s", diff)
	}
}

// newWebhookHarness is a server that takes both webhooks.
func newWebhookHarness(t testing.TB, change ...func(*Config)) (*harness, *leavers) {
	t.Helper()
	left := &leavers{}
	return newHarness(t, append([]func(*Config){func(c *Config) {
		c.AppID, c.AdminKey, c.OnUnlink = testAppID, testAdminKey, left.note
	}}, change...)...), left
}

// hook is a webhook as a server sends it, without anything of a browser.
func hook(method, path, contentType, body string) *http.Request {
	r := httptest.NewRequest(method, testPublicURL+"/webhooks/"+path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

// isLoggedIn reports whether the session of the harness lives.
func (h *harness) isLoggedIn() bool {
	h.t.Helper()
	_, session := h.do("GET", "/session", "")
	return session["authenticated"] == true
}

// stuckStore does not answer when sessions are to be ended, until the context
// ends or it is released.
type stuckStore struct {
	store.Store
	released chan struct{}
}

func (s stuckStore) DeleteOwned(ctx context.Context, o store.Owner) (int, error) {
	select {
	case <-s.released:
		return s.Store.DeleteOwned(ctx, o)
	case <-ctx.Done():
		return 0, store.Unavailable(ctx.Err())
	}
}

// webhooksThatEnd are one webhook of each kind that ends the sessions of the
// test's user, with the answer that Kakao wants.
func webhooksThatEnd(t testing.TB) map[string]struct {
	request func() *http.Request
	want    int
} {
	return map[string]struct {
		request func() *http.Request
		want    int
	}{
		"unlink":  {func() *http.Request { return unlinkHook("POST", formOf(testAppID, testUser)) }, 200},
		"account": {func() *http.Request { return eventHook(signedEvent(t, nil)) }, 202},
	}
}

// Kakao has its answer in time whatever the store does, and the work is done as
// soon as the store can do it.
func TestWebhooksAnswerInTimeWhileTheStoreHangs(t *testing.T) {
	for name, kind := range webhooksThatEnd(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stuck := stuckStore{memory.New(), make(chan struct{})}
				h, left := newWebhookHarness(t, func(c *Config) { c.Store = stuck })
				h.login()
				ctx, gone := context.WithCancel(t.Context())
				start := time.Now()
				res := h.send(kind.request().WithContext(ctx))
				if took := time.Since(start); res.StatusCode != kind.want || took >= 3*time.Second {
					t.Errorf("got %s after %v", res.Status, took)
				}
				gone() // The HTTP server ends the context of a request with its answer.
				if !h.isLoggedIn() {
					t.Fatal("the store does not hang")
				}
				close(stuck.released)
				synctest.Wait()
				if h.isLoggedIn() {
					t.Error("the session lives on")
				}
				left.expect(t, testUser)
			})
		})
	}
}

func TestCloseWaitsForWebhooks(t *testing.T) {
	for name, kind := range webhooksThatEnd(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stuck := stuckStore{memory.New(), make(chan struct{})}
				h, left := newWebhookHarness(t, func(c *Config) { c.Store = stuck })
				h.send(kind.request())
				left.expect(t)
				go close(stuck.released)
				if err := h.Close(); err != nil {
					t.Error(err)
				}
				left.expect(t, testUser)
			})
		})
	}
}

// The app hears of a user who has left although the store fails for good, and
// the log says whose sessions are left.
func TestWebhooksGiveTheStoreUp(t *testing.T) {
	for name, kind := range webhooksThatEnd(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, left := newWebhookHarness(t, func(c *Config) { c.Store = stuckStore{memory.New(), nil} })
				h.send(kind.request())
				time.Sleep(storeTimeout)
				synctest.Wait()
				left.expect(t, testUser)
				if !strings.Contains(h.logs.String(), `"user_id":"`+testUser+`"`) {
					t.Errorf("log: %s", h.logs.String())
				}
			})
		})
	}
}

// A store that fails for a while is asked again.
func TestWebhooksAreRetried(t *testing.T) {
	for name, kind := range webhooksThatEnd(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, fails := &gate{}, 3
				h, left := newWebhookHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), g} })
				h.login()
				g.on(func(_ int, step string) fate {
					if fails--; step == "delete owned" && fails > 0 {
						return notDone
					}
					return passes
				})
				if res := h.send(kind.request()); res.StatusCode != kind.want {
					t.Errorf("got %s", res.Status)
				}
				if h.isLoggedIn() {
					t.Error("the session lives on")
				}
				left.expect(t, testUser)
			})
		})
	}
}

// What panics in the work of a webhook ends neither the process nor the answer.
func TestPanicInTheWorkOfAWebhook(t *testing.T) {
	for name, kind := range webhooksThatEnd(t) {
		t.Run(name, func(t *testing.T) {
			g := &gate{}
			h, _ := newWebhookHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), g} })
			g.on(func(_ int, step string) fate {
				if step == "delete owned" {
					panic(testRefreshToken)
				}
				return passes
			})
			if res := h.send(kind.request()); res.StatusCode != kind.want {
				t.Errorf("got %s", res.Status)
			}
			if logs := h.logs.String(); !strings.Contains(logs, `"panic"`) || strings.Contains(logs, testRefreshToken) {
				t.Errorf("log: %s", logs)
			}
		})
	}
}

// Webhooks end the sessions of their user on every instance that shares the
// store, and nobody else's.
func TestWebhooksEndAllSessionsOfTheUserAndNoOthers(t *testing.T) {
	for name, kind := range webhooksThatEnd(t) {
		t.Run(name, func(t *testing.T) {
			shared := memory.New()
			h, _ := newWebhookHarness(t, func(c *Config) { c.Store = shared })
			other, _ := newWebhookHarness(t, func(c *Config) { c.Store = shared })
			somebody, _ := newWebhookHarness(t, func(c *Config) { c.Store = shared })
			somebody.kakao.on(pathTokenInfo, says(200, `{"id":42,"expires_in":100,"app_id":1}`))
			for _, each := range []*harness{h, other, somebody} {
				each.login()
			}
			h.send(kind.request())
			if h.isLoggedIn() || other.isLoggedIn() || !somebody.isLoggedIn() {
				t.Errorf("logged in: %v, %v, and somebody else: %v", h.isLoggedIn(), other.isLoggedIn(), somebody.isLoggedIn())
			}
		})
	}
}

// Rule 11: what is refused is limited, what is Kakao's is not, not even from the
// same address.
func TestRule11RefusedWebhooksAreLimited(t *testing.T) {
	for name, test := range map[string]struct {
		bad    func() *http.Request
		status int
	}{
		"unlink":  {func() *http.Request { return hook("POST", "unlink", formType, "") }, 401},
		"account": {func() *http.Request { return eventHook("no token") }, 400},
		"method":  {func() *http.Request { return hook("PUT", "account", signedtoken.EventType, "") }, 405},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, _ := newWebhookHarness(t, func(c *Config) { c.RequestsPerMinute = 3 })
				good := func() {
					t.Helper()
					for name, kind := range webhooksThatEnd(t) {
						if res := h.send(kind.request()); res.StatusCode != kind.want {
							t.Errorf("%s: %s", name, res.Status)
						}
					}
				}
				for range 10 {
					good()
				}
				for range 3 {
					if res := h.send(test.bad()); res.StatusCode != test.status {
						t.Errorf("got %s", res.Status)
					}
				}
				expectTooMany(t, h.send(test.bad()))
				good()
			})
		})
	}
}

// sendingPlatform is an emulator that sends its webhooks to a server.
func sendingPlatform(t *testing.T, method string) (*harness, *leavers, *emulator.Emulator) {
	t.Helper()
	apps := emulator.Default(emulatorOrigin, testPublicURL+"/callback")
	platform, err := emulator.New(apps)
	if err != nil {
		t.Fatal(err)
	}
	h, left := newWebhookHarness(t, onEmulator(platform), func(c *Config) {
		c.AppID, c.AdminKey = emulatorAppID, emulator.DemoAdminKey
	})
	receiver := httptest.NewServer(h)
	t.Cleanup(receiver.Close)
	t.Cleanup(func() {
		if err := platform.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	if err := platform.Update(func(c *emulator.Config) {
		c.Apps[0].UnlinkWebhook = emulator.UnlinkWebhook{URL: receiver.URL + "/kakao/webhooks/unlink?of=its-own", Method: method}
		c.Apps[0].AccountWebhook = emulator.AccountWebhook{URL: receiver.URL + "/kakao/webhooks/account"}
	}); err != nil {
		t.Fatal(err)
	}
	return h, left, platform
}

const (
	emulatorAppID  = "100001"
	emulatorApp    = 100001
	emulatorUserID = 4210000001
)

// delivered waits for the webhooks that the emulator sends, and checks that each
// was answered as Kakao demands.
func delivered(t *testing.T, platform *emulator.Emulator) []emulator.Delivery {
	t.Helper()
	sent, err := platform.Deliveries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range sent {
		if !d.Accepted {
			t.Errorf("%s: %d %s", d.Kind, d.Status, d.Problem)
		}
	}
	return sent
}

// A user who leaves the app at Kakao is logged out of it: both webhooks say so.
func TestLeavingAtTheEmulatorEndsTheSessions(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			h, left, platform := sendingPlatform(t, method)
			h.loginOnEmulator(platform)
			delivered(t, platform)
			if !h.isLoggedIn() {
				t.Fatal("the events of the login have ended it")
			}
			if err := platform.Disconnect(emulatorApp, emulatorUserID, emulator.UnlinkFromApps); err != nil {
				t.Fatal(err)
			}
			var kinds []string
			for _, d := range delivered(t, platform) {
				kinds = append(kinds, d.Kind)
			}
			if joined := strings.Join(kinds, " "); !strings.Contains(joined, "unlink") || !strings.Contains(joined, catalog.EventUserUnlinked) {
				t.Errorf("sent: %v", kinds)
			}
			if h.isLoggedIn() {
				t.Error("the session lives on")
			}
			left.expect(t, emulatorUser, emulatorUser)
		})
	}
}

// Each type of account event, sent by the emulator, has the consequences of the
// table; and the table has the types that Kakao sends, no more and no fewer.
func TestAccountEventsOfTheEmulator(t *testing.T) {
	h, left, platform := sendingPlatform(t, http.MethodPost)
	var leaves []string
	for _, name := range catalog.AccountEvents() {
		h.cookie = ""
		h.loginOnEmulator(platform)
		delivered(t, platform)
		if err := platform.SendEvent(emulatorApp, emulatorUserID, name); err != nil {
			t.Fatal(err)
		}
		delivered(t, platform)
		meaning, known := consequences[name]
		if !known || meaning.why == "" {
			t.Errorf("%s is not in the table", name)
		}
		if h.isLoggedIn() == meaning.ends {
			t.Errorf("%s: logged in: %v", name, h.isLoggedIn())
		}
		if meaning.left {
			leaves = append(leaves, emulatorUser)
		}
	}
	left.expect(t, leaves...)
	if len(leaves) != 2 || len(consequences) != len(catalog.AccountEvents()) {
		t.Errorf("%d types mean that the user has left; the table has %d types", len(leaves), len(consequences))
	}
}

// An event that cannot be checked now is one to send again.
func TestAccountEventsWhileKakaosKeysAreAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, left := newWebhookHarness(t)
		h.login()
		h.kakao.on(kakao.PathJWKS, hangs)
		start := time.Now()
		res := h.send(eventHook(signedEvent(t, nil)))
		if body := decode(t, res); res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || body["err"] != "temporarily_unavailable" {
			t.Errorf("got %s %v", res.Status, body)
		}
		if took := time.Since(start); took > signedtoken.KeysTimeout {
			t.Errorf("took %v", took)
		}
		time.Sleep(signedtoken.KeysRetry)
		h.kakao.on(kakao.PathJWKS, newFakeKakao().answers[kakao.PathJWKS])
		if res := h.send(eventHook(signedEvent(t, nil))); res.StatusCode != http.StatusAccepted || h.isLoggedIn() {
			t.Errorf("sent again: %s, logged in: %v", res.Status, h.isLoggedIn())
		}
		left.expect(t, testUser)
	})
}
