package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Lifetimes that Kakao documents. Source: Kakao Login > Concepts > Token
// information.
const (
	defaultAccessTokenTTL  = 12 * time.Hour
	defaultRefreshTokenTTL = 60 * 24 * time.Hour
)

// Config describes a platform: its apps and its users.
type Config struct {
	// Issuer is the public origin of the emulator without a trailing slash,
	// such as http://127.0.0.1:8481. ID tokens, discovery and image addresses
	// name it.
	Issuer string `json:"issuer,omitempty"`
	Apps   []App  `json:"apps"`
	Users  []User `json:"users"`
	// AccessTokenTTL is the lifetime of an access token; 12 hours if zero.
	AccessTokenTTL Duration `json:"access_token_ttl,omitzero"`
	// RefreshTokenTTL is the lifetime of a refresh token; 60 days if zero.
	RefreshTokenTTL Duration `json:"refresh_token_ttl,omitzero"`
}

// App is an application as registered at Kakao Developers.
type App struct {
	Name          string `json:"name"`
	ID            int64  `json:"id"`
	RESTAPIKey    string `json:"rest_api_key"`
	JavaScriptKey string `json:"javascript_key"`
	AdminKey      string `json:"admin_key,omitempty"`
	// ClientSecret is asked for at the token endpoint; empty means that the
	// app has the feature off.
	ClientSecret string `json:"client_secret,omitempty"`
	// RedirectURIs are compared exactly (RFC 9700, section 2.1). Plain HTTP is
	// accepted on loopback only. "JS-SDK" counts as registered: the JavaScript
	// SDK sends it for a page that gave no redirect URI.
	RedirectURIs []string `json:"redirect_uris"`
	// SiteDomains are the origins whose pages may call the API with tokens of
	// this app. Empty means any.
	SiteDomains   []string      `json:"site_domains,omitempty"`
	OpenIDConnect bool          `json:"openid_connect,omitempty"`
	Scopes        []Scope       `json:"scopes,omitempty"`
	ServiceTerms  []ServiceTerm `json:"service_terms,omitempty"`
}

// Text is a text for people in the two languages of the pages.
type Text struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

// Scope is a consent item of an app. Source: Kakao Login > Utilize > Scopes.
type Scope struct {
	// ID is what the scope parameter names, such as "account_email".
	ID string `json:"id"`
	// Name is shown on the consent page. Left out, it is Kakao's for the
	// scopes that Kakao defines.
	Name Text `json:"display_name,omitzero"`
	// Required items cannot be declined or revoked.
	Required bool `json:"required,omitempty"`
	// Type is "PRIVACY" for personal information, which is the default, or
	// "SERVICE" for a permission.
	Type string `json:"type,omitempty"`
}

// ServiceTerm is one of an app's own terms of service. Source: Kakao Login >
// REST API > Retrieving consent details for service terms.
type ServiceTerm struct {
	// Tag is what the service_terms parameter names.
	Tag string `json:"tag"`
	// Title is shown on the consent page.
	Title Text `json:"title"`
	// Required terms cannot be declined or revoked.
	Required bool `json:"required,omitempty"`
}

// User is a Kakao Account at the emulator. Empty members are information that
// the account does not hold.
type User struct {
	// ID is the service user ID, the same for all apps.
	ID       int64  `json:"id"`
	Email    string `json:"email,omitempty"`
	Nickname string `json:"nickname"`
	Name     string `json:"name,omitempty"`
	// ProfileImageURL and ThumbnailImageURL are absolute addresses. Left out,
	// the emulator draws a picture.
	ProfileImageURL   string `json:"profile_image_url,omitempty"`
	ThumbnailImageURL string `json:"thumbnail_image_url,omitempty"`
	// Gender is "female" or "male".
	Gender string `json:"gender,omitempty"`
	// AgeRange is one of Kakao's ranges, such as "20~29".
	AgeRange string `json:"age_range,omitempty"`
	// Birthday is MMDD, Birthyear is YYYY.
	Birthday    string `json:"birthday,omitempty"`
	Birthyear   string `json:"birthyear,omitempty"`
	PhoneNumber string `json:"phone_number,omitempty"`
	// Properties are the app's user properties, by key.
	Properties map[string]string `json:"properties,omitempty"`
}

// Duration is a [time.Duration] that is written in configuration as Go writes
// it, such as "12h" or "90s", or as whole days, such as "60d".
type Duration time.Duration

// UnmarshalText reads what [Duration.MarshalText] writes.
func (d *Duration) UnmarshalText(text []byte) error {
	s := string(text)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return fmt.Errorf("%q is not a number of days such as \"60d\"", s)
		}
		*d = Duration(n) * Duration(24*time.Hour)
		return nil
	}
	parsed, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("%q is not a duration such as \"12h\", \"90s\" or \"60d\"", s)
	}
	*d = Duration(parsed)
	return nil
}

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// LoadConfig reads a configuration file, see [ParseConfig].
func LoadConfig(path string) (Config, error) {
	file, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("emulator: open configuration: %w", err)
	}
	defer func() { _ = file.Close() }()
	cfg, err := ParseConfig(file)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return cfg, nil
}

