package config

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

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

// AsksForSecret reports whether the token endpoint wants the client secret.
func (a *App) AsksForSecret() bool { return a.ClientSecret != "" && !a.ClientSecretOff }

// UsesSync reports whether users come through Kakao Sync, which is what shows
// service terms.
func (a *App) UsesSync() bool { return len(a.ServiceTerms) > 0 }

// RedirectsTo reports whether a redirect URI is registered. That of the
// JavaScript SDK is, for every app that has a key for it.
func (a *App) RedirectsTo(uri string) bool {
	return slices.Contains(a.RedirectURIs, uri) || uri == RedirectSDK && a.JavaScriptKey != ""
}

// Stores reports whether the app may store a user property.
func (a *App) Stores(key string) bool { return slices.Contains(a.UserProperties, key) }

// Term finds service terms by their tag.
func (a *App) Term(tag string) *ServiceTerm {
	i := slices.IndexFunc(a.ServiceTerms, func(t ServiceTerm) bool { return t.Tag == tag })
	if i < 0 {
		return nil
	}
	return &a.ServiceTerms[i]
}

// TermsNamed are the terms of the app that have one of some tags.
func (a *App) TermsNamed(tags []string) []ServiceTerm {
	var named []ServiceTerm
	for _, term := range a.ServiceTerms {
		if slices.Contains(tags, term.Tag) {
			named = append(named, term)
		}
	}
	return named
}

func (a App) validate(place string, m *mistake.List, seen uniqueness) {
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
			m.Add(place+"."+r.member, "is required")
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
			m.Add(fmt.Sprintf("%s.site_domains[%d]", place, i), "%q is not an origin such as https://example.com", origin)
		}
	}
	a.validateUserProperties(place, m)
	a.validateWebhooks(place, m)
	a.validateConsent(place, m)
	a.validateChannels(place, m)
}

func checkRedirectURIs(uris []string, place string, m *mistake.List) {
	for i, uri := range uris {
		if problem := redirectURIProblem(uri); problem != "" {
			m.Add(fmt.Sprintf("%s[%d]", place, i), problem, uri)
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

// userPropertyKey is how a user property may be called.
var userPropertyKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// ProfileProperties are user properties that Kakao keeps from older apps. They
// follow the profile and its consent, and nobody can store them.
var ProfileProperties = []string{"nickname", "profile_image", "thumbnail_image"}

func (a App) validateUserProperties(place string, m *mistake.List) {
	for i, key := range a.UserProperties {
		switch at := fmt.Sprintf("%s.user_properties[%d]", place, i); {
		case !userPropertyKey.MatchString(key):
			m.Add(at, "%q must be up to 64 letters, digits, _ and -", key)
		case slices.Contains(ProfileProperties, key):
			m.Add(at, "%q follows the profile and cannot be stored", key)
		}
	}
}

// validateWebhooks checks where webhooks go. They may go anywhere: the app's
// owner says where.
func (a App) validateWebhooks(place string, m *mistake.List) {
	for _, hook := range []struct{ member, address string }{
		{"unlink_webhook.url", a.UnlinkWebhook.URL},
		{"account_webhook.url", a.AccountWebhook.URL},
	} {
		if u, err := url.Parse(hook.address); hook.address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			m.Add(place+"."+hook.member, "%q is not an absolute http or https address", hook.address)
		}
	}
	if !slices.Contains([]string{"", http.MethodGet, http.MethodPost}, a.UnlinkWebhook.Method) {
		m.Add(place+".unlink_webhook.method", "%q must be GET or POST", a.UnlinkWebhook.Method)
	}
	if a.UnlinkWebhook.URL != "" && a.AdminKey == "" {
		m.Add(place+".unlink_webhook", "needs the app's admin_key, with which it is sent")
	}
	for i, event := range a.AccountWebhook.Events {
		if !slices.Contains(catalog.AccountEvents(), event) {
			m.Add(fmt.Sprintf("%s.account_webhook.events[%d]", place, i), "%q is not one of Kakao's event types", event)
		}
	}
}

func (a App) validateConsent(place string, m *mistake.List) {
	seen := uniqueness{}
	for i, scope := range a.Scopes {
		at := fmt.Sprintf("%s.scopes[%d]", place, i)
		seen.check(m, "scope", scope.ID, at+".id")
		switch {
		case !scopeID.MatchString(scope.ID):
			m.Add(at+".id", "%q is not a scope id such as account_email", scope.ID)
		case scope.ID == ScopeOpenID:
			m.Add(at+".id", "openid is no consent item; set openid_connect instead")
		case scope.Name.Ko == "" || scope.Name.En == "":
			m.Add(at+".display_name", "give %q a name in ko and en", scope.ID)
		case scope.Required && scope.InUse:
			m.Add(at, "choose one of required and in_use")
		}
		if scope.Type != scopePrivacy && scope.Type != scopeService {
			m.Add(at+".type", "%q must be PRIVACY or SERVICE", scope.Type)
		}
	}
	for i, term := range a.ServiceTerms {
		at := fmt.Sprintf("%s.service_terms[%d]", place, i)
		seen.check(m, "tag", term.Tag, at+".tag")
		if term.Tag == "" || strings.ContainsAny(term.Tag, ", ") {
			m.Add(at+".tag", "%q must be a word without comma or space", term.Tag)
		}
		if term.Title.Ko == "" || term.Title.En == "" {
			m.Add(at+".title", "give the terms a title in ko and en")
		}
	}
}

func (a App) validateChannels(place string, m *mistake.List) {
	seen := uniqueness{}
	for i, channel := range a.Channels {
		at := fmt.Sprintf("%s.channels[%d]", place, i)
		if channel.PublicID == "" {
			m.Add(at+".channel_public_id", "is required")
		}
		if channel.UUID == "" {
			m.Add(at+".channel_uuid", "is required")
		}
		seen.check(m, "channel", channel.PublicID, at+".channel_public_id")
	}
}

// scopeID is a scope token of RFC 6749 section 3.3 without the comma, which
// Kakao takes as a separator.
var scopeID = regexp.MustCompile(`^[\x21\x23-\x2B\x2D-\x5B\x5D-\x7E]+$`)

// Channel is a KakaoTalk channel of an app.
type Channel struct {
	// PublicID is the ID of the channel's profile, such as _ZeUTxl.
	PublicID string `json:"channel_public_id"`
	// UUID is what people search for, such as @example.
	UUID string `json:"channel_uuid"`
	Name string `json:"name,omitempty"`
}

// isOrigin reports whether s is scheme://host[:port] and nothing else.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		s == u.Scheme+"://"+u.Host
}

// UnlinkWebhook is where an app hears that a user has left it outside of it.
// Source: Kakao Login > Webhook > Unlink webhook.
type UnlinkWebhook struct {
	// URL is absolute, http or https; empty means none.
	URL string `json:"url,omitempty"`
	// Method is "POST", which is the default, or "GET".
	Method string `json:"method,omitempty"`
}

// AccountWebhook is where an app gets security event tokens about its users.
// Source: Kakao Login > Webhook > Account status change webhook.
type AccountWebhook struct {
	// URL is absolute, http or https; empty means none.
	URL string `json:"url,omitempty"`
	// Events are the types to send, of [catalog.AccountEvents]; empty means all.
	Events []string `json:"events,omitempty"`
}

// RedirectSDK is the redirect URI that the SDK sends for a page that gave none:
// nobody is redirected, the answer is only to be polled.
const RedirectSDK = "JS-SDK"
