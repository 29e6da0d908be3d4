package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
)

// Seed is the state in which a world begins, and to which Reset returns.
// Export makes one of the state of now. What is not named is not there: a
// seed without users has none.
type Seed struct {
	Config
	// AutoLogin is the number of the user of AutoLogin; 0 is nobody.
	AutoLogin int64 `json:"auto_login,omitempty"`
	// Clock is what the clock shows at the start; left out, the time of the
	// machine.
	Clock  ClockSetting  `json:"clock,omitzero"`
	Faults []fault.Fault `json:"faults,omitempty"`
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

// ClockSetting moves a clock: first on, then to a time, and then it is stopped.
type ClockSetting struct {
	// Advance is how far the clock is moved on, or back if it is negative.
	Advance Duration `json:"advance,omitzero"`
	// Set is the time that it shows then; left out, the one that it shows anyway.
	Set     time.Time `json:"set,omitzero"`
	Stopped bool      `json:"stopped,omitempty"`
}

// Clone returns a copy of s whose lists are its own.
func (s Seed) Clone() Seed {
	s.Config = s.Config.Clone()
	s.Faults, s.Links, s.Tokens = slices.Clone(s.Faults), slices.Clone(s.Links), slices.Clone(s.Tokens)
	s.SigningKeys = slices.Clone(s.SigningKeys)
	return s
}

// Validate names every mistake in a seed, joined into one error. The issuer may
// be left out.
func (s Seed) Validate() error { return s.Check(AllowNoIssuer) }

// Check is [Seed.Validate] with a rule for the issuer.
func (s Seed) Check(issuer IssuerRule) error {
	s.Config = s.WithDefaults()
	var m mistake.List
	m.Join(s.Config.Check(issuer))
	d := s.numbers()
	if s.AutoLogin != 0 && !d.users[s.AutoLogin] {
		m.Add("auto_login", "no user has the number %d", s.AutoLogin)
	}
	for i, f := range s.Faults {
		CheckFault(f, fmt.Sprintf("faults[%d]", i), &m)
	}
	linked := map[linkNumbers]bool{}
	for i, l := range s.Links {
		l.validate(d, fmt.Sprintf("links[%d]", i), &m, linked)
	}
	seen := uniqueness{}
	for i, t := range s.Tokens {
		t.validate(d, fmt.Sprintf("tokens[%d]", i), &m, linked, seen)
	}
	for i, text := range s.SigningKeys {
		if err := new(signing.Key).UnmarshalText([]byte(text)); err != nil {
			m.Add(fmt.Sprintf("signing_keys[%d]", i), "is not an RSA key in PKCS #8 and base64")
		}
	}
	return errors.Join(m...)
}

// linkNumbers is an app and a user, by their numbers.
type linkNumbers struct{ app, user int64 }

// numbers are those by which links and tokens name apps and users.
type numbers struct {
	apps  map[int64]*App
	users map[int64]bool
}

func (c Config) numbers() numbers {
	n := numbers{map[int64]*App{}, map[int64]bool{}}
	for i := range c.Apps {
		n.apps[c.Apps[i].ID] = &c.Apps[i]
	}
	for _, user := range c.Users {
		n.users[user.ID] = true
	}
	return n
}

// registeredAt finds the app of an element, and names what is not registered.
func registeredAt(d numbers, app, user int64, place string, m *mistake.List) (*App, bool) {
	if d.apps[app] == nil {
		m.Add(place+".app_id", "no app has the ID %d", app)
	}
	if !d.users[user] {
		m.Add(place+".user_id", "no user has the number %d", user)
	}
	return d.apps[app], d.apps[app] != nil && d.users[user]
}

func (l SeedLink) validate(d numbers, place string, m *mistake.List, linked map[linkNumbers]bool) {
	app, known := registeredAt(d, l.App, l.User, place, m)
	if !known {
		return
	}
	if linked[linkNumbers{l.App, l.User}] {
		m.Add(place, "user %d is linked with app %d already; keep one link", l.User, l.App)
	}
	linked[linkNumbers{l.App, l.User}] = true
	for i, consent := range l.Scopes {
		if app.Scope(consent.ID) == nil {
			m.Add(fmt.Sprintf("%s.scopes[%d].id", place, i), "%q is no consent item of app %d", consent.ID, l.App)
		}
	}
	for i, consent := range l.ServiceTerms {
		at := fmt.Sprintf("%s.service_terms[%d]", place, i)
		if app.Term(consent.ID) == nil {
			m.Add(at+".id", "app %d has no service terms with the tag %q", l.App, consent.ID)
		}
		if by := consent.AgreedBy; by != "" && by != AgreedOnPage && by != AgreedByAPI {
			m.Add(at+".agreed_by", "%q must be "+AgreedOnPage+" or "+AgreedByAPI, by)
		}
	}
	for key := range l.Properties {
		if !app.Stores(key) {
			m.Add(fmt.Sprintf("%s.properties.%s", place, key), "%q is no user property of app %d", key, l.App)
		}
	}
}

func (t SeedToken) validate(d numbers, place string, m *mistake.List, linked map[linkNumbers]bool, seen uniqueness) {
	if t.AccessToken == "" && t.RefreshToken == "" {
		m.Add(place, "set access_token, refresh_token or both")
	}
	seen.check(m, "token", t.AccessToken, place+".access_token")
	seen.check(m, "token", t.RefreshToken, place+".refresh_token")
	app, known := registeredAt(d, t.App, t.User, place, m)
	switch {
	case !known:
	case !linked[linkNumbers{t.App, t.User}]:
		m.Add(place, "user %d is not linked with app %d; add that to links", t.User, t.App)
	case t.ClientID != "" && t.ClientID != app.RESTAPIKey && t.ClientID != app.JavaScriptKey:
		m.Add(place+".client_id", "must be the REST API key or the JavaScript key of app %d", t.App)
	}
}

// CheckFault names the mistakes in the fault at a place.
func CheckFault(f fault.Fault, place string, m *mistake.List) {
	f.Check(func(member, problem string, values ...any) {
		if member == "" {
			m.Add(place, problem, values...)
			return
		}
		m.Add(mistake.Member(place, member), problem, values...)
	})
}

// Paths through which a user agreed to service terms. Source: Kakao Login > REST
// API > Retrieving consent details for service terms.
const (
	AgreedOnPage = "KAUTH"
	AgreedByAPI  = "KAPI"
)

// RegisterTerms dates the service terms that are new.
func (c Config) RegisterTerms(now time.Time) {
	for _, app := range c.Apps {
		for i := range app.ServiceTerms {
			if app.ServiceTerms[i].RegisteredAt.IsZero() {
				app.ServiceTerms[i].RegisteredAt = now
			}
		}
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
	text, err := schema.ToJSON(text)
	var seed Seed
	if err == nil {
		err = schema.Decode(text, &seed)
	}
	var syntax *schema.SyntaxError
	if errors.As(err, &syntax) {
		return Seed{}, fmt.Errorf("emulator: the seed is neither JSON nor YAML: %w", err)
	}
	return seed, mistake.Join(err, seed.Validate())
}
