package server

import (
	"cmp"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
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

// withDefaults returns the configuration with its zero fields filled in.
func (c Config) withDefaults() Config {
	c.Platform = cmp.Or(c.Platform, kakao.Production)
	c.RequestsPerMinute = cmp.Or(c.RequestsPerMinute, DefaultRequestsPerMinute)
	c.SessionRequestsPerMinute = cmp.Or(c.SessionRequestsPerMinute, DefaultSessionRequestsPerMinute)
	c.ProxyRequestsPerMinute = cmp.Or(c.ProxyRequestsPerMinute, DefaultProxyRequestsPerMinute)
	c.ForwardedHeader = cmp.Or(c.ForwardedHeader, XForwardedFor)
	c.TokenAlgorithm = cmp.Or(c.TokenAlgorithm, signing.RS256)
	c.SameSite = cmp.Or(c.SameSite, http.SameSiteLaxMode)
	c.UpstreamTimeout = cmp.Or(c.UpstreamTimeout, DefaultUpstreamTimeout)
	c.SessionIdle = cmp.Or(c.SessionIdle, DefaultSessionIdle)
	c.SessionLifetime = cmp.Or(c.SessionLifetime, DefaultSessionLifetime)
	c.Registry = cmp.Or(c.Registry, prometheus.NewRegistry())
	c.Logger = cmp.Or(c.Logger, slog.Default())
	c.HTTPClient = upstream.HTTPClient(cmp.Or(c.HTTPClient, &http.Client{}), c.tracer())
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

// tracer makes the spans; nil where nobody receives them.
func (c Config) tracer() trace.Tracer {
	if c.TracerProvider == nil {
		return nil
	}
	return c.TracerProvider.Tracer(tracerName)
}

// proxies are the trusted proxies.
func (c Config) proxies() web.Proxies {
	return web.Proxies{Trusted: c.TrustedProxies, Header: c.ForwardedHeader}
}
