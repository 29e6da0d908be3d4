package emulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/emulator/internal/duration"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
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
	// such as http://127.0.0.1:8481. ID tokens, discovery, image addresses and
	// webhooks name it. With https://kauth.kakao.com they name Kakao's two hosts,
	// for clients that reach the emulator by Kakao's names.
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
	// ClientSecret is asked for at the token endpoint. Empty means that the app
	// has none; ClientSecretOff keeps one without asking for it.
	ClientSecret    string `json:"client_secret,omitempty"`
	ClientSecretOff bool   `json:"client_secret_off,omitempty"`
	// RedirectURIs are compared exactly (RFC 9700, section 2.1). Plain HTTP is
	// accepted on loopback only. "JS-SDK" counts as registered: the JavaScript
	// SDK sends it for a page that gave no redirect URI.
	RedirectURIs []string `json:"redirect_uris,omitempty"`
	// LogoutRedirectURIs are where the logout page may lead, by the same rules.
	LogoutRedirectURIs []string `json:"logout_redirect_uris,omitempty"`
	// SiteDomains are the origins whose pages may call the API with tokens of
	// this app. Empty means any.
	SiteDomains []string `json:"site_domains,omitempty"`
	// LoginOff switches Kakao Login off: every login ends with KOE004.
	LoginOff      bool          `json:"login_off,omitempty"`
	OpenIDConnect bool          `json:"openid_connect,omitempty"`
	Scopes        []Scope       `json:"scopes,omitempty"`
	ServiceTerms  []ServiceTerm `json:"service_terms,omitempty"`
	// UserProperties are the keys that the app may store for its users. Source:
	// Kakao Login > REST API > Storing user information.
	UserProperties []string `json:"user_properties,omitempty"`
	// ManualLink switches off the automatic link: whoever logs in is
	// preregistered until the app calls /v1/user/signup, and no longer than 24
	// hours. Source: Kakao Login > REST API > Manual signup.
	ManualLink bool `json:"manual_link,omitempty"`
	// TokenQuota answers with KOE237 whoever goes beyond Kakao's quota of tokens
	// for one user: 20 access tokens in 10 minutes, 30 refresh tokens in an hour.
	// Source: Kakao Developers > Quota.
	TokenQuota     bool           `json:"token_quota,omitempty"`
	UnlinkWebhook  UnlinkWebhook  `json:"unlink_webhook,omitzero"`
	AccountWebhook AccountWebhook `json:"account_webhook,omitzero"`
	// Channels are the KakaoTalk channels that are connected with the app.
	Channels []Channel `json:"channels,omitempty"`
}

// asksForSecret reports whether the token endpoint wants the client secret.
func (a *App) asksForSecret() bool { return a.ClientSecret != "" && !a.ClientSecretOff }

// usesSync reports whether users come through Kakao Sync, which is what shows
// service terms.
func (a *App) usesSync() bool { return len(a.ServiceTerms) > 0 }

// Text is a text for people in the languages of the pages. Where Japanese or
// Chinese is missing, English takes its place.
type Text struct {
	Ko string `json:"ko"`
	En string `json:"en"`
	Ja string `json:"ja,omitempty"`
	Zh string `json:"zh,omitempty"`
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
	// InUse items are asked for only by a request that names them, and cannot be
	// declined there. Source: Kakao Login > FAQ, "Consent during use".
	InUse bool `json:"in_use,omitempty"`
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
	// RegisteredAt is when the app added the terms. Left out, it is when the
	// platform learned of them.
	RegisteredAt time.Time `json:"registered_at,omitzero"`
}

// User is a Kakao Account at the emulator. Empty members are information that
// the account does not hold.
type User struct {
	// ID is the account's number. It is also the service user ID at the first
	// app of the configuration; every other app knows the user by another one.
	ID int64 `json:"id"`
	// ServiceUserIDs are the IDs by which the apps know the user, by app ID. What
	// is left out is filled in, always with the same number.
	ServiceUserIDs map[int64]int64 `json:"service_user_ids,omitempty"`
	Email          string          `json:"email,omitempty"`
	// EmailInvalid tells that another account has taken the address over,
	// EmailUnverified that nobody has confirmed it.
	EmailInvalid    bool   `json:"email_invalid,omitempty"`
	EmailUnverified bool   `json:"email_unverified,omitempty"`
	Nickname        string `json:"nickname"`
	Name            string `json:"name,omitempty"`
	// ProfileImageURL and ThumbnailImageURL are absolute addresses. Left out,
	// the emulator draws a picture.
	ProfileImageURL   string `json:"profile_image_url,omitempty"`
	ThumbnailImageURL string `json:"thumbnail_image_url,omitempty"`
	// Gender is "female" or "male".
	Gender string `json:"gender,omitempty"`
	// AgeRange is one of Kakao's ranges, such as "20~29".
	AgeRange string `json:"age_range,omitempty"`
	// Birthday is MMDD, Birthyear is YYYY. BirthdayType is "SOLAR", which is the
	// default, or "LUNAR".
	Birthday     string `json:"birthday,omitempty"`
	BirthdayType string `json:"birthday_type,omitempty"`
	Birthyear    string `json:"birthyear,omitempty"`
	PhoneNumber  string `json:"phone_number,omitempty"`
	// CI is the connecting information of the person.
	CI                string            `json:"ci,omitempty"`
	ShippingAddresses []ShippingAddress `json:"shipping_addresses,omitempty"`
	// Talk is the user at KakaoTalk.
	Talk Talk `json:"talk,omitzero"`
}

