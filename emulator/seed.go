package emulator

import (
	"crypto/rand"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// ApplySeed puts the world in the state of a seed, which becomes the start state
// that [World.Reset] returns to. The issuer is not read. The error names every
// mistake, and nothing is changed then.
func (e *World) ApplySeed(seed config.Seed) error {
	seed = seed.Clone()
	seed.Issuer = e.reach.origin()
	if err := seed.Check(config.RequireIssuer); err != nil {
		return err
	}
	keys, err := signingKeysOf(seed)
	if err != nil {
		return err
	}
	e.registry.Lock()
	defer e.registry.Unlock()
	e.start.Store(&startState{seed, keys})
	e.begin()
	return nil
}

// startState is a valid seed with the keys that sign from the start.
type startState struct {
	config.Seed
	keys []*signing.Key
}

// signingKeysOf are those of a valid seed, or a new one.
func signingKeysOf(s config.Seed) ([]*signing.Key, error) {
	if len(s.SigningKeys) == 0 {
		key, err := signing.New()
		return []*signing.Key{key}, err
	}
	var keys []*signing.Key
	for _, text := range s.SigningKeys {
		key := new(signing.Key)
		if err := key.UnmarshalText([]byte(text)); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// Seed is the start state of the world, as it was given to [World.ApplySeed].
func (e *World) Seed() config.Seed { return e.start.Load().Clone() }

// updateSeed changes what is registered in the start state.
func (e *World) updateSeed(edit func(*config.Config)) error {
	e.registry.Lock()
	defer e.registry.Unlock()
	start := e.start.Load()
	seed := start.Clone()
	edit(&seed.Config)
	if err := seed.Check(config.RequireIssuer); err != nil {
		return err
	}
	e.start.Store(&startState{seed, start.keys})
	return nil
}

// Reset returns to the start state: what is registered, links, tokens, clock,
// faults and automatic login are those of the seed again. Logins, counters,
// calls and deliveries are forgotten.
func (e *World) Reset() {
	e.registry.Lock()
	defer e.registry.Unlock()
	e.begin()
}

// begin puts the start state in force. The caller holds the lock of the registry.
func (e *World) begin() {
	seed := e.start.Load()
	e.clock.begin(seed.Clock)
	cfg := seed.WithDefaults()
	now := e.clock.Now()
	cfg.RegisterTerms(now)
	d := registry.Index(cfg)
	e.registry.Replace(d)
	e.keys.Replace(seed.keys)
	e.automatic.Store(seed.AutoLogin)
	e.store.Replace(memoryOf(seed.Seed, d, now), nil)
	e.faults.Replace(seed.Faults)
	e.forget()
}

// forget empties what only tells of the past.
func (e *World) forget() {
	e.quotas.Reset()
	e.journal.Clear()
	e.messages.Clear()
	e.webhooks.Clear()
}

// memoryOf is what has happened in a world that begins with the seed.
func memoryOf(s config.Seed, d *registry.Directory, now time.Time) store.Memory {
	m := store.NewMemory()
	for _, l := range s.Links {
		m.Connections[store.Link{App: l.App, User: l.User}] = connectionOf(l, now)
	}
	for _, t := range s.Tokens {
		g := grantOf(t, d.AppsByID[t.App], now)
		if t.AccessToken != "" {
			m.Access[t.AccessToken] = store.IssuedToken{Grant: g, Expires: orAfter(t.ExpiresAt, now, d.AccessTokenTTL)}
		}
		if t.RefreshToken != "" {
			m.Refresh[t.RefreshToken] = store.IssuedToken{Grant: g, Expires: orAfter(t.RefreshExpiresAt, now, d.RefreshTokenTTL)}
		}
	}
	return m
}

func connectionOf(l config.SeedLink, now time.Time) store.Connection {
	c := store.Connection{
		ConnectedAt: orAfter(l.ConnectedAt, now, 0), Synced: l.Synced, Preregistered: l.Preregistered,
		Scopes: map[string]time.Time{}, Terms: map[string]store.TermConsent{}, Properties: map[string]string{},
	}
	for _, consent := range l.Scopes {
		c.Scopes[consent.ID] = orAfter(consent.AgreedAt, now, 0)
	}
	for _, consent := range l.ServiceTerms {
		by := config.AgreedOnPage
		if consent.AgreedBy != "" {
			by = consent.AgreedBy
		}
		c.Terms[consent.ID] = store.TermConsent{At: orAfter(consent.AgreedAt, now, 0), By: by}
	}
	for key, value := range l.Properties {
		c.Properties[key] = value
	}
	return c
}

func grantOf(t config.SeedToken, app *config.App, now time.Time) store.Grant {
	g := store.Grant{
		ID: t.Login, Link: store.Link{App: t.App, User: t.User}, ClientID: t.ClientID, OpenID: t.OpenID, Nonce: t.Nonce,
		AuthTime: orAfter(t.AuthTime, now, 0),
	}
	if g.ID == "" {
		g.ID = rand.Text()
	}
	if g.ClientID == "" {
		g.ClientID = app.RESTAPIKey
	}
	return g
}

// orAfter is a time, or where it was left out, a while after the start.
func orAfter(t, start time.Time, d config.Duration) time.Time {
	if t.IsZero() {
		return start.Add(time.Duration(d))
	}
	return t
}

// ReadSeed reads a seed from a file, see [ParseSeed].
func ReadSeed(path string) (Seed, error) { return config.ReadSeed(path) }

// ParseSeed reads a seed in YAML or JSON. The error tells that it is neither, or
// names every mistake, members that are not known among them.
func ParseSeed(text []byte) (Seed, error) { return config.ParseSeed(text) }
