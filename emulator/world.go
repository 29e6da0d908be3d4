package emulator

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/journal"
	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
	"github.com/kakaowasm/kakaowasm/emulator/internal/kauth"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/snapshot"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// World is one Kakao platform: apps, users, logins, tokens, a clock, faults and
// a journal of its own. An [Emulator] holds one or many of them, which know
// nothing of each other. It is safe for concurrent use.
type World struct {
	log      *slog.Logger
	store    *store.Store
	reach    reach
	registry *registry.Registry
	clock    *Clock
	keys     signing.Keys
	quotas   kauth.Quotas
	faults   fault.Set
	journal  *journal.Journal
	messages eventlog.Log[kapi.TalkMessage]
	streams  streams
	webhooks *webhook.Webhooks
	ending   sync.Once
	handler  http.Handler

	snapshots snapshot.List
	start     atomic.Pointer[startState] // what Reset returns to
	automatic atomic.Int64               // see AutoLogin
}

// newWorld makes a world in the state of a seed. Its handler is yet to be set.
func newWorld(reach reach, seed config.Seed, o options) (*World, error) {
	e := &World{
		log: o.log, reach: reach, clock: &Clock{base: o.now}, journal: journal.New(),
		messages: eventlog.Log[kapi.TalkMessage]{Limit: kapi.MessageLength},
	}
	e.registry = registry.New(e.clock.Now)
	e.store = store.New(e.clock.Now)
	e.webhooks = webhook.New(e.log, e.clock.Now, &e.keys)
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
func (e *World) Config() config.Config { return e.registry.Directory().Clone() }

// Update changes what is registered: edit gets a copy of the configuration and
// may change anything in it but the issuer. Nothing changes if the result has a
// mistake; the error names every one. Tokens and links of an app or user that
// is gone are worth nothing from then on.
func (e *World) Update(edit func(*config.Config)) error {
	return e.registry.Update(edit)
}

// Clock is the clock of the platform, for tests that move it.
func (e *World) Clock() *Clock { return e.clock }

// ServeHTTP answers both halves of the platform and its console; a host by which
// this machine is not known is 404. Each answer is dated by the platform's clock,
// by which clients tell that their own is wrong.
func (e *World) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.reach.answers(web.HostOf(r)) {
		refuseHost(w)
		return
	}
	e.lapseSignups()
	w.Header().Set(mismatch.HeaderEmulator, pages.PathConsole)
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

// Deliveries waits until no webhook is under way, at most until ctx is done, and
// returns those that were sent, oldest first: also those of sign-ups that lapsed
// meanwhile. The error is that of ctx.
func (e *World) Deliveries(ctx context.Context) ([]webhook.Delivery, error) {
	e.lapseSignups()
	if err := e.webhooks.Wait(ctx); err != nil {
		return nil, err
	}
	return e.webhooks.Sent(), nil
}

// Resend sends a webhook once more, by the number of its delivery, as it was: the
// address, the token and its times are the old ones. It reports whether there is
// such a delivery.
func (e *World) Resend(number int) bool { return e.webhooks.Resend(number) }

// SendEvent sends an account event about a user to an app, whatever types its
// webhook has chosen. user is the number of the account, event one of
// [catalog.AccountEvents]. The error is [ErrNotLinked], or tells that app or event is
// unknown, or that the app has no account webhook.
func (e *World) SendEvent(app, user int64, event string) error {
	d, l := e.registry.Directory(), store.Link{App: app, User: user}
	registered, _, ok := d.Registered(l)
	if _, linked := e.store.Connection(l); !ok || !linked {
		return ErrNotLinked
	}
	switch {
	case registered.AccountWebhook.URL == "":
		return mistake.New("account_webhook.url", "app %d has no account webhook; register its address first", app)
	case !slices.Contains(catalog.AccountEvents(), event):
		return mistake.New("type", "%q is not an event type of Kakao's such as "+catalog.EventTokensRevoked, event)
	}
	e.webhooks.SendEvent(d, l, event, nil)
	return nil
}