// ParseConfig reads a configuration in JSON. Members that it does not know are
// errors, and the error names every mistake at once. The issuer may be left
// out, to be set before [New].
func ParseConfig(r io.Reader) (Config, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var cfg Config
	if err := decoder.Decode(&cfg); err != nil {
		return Config{}, fmt.Errorf("emulator: configuration is not the expected JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Config{}, errors.New("emulator: configuration goes on after its JSON object; keep one object")
	}
	cfg = cfg.withDefaults()
	if err := cfg.validate(allowNoIssuer); err != nil {
		return Config{}, err
	}
	return cfg, nil
}

// withDefaults returns a copy of c, sharing no slice with it, with lifetimes,
// scope types and scope names filled in.
func (c Config) withDefaults() Config {
	if c.AccessTokenTTL == 0 {
		c.AccessTokenTTL = Duration(defaultAccessTokenTTL)
	}
	if c.RefreshTokenTTL == 0 {
		c.RefreshTokenTTL = Duration(defaultRefreshTokenTTL)
	}
	c.Users = slices.Clone(c.Users)
	c.Apps = slices.Clone(c.Apps)
	for i := range c.Apps {
		app := &c.Apps[i]
		app.RedirectURIs = slices.Clone(app.RedirectURIs)
		app.SiteDomains = slices.Clone(app.SiteDomains)
		app.ServiceTerms = slices.Clone(app.ServiceTerms)
		app.Scopes = slices.Clone(app.Scopes)
		for j := range app.Scopes {
			app.Scopes[j] = app.Scopes[j].withDefaults()
		}
	}
	return c
}

func (s Scope) withDefaults() Scope {
	known := knownScopes[s.ID]
	if s.Name == (Text{}) {
		s.Name = known.name
	}
	if s.Type == "" {
		s.Type = known.kind
	}
	if s.Type == "" {
		s.Type = scopePrivacy
	}
	return s
}

type issuerRule bool

const (
	requireIssuer issuerRule = true
	allowNoIssuer issuerRule = false
)

// mistakes collects what is wrong with a configuration, each with its place.
type mistakes []error

func (m *mistakes) add(place, format string, args ...any) {
	*m = append(*m, fmt.Errorf("emulator: %s: %s", place, fmt.Sprintf(format, args...)))
}

// validate names every mistake, joined into one error.
func (c Config) validate(issuer issuerRule) error {
	var m mistakes
	if issuer == requireIssuer || c.Issuer != "" {
		if !isOrigin(c.Issuer) {
			m.add("issuer", "%q is not an origin such as http://127.0.0.1:8481", c.Issuer)
		}
	}
	if c.AccessTokenTTL < Duration(time.Second) {
		m.add("access_token_ttl", "must be at least one second")
	}
	if c.RefreshTokenTTL < Duration(time.Second) {
		m.add("refresh_token_ttl", "must be at least one second")
	}
	if len(c.Apps) == 0 {
		m.add("apps", "name at least one app")
	}
	if len(c.Users) == 0 {
		m.add("users", "name at least one user")
	}
	seen := uniqueness{}
	for i, app := range c.Apps {
		app.validate(fmt.Sprintf("apps[%d]", i), &m, seen)
	}
	for i, user := range c.Users {
		user.validate(fmt.Sprintf("users[%d]", i), &m, seen)
	}
	return errors.Join(m...)
}

// uniqueness remembers which values were used, and where.
type uniqueness map[string]string

func (u uniqueness) check(m *mistakes, kind, value, place string) {
	if value == "" {
		return
	}
	if first, taken := u[kind+value]; taken {
		m.add(place, "is the same as %s; every %s must be its own", first, kind)
		return
	}
	u[kind+value] = place
}

func (a App) validate(place string, m *mistakes, seen uniqueness) {
	required := []struct {
		member  string
		missing bool
	}{
		{"name", a.Name == ""},
		{"id", a.ID <= 0},
		{"rest_api_key", a.RESTAPIKey == ""},
		{"javascript_key", a.JavaScriptKey == ""},
		{"redirect_uris", len(a.RedirectURIs) == 0},
	}
	for _, r := range required {
		if r.missing {
			m.add(place+"."+r.member, "is required")
		}
	}
	seen.check(m, "app id", strconv.FormatInt(a.ID, 10), place+".id")
	seen.check(m, "app key", a.RESTAPIKey, place+".rest_api_key")
	seen.check(m, "app key", a.JavaScriptKey, place+".javascript_key")
	seen.check(m, "app key", a.AdminKey, place+".admin_key")
	for i, uri := range a.RedirectURIs {
		if problem := redirectURIProblem(uri); problem != "" {
			m.add(fmt.Sprintf("%s.redirect_uris[%d]", place, i), "%q %s", uri, problem)
		}
	}
	for i, origin := range a.SiteDomains {
		if !isOrigin(origin) {
			m.add(fmt.Sprintf("%s.site_domains[%d]", place, i), "%q is not an origin such as https://example.com", origin)
		}
	}
	a.validateConsent(place, m)
}

// scopeID is a scope token of RFC 6749 section 3.3 without the comma, which
// Kakao takes as a separator.
var scopeID = regexp.MustCompile(`^[\x21\x23-\x2B\x2D-\x5B\x5D-\x7E]+$`)

func (a App) validateConsent(place string, m *mistakes) {
	seen := uniqueness{}
	for i, scope := range a.Scopes {
		at := fmt.Sprintf("%s.scopes[%d]", place, i)
		seen.check(m, "scope", scope.ID, at+".id")
		switch {
		case !scopeID.MatchString(scope.ID):
			m.add(at+".id", "%q is not a scope id such as account_email", scope.ID)
		case scope.ID == scopeOpenID:
			m.add(at+".id", "openid is no consent item; set openid_connect instead")
		case scope.Name.Ko == "" || scope.Name.En == "":
			m.add(at+".display_name", "give %q a name in ko and en", scope.ID)
		}
		if scope.Type != scopePrivacy && scope.Type != scopeService {
			m.add(at+".type", "%q must be PRIVACY or SERVICE", scope.Type)
		}
	}
	for i, term := range a.ServiceTerms {
		at := fmt.Sprintf("%s.service_terms[%d]", place, i)
		seen.check(m, "tag", term.Tag, at+".tag")
		if term.Tag == "" || strings.ContainsAny(term.Tag, ", ") {
			m.add(at+".tag", "%q must be a word without comma or space", term.Tag)
		}
		if term.Title.Ko == "" || term.Title.En == "" {
			m.add(at+".title", "give the terms a title in ko and en")
		}
	}
}

// userFormats are the forms that Kakao documents for account information.
// Source: Kakao Login > REST API > Retrieving user information.
var userFormats = []struct {
	member string
	value  func(User) string
	format *regexp.Regexp
	like   string
}{
	{"email", func(u User) string { return u.Email }, regexp.MustCompile(`^[^@\s]+@[^@\s]+$`), "name@example.com"},
	{"gender", func(u User) string { return u.Gender }, regexp.MustCompile(`^(female|male)$`), "female or male"},
	{"age_range", func(u User) string { return u.AgeRange }, regexp.MustCompile(`^(1~9|10~14|15~19|[2-8]0~[2-8]9|90~)$`), "20~29"},
	{"birthday", func(u User) string { return u.Birthday }, regexp.MustCompile(`^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`), "MMDD"},
	{"birthyear", func(u User) string { return u.Birthyear }, regexp.MustCompile(`^\d{4}$`), "YYYY"},
	{"profile_image_url", func(u User) string { return u.ProfileImageURL }, regexp.MustCompile(`^https?://[^/\s]`), "https://example.com/640.jpg"},
	{"thumbnail_image_url", func(u User) string { return u.ThumbnailImageURL }, regexp.MustCompile(`^https?://[^/\s]`), "https://example.com/110.jpg"},
}

func (u User) validate(place string, m *mistakes, seen uniqueness) {
	if u.ID <= 0 {
		m.add(place+".id", "is required and positive")
	}
	if u.Nickname == "" {
		m.add(place+".nickname", "is required")
	}
	seen.check(m, "user id", strconv.FormatInt(u.ID, 10), place+".id")
	seen.check(m, "email", strings.ToLower(u.Email), place+".email")
	for _, f := range userFormats {
		if value := f.value(u); value != "" && !f.format.MatchString(value) {
			m.add(place+"."+f.member, "%q is not in the form %s", value, f.like)
		}
	}
}

// redirectURIProblem says why uri cannot be a redirect URI, or "" if it can.
func redirectURIProblem(uri string) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https"):
		return "is not an absolute http or https address"
	case u.Fragment != "" || strings.Contains(uri, "#"):
		return "must not have a fragment (RFC 6749, section 3.1.2)"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "must use https: plain http is accepted on loopback only"
	}
	return ""
}

// isOrigin reports whether s is scheme://host[:port] and nothing else.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		s == u.Scheme+"://"+u.Host
}

// isLoopback reports whether a host, without its port, is this machine.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// appByKey finds the app that a client_id names by its REST API key or its
// JavaScript key.
func (c *Config) appByKey(key string) *App {
	return find(c.Apps, func(a *App) bool { return key != "" && (a.RESTAPIKey == key || a.JavaScriptKey == key) })
}

func (c *Config) appByAdminKey(key string) *App {
	return find(c.Apps, func(a *App) bool { return key != "" && a.AdminKey == key })
}

func (c *Config) userByID(id int64) *User {
	return find(c.Users, func(u *User) bool { return u.ID == id })
}

func (c *Config) userByEmail(email string) *User {
	return find(c.Users, func(u *User) bool { return email != "" && strings.EqualFold(u.Email, email) })
}

func (a *App) scope(id string) *Scope {
	return find(a.Scopes, func(s *Scope) bool { return s.ID == id })
}

// find returns the first element that matches, or nil.
func find[T any](list []T, match func(*T) bool) *T {
	for i := range list {
		if match(&list[i]) {
			return &list[i]
		}
	}
	return nil
}
