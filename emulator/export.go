package emulator

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// Export is the state of the world as a seed: a world that begins with it has
// the same apps, users, links, tokens, faults and signing keys, and a clock that
// is as far ahead. Browsers have to log in again. It holds secrets; keep it from
// strangers.
func (e *World) Export() (config.Seed, error) {
	now, err := e.capture()
	if err != nil {
		return config.Seed{}, err
	}
	seed := config.Seed{
		Config: withoutAddress(now.Config), AutoLogin: now.AutoLogin, Clock: now.clockSetting(),
		Faults: withoutIDs(now.Faults),
	}
	seed.Apps, seed.Users = append([]config.App{}, seed.Apps...), append([]config.User{}, seed.Users...)
	for _, key := range now.Keys {
		text, err := key.MarshalText()
		if err != nil {
			return config.Seed{}, err
		}
		seed.SigningKeys = append(seed.SigningKeys, string(text))
	}
	d := registry.Index(now.Config)
	for l, c := range now.Memory.Connections {
		if _, _, registered := d.Registered(l); registered {
			seed.Links = append(seed.Links, exportLink(l, c, d.AppsByID[l.App]))
		}
	}
	slices.SortFunc(seed.Links, func(a, b config.SeedLink) int { return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.User, b.User)) })
	seed.Tokens = exportTokens(now.Memory, d)
	return seed, nil
}

// withoutAddress leaves out where the platform is.
func withoutAddress(c config.Config) config.Config {
	c.Issuer = ""
	return c
}

func withoutIDs(faults []Fault) []Fault {
	faults = slices.Clone(faults)
	for i := range faults {
		faults[i].ID = 0
	}
	return faults
}

// exportLink leaves out consents to what the app does not have any more.
func exportLink(l store.Link, c store.Connection, app *config.App) config.SeedLink {
	exported := config.SeedLink{
		App: l.App, User: l.User, ConnectedAt: c.ConnectedAt, Synced: c.Synced, Preregistered: c.Preregistered,
		Properties: maps.Clone(c.Properties),
	}
	maps.DeleteFunc(exported.Properties, func(key, _ string) bool { return !app.Stores(key) })
	for _, id := range slices.Sorted(maps.Keys(c.Scopes)) {
		if app.Scope(id) != nil {
			exported.Scopes = append(exported.Scopes, config.SeedConsent{ID: id, AgreedAt: c.Scopes[id]})
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(c.Terms)) {
		if app.Term(tag) != nil {
			exported.ServiceTerms = append(exported.ServiceTerms, config.SeedConsent{ID: tag, AgreedAt: c.Terms[tag].At, AgreedBy: c.Terms[tag].By})
		}
	}
	return exported
}

func exportTokens(m store.Memory, d *registry.Directory) []config.SeedToken {
	var list []config.SeedToken
	add := func(issued store.IssuedToken, set func(*config.SeedToken)) {
		g := issued.Grant
		app, _, registered := d.Registered(g.Link)
		if _, linked := m.Connections[g.Link]; !registered || !linked || g.ClientID != app.RESTAPIKey && g.ClientID != app.JavaScriptKey {
			return
		}
		t := config.SeedToken{
			App: g.Link.App, User: g.Link.User, Login: g.ID, ClientID: g.ClientID, OpenID: g.OpenID, Nonce: g.Nonce, AuthTime: g.AuthTime,
		}
		set(&t)
		list = append(list, t)
	}
	for _, value := range byExpiry(m.Access) {
		add(m.Access[value], func(t *config.SeedToken) { t.AccessToken, t.ExpiresAt = value, m.Access[value].Expires })
	}
	for _, value := range byExpiry(m.Refresh) {
		add(m.Refresh[value], func(t *config.SeedToken) { t.RefreshToken, t.RefreshExpiresAt = value, m.Refresh[value].Expires })
	}
	return list
}

// byExpiry are tokens in an order that stays the same.
func byExpiry(tokens map[string]store.IssuedToken) []string {
	return slices.SortedFunc(maps.Keys(tokens), func(a, b string) int {
		return cmp.Or(tokens[a].Expires.Compare(tokens[b].Expires), cmp.Compare(a, b))
	})
}

// clockSetting leads a clock that begins anew to where the saved one is.
func (s state) clockSetting() config.ClockSetting {
	if !s.Stopped.IsZero() {
		return config.ClockSetting{Set: s.Stopped.UTC(), Stopped: true}
	}
	return config.ClockSetting{Advance: s.Offset}
}
