package doctor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// DefaultTimeout bounds a request where [Config.Timeout] is zero.
const DefaultTimeout = 5 * time.Second

// Config is the setup to examine. The fields that the token server's
// configuration has too mean the same there.
type Config struct {
	// PublicURL is where browsers reach the token server, with the base path.
	// Its path + "/callback" is the redirect URI that is looked for.
	PublicURL string
	// RESTAPIKey and JavaScriptKeys are the app's keys.
	RESTAPIKey     string
	JavaScriptKeys []string
	// ClientSecret is the app's client secret; "" if it has none.
	ClientSecret string
	// AdminKey is the app's admin key; "" leaves it out.
	AdminKey string
	// AllowedOrigins are the origins whose pages call the server.
	AllowedOrigins []string
	// RedirectURIs are further redirect URIs, of the pages' own.
	RedirectURIs []string
	// Scopes are what the pages ask for; empty leaves them out.
	Scopes []string
	// Partitioned tells that the session cookie is Partitioned.
	Partitioned bool
	// Platform is the Kakao platform; zero means [kakao.Production].
	Platform kakao.Platform
	// Transport carries the requests; nil means one that goes by the proxies
	// of the environment.
	Transport http.RoundTripper
	// Timeout bounds each request; zero means [DefaultTimeout].
	Timeout time.Duration
	// OpenStore opens the store of logins, to write and read an entry of a minute's
	// life; nil leaves that out. The doctor closes what it opens. The errors must
	// hold no password.
	OpenStore func(context.Context) (store.Store, error)
	// Live has the server looked at that runs at PublicURL.
	Live bool
	// Operations is where that server's /readyz and /metrics are, such as
	// http://127.0.0.1:8480; only Live needs it.
	Operations string
	// Now is the clock to examine; nil means [time.Now].
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	if c.Platform == (kakao.Platform{}) {
		c.Platform = kakao.Production
	}
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// callback is the redirect URI of the token server.
func (c Config) callback() string {
	return strings.TrimSuffix(c.PublicURL, "/") + contract.PathCallback
}

// appKey is one of the keys that can begin a login.
type appKey struct {
	kind  catalog.Text
	value string
	shown string
	rest  bool
}

var (
	restKind       = catalog.Text{En: "REST API key", Ko: "REST API 키"}
	javaScriptKind = catalog.Text{En: "JavaScript key", Ko: "JavaScript 키"}
	adminKind      = catalog.Text{En: "admin key", Ko: "어드민 키"}
	secretKind     = catalog.Text{En: "client secret", Ko: "클라이언트 시크릿"}
)

// appKeys are the keys that can begin a login, each value once.
func (c Config) appKeys() []appKey {
	var keys []appKey
	seen := map[string]bool{"": true}
	add := func(kind catalog.Text, value string, rest bool) {
		if !seen[value] {
			seen[value] = true
			keys = append(keys, appKey{kind, value, c.mask(value), rest})
		}
	}
	add(restKind, c.RESTAPIKey, true)
	for _, value := range c.JavaScriptKeys {
		add(javaScriptKind, value, false)
	}
	return keys
}

// shownLength is how much of an app key is shown, and shortestHidden how long a
// text must be to be looked for: a shorter one is no key, and would be found
// within ordinary words.
const (
	shownLength    = 4
	shortestHidden = 8
)

// hidden is what is shown of a secret.
const hidden = "[hidden]"

// mask is what is shown of an app key, which may be a secret in the wrong place.
func (c Config) mask(key string) string {
	switch {
	case key == c.ClientSecret || key == c.AdminKey:
		return hidden
	case len(key) < shortestHidden || !isASCII(key[:shownLength]):
		return "…"
	}
	return key[:shownLength] + "…"
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// about is a text on the key.
func (k appKey) about(what catalog.Text) catalog.Text {
	name := k.name()
	return catalog.Text{En: name.En + ", " + what.En, Ko: name.Ko + ", " + what.Ko}
}

// name is the key for people: its kind and its beginning.
func (k appKey) name() catalog.Text {
	return catalog.Text{En: k.kind.En + " " + k.shown, Ko: k.kind.Ko + " " + k.shown}
}

// redact cuts secrets and all but the beginning of app keys out of a report,
// wherever they were configured: a secret may have been given as a key, or
// pasted into an address.
func (c Config) redact(report Report) {
	var pairs []string
	hide := func(value, shown string) {
		if len(value) >= shortestHidden {
			pairs = append(pairs, value, shown)
		}
	}
	hide(c.ClientSecret, hidden)
	hide(c.AdminKey, hidden)
	for _, key := range c.appKeys() {
		hide(key.value, key.shown)
	}
	replacer := strings.NewReplacer(pairs...)
	for i := range report {
		for _, text := range []*catalog.Text{&report[i].Found, &report[i].Cause, &report[i].Fix} {
			text.En, text.Ko = replacer.Replace(text.En), replacer.Replace(text.Ko)
		}
	}
}
