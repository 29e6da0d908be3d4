package server

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/singleflight"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/server/internal/assets"
	"github.com/kakaowasm/kakaowasm/server/internal/notify"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// Server is the token server: an [http.Handler] for the paths under the base
// path of [Config.PublicURL]. It is safe for concurrent use.
type Server struct {
	cfg          Config
	at           publicURL
	pages        web.Origins // whose pages may call
	hosts        web.Hosts   // that requests may name
	redirectURIs []string
	log          *slog.Logger
	metrics      *metrics
	tracer       trace.Tracer // nil for none
	proxies      web.Proxies

	kakao    *upstream.Client
	idTokens signedtoken.IDTokens
	events   signedtoken.EventTokens
	sessions *session.Sessions
	health   *storehealth.Store // cfg.Store, which it notes the state of
	cookies  cookieJar
	begun    cookieJar
	logouts  cookieJar // neither partitioned nor Strict: it returns from Kakao, whose page nobody embeds
	sdk      *assets.SDK
	signing  *signing.Keys  // of the server's own tokens
	notifier *notify.Sender // nil where nobody is to be told

	flights    singleflight.Group // of renewals, by session ID
	background background         // what Close waits for
	draining   atomic.Bool
	warned     warnings

	protect func(http.Handler) http.Handler // refuses unsafe requests of other origins
	handler http.Handler
}

// authBelow is the route of what Envoy asks: it appends the path that it asks
// about to that of /auth.
const authBelow = contract.PathAuth + "/"

// endpoint answers one path and method. An error that it returns is answered
// and logged by the caller; having returned one, it has written no body.
type endpoint func(http.ResponseWriter, *http.Request) error

// New returns the server for a configuration. The error names every mistake in
// it at once. New asks nothing of Kakao: the server starts while Kakao is away.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	at, err := cfg.check()
	if err != nil {
		return nil, err
	}
	health := storehealth.Watch(cfg.Store)
	cfg.Store = health
	sdk, err := assets.LoadSDK(at.base, cfg.SDK)
	if err != nil {
		return nil, fmt.Errorf("server: Config.SDK: %w", err)
	}
	m, err := newMetrics(cfg.Registry)
	if err != nil {
		return nil, err
	}
	kakaoClient, err := upstream.New(upstream.Config{
		Platform: cfg.Platform, Client: cfg.HTTPClient, Timeout: cfg.UpstreamTimeout,
		AppKey: cfg.RESTAPIKey, AppSecret: cfg.ClientSecret,
		Called: m.upstream, Retried: m.retried,
	})
	if err != nil {
		return nil, err
	}
	keys, err := signedtoken.NewKeys(cfg.Platform.Auth, cfg.HTTPClient)
	if err != nil {
		return nil, err
	}
	app := signedtoken.App{Issuer: cfg.Platform.Auth, Keys: append([]string{cfg.RESTAPIKey}, cfg.JavaScriptKeys...)}
	s := &Server{
		cfg:          cfg,
		at:           at,
		pages:        web.Origins(slices.Compact(append([]string{at.origin}, cfg.AllowedOrigins...))),
		hosts:        append(web.Hosts{at.hostname()}, cfg.AllowedHosts...),
		redirectURIs: append([]string{at.callback()}, cfg.RedirectURIs...),
		log:          slog.New(web.RequestLog{Handler: cfg.Logger.Handler()}),
		metrics:      m,
		tracer:       cfg.tracer(),
		proxies:      cfg.proxies(),
		kakao:        kakaoClient,
		idTokens:     signedtoken.NewIDTokens(app, keys),
		events:       signedtoken.NewEventTokens(app, keys),
		sessions:     session.New(health, cmp.Or(cfg.AppID, cfg.RESTAPIKey), cfg.SessionLifetime, cfg.SessionIdle, cfg.Logger),
		health:       health,
		cookies:      newCookieJar(at, sessionCookieName, cfg.RESTAPIKey, cfg.SameSite, cfg.Partitioned),
		begun:        newBeginCookie(at, cfg),
		logouts:      newCookieJar(at, logoutCookieName, cfg.RESTAPIKey, http.SameSiteLaxMode, false),
		sdk:          sdk,
		signing:      signing.New(cfg.Store, cfg.TokenAlgorithm, cfg.Logger),
	}
	if s.handler, err = s.routes(); err != nil {
		return nil, err
	}
	s.notifier, err = newNotifier(cfg, m) // Last: nothing else may fail once it runs.
	return s, err
}

// ServeHTTP answers the requests under the base path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain makes /readyz fail, so that a load balancer sends nothing new, and goes
// on answering. Call it a moment before the HTTP server is shut down.
func (s *Server) Drain() { s.draining.Store(true) }

// Close waits for the logins, renewals, logouts and webhooks that are under way,
// so that no token is lost, refuses new ones, and makes /readyz fail. Call it
// after the HTTP server has been shut down. The store is the caller's to close,
// afterwards.
//
// All that this package does has limits of time, so that Close returns within
// four times [Config.UpstreamTimeout] and 40 seconds. It is an error where a
// hook or the store goes on for longer.
func (s *Server) Close() error {
	s.Drain()
	if s.notifier != nil {
		defer s.notifier.Close() // After the work, which hands notifications in.
	}
	return s.background.close(2*s.requestTimeout() + storeTimeout + logoutTimeout + hookTimeout + storeGrace)
}

// SDKPath is the address of a file of the SDK on this server, such as
// "/kakao/sdk/0.2.0-3f1d0c9a77e2/kakao.js" for "kakao.js". It holds a hash of the
// SDK, so that browsers may keep what they find there for ever. Pages that the
// server renders name it in their script tags.
func (s *Server) SDKPath(name string) string { return s.sdk.Path(name) }

