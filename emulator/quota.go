package emulator

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Kakao's quota of access tokens for each user of an app. That of refresh
// tokens, 30 in an hour, can only be reached by way of it. Source: Kakao
// Developers > Quota.
const (
	tokenQuota       = 20
	tokenQuotaPeriod = 10 * time.Minute
)

// quotas counts the token requests for each user of an app.
type quotas struct {
	mu     sync.Mutex
	byLink map[link]*rate.Limiter
}

// allow reports whether the app may make one more token request for the user.
func (q *quotas) allow(app *App, about link, now time.Time) bool {
	if !app.TokenQuota {
		return true
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.byLink[about] == nil {
		q.byLink[about] = rate.NewLimiter(rate.Every(tokenQuotaPeriod/tokenQuota), tokenQuota)
	}
	return q.byLink[about].AllowN(now, 1)
}

func (q *quotas) reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.byLink = map[link]*rate.Limiter{}
}
