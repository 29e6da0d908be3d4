package kauth

import (
	"slices"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// quota is how often something may be done within a period.
type quota struct {
	limit  int
	period time.Duration
}

// Kakao's quotas of tokens for each user of an app. Source: Kakao Developers >
// Quota.
var (
	accessTokenQuota  = quota{20, 10 * time.Minute}
	refreshTokenQuota = quota{30, time.Hour}
)

// Quotas remember when an app has asked for tokens of a user.
type Quotas struct {
	mu      sync.Mutex
	access  map[store.Link][]time.Time
	refresh map[store.Link][]time.Time
}

// allow reports whether the app may ask once more for an access token of the
// user, and for a refresh token as well, and counts it if so.
func (q *Quotas) allow(app *config.App, about store.Link, refresh bool, now time.Time) bool {
	if !app.TokenQuota {
		return true
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.access[about] = accessTokenQuota.recent(q.access[about], now)
	q.refresh[about] = refreshTokenQuota.recent(q.refresh[about], now)
	if len(q.access[about]) >= accessTokenQuota.limit || refresh && len(q.refresh[about]) >= refreshTokenQuota.limit {
		return false
	}
	q.access[about] = append(q.access[about], now)
	if refresh {
		q.refresh[about] = append(q.refresh[about], now)
	}
	return true
}

// recent are those of some times that still count.
func (q quota) recent(times []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(times, func(t time.Time) bool { return now.Sub(t) >= q.period })
}

// Reset forgets what was asked for.
func (q *Quotas) Reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.access, q.refresh = map[store.Link][]time.Time{}, map[store.Link][]time.Time{}
}