// routes answers each request by the route of its path, observed.
func (s *Server) routes() (http.Handler, error) {
	table, err := s.table()
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := s.match(table, r.URL.Path)
		s.observe(w, r, route, table[route])
	}), nil
}

// table puts the endpoints behind what they need: the JSON interface behind
// CORS, the origin check and the rate limits; the relay page, the SDK and the
// logout of the Kakao Account, to which browsers navigate, behind the rate limits
// alone; /auth as proxiesOnly says; the webhooks behind a limit on what they refuse. What the origin check
// refuses is not counted: a foreign page must not use up what its visitor may ask
// for.
func (s *Server) table() (map[string]http.Handler, error) {
	relay := &relay{}
	var err error
	if s.protect, err = s.pages.Protect(s.refuseOrigin); err != nil {
		return nil, err
	}
	forProxies, err := s.proxiesOnly(s.auth)
	if err != nil {
		return nil, err
	}
	bounded, cors, limit := web.Bounded(s.fail), s.pages.CORS(), s.limit()
	auth := bounded(forProxies)
	api := func(methods methods) http.Handler {
		return cors(bounded(s.protect(web.NotByForm(limit(methods.answeredBy(s.fail))))))
	}
	beacon := func(methods methods) http.Handler {
		return cors(bounded(s.protect(web.OfAnOrigin(limit(methods.answeredBy(s.fail))))))
	}
	open := func(methods methods) http.Handler { return bounded(limit(methods.answeredBy(s.fail))) }
	webhook := func(methods methods, write func(http.ResponseWriter, *web.Failure)) http.Handler {
		return bounded(methods.answeredBy(s.refuse(limit, write)))
	}
	table := map[string]http.Handler{
		contract.PathToken:          api(methods{http.MethodPost: s.token}),
		contract.PathRefresh:        api(methods{http.MethodPost: s.refresh}),
		contract.PathSession:        api(methods{http.MethodGet: s.session}),
		contract.PathBegin:          beacon(methods{http.MethodPost: s.begin}),
		contract.PathAuth:           auth,
		authBelow:                   auth,
		contract.PathLogout:         api(methods{http.MethodPost: s.logout}),
		contract.PathLogoutAccount:  open(methods{http.MethodGet: s.logoutOfAccount}),
		contract.PathLogoutCallback: open(methods{http.MethodGet: s.loggedOutOfAccount}),
		contract.PathCallback:       open(methods{http.MethodGet: relay.page}),
		contract.PathCallbackScript: open(methods{http.MethodGet: relay.file}),
		contract.PathCallbackStyle:  open(methods{http.MethodGet: relay.file}),
		contract.PathWebhookAccount: webhook(methods{http.MethodPost: s.accountWebhook}, writeEventFailure),
		contract.PathSDKIntegrity:   open(methods{http.MethodGet: s.sdk.Integrity}),
		contract.PathSDK:            open(methods{http.MethodGet: s.sdk.File}),
		"":                          cors(open(nil)),
	}
	if len(s.cfg.TokenAudiences) > 0 {
		table[contract.PathSessionToken] = api(methods{http.MethodPost: s.sessionToken})
		table[contract.PathJWKS] = open(methods{http.MethodGet: s.jwks})
		table[contract.PathDiscovery] = open(methods{http.MethodGet: s.discovery})
	}
	if s.cfg.AdminKey != "" {
		table[contract.PathWebhookUnlink] = webhook(methods{http.MethodGet: s.unlinkWebhook, http.MethodPost: s.unlinkWebhook}, web.WriteFailure)
	}
	if relay.html, err = newRelayPage(s.at.base, s.pages, s.cfg.ReturnAddresses, s.begun.Name, slices.Sorted(maps.Keys(table))); err != nil {
		return nil, err
	}
	forOwnHosts := s.hosts.Require(s.fail)
	for path, next := range table {
		if path != contract.PathAuth && path != authBelow { // A proxy asks by what name it likes.
			table[path] = forOwnHosts(next)
		}
	}
	return table, nil
}

// match finds the route of a path. The route of an unknown path is "".
func (s *Server) match(table map[string]http.Handler, path string) string {
	under, ok := strings.CutPrefix(path, s.at.base)
	if _, known := table[under]; ok && known {
		return under
	}
	for _, folder := range []string{contract.PathSDK, authBelow} {
		if ok && strings.HasPrefix(under, folder) {
			return folder
		}
	}
	return ""
}

// methods are the endpoints of a path by method. None are those of a path that
// is not there.
type methods map[string]endpoint

// answeredBy answers with the endpoint of the request's method, and with fail
// where that is an error. HEAD is answered as GET.
func (m methods) answeredBy(fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	allow := strings.Join(slices.Sorted(maps.Keys(m)), ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		run, ok := m[method]
		switch {
		case ok:
		case len(m) == 0:
			run = unknownPath
		default:
			w.Header().Set("Allow", allow)
			run = wrongMethod
		}
		if err := run(w, r); err != nil {
			fail(w, r, err)
		}
	})
}

// unknownPath is the endpoint of every path that is not the server's.
func unknownPath(http.ResponseWriter, *http.Request) error {
	return web.InvalidRequest(http.StatusNotFound, "there is nothing at this path; expected one of token, refresh, begin, session, session/token (where there are token audiences), auth, logout, logout/account, callback, webhooks/unlink (where there is an admin key), webhooks/account or sdk under the server's base path")
}

// wrongMethod is the endpoint of every method that a path does not take.
func wrongMethod(w http.ResponseWriter, _ *http.Request) error {
	return web.InvalidRequest(http.StatusMethodNotAllowed, "expected one of the methods that the Allow header names: "+w.Header().Get("Allow"))
}
