package emulator

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// Seed is the state in which a world begins, and to which [World.Reset] returns.
// [World.Export] makes one of the state of now. What is not named is not there: a
// seed without users has none.
type Seed struct {
	Config
	// AutoLogin is the number of the user of [World.AutoLogin]; 0 is nobody.
	AutoLogin int64 `json:"auto_login,omitempty"`
	// Clock is what the clock shows at the start; left out, the time of the
	// machine.
	Clock  ClockSetting `json:"clock,omitzero"`
	Faults []Fault      `json:"faults,omitempty"`
	// Links are the users who use an app already, with their consents.
	Links []SeedLink `json:"links,omitempty"`
	// Tokens are those that clients have already.
	Tokens []SeedToken `json:"tokens,omitempty"`
	// SigningKeys are RSA keys in PKCS #8 and base64: the first signs, all verify.
	// Left out, one is made at the start, and stays at a reset.
	SigningKeys []string `json:"signing_keys,omitempty"`
}

// SeedLink is a link between a user and an app. IDs are those of app and
// account.
type SeedLink struct {
	App  int64 `json:"app_id"`
	User int64 `json:"user_id"`
	// ConnectedAt is when the user came; left out, it is the start.
	ConnectedAt time.Time `json:"connected_at,omitzero"`
	// Synced tells that the user came through Kakao Sync, Preregistered that the
	// app has yet to sign the user up.
	Synced        bool `json:"synced,omitempty"`
	Preregistered bool `json:"preregistered,omitempty"`
	// Scopes and ServiceTerms are what the user has agreed to.
	Scopes       []SeedConsent     `json:"scopes,omitempty"`
	ServiceTerms []SeedConsent     `json:"service_terms,omitempty"`
	Properties   map[string]string `json:"properties,omitempty"`
}

// SeedConsent is what a user has agreed to: the ID of a consent item or the tag
// of service terms. A text stands for one whose other members are left out.
type SeedConsent struct {
	ID string `json:"id"`
	// AgreedAt is when; left out, it is the start.
	AgreedAt time.Time `json:"agreed_at,omitzero"`
	// AgreedBy is where terms were agreed to: "KAUTH", which is the default, or
	// "KAPI". Source: Kakao Login > REST API > Retrieving consent details for
	// service terms.
	AgreedBy string `json:"agreed_by,omitempty"`
}

// UnmarshalJSON reads an ID alone as well.
func (c *SeedConsent) UnmarshalJSON(text []byte) error {
	var id string
	if json.Unmarshal(text, &id) == nil {
		*c = SeedConsent{ID: id}
		return nil
	}
	type plain SeedConsent
	return json.Unmarshal(text, (*plain)(c))
}

// SeedToken is an access token, a refresh token or both that an app holds for a
// user who is linked with it.
type SeedToken struct {
	App              int64     `json:"app_id"`
	User             int64     `json:"user_id"`
	AccessToken      string    `json:"access_token,omitempty"`
	ExpiresAt        time.Time `json:"expires_at,omitzero"` // left out: the lifetime after the start
	RefreshToken     string    `json:"refresh_token,omitempty"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at,omitzero"`
	// Login ties the tokens of one login together, which a logout ends; left out,
	// the element is one of its own.
	Login string `json:"login,omitempty"`
	// ClientID is the key that the login named; left out, the REST API key.
	ClientID string `json:"client_id,omitempty"`
	OpenID   bool   `json:"openid,omitempty"`
	Nonce    string `json:"nonce,omitempty"`
	// AuthTime is when the user logged in; left out, it is the start.
	AuthTime time.Time `json:"auth_time,omitzero"`
}

// clone returns a copy of s whose lists are its own.
func (s Seed) clone() Seed {
	s.Config = s.Config.clone()
	s.Faults, s.Links, s.Tokens = slices.Clone(s.Faults), slices.Clone(s.Links), slices.Clone(s.Tokens)
	s.SigningKeys = slices.Clone(s.SigningKeys)
	return s
}

// Validate names every mistake in a seed, joined into one error. The issuer may
// be left out.
func (s Seed) Validate() error { return s.validate(allowNoIssuer) }

