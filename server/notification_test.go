package server

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

const (
	testNotifyURL    = "https://hooks.example.com/kakao"
	testNotifySecret = "whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
)

// notified is a back end that is told, beside the Kakao of a harness.
type notified struct {
	next http.RoundTripper

	mu   sync.Mutex
	away bool
	told []toldNotification
	raw  strings.Builder
}

// toldNotification is a notification as it arrived.
type toldNotification struct {
	Type      string         `json:"type"`
	Number    int            `json:"number"`
	Timestamp time.Time      `json:"timestamp"`
	Data      map[string]any `json:"data"`
}

func (n *notified) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.String() != testNotifyURL {
		return n.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var told toldNotification
	if err := json.Unmarshal(body, &told); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.away {
		return &http.Response{StatusCode: http.StatusServiceUnavailable, Body: http.NoBody, Request: r}, nil
	}
	n.told = append(n.told, told)
	n.raw.Write(body)
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: r}, nil
}

// setAway has the back end fail, or take what comes.
func (n *notified) setAway(away bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.away = away
}

// newNotifiedHarness starts a server that notifies a back end.
func newNotifiedHarness(t *testing.T, change ...func(*Config)) (*harness, *notified) {
	back := &notified{}
	return newHarness(t, append([]func(*Config){func(c *Config) {
		back.next = c.HTTPClient.Transport
		c.HTTPClient = &http.Client{Transport: back}
		c.NotifyURL, c.NotifySecrets = testNotifyURL, []string{testNotifySecret}
		c.AppID, c.AdminKey = "1001", "admin-key"
	}}, change...)...), back
}

// expect checks what the back end was told, when all has come to rest, in order
// and numbered, and forgets it.
func (n *notified) expect(t *testing.T, want ...toldNotification) {
	t.Helper()
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.told {
		if age := time.Since(n.told[i].Timestamp); age < 0 || age > time.Hour {
			t.Errorf("notification %d is of %v ago", n.told[i].Number, age)
		}
		n.told[i].Timestamp = time.Time{}
	}
	if diff := cmp.Diff(want, n.told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	n.told = nil
}

// sid is the name of the harness's session.
func (h *harness) sid() string {
	h.t.Helper()
	found, err := h.sessions.Find(h.t.Context(), h.cookie)
	if err != nil {
		h.t.Fatal(err)
	}
	return found.SID
}

func TestBackEndIsNotified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, back := newNotifiedHarness(t)
		h.login()
		sid := h.sid()
		back.expect(t, toldNotification{Type: "login", Number: 1, Data: map[string]any{"user_id": testUser, "sid": sid}})
		h.do("POST", "/refresh", "")
		back.expect(t)
		time.Sleep(session.RenewalReuse)
		h.kakao.on(callRefresh, says(400, errorBody("invalid_grant", "KOE322", "dead")))
		h.do("POST", "/refresh", "")
		back.expect(t, toldNotification{Type: "refresh_failed", Number: 2, Data: map[string]any{
			"user_id": testUser, "sid": sid, "error": "invalid_grant", "error_code": "KOE322",
		}})
		h.login()
		sid = h.sid()
		h.do("POST", "/logout", "")
		back.expect(t,
			toldNotification{Type: "login", Number: 3, Data: map[string]any{"user_id": testUser, "sid": sid}},
			toldNotification{Type: "logout", Number: 4, Data: map[string]any{"user_id": testUser, "sid": sid}},
		)
		h.do("POST", "/logout", "") // of nobody
		back.expect(t)
		unlink := hook("GET", "unlink?app_id=1001&user_id="+testUser, "", "")
		unlink.Header.Set("Authorization", "KakaoAK admin-key")
		if res := h.send(unlink); res.StatusCode != http.StatusOK {
			t.Fatalf("unlink: %d", res.StatusCode)
		}
		back.expect(t, toldNotification{Type: "unlink", Number: 5, Data: map[string]any{"user_id": testUser}})
	})
}

