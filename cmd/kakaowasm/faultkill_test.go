package main

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// A server with the embedded store is killed and started again under load, over
// and over. Whatever a visitor was told before stays true.
//
// While Kakao keeps a refresh token in force, nobody is logged out at all. In the
// token's last month a renewal that Kakao has made, and that the process did not
// live to store, takes the only refresh token along: nobody was told of it, the
// session stays, and the server does not claim that Kakao has ended the login.
func TestKillingTheServerLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit func(*emulator.Config)
		// cutOff is how many renewals a kill can cut off for good: of each walker one.
		cutOff int
	}{
		"while Kakao keeps refresh tokens": {func(*emulator.Config) {}, 0},
		"while Kakao replaces them":        {rotating, walkers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, tt.edit)
			c, logins := &crowd{site: s}, "--store=bolt:"+filepath.Join(t.TempDir(), "sessions.db")
			const kills = 6
			for range kills {
				server := s.start(logins, unlimited)
				w := c.send(server.origin)
				w.await(t, 60)
				server.kill()
				w.stop() // Its errors are of connections that broke.
			}
			server := s.start(logins, unlimited)
			lost := 0
			for _, v := range c.visitors {
				if v.unsure && s.isCutOff(server.origin, v) {
					lost++
					continue
				}
				s.expectUsable(server.origin, v)
			}
			t.Logf("%d visitors over %d kills, %d in the middle of a renewal that was cut off", len(c.visitors), kills, lost)
			if lost > kills*tt.cutOff {
				t.Errorf("%d renewals were cut off, want at most %d", lost, kills*tt.cutOff)
			}
		})
	}
}

// isCutOff reports whether a visitor's renewal was cut off between Kakao and the
// store. The visitor is then still logged in, and told to wait.
func (s *site) isCutOff(origin string, v *visitor) bool {
	s.t.Helper()
	if err := s.look(origin, v); err != nil {
		s.t.Errorf("during a renewal: %v", err)
	}
	a, err := s.refresh(origin, v)
	if err != nil {
		s.t.Fatal(err)
	}
	if a.status == http.StatusOK {
		return false
	}
	if a.status != http.StatusServiceUnavailable || !a.passes() {
		s.t.Errorf("a renewal that was cut off: %v", a.err())
	}
	return true
}