func (s Seed) validate(issuer issuerRule) error {
	s.Config = s.withDefaults()
	var m mistakes
	m.join(s.Config.validate(issuer))
	d := newDirectory(s.Config)
	if s.AutoLogin != 0 && d.usersByID[s.AutoLogin] == nil {
		m.add("auto_login", "no user has the number %d", s.AutoLogin)
	}
	for i, fault := range s.Faults {
		checkFault(fault, fmt.Sprintf("faults[%d]", i), &m)
	}
	linked := map[link]bool{}
	for i, l := range s.Links {
		l.validate(d, fmt.Sprintf("links[%d]", i), &m, linked)
	}
	seen := uniqueness{}
	for i, t := range s.Tokens {
		t.validate(d, fmt.Sprintf("tokens[%d]", i), &m, linked, seen)
	}
	for i, text := range s.SigningKeys {
		if err := new(signingKey).UnmarshalText([]byte(text)); err != nil {
			m.add(fmt.Sprintf("signing_keys[%d]", i), "is not an RSA key in PKCS #8 and base64")
		}
	}
	return errors.Join(m...)
}

func (l SeedLink) validate(d *directory, place string, m *mistakes, linked map[link]bool) {
	app, known := registeredAt(d, l.App, l.User, place, m)
	if !known {
		return
	}
	if linked[link{l.App, l.User}] {
		m.add(place, "user %d is linked with app %d already; keep one link", l.User, l.App)
	}
	linked[link{l.App, l.User}] = true
	for i, consent := range l.Scopes {
		if app.scope(consent.ID) == nil {
			m.add(fmt.Sprintf("%s.scopes[%d].id", place, i), "%q is no consent item of app %d", consent.ID, l.App)
		}
	}
	for i, consent := range l.ServiceTerms {
		at := fmt.Sprintf("%s.service_terms[%d]", place, i)
		if app.term(consent.ID) == nil {
			m.add(at+".id", "app %d has no service terms with the tag %q", l.App, consent.ID)
		}
		if by := consent.AgreedBy; by != "" && by != agreedOnPage && by != agreedByAPI {
			m.add(at+".agreed_by", "%q must be "+agreedOnPage+" or "+agreedByAPI, by)
		}
	}
	for key := range l.Properties {
		if !app.stores(key) {
			m.add(fmt.Sprintf("%s.properties.%s", place, key), "%q is no user property of app %d", key, l.App)
		}
	}
}

// registeredAt finds the app of an element, and names what is not registered.
func registeredAt(d *directory, app, user int64, place string, m *mistakes) (*App, bool) {
	if d.appsByID[app] == nil {
		m.add(place+".app_id", "no app has the ID %d", app)
	}
	if d.usersByID[user] == nil {
		m.add(place+".user_id", "no user has the number %d", user)
	}
	return d.appsByID[app], d.appsByID[app] != nil && d.usersByID[user] != nil
}

func (t SeedToken) validate(d *directory, place string, m *mistakes, linked map[link]bool, seen uniqueness) {
	if t.AccessToken == "" && t.RefreshToken == "" {
		m.add(place, "set access_token, refresh_token or both")
	}
	seen.check(m, "token", t.AccessToken, place+".access_token")
	seen.check(m, "token", t.RefreshToken, place+".refresh_token")
	app, known := registeredAt(d, t.App, t.User, place, m)
	switch {
	case !known:
	case !linked[link{t.App, t.User}]:
		m.add(place, "user %d is not linked with app %d; add that to links", t.User, t.App)
	case t.ClientID != "" && t.ClientID != app.RESTAPIKey && t.ClientID != app.JavaScriptKey:
		m.add(place+".client_id", "must be the REST API key or the JavaScript key of app %d", t.App)
	}
}

// ReadSeed reads a seed from a file, see [ParseSeed].
func ReadSeed(path string) (Seed, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Seed{}, fmt.Errorf("emulator: read the seed: %w", err)
	}
	seed, err := ParseSeed(text)
	if err != nil {
		return Seed{}, fmt.Errorf("%s:\n%w", path, err)
	}
	return seed, nil
}

// ParseSeed reads a seed in YAML or JSON. The error tells that it is neither, or
// names every mistake, members that are not known among them.
func ParseSeed(text []byte) (Seed, error) {
	text, err := toJSON(text)
	var seed Seed
	if err == nil {
		err = decode(text, &seed)
	}
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		return Seed{}, fmt.Errorf("emulator: the seed is neither JSON nor YAML: %w", err)
	}
	return seed, joinMistakes(err, seed.Validate())
}

