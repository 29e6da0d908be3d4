package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// readiness is the status of /readyz.
func (h *harness) readiness() int {
	w := httptest.NewRecorder()
	h.Operations().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	return w.Code
}

// full is the failure of a store that cannot write.
func full() error { return store.Unavailable(errors.New("no space left on device")) }

// A store that reads and cannot write is not ready, and nobody waits for it long:
// a login is refused before its code is used, a renewal before Kakao is asked, and
// both succeed once there is room.
func TestAFullStoreIsNotReadyAndNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &brokenStore{Store: memory.New()}
		h := newHarness(t, func(c *Config) { c.Store = kept })
		h.login()
		time.Sleep(session.RenewalReuse)
		if code := h.readiness(); code != http.StatusOK {
			t.Fatalf("ready: %d", code)
		}
		kept.onCommit(full)
		time.Sleep(storehealth.ProbeInterval)
		if code := h.readiness(); code != http.StatusServiceUnavailable {
			t.Errorf("ready although nothing can be written: %d", code)
		}
		loggedIn := *h
		h.expectQuickRefusal("/refresh", "", storehealth.Outage+2*time.Second)
		exchanges, renewals := h.kakao.count(callExchange), h.kakao.count(callRefresh)
		for range 3 {
			h.expectQuickRefusal("/token", tokenRequestBody(map[string]any{"code": "kept-code"}), time.Second)
			h.expectQuickRefusal("/refresh", "", time.Second)
		}
		if h.kakao.count(callExchange) != exchanges || h.kakao.count(callRefresh) != renewals {
			t.Error("Kakao was asked for what could not be kept")
		}
		kept.onCommit(nil)
		time.Sleep(storehealth.ProbeInterval)
		if status, body := loggedIn.do("POST", "/refresh", ""); status != 200 {
			t.Errorf("with room: %d %v", status, body)
		}
		if status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"code": "kept-code"})); status != 200 {
			t.Errorf("the code that was refused before: %d %v", status, body)
		}
		if code := h.readiness(); code != http.StatusOK {
			t.Errorf("ready with room: %d", code)
		}
	})
}

// expectQuickRefusal checks that a request is refused for now, within a time.
func (h *harness) expectQuickRefusal(path, body string, limit time.Duration) {
	h.t.Helper()
	start := time.Now()
	status, answer := h.do("POST", path, body)
	expectError(h.t, status, answer, 503, "temporarily_unavailable", "")
	if took := time.Since(start); took > limit {
		h.t.Errorf("%s took %v", path, took)
	}
}

// A login that meets the first failure waits a little: a store that changes its
// primary is back by then.
func TestALoginWaitsOutABriefOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &brokenStore{Store: memory.New()}
		h := newHarness(t, func(c *Config) { c.Store = kept })
		begun := time.Now()
		kept.onCommit(func() error {
			if time.Since(begun) < storehealth.Outage/2 {
				return full()
			}
			return nil
		})
		h.login()
	})
}

// A refresh token that Kakao has replaced is nowhere else: it is stored however long
// that takes, up to half a minute.
func TestAReplacedRefreshTokenIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &brokenStore{Store: memory.New()}
		h := newHarness(t, func(c *Config) { c.Store = kept })
		h.login()
		time.Sleep(session.RenewalReuse)
		h.kakao.on(callRefresh, func(context.Context, url.Values) (int, string, error) {
			begun := time.Now()
			kept.onCommit(func() error {
				if time.Since(begun) < 3*storehealth.Outage {
					return full()
				}
				return nil
			})
			return 200, tokenBody("access-token-2", "refresh-secret-2", nil), nil
		})
		if status, body := h.do("POST", "/refresh", ""); status != 200 || body["access_token"] != "access-token-2" {
			t.Errorf("got %d %v", status, body)
		}
	})
}

// Readiness has the store write at most every two seconds, however often it is
// asked.
func TestReadinessWritesSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		writes := 0
		kept := &brokenStore{Store: memory.New(), commit: func() error { writes++; return nil }}
		h := newHarness(t, func(c *Config) { c.Store = kept })
		for range 100 {
			h.readiness()
		}
		if writes != 1 {
			t.Errorf("%d writes", writes)
		}
	})
}

// A damaged page of the store's file ends the logins in it, and nobody else's; the
// server says that it is not ready, and goes on.
func TestADamagedStoreFileEndsOneLogin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	file, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	h := newHarness(t, func(c *Config) { c.Store = file })
	var cookies []string
	for range 60 {
		h.cookie = ""
		h.login()
		cookies = append(cookies, h.cookie)
	}
	damagePageOf(t, path, session.Key(cookies[0]))
	h.cookie = cookies[0]
	if status, body := h.do("GET", "/session", ""); status != 200 || body["authenticated"] != false {
		t.Errorf("the login in the damaged page: %d %v", status, body)
	}
	status, body := h.do("POST", "/refresh", "")
	expectError(t, status, body, 401, "login_required", "")
	if status, _ := h.do("POST", "/logout", ""); status != 204 {
		t.Errorf("its logout: %d", status)
	}
	alive := 0
	for _, cookie := range cookies {
		h.cookie = cookie
		status, body := h.do("GET", "/session", "")
		if status != 200 {
			t.Errorf("got %d %v", status, body)
		}
		if body["authenticated"] == true {
			alive++
		}
	}
	if alive < len(cookies)-20 {
		t.Errorf("%d of %d logins are left", alive, len(cookies))
	}
	if code := h.readiness(); code != http.StatusServiceUnavailable {
		t.Errorf("ready although damaged: %d", code)
	}
}

// damagePageOf clears the page of a file that holds a key as part of an entry.
func damagePageOf(t *testing.T, path, key string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	size := os.Getpagesize()
	for at := 2 * size; at+size <= len(content); at += size {
		if holdsLogin(content[at:at+size], key) {
			if _, err := file.WriteAt(make([]byte, size), int64(at)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// holdsLogin reports whether a page has a key right before a record of format 1,
// other than the pages of the indexes.
func holdsLogin(page []byte, key string) bool {
	return bytes.Contains(page, append([]byte(key), 1))
}
