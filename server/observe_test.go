package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
)

// metricsOf are the lines of /metrics.
func (h *harness) metricsOf() string {
	w := httptest.NewRecorder()
	h.Operations().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// An operator sees what becomes of renewals, how many were spared, how often
// Kakao had to be asked again, and how long others kept the lease.
func TestMetricsOfRenewals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.do("POST", "/refresh", "") // no cookie: nothing to renew
		h.login()
		good := h.kakao.answers[callRefresh]
		h.kakao.on(callRefresh, func(ctx context.Context, form url.Values) (int, string, error) {
			time.Sleep(time.Second)
			if h.kakao.count(callRefresh) == 1 {
				return broken(ctx, form)
			}
			return good(ctx, form)
		})
		var both sync.WaitGroup
		for range 2 {
			request := h.request("POST", "/refresh", "")
			both.Go(func() { h.ServeHTTP(httptest.NewRecorder(), request) })
		}
		both.Wait()
		h.do("POST", "/refresh", "")
		time.Sleep(session.RenewalReuse)
		for _, kakaoSays := range []answer{says(401, errorBody("invalid_client", "KOE010", "x")), broken, deadRefreshToken} {
			h.kakao.on(callRefresh, kakaoSays)
			h.do("POST", "/refresh", "")
		}
		h.cookie = strings.Repeat("A", 43)
		h.do("POST", "/refresh", "")
		got := h.metricsOf()
		for _, want := range []string{
			`kakaowasm_renewals_total{outcome="renewed",shared="true"} 2`,
			`kakaowasm_renewals_total{outcome="reused",shared="false"} 1`,
			`kakaowasm_renewals_total{outcome="refused",shared="false"} 1`,
			`kakaowasm_renewals_total{outcome="unavailable",shared="false"} 1`,
			`kakaowasm_renewals_total{outcome="ended",shared="false"} 1`,
			`kakaowasm_renewals_total{outcome="no_session",shared="false"} 1`,
			`kakaowasm_upstream_retries_total{call="refresh"} 3`,
			`kakaowasm_lease_wait_seconds_count{call="refresh"} 4`,
			`kakaowasm_lease_wait_seconds_count{call="exchange"} 1`,
		} {
			if !strings.Contains(got, want+"\n") {
				t.Errorf("expected %s in\n%s", want, got)
			}
		}
	})
}