// ShippingAddress is an address of a user. What the user left empty is an empty
// text in the answer. Source: Kakao Login > REST API > Retrieving shipping
// address.
type ShippingAddress struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	IsDefault bool   `json:"is_default"`
	// UpdatedAt is in seconds of Unix time.
	UpdatedAt int64 `json:"updated_at,omitempty"`
	// Type is "NEW" for a road name address or "OLD" for an administrative one.
	Type                 string `json:"type,omitempty"`
	BaseAddress          string `json:"base_address"`
	DetailAddress        string `json:"detail_address"`
	ReceiverName         string `json:"receiver_name"`
	ReceiverPhoneNumber1 string `json:"receiver_phone_number1"`
	ReceiverPhoneNumber2 string `json:"receiver_phone_number2"`
	ZoneNumber           string `json:"zone_number"`
	ZipCode              string `json:"zip_code"`
}

// Duration is a [time.Duration] that is written in configuration as Go writes
// it, such as "12h" or "90s", or as whole days, such as "60d".
type Duration = duration.Duration

// clone returns a copy of c that shares nothing with it.
func (c Config) clone() Config {
	c.Apps = slices.Clone(c.Apps)
	for i := range c.Apps {
		app := &c.Apps[i]
		app.RedirectURIs = slices.Clone(app.RedirectURIs)
		app.LogoutRedirectURIs = slices.Clone(app.LogoutRedirectURIs)
		app.SiteDomains = slices.Clone(app.SiteDomains)
		app.UserProperties = slices.Clone(app.UserProperties)
		app.ServiceTerms = slices.Clone(app.ServiceTerms)
		app.Scopes = slices.Clone(app.Scopes)
		app.AccountWebhook.Events = slices.Clone(app.AccountWebhook.Events)
		app.Channels = slices.Clone(app.Channels)
	}
	c.Users = slices.Clone(c.Users)
	for i := range c.Users {
		user := &c.Users[i]
		user.ServiceUserIDs = maps.Clone(user.ServiceUserIDs)
		user.ShippingAddresses = slices.Clone(user.ShippingAddresses)
		user.Talk = user.Talk.clone()
	}
	return c
}

// withDefaults returns a copy of c with lifetimes, scope types, scope names and
// service user IDs filled in.
func (c Config) withDefaults() Config {
	c = c.clone()
	if c.AccessTokenTTL == 0 {
		c.AccessTokenTTL = Duration(defaultAccessTokenTTL)
	}
	if c.RefreshTokenTTL == 0 {
		c.RefreshTokenTTL = Duration(defaultRefreshTokenTTL)
	}
	for i := range c.Apps {
		app := &c.Apps[i]
		for j := range app.Scopes {
			app.Scopes[j] = app.Scopes[j].withDefaults()
		}
	}
	for i := range c.Users {
		c.Users[i].ServiceUserIDs = c.Users[i].serviceUserIDs(c.Apps)
	}
	return c
}

// serviceUserIDs are the IDs by which apps know the user: those that are set,
// and for other apps the account's own number at the first app of all, and
// elsewhere a number that follows from both.
func (u User) serviceUserIDs(apps []App) map[int64]int64 {
	ids := maps.Clone(u.ServiceUserIDs)
	if ids == nil {
		ids = map[int64]int64{}
	}
	for i, app := range apps {
		switch _, set := ids[app.ID]; {
		case set:
		case i == 0 && len(ids) == 0:
			ids[app.ID] = u.ID
		default:
			ids[app.ID] = derivedUserID(app.ID, u.ID)
		}
	}
	return ids
}

// derivedUserID is a number of ten digits, as Kakao's are, that looks like
// nothing of what it is made from.
func derivedUserID(app, user int64) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "service user %d %d", app, user))
	return 1_000_000_000 + int64(binary.BigEndian.Uint64(sum[:8])%9_000_000_000)
}

func (s Scope) withDefaults() Scope {
	known := knownScope(s.ID)
	if s.Name == (Text{}) {
		s.Name = known.Name
	}
	s.Type = cmp.Or(s.Type, known.Type)
	return s
}

type issuerRule bool

