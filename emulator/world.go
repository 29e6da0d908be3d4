package emulator

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/journal"
	"github.com/kakaowasm/kakaowasm/emulator/internal/outbox"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
)

// World is one Kakao platform: apps, users, logins, tokens, a clock, faults and
// a journal of its own. An [Emulator] holds one or many of them, which know
// nothing of each other. It is safe for concurrent use.
type World struct {
	answers
	browsers
	reach    reach
	registry *registry
	clock    *Clock
	keys     signing.Keys
	quotas   quotas
	faults   fault.Set
	journal  *journal.Journal
	messages eventlog.Log[TalkMessage]
	streams  streams
	webhooks *webhooks
	ending   sync.Once
	handler  http.Handler

	snapshots snapshots
	start     atomic.Pointer[startState] // what Reset returns to
	automatic atomic.Int64               // see AutoLogin
}

// newWorld makes a world in the state of a seed. Its handler is yet to be set.
func newWorld(reach reach, seed config.Seed, o options) (*World, error) {
	e := &World{
		answers: answers{o.log}, reach: reach, clock: &Clock{base: o.now}, journal: journal.New(),
		messages: eventlog.Log[TalkMessage]{Limit: messageLength},
	}
	e.registry = &registry{now: e.clock.Now}
	e.browsers = browsers{store.New(e.clock.Now), reach.name, func(r *http.Request) bool { return strings.HasPrefix(e.platform(r).Auth, "https://") }}
	e.webhooks = &webhooks{outbox.New(e.log, e.clock.Now), e.log, e.clock.Now, &e.keys}
	if err := e.ApplySeed(seed); err != nil {
		return nil, err
	}
	return e, nil
}

// Name is the name of the world, [DefaultWorld] for the one at the emulator's
// own address.
func (e *World) Name() string { return e.reach.name }

// Origin is where the world is reached, and the issuer of its ID tokens: that of
// its own port, or of its host name where it has none.
func (e *World) Origin() string { return e.reach.origin() }

// Config returns a copy of what is registered now.
func (e *World) Config() config.Config { return e.registry.directory().Clone() }

// Update changes what is registered: edit gets a copy of the configuration and
// may change anything in it but the issuer. Nothing changes if the result has a
// mistake; the error names every one. Tokens and links of an app or user that
// is gone are worth nothing from then on.
func (e *World) Update(edit func(*config.Config)) error {
	return e.registry.change(func(c *config.Config) error {
		edit(c)
		return nil
	})
}

// Clock is the clock of the platform, for tests that move it.
func (e *World) Clock() *Clock { return e.clock }

// ServeHTTP answers both halves of the platform and its console; a host by which
// this machine is not known is 404. Each answer is dated by the platform's clock,
// by which clients tell that their own is wrong.
func (e *World) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.reach.answers(hostOf(r)) {
		refuseHost(w)
		return
	}
	e.lapseSignups()
	w.Header().Set(mismatch.HeaderEmulator, pathConsole)
	w.Header().Set("Date", e.clock.Now().UTC().Format(http.TimeFormat))
	e.handler.ServeHTTP(w, r)
}

// RotateKeys makes a new key sign from now on. The keys before it stay in the
// key set, so that tokens signed with them can be verified, unless retire is
// set: then only the new key is left.
func (e *World) RotateKeys(retire bool) error { return e.keys.Rotate(retire) }

// ExpireAccessTokens ends the validity of every access token issued so far:
// the API answers them with -401. Refresh tokens stay valid.
func (e *World) ExpireAccessTokens() { e.store.ExpireAccessTokens() }

// ExpireRefreshTokens ends the validity of every refresh token issued so far:
// the token endpoint answers them with KOE322. Access tokens stay valid.
func (e *World) ExpireRefreshTokens() { e.store.ExpireRefreshTokens() }

// Count returns how many token requests of a grant type, "authorization_code"
// or "refresh_token", were answered since the start or the last
// [World.Reset], refusals included.
func (e *World) Count(grant string) int { return e.store.Count(grant) }
