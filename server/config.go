package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// Defaults of the zero fields of [Config].
const (
	DefaultUpstreamTimeout          = 10 * time.Second
	DefaultSessionIdle              = 30 * 24 * time.Hour
	DefaultSessionLifetime          = 90 * 24 * time.Hour
	DefaultRequestsPerMinute        = 1200
	DefaultSessionRequestsPerMinute = 1200
	DefaultProxyRequestsPerMinute   = 600_000
)

// Headers in which reverse proxies pass on where a request came from, for
// [Config.ForwardedHeader].
const (
	XForwardedFor = web.XForwardedFor
	Forwarded     = web.Forwarded // RFC 7239
)

// Config says where the server is reached, for which app it acts, and whom it
// trusts. Only PublicURL and RESTAPIKey are required.
type Config struct {
	// PublicURL is where browsers reach this server, with the base path, such
	// as "https://app.example.com/kakao" or "http://127.0.0.1:8480/kakao". Its
	// origin is an allowed origin, PublicURL + "/callback" is the built-in
	// redirect URI, and its path is the base path of every route. Plain http
	// is accepted on loopback only (RFC 9700, section 2.6).
	PublicURL string

	// RESTAPIKey is the app's REST API key, the client_id of token requests.
	// Source: Kakao Login > REST API > Request token.
	RESTAPIKey string

	// JavaScriptKeys are the app's other keys that an ID token may name as its
	// audience: Kakao puts the key that the authorization request used.
	JavaScriptKeys []string

	// AppID is the app's number at Kakao Developers (App > General). It is
	// needed together with AdminKey.
	AppID string

	// AdminKey is the app's primary admin key, by which an unlink webhook shows
	// that it is Kakao's. Without it there is no /webhooks/unlink. The server sends
	// it nowhere.
	AdminKey string

	// ClientSecret is the app's client secret. Leave it empty where the app
	// has it switched off.
	ClientSecret string

	// AllowedOrigins are further origins whose pages may call the server with
	// credentials, written as browsers send them: "https://app.example.com".
	// The session cookie keeps to one site, so such a page must be same-site
	// with the server, unless Partitioned is set. A logout of the Kakao Account
	// may return to their pages.
	AllowedOrigins []string

	// ReturnAddresses are where a redirect login returns to whose page, on one of
	// AllowedOrigins, could not tell the server before: browsers that keep cookies of
	// other sites away lose what it told. One address at most for each origin,
	// without a fragment: "https://app.example.com/login".
	ReturnAddresses []string

	// AllowedHosts are further hosts by which requests may name the server, without
	// a port, such as that of a load balancer's own checks. The host of PublicURL and
	// loopback always may; for [Server.Operations] every IP address, too. Any other
	// host is refused: it may be a page's that has pointed its own name at the server.
	AllowedHosts []string

	// RedirectURIs are further redirect URIs that a page may exchange codes
	// for, compared exactly (RFC 9700, section 2.1). A page that receives codes
	// at one of them checks the state itself, and may have no PKCE verifier.
	RedirectURIs []string

	// Platform is the Kakao platform to talk to; zero means
	// [kakao.Production]. Platform.Auth is also the expected issuer of ID
	// tokens.
	Platform kakao.Platform

	// Store keeps the sessions, and what the server must remember for a minute or
	// an hour; nil keeps them in the memory of the process. Servers that share a
	// store are one: it must then have the same configuration everywhere.
	Store store.Store

	// Keys seal what is in the store. Nil leaves values in the clear, which is
	// for stores that end with the process: in any other, whoever reads the
	// store has the refresh tokens.
	Keys *keyring.Ring

	// TokenAudiences are the back ends that pages may have tokens about their
	// session for (POST /session/token): by the origin of the page, of which the
	// first one is the one that it gets without asking for another. None means that
	// there are no such tokens.
	TokenAudiences []TokenAudience

	// TokenAlgorithm signs these tokens: "RS256", which "" means too and every
	// library verifies, or "EdDSA" (Ed25519). The keys are made by the server, kept
	// in Store, and replaced every week.
	TokenAlgorithm string

	// OnLogin is asked before a session begins, once per login. An error refuses
	// the login: the page is answered 403 with access_denied, the log gets the
	// error, and the tokens end.
	OnLogin func(context.Context, User) error

	// OnRefresh is told of each renewal, OnLogout of each session that its user
	// has ended, OnUnlink of each user who has left the app outside of it, or
	// whose account has ended, once the sessions have ended, or the store has
	// failed for half a minute to end them. Where Kakao sends both webhooks about
	// it, or one of them again, OnUnlink is called again.
	//
	// Hooks are called in the course of the request, with a context that lives
	// five seconds, and may be called at the same time. A webhook is answered after
	// two seconds whether or not OnUnlink is done. A panic is logged and
	// changes nothing, but that one of OnLogin refuses the login.
	OnRefresh, OnLogout, OnUnlink func(context.Context, User)

	// NotifyURL is an address of a back end that is told what the hooks are told,
	// by signed webhooks: login, refresh_failed, logout and unlink. Each is written
	// down in Store and sent until it is taken, for up to three days, also after a
	// restart. Empty means none. See docs/backends.md for what they hold.
	NotifyURL string

	// NotifySecrets sign them, each for itself, so that a new one can go round
	// before the old one goes: whsec_ and 24 to 64 random bytes in base64.
	NotifySecrets []string

	// SameSite is the session cookie's SameSite: [http.SameSiteLaxMode], which
	// zero means too, or [http.SameSiteStrictMode]. Strict also keeps the cookie
	// from the first request of a visitor who follows a link from another site:
	// the SDK works all the same, while a page that the server itself renders for
	// its user sees nobody then.
	SameSite http.SameSite

	// Partitioned marks the session cookie Partitioned and SameSite=None, for
	// pages embedded in other sites. It needs an https PublicURL.
	Partitioned bool

	// SDK holds the built SDK files, which are then served under
	// /sdk/<version>/ and, for browsers to keep, where [Server.SDKPath] says.
	// Siblings ending in .br and .gz are used as the compressed forms. Nil
	// serves none.
	SDK fs.FS

	// Logger receives one line per request and per failure; nil means
	// [slog.Default]. No line holds a token, code, secret, cookie or query.
	Logger *slog.Logger

	// HTTPClient carries the calls to Kakao; nil means a client of its own.
	// Redirects are never followed, whatever it says: a token request must not
	// be sent on to another host.
	HTTPClient *http.Client

	// Registry receives the metrics and is what /metrics shows; nil means a
	// registry of its own.
	Registry *prometheus.Registry

	// TracerProvider receives a span for each request and for each call to Kakao
	// (OpenTelemetry); nil means none. No span holds a query, a header or a body.
	TracerProvider trace.TracerProvider

	// TrustedProxies are the networks of the reverse proxies in front of the
	// server. Where a request comes from one of them, its client's address is
	// read from ForwardedHeader, and its X-Request-Id and traceparent are taken
	// over. Only they, and programs on this machine, may ask GET /auth. None means
	// that nobody's word counts.
	TrustedProxies []netip.Prefix

	// ForwardedHeader is the one header in which the trusted proxies name their
	// client: [XForwardedFor], which is also what "" means, or [Forwarded]. They
	// must write it themselves, or a client's own passes through.
	ForwardedHeader string

	// ClientAddress names the client that the rate limit counts for; nil means
	// the address that TrustedProxies makes out, which without them is the
	// address of the connection.
	ClientAddress func(*http.Request) string

	// RequestsPerMinute is how many POST requests one client address may make;
	// other requests, which are cheap, it may make ten times as many of. Zero
	// means [DefaultRequestsPerMinute], negative means no limit. Mobile networks
	// have many people behind one address.
	RequestsPerMinute int

	// SessionRequestsPerMinute is how many POST requests may be made with one
	// session cookie, from whatever addresses; zero means
	// [DefaultSessionRequestsPerMinute], which a thousand tabs that wake up
	// together stay below, negative means no limit.
	SessionRequestsPerMinute int

	// ProxyRequestsPerMinute is how often one reverse proxy may ask GET /auth, for
	// all its users together; zero means [DefaultProxyRequestsPerMinute], negative
	// means no limit.
	ProxyRequestsPerMinute int

	// StrictTransportSecurity is for how long browsers that have seen the server
	// over https keep to https for its host (RFC 6797); zero means that the
	// server does not ask them to, since the host may be another's to decide for.
	StrictTransportSecurity time.Duration

	// UpstreamTimeout bounds each request to Kakao; zero means
	// [DefaultUpstreamTimeout].
	UpstreamTimeout time.Duration

	// SessionIdle ends a session that long after its login, its last renewal or
	// its last use by GET /auth; zero means [DefaultSessionIdle].
	SessionIdle time.Duration

	// SessionLifetime ends a session that long after its login, whatever
	// happens in between; zero means [DefaultSessionLifetime]. A session never
	// outlives its refresh token.
	SessionLifetime time.Duration
}

