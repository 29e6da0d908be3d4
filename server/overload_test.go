package server

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
)

// crowd has clients log in again and again for a time, each heeding Retry-After, and
// returns how many answers they got and how many of them were logins.
func crowd(h *harness, clients int, lasting time.Duration) (answers, logins int64) {
	var all sync.WaitGroup
	end := time.Now().Add(lasting)
	for range clients {
		all.Go(func() {
			client := h.in(h.t)
			client.cookie = ""
			for time.Now().Before(end) {
				client.cookie = ""
				res := client.send(client.request("POST", "/token", tokenRequestBody(nil)))
				atomic.AddInt64(&answers, 1)
				if res.StatusCode == http.StatusOK {
					atomic.AddInt64(&logins, 1)
					time.Sleep(time.Minute)
					continue
				}
				wait, err := strconv.Atoi(res.Header.Get("Retry-After"))
				if err != nil || wait < 3 || wait > 5 {
					h.t.Errorf("Retry-After: %q", res.Header.Get("Retry-After"))
					return
				}
				time.Sleep(time.Duration(wait) * time.Second)
			}
		})
	}
	all.Wait()
	return answers, logins
}

// unlimitedHarness is a harness without rate limits.
func unlimitedHarness(t *testing.T) *harness {
	return newHarness(t, func(c *Config) { c.RequestsPerMinute, c.SessionRequestsPerMinute = -1, -1 })
}

// Rule 11: a Kakao that fails for a minute is asked about once a second, however many
// clients there are, and five seconds after it is well everybody is.
func TestRule11AFailingKakaoIsHardlyAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := unlimitedHarness(t)
		h.kakao.on(callExchange, says(500, ""))
		answers, logins := crowd(h, 200, time.Minute)
		calls := h.kakao.count(callExchange)
		t.Logf("%d calls for %d answers", calls, answers)
		if logins != 0 || calls > 200+90 || answers < 1000 {
			t.Errorf("%d calls for %d answers, %d logins", calls, answers, logins)
		}
		h.kakao.on(callExchange, newFakeKakao().answers[callExchange])
		if _, logins := crowd(h, 200, 6*time.Second); logins != 200 {
			t.Errorf("%d of 200 clients are logged in six seconds after Kakao is well", logins)
		}
	})
}

// Rule 11: a Kakao that hangs has no more than so many calls open, and as soon as it
// answers again it is asked again, although those still hang.
func TestRule11AHangingKakaoHasFewCallsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := unlimitedHarness(t)
		var open, most atomic.Int64
		h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
			most.Store(max(most.Load(), open.Add(1)))
			defer open.Add(-1)
			return hangs(ctx, form)
		})
		answers, _ := crowd(h, 600, time.Minute)
		t.Logf("%d calls open at most, %d made, %d answers", most.Load(), h.kakao.count(callExchange), answers)
		if limit := upstream.MaxOpenCalls + upstream.ProbesPerSecond*int64(DefaultUpstreamTimeout/time.Second) + 1; most.Load() > limit {
			t.Errorf("%d calls were open, want at most %d", most.Load(), limit)
		}
	})
}

// Rule 11: recovery does not wait for the calls that hang.
func TestRule11AHangingKakaoIsSeenToBeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := unlimitedHarness(t)
		h.kakao.on(callExchange, hangs)
		var stuck sync.WaitGroup
		for range upstream.MaxOpenCalls {
			stuck.Go(func() {
				other := h.in(t)
				other.send(other.request("POST", "/token", tokenRequestBody(nil)))
			})
		}
		synctest.Wait()
		h.kakao.on(callExchange, newFakeKakao().answers[callExchange])
		if _, logins := crowd(h, 50, 7*time.Second); logins != 50 {
			t.Errorf("%d of 50 clients are logged in seven seconds after Kakao is back", logins)
		}
		stuck.Wait()
	})
}

// A Kakao that is well is asked by as many as come: they wait for a slot, and nobody
// is refused. A refusal by Kakao opens no breaker.
func TestRule11AKakaoThatIsWellServesEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := unlimitedHarness(t)
		well := newFakeKakao().answers[callExchange]
		h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
			time.Sleep(100 * time.Millisecond)
			return well(ctx, form)
		})
		if answers, logins := crowd(h, 5*upstream.MaxOpenCalls, time.Second); answers != logins {
			t.Errorf("%d of %d were refused", answers-logins, answers)
		}
		h.kakao.on(callExchange, says(400, errorBody("invalid_grant", "KOE320", "used")))
		for range 5 * upstream.BreakerFailures {
			status, body := h.do("POST", "/token", tokenRequestBody(nil))
			expectError(t, status, body, 400, "invalid_grant", "KOE320")
		}
	})
}
