package server

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// ownRedirectURI is one of a page that has no verifier.
const ownRedirectURI = "https://shop.example.com/oauth"

// oneCode is a Kakao that takes each code once, as Kakao does, after a second.
func oneCode(h *harness) {
	good, used := h.kakao.answers[callExchange], map[string]bool{}
	h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
		code := form.Get("code")
		if used[code] {
			return 400, errorBody("invalid_grant", "KOE320", "authorization code not found"), nil
		}
		used[code] = true
		time.Sleep(time.Second)
		return good(ctx, form)
	})
}

// post posts a body without the harness's cookie jar and returns what came.
func (h *harness) post(body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, h.request("POST", "/token", body))
	return w
}

// A code that is posted twice, because of a reload, a retry or StrictMode, gets
// the first result the second time, session and ID token included, and Kakao is
// asked once.
func TestCodePostedTwiceGetsTheFirstResult(t *testing.T) {
	for name, elsewhere := range map[string]bool{"on the same instance": false, "on another instance": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": signedWith(t, nil)})))
				oneCode(h)
				second := h
				if elsewhere {
					second = h.sharing()
				}
				body := tokenRequestBody(map[string]any{"nonce": testNonce})
				status, first := h.do("POST", "/token", body)
				_, again := second.do("POST", "/token", body)
				if status != 200 || first["id_token"] == nil || fmt.Sprint(first) != fmt.Sprint(again) || second.cookie != h.cookie {
					t.Errorf("first  %v %q\nsecond %v %q", first, h.cookie, again, second.cookie)
				}
				if n := h.kakao.count(callExchange); n != 1 {
					t.Errorf("Kakao was asked %d times", n)
				}
				if _, session := second.do("GET", "/session", ""); session["authenticated"] != true {
					t.Errorf("session: %v", session)
				}
			})
		})
	}
}

func TestCodePostedAtOnceOverTwoInstancesIsExchangedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		oneCode(h)
		instances := []*harness{h, h.sharing()}
		body, answers := tokenRequestBody(nil), make([]string, 50)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				w := instances[i%2].post(body)
				answers[i] = fmt.Sprint(w.Code, w.Header().Get("Set-Cookie"), w.Body)
			})
		}
		all.Wait()
		if slices.Sort(answers); answers[0] != answers[len(answers)-1] || !strings.Contains(answers[0], testAccessToken) {
			t.Errorf("from %s to %s", answers[0], answers[len(answers)-1])
		}
		if n := h.kakao.count(callExchange); n != 1 {
			t.Errorf("Kakao was asked %d times", n)
		}
	})
}

// Whoever posts a code with anything else than the first has stolen it. They get
// what Kakao would say, and Kakao, which might end the first one's tokens, does
// not learn of it (RFC 6749, section 4.1.2).
func TestCodeOfAnotherIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ first, second map[string]any }{
		"another verifier":     {nil, map[string]any{"code_verifier": strings.Repeat("w", 43)}},
		"no verifier":          {nil, map[string]any{"code_verifier": "", "redirect_uri": ownRedirectURI}},
		"another redirect URI": {nil, map[string]any{"redirect_uri": ownRedirectURI}},
		"another nonce":        {nil, map[string]any{"nonce": "other"}},
		"no verifier in either, and no session": {
			map[string]any{"code_verifier": "", "redirect_uri": ownRedirectURI},
			map[string]any{"code_verifier": "", "redirect_uri": ownRedirectURI},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, func(c *Config) { c.RedirectURIs = []string{ownRedirectURI} })
				oneCode(h)
				thief := h.sharing(func(c *Config) { c.RedirectURIs = []string{ownRedirectURI} })
				code := map[string]any{"code": "the-code"}
				maps.Copy(code, test.first)
				if status, answer := h.do("POST", "/token", tokenRequestBody(code)); status != 200 {
					t.Fatalf("first: %d %v", status, answer)
				}
				maps.Copy(code, test.second)
				for _, instance := range []*harness{thief, h.in(t)} {
					instance.cookie = ""
					status, answer := instance.do("POST", "/token", tokenRequestBody(code))
					expectError(t, status, answer, 400, "invalid_grant", "KOE320")
					if instance.cookie != "" {
						t.Error("it got a session")
					}
				}
				if n := h.kakao.count(callExchange); n != 1 {
					t.Errorf("Kakao was asked %d times", n)
				}
				if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
					t.Errorf("the first one's session: %v", session)
				}
			})
		})
	}
}

