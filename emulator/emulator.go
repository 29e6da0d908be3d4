package emulator

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/rs/cors"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// bodyLimit is the largest request body that is read, in bytes.
const bodyLimit = 64 << 10

// Emulator is a local Kakao platform. Make one with [New]; it is safe for
// concurrent use and starts no goroutine.
type Emulator struct {
	cfg     Config
	now     func() time.Time
	log     *slog.Logger
	key     *signingKey
	store   *store
	handler http.Handler
	started time.Time

	apiDown  atomic.Bool
	authDown atomic.Bool
}

// Option changes how [New] builds an [Emulator].
type Option func(*Emulator)

// WithClock replaces the clock that every lifetime is measured with. The
// default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(e *Emulator) { e.now = now }
}

// WithLogger sends a line per refused request to logger. Lines never hold a
// token, a code or a secret. The default discards them.
func WithLogger(logger *slog.Logger) Option {
	return func(e *Emulator) { e.log = logger }
}

// New checks cfg, completes it with Kakao's defaults and returns the platform
// that it describes. The error names every mistake in cfg.
func New(cfg Config, opts ...Option) (*Emulator, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(requireIssuer); err != nil {
		return nil, err
	}
	key, err := newSigningKey()
	if err != nil {
		return nil, err
	}
	e := &Emulator{cfg: cfg, now: time.Now, log: slog.New(slog.DiscardHandler), key: key}
	for _, opt := range opts {
		opt(e)
	}
	e.started = e.now()
	e.store = newStore(func() time.Time { return e.now() }, cfg.AccessTokenTTL, cfg.RefreshTokenTTL)
	e.handler = e.routes()
	return e, nil
}

// ServeHTTP answers both halves of the platform.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
	e.handler.ServeHTTP(w, r)
}

// ExpireAccessTokens ends the validity of every access token issued so far:
// the API answers them with -401. Refresh tokens stay valid.
func (e *Emulator) ExpireAccessTokens() { e.store.expireAccessTokens() }

// ExpireRefreshTokens ends the validity of every refresh token issued so far:
// the token endpoint answers them with KOE322. Access tokens stay valid.
func (e *Emulator) ExpireRefreshTokens() { e.store.expireRefreshTokens() }

// SetAPIDown makes the REST API drop every connection unanswered, or answer
// again.
func (e *Emulator) SetAPIDown(down bool) { e.apiDown.Store(down) }

// SetAuthDown makes the token endpoint and the JWKS drop every connection
// unanswered, or answer again. The login and consent pages go on working, and
// so does the polling for their answer.
func (e *Emulator) SetAuthDown(down bool) { e.authDown.Store(down) }

// Count returns how many token requests of a grant type, "authorization_code"
// or "refresh_token", were answered since the start or the last
// [Emulator.Reset], refusals included.
func (e *Emulator) Count(grant string) int { return e.store.count(grant) }

// Reset forgets all logins, consents, tokens and counters. Configuration,
// signing key and outages stay as they are.
func (e *Emulator) Reset() { e.store.reset() }

// routes builds the handler: kauth and the emulator's own assets by prefix,
// everything else is kapi.
func (e *Emulator) routes() http.Handler {
	auth := e.authRoutes()
	mux := http.NewServeMux()
	mux.Handle("/oauth/", auth)
	mux.Handle("/apiweb/", auth)
	mux.Handle("/.well-known/", auth)
	mux.Handle("/emulator/", auth)
	mux.Handle("/", dropIf(&e.apiDown, e.withCORS(e.apiRoutes())))
	return mux
}

// authRoutes is the table of the authorization server.
func (e *Emulator) authRoutes() http.Handler {
	token := dropIf(&e.authDown, http.HandlerFunc(e.token))
	jwks := dropIf(&e.authDown, http.HandlerFunc(e.jwks))
	table := []struct {
		method, path string
		handler      http.Handler
	}{
		{http.MethodGet, kakao.PathAuthorize, http.HandlerFunc(e.authorize)},
		{http.MethodPost, pathLogin, http.HandlerFunc(e.login)},
		{http.MethodPost, pathConsent, http.HandlerFunc(e.consent)},
		{http.MethodGet, kakao.PathCode, http.HandlerFunc(e.poll)},
		{http.MethodPost, kakao.PathToken, token},
		{http.MethodGet, kakao.PathJWKS, jwks},
		{http.MethodGet, kakao.PathDiscovery, http.HandlerFunc(e.discovery)},
		{http.MethodGet, pathStyle, http.HandlerFunc(serveAsset)},
		{http.MethodGet, pathScript, http.HandlerFunc(serveAsset)},
		{http.MethodGet, pathAvatars + "{user}/{file}", http.HandlerFunc(e.avatar)},
	}
	mux := http.NewServeMux()
	for _, route := range table {
		mux.Handle(route.method+" "+route.path, route.handler)
		mux.Handle(route.path, e.refuseMethod(route.method))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		e.writeOAuthError(w, r, errWrongURL)
	})
	return mux
}

// refuseMethod answers an authorization server path that was asked with
// another method than allowed.
func (e *Emulator) refuseMethod(allowed string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		e.writeOAuthError(w, r, errMethod)
	})
}

// withCORS lets web pages call the REST API. Every origin may read the answer,
// also that of a refusal: whether an origin may use an app's tokens is decided
// by the app's site domains, see [App.checkOrigin].
func (e *Emulator) withCORS(next http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: func(string) bool { return true },
		AllowedMethods:  []string{http.MethodGet, http.MethodPost, http.MethodDelete},
		AllowedHeaders:  []string{"Authorization", "KA", "Content-Type"},
		MaxAge:          600,
	}).Handler(next)
}

// dropIf aborts the connection while down is set.
func dropIf(down *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}
