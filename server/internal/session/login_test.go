package session_test

import (
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
)

// A session ends with its lifetime or its refresh token, whichever is first, and
// earlier where it is idle.
func TestASessionEndsWithWhatEndsFirst(t *testing.T) {
	const lifetime, idle = 60 * 24 * time.Hour, 14 * 24 * time.Hour
	sessions := session.New(nil, "app", lifetime, idle, nil)
	begun := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return begun.AddDate(0, 0, n) }
	for name, test := range map[string]struct {
		login            session.Login
		deadline, expiry time.Time
	}{
		"a login that nobody uses":        {session.Login{CreatedAt: begun}, day(60), day(14)},
		"renewed on the tenth day":        {session.Login{CreatedAt: begun, RenewedAt: day(10)}, day(60), day(24)},
		"used on the twentieth":           {session.Login{CreatedAt: begun, RenewedAt: day(10), UsedAt: day(20)}, day(60), day(34)},
		"used on the last but one":        {session.Login{CreatedAt: begun, UsedAt: day(59)}, day(60), day(60)},
		"with a shorter refresh token":    {session.Login{CreatedAt: begun, RefreshExpiresAt: day(7)}, day(7), day(7)},
		"with a refresh token for longer": {session.Login{CreatedAt: begun, RefreshExpiresAt: day(90)}, day(60), day(14)},
	} {
		if got := sessions.Deadline(test.login); !got.Equal(test.deadline) {
			t.Errorf("%s: ends at the latest at %v, want %v", name, got, test.deadline)
		}
		if got := sessions.Expiry(test.login); !got.Equal(test.expiry) {
			t.Errorf("%s: ends at %v, want %v", name, got, test.expiry)
		}
	}
}

func TestWhatWidensALogin(t *testing.T) {
	for name, test := range map[string]struct {
		had, granted string
		widens       bool
	}{
		"the same":           {"openid profile_nickname", "profile_nickname openid", false},
		"less":               {"openid profile_nickname", "openid", false},
		"nothing named":      {"openid", "", false},
		"one more":           {"openid", "openid account_email", true},
		"another":            {"openid", "account_email", true},
		"a bound not known":  {"", "account_email", false},
		"a longer beginning": {"account", "account_email", true},
	} {
		l := session.Login{Scope: test.had}
		if got := l.Widens(upstream.Grant{Scope: test.granted}); got != test.widens {
			t.Errorf("%s: %v", name, got)
		}
	}
}