// publicURL is PublicURL taken apart.
type publicURL struct {
	origin string // "https://app.example.com"
	base   string // "/kakao", or "" where PublicURL has no path
	secure bool   // whether the scheme is https
}

// callback is the redirect URI that the relay page answers.
func (p publicURL) callback() string { return p.origin + p.base + contract.PathCallback }

// logoutCallback is the logout redirect URI.
func (p publicURL) logoutCallback() string { return p.origin + p.base + contract.PathLogoutCallback }

// withDefaults returns the configuration with its zero fields filled in.
func (c Config) withDefaults() Config {
	c.Platform = orElse(c.Platform, kakao.Production)
	c.RequestsPerMinute = orElse(c.RequestsPerMinute, DefaultRequestsPerMinute)
	c.SessionRequestsPerMinute = orElse(c.SessionRequestsPerMinute, DefaultSessionRequestsPerMinute)
	c.ProxyRequestsPerMinute = orElse(c.ProxyRequestsPerMinute, DefaultProxyRequestsPerMinute)
	c.ForwardedHeader = orElse(c.ForwardedHeader, XForwardedFor)
	c.TokenAlgorithm = orElse(c.TokenAlgorithm, signing.RS256)
	c.SameSite = orElse(c.SameSite, http.SameSiteLaxMode)
	c.UpstreamTimeout = orElse(c.UpstreamTimeout, DefaultUpstreamTimeout)
	c.SessionIdle = orElse(c.SessionIdle, DefaultSessionIdle)
	c.SessionLifetime = orElse(c.SessionLifetime, DefaultSessionLifetime)
	c.Registry = orElse(c.Registry, prometheus.NewRegistry())
	c.Logger = orElse(c.Logger, slog.Default())
	c.TracerProvider = orElse[trace.TracerProvider](c.TracerProvider, noop.NewTracerProvider())
	c.HTTPClient = guardedFromOverload(traced(withoutRedirects(orElse(c.HTTPClient, &http.Client{})), c.TracerProvider))
	if c.Store == nil {
		c.Store = memory.New()
	}
	if c.Keys != nil {
		c.Store = keyring.Seal(c.Store, c.Keys)
	}
	if c.ClientAddress == nil {
		c.ClientAddress = c.proxies().ClientAddress
	}
	return c
}

