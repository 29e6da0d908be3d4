package server

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Close waits for what is under way, also when its caller is gone.
func TestCloseWaitsForWorkThatOutlivesItsCaller(t *testing.T) {
	for name, test := range map[string]struct{ call, path string }{
		"a login": {callExchange, "/token"}, "a renewal": {callRefresh, "/refresh"}, "a logout": {pathLogout, "/logout"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				good, ended := h.kakao.answers[test.call], false
				h.kakao.on(test.call, func(ctx context.Context, form url.Values) (int, string, error) {
					time.Sleep(time.Second)
					ended = true
					return good(ctx, form)
				})
				ctx, cancel := context.WithCancel(t.Context())
				request := h.request("POST", test.path, tokenRequestBody(nil)).WithContext(ctx)
				var asking sync.WaitGroup
				asking.Go(func() { h.ServeHTTP(httptest.NewRecorder(), request) })
				synctest.Wait()
				cancel()
				if err := h.Close(); err != nil || !ended {
					t.Errorf("closed with %v while it was under way: %v", err, !ended)
				}
				asking.Wait()
			})
		})
	}
}

// After Close nothing begins that the store, which is closed next, would miss.
func TestNothingBeginsAfterClose(t *testing.T) {
	h := newHarness(t)
	h.login()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/token", "/refresh", "/logout"} {
		res := h.send(h.request("POST", path, tokenRequestBody(nil)))
		expectFailure(t, res, 503, "temporarily_unavailable", "", true)
		if len(res.Cookies()) != 0 {
			t.Errorf("%s: a cookie was set", path)
		}
	}
	if h.kakao.count(callExchange) != 1 || h.kakao.count(callRefresh)+h.kakao.count(pathLogout) != 0 {
		t.Error("Kakao was asked")
	}
}

// A hook that never comes back does not keep the process from ending.
func TestCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		h := newHarness(t, func(c *Config) { c.OnLogout = func(context.Context, User) { <-stuck } })
		h.login()
		request := h.request("POST", "/logout", "")
		var asking sync.WaitGroup
		asking.Go(func() { h.ServeHTTP(httptest.NewRecorder(), request) })
		synctest.Wait()
		start := time.Now()
		err := h.Close()
		if err == nil || !strings.Contains(err.Error(), "hook") {
			t.Errorf("got %v", err)
		}
		if took, most := time.Since(start), 4*DefaultUpstreamTimeout+40*time.Second; took != most {
			t.Errorf("took %v, want %v as documented", took, most)
		}
		close(stuck)
		asking.Wait()
	})
}

// A renewal is under way, and the store is gone for good: Close does not wait for
// a store that says that it is closed.
func TestNobodyRetriesOnAClosedStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			if err := h.cfg.Store.Close(); err != nil {
				t.Error(err)
			}
			return 200, tokenBody("access-token-2", "", nil), nil
		})
		start := time.Now()
		status, answer := h.do("POST", "/refresh", "")
		expectError(t, status, answer, 503, "temporarily_unavailable", "")
		if took := time.Since(start); took > time.Second {
			t.Errorf("took %v", took)
		}
	})
}