// Without a verifier the session shows that the second request is the first
// one's.
func TestCodeWithoutVerifierIsAnsweredAgainToItsSession(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RedirectURIs = []string{ownRedirectURI} })
	body := tokenRequestBody(map[string]any{"code_verifier": "", "redirect_uri": ownRedirectURI})
	for range 2 {
		if status, answer := h.do("POST", "/token", body); status != 200 || answer["access_token"] != testAccessToken {
			t.Errorf("got %d %v", status, answer)
		}
	}
	if n := h.kakao.count(callExchange); n != 1 {
		t.Errorf("Kakao was asked %d times", n)
	}
}

// What has ended does not come back with the code that began it.
func TestCodeOfALoginThatEndedIsRefused(t *testing.T) {
	for name, end := range map[string]func(*harness){
		"by a logout":      func(h *harness) { h.do("POST", "/logout", "") },
		"by another login": func(h *harness) { h.login() },
		"by a dead token": func(h *harness) {
			h.kakao.on(callRefresh, says(400, errorBody("invalid_grant", "KOE322", "dead")))
			h.do("POST", "/refresh", "")
		},
		"by an unlink":       func(h *harness) { _, _ = h.sessions.EndAll(h.t.Context(), testUser) },
		"by a broken record": func(h *harness) { h.damage() },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			body := tokenRequestBody(nil)
			h.do("POST", "/token", body)
			end(h)
			asked := h.kakao.count(callExchange)
			h.cookie = ""
			status, answer := h.do("POST", "/token", body)
			expectError(t, status, answer, 400, "invalid_grant", "KOE320")
			if h.cookie != "" || h.kakao.count(callExchange) != asked {
				t.Errorf("cookie %q after %d exchanges", h.cookie, h.kakao.count(callExchange))
			}
		})
	}
}

// After a minute nobody reloads; Kakao says what a used code is worth.
func TestCodeIsForgottenAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		oneCode(h)
		body := tokenRequestBody(nil)
		h.do("POST", "/token", body)
		time.Sleep(codeReuse)
		status, answer := h.do("POST", "/token", body)
		expectError(t, status, answer, 400, "invalid_grant", "KOE320")
		if n := h.kakao.count(callExchange); n != 2 {
			t.Errorf("Kakao was asked %d times", n)
		}
	})
}

// A code that Kakao refused, or that it could not be asked about, is no result:
// the page may post it again.
func TestCodeWithoutAResultIsExchangedAgain(t *testing.T) {
	h := newHarness(t)
	good := h.kakao.answers[callExchange]
	body := tokenRequestBody(nil)
	h.kakao.on(callExchange, says(503, ""))
	if status, _ := h.do("POST", "/token", body); status != 502 {
		t.Errorf("while Kakao is away: %d", status)
	}
	h.kakao.on(callExchange, good)
	if status, answer := h.do("POST", "/token", body); status != 200 {
		t.Errorf("got %d %v", status, answer)
	}
}

// The page reloads while its code is being exchanged: the exchange goes on, and
// the reloaded page gets its result.
func TestExchangeOutlivesItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		oneCode(h)
		body := tokenRequestBody(nil)
		ctx, cancel := context.WithCancel(t.Context())
		first := h.request("POST", "/token", body).WithContext(ctx)
		var gone sync.WaitGroup
		gone.Go(func() { h.ServeHTTP(httptest.NewRecorder(), first) })
		synctest.Wait()
		cancel()
		if status, answer := h.do("POST", "/token", body); status != 200 || h.kakao.count(callExchange) != 1 {
			t.Errorf("%d %v after %d exchanges", status, answer, h.kakao.count(callExchange))
		}
		gone.Wait()
	})
}