// proxies are the trusted proxies.
func (c Config) proxies() web.Proxies {
	return web.Proxies{Trusted: c.TrustedProxies, Header: c.ForwardedHeader}
}

// withoutRedirects returns a copy of a client that follows no redirect.
func withoutRedirects(client *http.Client) *http.Client {
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// orElse returns value, or fallback where value is zero.
func orElse[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// Validate returns every mistake in the configuration but those in SDK, whose
// files [New] reads: what New would return for it, without making a server.
func (c Config) Validate() error {
	_, err := c.withDefaults().check()
	return err
}

// check returns PublicURL taken apart and every mistake in the configuration,
// joined into one error, each named by its field.
func (c Config) check() (publicURL, error) {
	at, err := parsePublicURL(c.PublicURL)
	errs := []error{
		field("PublicURL", err),
		field("RESTAPIKey", checkKey(c.RESTAPIKey)),
		field("AppID", c.checkAppID()),
		field("AdminKey", checkOptionalKey(c.AdminKey)),
		field("Platform.Auth", checkOrigin(c.Platform.Auth)),
		field("Platform.API", checkOrigin(c.Platform.API)),
		field("ForwardedHeader", inKorean(web.CheckForwardedHeader(c.ForwardedHeader), "X-Forwarded-For 또는 Forwarded여야 합니다")),
		field("TokenAlgorithm", inKorean(signing.CheckAlgorithm(c.TokenAlgorithm), "RS256 또는 EdDSA여야 합니다")),
		field("NotifyURL", c.checkNotifyURL()),
		field("SameSite", c.checkSameSite()),
		field("UpstreamTimeout", checkPositive(c.UpstreamTimeout)),
		field("SessionIdle", checkPositive(c.SessionIdle)),
		field("SessionLifetime", checkPositive(c.SessionLifetime)),
	}
	errs = append(errs, each("JavaScriptKeys", c.JavaScriptKeys, checkKey)...)
	errs = append(errs, each("AllowedOrigins", c.AllowedOrigins, checkOrigin)...)
	errs = append(errs, each("AllowedHosts", c.AllowedHosts, checkHostName)...)
	errs = append(errs, each("RedirectURIs", c.RedirectURIs, checkRedirectURI)...)
	errs = append(errs, each("NotifySecrets", c.NotifySecrets, checkNotifySecret)...)
	errs = append(errs, each("TrustedProxies", c.TrustedProxies, checkTrustedProxy)...)
	if err == nil {
		pages := origins(append([]string{at.origin}, c.AllowedOrigins...))
		errs = append(errs, c.checkReturnAddresses()...)
		errs = append(errs, each("TokenAudiences", c.TokenAudiences, func(a TokenAudience) error { return checkTokenAudience(a, pages) })...)
	}
	if c.StrictTransportSecurity != 0 {
		errs = append(errs, field("StrictTransportSecurity", checkPositive(c.StrictTransportSecurity)))
	}
	if c.Partitioned && err == nil && !at.secure {
		errs = append(errs, field("Partitioned", expected("expected an https PublicURL, because browsers take Partitioned cookies only with Secure; switch it off on loopback",
			"공개 URL이 https여야 합니다. 브라우저는 Secure가 없는 Partitioned 쿠키를 받지 않습니다. 루프백에서는 이 옵션을 끄세요")))
	}
	return at, errors.Join(errs...)
}

// each applies a check to every entry of a list.
func each[T any](name string, entries []T, check func(T) error) []error {
	errs := make([]error, 0, len(entries))
	for i, entry := range entries {
		errs = append(errs, field(fmt.Sprintf("%s[%d]", name, i), check(entry)))
	}
	return errs
}

// checkTrustedProxy accepts the network of a proxy.
func checkTrustedProxy(network netip.Prefix) error {
	return inKorean(web.CheckPrefix(network), "10.0.0.0/8, 192.0.2.1/32와 같은 프록시의 네트워크여야 하고, 호스트 비트는 0이어야 합니다")
}

// checkKey accepts an app key. It does not repeat the key, which may be a
// secret pasted into the wrong place.
func checkKey(key string) error {
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return expected("expected the key from the Kakao developers console (App > Platform key), without spaces; it is empty or holds other characters",
			"카카오디벨로퍼스 콘솔의 [앱] > [플랫폼 키]에서 복사한 키를 공백 없이 넣어야 합니다. 비어 있거나 다른 문자가 섞여 있습니다")
	}
	return nil
}

// checkOptionalKey accepts an app key, or none.
func checkOptionalKey(key string) error {
	if key == "" {
		return nil
	}
	return checkKey(key)
}

// appIDForm is what an app ID looks like.
var appIDForm = regexp.MustCompile(`^[0-9]{1,19}$`)

// checkAppID accepts an app ID, and none where there is no admin key.
func (c Config) checkAppID() error {
	if c.AppID == "" && c.AdminKey != "" {
		return expected("expected the app's number, because there is an AdminKey; find it in the Kakao developers console (App > General)",
			"어드민 키를 쓰려면 앱 ID가 필요합니다. 카카오디벨로퍼스 콘솔의 [앱] > [일반]에서 확인하세요")
	}
	if c.AppID != "" && !appIDForm.MatchString(c.AppID) {
		return expected("expected the app's number from the Kakao developers console (App > General), got something else; is it a key?",
			"카카오디벨로퍼스 콘솔의 [앱] > [일반]에 있는 앱 ID여야 합니다. 키를 넣은 것은 아닌지 확인하세요")
	}
	return nil
}

// checkSameSite accepts Lax and Strict, and only Lax, which is then not used,
// beside Partitioned.
func (c Config) checkSameSite() error {
	switch {
	case c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode:
		return expected("expected Lax or Strict; for pages embedded in other sites set Partitioned",
			"Lax 또는 Strict여야 합니다. 다른 사이트에 삽입되는 페이지라면 Partitioned를 쓰세요")
	case c.SameSite == http.SameSiteStrictMode && c.Partitioned:
		return expected("expected Strict or Partitioned, got both: a Partitioned cookie is for other sites, which Strict keeps it from",
			"Strict와 Partitioned는 함께 쓸 수 없습니다. Partitioned 쿠키는 다른 사이트에서 쓰는 것인데 Strict가 이를 막습니다")
	}
	return nil
}

// checkPositive accepts a duration above zero.
func checkPositive(d time.Duration) error {
	if d <= 0 {
		return expected("expected a duration above zero, got %v",
			"0보다 큰 시간이어야 하는데 %v입니다", d)
	}
	return nil
}

// checkRedirectURI accepts an absolute redirect URI without a fragment
// (RFC 6749, section 3.1.2), over https or on loopback.
func checkRedirectURI(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || strings.Contains(raw, "#") {
		return expected("expected an absolute URL without a fragment, such as https://app.example.com/oauth, got %q",
			"https://app.example.com/oauth와 같이 # 뒤가 없는 전체 URL이어야 하는데 %q입니다", raw)
	}
	return checkTransport(u)
}

// parsePublicURL takes PublicURL apart.
func parsePublicURL(raw string) (publicURL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(raw, "?#") {
		return publicURL{}, expected("expected the address at which browsers reach the server, such as https://app.example.com/kakao, got %q",
			"https://app.example.com/kakao와 같이 브라우저가 서버에 접속하는 주소여야 하는데 %q입니다", raw)
	}
	origin := u.Scheme + "://" + u.Host
	if err := checkOrigin(origin); err != nil {
		return publicURL{}, err
	}
	base := strings.TrimSuffix(u.EscapedPath(), "/")
	if base != u.Path && base+"/" != u.Path || base != "" && path.Clean(base) != base {
		return publicURL{}, expected("expected a plain path such as /kakao, got %q",
			"/kakao와 같은 단순한 경로여야 하는데 %q입니다", u.EscapedPath())
	}
	return publicURL{origin: origin, base: base, secure: u.Scheme == "https"}, nil
}