// A notification says no more than who, and why: nothing that a receiver by
// mistake could use, or would learn of the user.
func TestNotificationsHoldNoMoreThanAnID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, back := newNotifiedHarness(t)
		h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{
			"id_token": signedWith(t, map[string]any{"nickname": "하늘", "email": "haneul@example.com"}),
		})))
		h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
		cookie := h.cookie
		h.do("POST", "/logout", "")
		synctest.Wait()
		sent := back.raw.String()
		if !strings.Contains(sent, testUser) {
			t.Fatalf("nothing was sent: %s", sent)
		}
		for _, private := range []string{"하늘", "haneul", testAccessToken, testRefreshToken, cookie, session.Hash(cookie), testNotifySecret} {
			if strings.Contains(sent, private) || strings.Contains(h.logs.String(), testNotifySecret) {
				t.Errorf("it holds %s", private)
			}
		}
	})
}

// A back end that is away keeps nobody waiting, and hears of everything later,
// although the server was started again meanwhile.
func TestNotificationsOfBeforeARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory.New()
		h, back := newNotifiedHarness(t, func(c *Config) { c.Store = kept })
		back.setAway(true)
		start := time.Now()
		h.login()
		sid := h.sid()
		h.do("POST", "/logout", "")
		if took := time.Since(start); took > 0 {
			t.Errorf("login and logout waited %v for the back end", took)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		_, later := newNotifiedHarness(t, func(c *Config) { c.Store = kept })
		time.Sleep(time.Minute)
		later.expect(t,
			toldNotification{Type: "login", Number: 1, Data: map[string]any{"user_id": testUser, "sid": sid}},
			toldNotification{Type: "logout", Number: 2, Data: map[string]any{"user_id": testUser, "sid": sid}},
		)
	})
}

// What cannot be written down is lost, and the log says so; what it was about is
// done all the same.
func TestNotificationThatTheStoreDoesNotTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := &gate{}
		h, back := newNotifiedHarness(t, func(c *Config) { c.Store = gatedStore{memory.New(), failing} })
		h.login()
		synctest.Wait()
		ended := false
		failing.on(func(_ int, name string) fate {
			if ended = ended || name == "delete"; ended && name != "delete" {
				return notDone
			}
			return passes
		})
		start := time.Now()
		if status, body := h.do("POST", "/logout", ""); status != http.StatusNoContent || h.cookie != "" {
			t.Errorf("got %d %v", status, body)
		}
		if took := time.Since(start); took > hookTimeout {
			t.Errorf("the user waited %v", took)
		}
		if !strings.Contains(h.logs.String(), "a notification is lost") {
			t.Error("the log does not say so")
		}
		failing.on(func(int, string) fate { return passes })
		back.mu.Lock()
		defer back.mu.Unlock()
		if len(back.told) != 1 {
			t.Errorf("the back end was told %v", back.told)
		}
	})
}

func TestMistakesInNotificationsAreNamed(t *testing.T) {
	for name, test := range map[string]struct {
		url, secret, want string
	}{
		"good":            {testNotifyURL, testNotifySecret, ""},
		"loopback":        {"http://127.0.0.1:8000/hooks", testNotifySecret, ""},
		"plain http":      {"http://hooks.example.com/", testNotifySecret, "Config.NotifyURL: expected https"},
		"no URL":          {"", testNotifySecret, "Config.NotifyURL: expected the address"},
		"no secret":       {testNotifyURL, "", "Config.NotifyURL: expected a secret"},
		"with a user":     {"https://u:p@hooks.example.com/", testNotifySecret, "Config.NotifyURL: expected an absolute URL"},
		"a path":          {"/hooks", testNotifySecret, "Config.NotifyURL: expected an absolute URL"},
		"another secret":  {testNotifyURL, "hunter2hunter2", "Config.NotifySecrets[0]: expected whsec_"},
		"a short secret":  {testNotifyURL, "whsec_YWFh", "Config.NotifySecrets[0]: expected whsec_"},
		"not even base64": {testNotifyURL, "whsec_hunter2!", "Config.NotifySecrets[0]: expected whsec_"},
	} {
		cfg := good()
		cfg.NotifyURL = test.url
		if test.secret != "" {
			cfg.NotifySecrets = []string{test.secret}
		}
		err := cfg.Validate()
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
		if err != nil && test.secret != testNotifySecret && test.secret != "" && strings.Contains(err.Error(), test.secret) {
			t.Errorf("%s: the secret is repeated: %v", name, err)
		}
	}
}