// Nor does a caller who is gone at once leave a lease behind that the reloaded
// page would have to wait for.
func TestExchangeOfACallerWhoIsGoneAtOnce(t *testing.T) {
	h := newHarness(t)
	body := tokenRequestBody(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.ServeHTTP(httptest.NewRecorder(), h.request("POST", "/token", body).WithContext(ctx))
	if n := h.kakao.count(callExchange); n != 1 {
		t.Errorf("Kakao was asked %d times", n)
	}
}

// One step of a login that fails at the store loses nothing: the page is logged
// in, or is when it posts the code again.
func TestRule10StoreFailsAtEachStepOfALogin(t *testing.T) {
	for step, steps := 0, 1; step < steps; step++ {
		for _, f := range []fate{notDone, doneUnseen} {
			t.Run(crash{step: step, fate: f}.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					failing := &gate{}
					h := newHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
					oneCode(h)
					h.login() // The login to come takes the place of a session.
					failing.failAt(step, f)
					body := tokenRequestBody(nil)
					status, answer := h.do("POST", "/token", body)
					steps = max(steps, len(failing.taken()))
					if status != 200 {
						expectError(t, status, answer, 503, "temporarily_unavailable", "")
						status, answer = h.do("POST", "/token", body)
					}
					if _, session := h.do("GET", "/session", ""); status != 200 || session["authenticated"] != true {
						t.Errorf("asked again: %d %v, session %v", status, answer, session)
					}
				})
			})
		}
	}
}

// A login whose process dies costs its user another click only where Kakao has
// given its tokens to the dead process alone, or where nobody knows yet whose the
// session is. Nobody waits for longer than the dead one's lease.
func TestRule10CrashAtEachStepOfALogin(t *testing.T) {
	var again []string
	for step, steps := 0, 1; step < steps; step++ {
		for _, f := range []fate{notDone, doneUnseen} {
			t.Run(crash{step: step, fate: f}.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					shared, dying := memory.New(), &gate{}
					first := newHarness(t, func(c *Config) {
						c.Store = gatedStore{shared, dying}
						c.HTTPClient = &http.Client{Transport: gatedKakao{c.HTTPClient.Transport, dying}}
					})
					oneCode(first)
					second := first.sharing(func(c *Config) { c.Store = shared })
					body := tokenRequestBody(nil)
					dying.on(func(int, string) fate { return passes })
					first.post(tokenRequestBody(nil))
					steps = len(dying.taken())
					dying.dieAt(step, f)
					first.post(body)
					died := time.Now()
					status, answer := second.do("POST", "/token", body)
					if status != 200 {
						expectError(t, status, answer, 400, "invalid_grant", "KOE320")
						again = append(again, fmt.Sprint(dying.taken()[step], " ", f == doneUnseen))
					}
					if took := time.Since(died); took > leaseTTL+time.Second {
						t.Errorf("took %v", took)
					}
				})
			})
		}
	}
	want := []string{"kakao true", "kakao false", "kakao true", "create false", "create true", "create false"}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("another click after (-want +got):\n%s", diff)
	}
}

// A login whose session cannot be stored leaves no living tokens behind.
func TestLoginThatCannotBeStoredEndsItsTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := &brokenStore{Store: memory.New()}
		h := newHarness(t, func(c *Config) { c.Store = broken })
		broken.onCommit(func() error { return errDiskFull })
		status, answer := h.do("POST", "/token", tokenRequestBody(nil))
		expectError(t, status, answer, 503, "temporarily_unavailable", "")
		if h.cookie != "" || h.kakao.count(pathLogout) != 1 {
			t.Errorf("cookie %q, %d logouts at Kakao", h.cookie, h.kakao.count(pathLogout))
		}
	})
}