const (
	requireIssuer issuerRule = true
	allowNoIssuer issuerRule = false
)

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
	seen := uniqueness{}
	for i, app := range c.Apps {
		app.validate(fmt.Sprintf("apps[%d]", i), &m, seen)
	}
	for i, user := range c.Users {
		user.validate(fmt.Sprintf("users[%d]", i), &m, seen)
		user.Talk.validate(fmt.Sprintf("users[%d].talk", i), &m, c)
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
	checkRedirectURIs(a.RedirectURIs, place+".redirect_uris", m)
	checkRedirectURIs(a.LogoutRedirectURIs, place+".logout_redirect_uris", m)
	for i, origin := range a.SiteDomains {
		if !isOrigin(origin) {
			m.add(fmt.Sprintf("%s.site_domains[%d]", place, i), "%q is not an origin such as https://example.com", origin)
		}
	}
	a.validateUserProperties(place, m)
	a.validateWebhooks(place, m)
	a.validateConsent(place, m)
	a.validateChannels(place, m)
}

func checkRedirectURIs(uris []string, place string, m *mistakes) {
	for i, uri := range uris {
		if problem := redirectURIProblem(uri); problem != "" {
			m.add(fmt.Sprintf("%s[%d]", place, i), problem, uri)
		}
	}
}

// userPropertyKey is how a user property may be called.
var userPropertyKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (a App) validateUserProperties(place string, m *mistakes) {
	for i, key := range a.UserProperties {
		switch at := fmt.Sprintf("%s.user_properties[%d]", place, i); {
		case !userPropertyKey.MatchString(key):
			m.add(at, "%q must be up to 64 letters, digits, _ and -", key)
		case slices.Contains(profileProperties, key):
			m.add(at, "%q follows the profile and cannot be stored", key)
		}
	}
}

// validateWebhooks checks where webhooks go. They may go anywhere: the app's
// owner says where.
func (a App) validateWebhooks(place string, m *mistakes) {
	for _, hook := range []struct{ member, address string }{
		{"unlink_webhook.url", a.UnlinkWebhook.URL},
		{"account_webhook.url", a.AccountWebhook.URL},
	} {
		if u, err := url.Parse(hook.address); hook.address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			m.add(place+"."+hook.member, "%q is not an absolute http or https address", hook.address)
		}
	}
	if !slices.Contains([]string{"", http.MethodGet, http.MethodPost}, a.UnlinkWebhook.Method) {
		m.add(place+".unlink_webhook.method", "%q must be GET or POST", a.UnlinkWebhook.Method)
	}
	if a.UnlinkWebhook.URL != "" && a.AdminKey == "" {
		m.add(place+".unlink_webhook", "needs the app's admin_key, with which it is sent")
	}
	for i, event := range a.AccountWebhook.Events {
		if !slices.Contains(catalog.AccountEvents(), event) {
			m.add(fmt.Sprintf("%s.account_webhook.events[%d]", place, i), "%q is not one of Kakao's event types", event)
		}
	}
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
		case scope.Required && scope.InUse:
			m.add(at, "choose one of required and in_use")
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
	{"birthday_type", func(u User) string { return u.BirthdayType }, regexp.MustCompile(`^(SOLAR|LUNAR)$`), "SOLAR or LUNAR"},
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
	for app, id := range u.ServiceUserIDs {
		at := fmt.Sprintf("%s.service_user_ids[%d]", place, app)
		if id <= 0 {
			m.add(at, "must be positive")
		}
		seen.check(m, fmt.Sprintf("service user id at app %d ", app), strconv.FormatInt(id, 10), at)
	}
	for i, address := range u.ShippingAddresses {
		at := fmt.Sprintf("%s.shipping_addresses[%d].id", place, i)
		if address.ID <= 0 {
			m.add(at, "is required and positive")
		}
		seen.check(m, "shipping address id", strconv.FormatInt(address.ID, 10), at)
	}
	for _, f := range userFormats {
		if value := f.value(u); value != "" && !f.format.MatchString(value) {
			m.add(place+"."+f.member, "%q is not in the form %s", value, f.like)
		}
	}
}

// redirectURIProblem is the form that says why uri, its value, cannot be a
// redirect URI, or "" if it can.
func redirectURIProblem(uri string) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https"):
		return "%q is not an absolute http or https address"
	case u.Fragment != "" || strings.Contains(uri, "#"):
		return "%q must not have a fragment (RFC 6749, section 3.1.2)"
	case u.Scheme == "http" && !contract.IsLoopbackHost(u.Hostname()):
		return "%q must use https: plain http is accepted on loopback only"
	}
	return ""
}

// isOrigin reports whether s is scheme://host[:port] and nothing else.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		s == u.Scheme+"://"+u.Host
}

// term finds service terms by their tag.
func (a *App) term(tag string) *ServiceTerm {
	i := slices.IndexFunc(a.ServiceTerms, func(t ServiceTerm) bool { return t.Tag == tag })
	if i < 0 {
		return nil
	}
	return &a.ServiceTerms[i]
}

// stores reports whether the app may store a user property.
func (a *App) stores(key string) bool { return slices.Contains(a.UserProperties, key) }

func (a *App) scope(id string) *Scope {
	i := slices.IndexFunc(a.Scopes, func(s Scope) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &a.Scopes[i]
}