// ApplySeed puts the world in the state of a seed, which becomes the start state
// that [World.Reset] returns to. The issuer is not read. The error names every
// mistake, and nothing is changed then.
func (e *World) ApplySeed(seed Seed) error {
	seed = seed.clone()
	seed.Issuer = e.reach.origin()
	if err := seed.validate(requireIssuer); err != nil {
		return err
	}
	keys, err := seed.signingKeys()
	if err != nil {
		return err
	}
	e.registry.updating.Lock()
	defer e.registry.updating.Unlock()
	e.start.Store(&startState{seed, keys})
	e.begin()
	return nil
}

// startState is a valid seed with the keys that sign from the start.
type startState struct {
	Seed
	keys []*signingKey
}

// signingKeys are those of a valid seed, or a new one.
func (s Seed) signingKeys() ([]*signingKey, error) {
	if len(s.SigningKeys) == 0 {
		key, err := newSigningKey()
		return []*signingKey{key}, err
	}
	var keys []*signingKey
	for _, text := range s.SigningKeys {
		key := new(signingKey)
		if err := key.UnmarshalText([]byte(text)); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// Seed is the start state of the world, as it was given to [World.ApplySeed].
func (e *World) Seed() Seed { return e.start.Load().clone() }

// updateSeed changes what is registered in the start state.
func (e *World) updateSeed(edit func(*Config)) error {
	e.registry.updating.Lock()
	defer e.registry.updating.Unlock()
	start := e.start.Load()
	seed := start.clone()
	edit(&seed.Config)
	if err := seed.validate(requireIssuer); err != nil {
		return err
	}
	e.start.Store(&startState{seed, start.keys})
	return nil
}

// Reset returns to the start state: what is registered, links, tokens, clock,
// faults and automatic login are those of the seed again. Logins, counters,
// calls and deliveries are forgotten.
func (e *World) Reset() {
	e.registry.updating.Lock()
	defer e.registry.updating.Unlock()
	e.begin()
}

// begin puts the start state in force. The caller holds updating.
func (e *World) begin() {
	seed := e.start.Load()
	e.clock.begin(seed.Clock)
	cfg := seed.withDefaults()
	now := e.clock.Now()
	cfg.registerTerms(now)
	d := newDirectory(cfg)
	e.registry.current.Store(d)
	e.keys.replace(seed.keys)
	e.automatic.Store(seed.AutoLogin)
	e.store.replace(seed.memory(d, now), nil)
	e.faults.Replace(seed.Faults)
	e.forget()
}

// forget empties what only tells of the past.
func (e *World) forget() {
	e.quotas.reset()
	e.journal.Clear()
	e.messages.Clear()
	e.webhooks.Clear()
}

// memory is what has happened in a world that begins with the seed.
func (s Seed) memory(d *directory, now time.Time) memory {
	m := newMemory()
	for _, l := range s.Links {
		m.Connections[link{l.App, l.User}] = l.connection(now)
	}
	for _, t := range s.Tokens {
		g := t.grant(d.appsByID[t.App], now)
		if t.AccessToken != "" {
			m.Access[t.AccessToken] = issuedToken{g, orAfter(t.ExpiresAt, now, d.AccessTokenTTL)}
		}
		if t.RefreshToken != "" {
			m.Refresh[t.RefreshToken] = issuedToken{g, orAfter(t.RefreshExpiresAt, now, d.RefreshTokenTTL)}
		}
	}
	return m
}

func (l SeedLink) connection(now time.Time) connection {
	c := connection{
		ConnectedAt: orAfter(l.ConnectedAt, now, 0), Synced: l.Synced, Preregistered: l.Preregistered,
		Scopes: map[string]time.Time{}, Terms: map[string]termConsent{}, Properties: map[string]string{},
	}
	for _, consent := range l.Scopes {
		c.Scopes[consent.ID] = orAfter(consent.AgreedAt, now, 0)
	}
	for _, consent := range l.ServiceTerms {
		by := agreedOnPage
		if consent.AgreedBy != "" {
			by = consent.AgreedBy
		}
		c.Terms[consent.ID] = termConsent{orAfter(consent.AgreedAt, now, 0), by}
	}
	for key, value := range l.Properties {
		c.Properties[key] = value
	}
	return c
}

func (t SeedToken) grant(app *App, now time.Time) grant {
	g := grant{
		ID: t.Login, Link: link{t.App, t.User}, ClientID: t.ClientID, OpenID: t.OpenID, Nonce: t.Nonce,
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
func orAfter(t, start time.Time, d Duration) time.Time {
	if t.IsZero() {
		return start.Add(time.Duration(d))
	}
	return t
}
