package emulator

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/cors"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// bodyLimit is the largest request body that the platform reads, in bytes.
const bodyLimit = 64 << 10

// Emulator is a local Kakao platform. Make one with [New] and end it with
// [Emulator.Close]; it is safe for concurrent use. Its only goroutines are those
// that deliver webhooks.
type Emulator struct {
	log     *slog.Logger
	clock   *Clock
	keys    signingKeys
	store   *store
	quotas  quotas
	faults  faults
	journal journal
	talk    talkMessages
	outbox  outbox
	handler http.Handler

	saved     []byte     // see WithState
	updating  sync.Mutex // held while current changes
	current   atomic.Pointer[directory]
	automatic atomic.Int64 // see AutoLogin
}

// Option changes how [New] builds an [Emulator].
type Option func(*Emulator)

// WithClock replaces the clock that the platform's own clock goes by. The
// default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(e *Emulator) { e.clock.base = now }
}

// WithLogger sends a line per refused request and per webhook to logger. Lines
// never hold a token, a code or a secret. The default discards them.
func WithLogger(logger *slog.Logger) Option {
	return func(e *Emulator) { e.log = logger }
}

// New checks cfg, completes it with Kakao's defaults and returns the platform
// that it describes. The error names every mistake in cfg.
func New(cfg Config, opts ...Option) (*Emulator, error) {
	e := &Emulator{log: slog.New(slog.DiscardHandler), clock: &Clock{base: time.Now}}
	for _, opt := range opts {
		opt(e)
	}
	if err := e.register(cfg); err != nil {
		return nil, err
	}
	e.store = newStore(e.clock.Now)
	e.quotas.reset()
	if err := e.begin(); err != nil {
		return nil, err
	}
	e.outbox.start()
	e.handler = e.routes()
	return e, nil
}

// begin makes a first signing key, or goes on from a saved state.
func (e *Emulator) begin() error {
	if e.saved == nil {
		return e.RotateKeys(true)
	}
	err := e.restore(e.saved)
	e.saved = nil
	return err
}

// Close ends the delivery of webhooks and waits for it, at most until ctx is
// done. The error is that of ctx.
func (e *Emulator) Close(ctx context.Context) error { return e.outbox.close(ctx) }

// Clock is the clock of the platform, for tests that move it.
func (e *Emulator) Clock() *Clock { return e.clock }

// ServeHTTP answers both halves of the platform and its console. Each answer is
// dated by the platform's clock, by which clients tell that their own is wrong.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.lapseSignups()
	w.Header().Set("Date", e.clock.Now().UTC().Format(http.TimeFormat))
	e.handler.ServeHTTP(w, r)
}

// ExpireAccessTokens ends the validity of every access token issued so far:
// the API answers them with -401. Refresh tokens stay valid.
func (e *Emulator) ExpireAccessTokens() { e.store.expireAccessTokens() }

// ExpireRefreshTokens ends the validity of every refresh token issued so far:
// the token endpoint answers them with KOE322. Access tokens stay valid.
func (e *Emulator) ExpireRefreshTokens() { e.store.expireRefreshTokens() }

// Count returns how many token requests of a grant type, "authorization_code"
// or "refresh_token", were answered since the start or the last
// [Emulator.Reset], refusals included.
func (e *Emulator) Count(grant string) int { return e.store.count(grant) }

// Reset forgets all logins, consents, tokens, counters, faults and calls, and
// who logs in automatically. What is registered, the signing keys and the clock
// stay as they are.
func (e *Emulator) Reset() {
	e.store.reset()
	e.quotas.reset()
	e.faults.clear()
	e.journal.clear()
	e.talk.clear()
	e.outbox.clear()
	e.automatic.Store(0)
}

// errNoUser is the error of actions on an account that does not exist.
var errNoUser = errors.New("emulator: there is no such user")

// without returns the elements of a list that do not match.
func without[T any](list []T, match func(T) bool) []T {
	var kept []T
	for _, element := range list {
		if !match(element) {
			kept = append(kept, element)
		}
	}
	return kept
}

// platform are the origins that a request knows the emulator by: Kakao's own,
// where a name of Kakao's leads here, and the configured one otherwise.
func (e *Emulator) platform(r *http.Request) kakao.Platform {
	switch hostOf(r) {
	case hostAuth, hostAPI:
		return kakao.Production
	}
	return e.directory().platform()
}

// The names of Kakao's hosts.
var (
	hostAuth = strings.TrimPrefix(kakao.Production.Auth, "https://")
	hostAPI  = strings.TrimPrefix(kakao.Production.API, "https://")
)

// Hosts are the names of the platform's hosts, for a certificate.
func Hosts() []string { return []string{hostAuth, hostAPI} }

// hostOf is the name that a request was sent to, without a port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// routes builds the handler. Under Kakao's names each host serves its half; under
// any other name the paths tell them apart.
func (e *Emulator) routes() http.Handler {
	auth := e.authRoutes()
	api := e.withCORS(e.apiRoutes(), http.MethodGet, http.MethodPost, http.MethodDelete)
	platform := e.recorded(e.faulty(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch host := hostOf(r); {
		case host == hostAuth, host != hostAPI && ofAuth.MatchString(r.URL.Path):
			auth.ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})))
	console := e.console()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == pathConsole || strings.HasPrefix(r.URL.Path, pathConsole+"/"):
			console.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, pathAssets):
			// Pictures and styles are not Kakao's: no fault hits them, nobody asks
			// whether they were called.
			auth.ServeHTTP(w, r)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
			platform.ServeHTTP(w, r)
		}
	})
}

// ofAuth are the paths of the authorization server.
var ofAuth = regexp.MustCompile(`^/(oauth|apiweb|\.well-known|emulator)/`)

// asWritten serves paths as they are: [http.ServeMux] would redirect one such as
// "//oauth/token", and refuse "*" without a word.
func asWritten(mux *http.ServeMux, otherwise http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clean := path.Clean(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") && clean != "/" {
			clean += "/"
		}
		if clean != r.URL.Path || clean[0] != '/' {
			otherwise(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// authRoutes is the table of the authorization server. Pages may call what is
// open: Kakao lets them read the token endpoint and the documents.
func (e *Emulator) authRoutes() http.Handler {
	table := []struct {
		methods []string
		path    string
		open    bool
		handler http.HandlerFunc
	}{
		{catalog.Authorize.Methods, kakao.PathAuthorize, false, e.authorize},
		{[]string{http.MethodPost}, pathLogin, false, e.login},
		{[]string{http.MethodPost}, pathCreate, false, e.create},
		{[]string{http.MethodPost}, pathConsent, false, e.consent},
		{append(catalog.LogoutOfAccount.Methods, http.MethodPost), catalog.LogoutOfAccount.Path, false, e.logoutOfAccount},
		{catalog.PollCode.Methods, kakao.PathCode, true, e.poll},
		{catalog.Exchange.Methods, kakao.PathToken, true, e.token},
		{catalog.IDTokenInfo.Methods, catalog.IDTokenInfo.Path, true, e.idTokenInfo},
		{catalog.JWKS.Methods, kakao.PathJWKS, true, e.jwks},
		{catalog.Discovery.Methods, kakao.PathDiscovery, true, e.discovery},
		{[]string{http.MethodGet}, pathEventConfiguration, true, e.eventConfiguration},
		{[]string{http.MethodGet}, pathStyle, false, serveAsset},
		{[]string{http.MethodGet}, pathScript, false, serveAsset},
		{[]string{http.MethodGet}, pathAvatars + "{user}/{file}", false, e.avatar},
	}
	mux := http.NewServeMux()
	for _, route := range table {
		var handler http.Handler = route.handler
		handler = e.onlyMethods(route.methods, handler)
		if route.open {
			handler = e.withCORS(handler, route.methods...)
		}
		mux.Handle(route.path, handler)
	}
	nothing := func(w http.ResponseWriter, r *http.Request) { e.writeOAuthError(w, r, errWrongURL) }
	mux.HandleFunc("/", nothing)
	return asWritten(mux, nothing)
}

// onlyMethods refuses an authorization server path that is asked with another
// method than allowed. HEAD is a GET without the body (RFC 9110, section 9.3.2).
func (e *Emulator) onlyMethods(allowed []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, method := range allowed {
			if r.Method == method || r.Method == http.MethodHead && method == http.MethodGet {
				next.ServeHTTP(w, r)
				return
			}
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		e.writeOAuthError(w, r, errMethod)
	})
}

// withCORS lets web pages call what follows. Every origin may read the answer,
// also that of a refusal: whether an origin may use an app's tokens is decided
// by the app's site domains, see [App.checkOrigin].
func (e *Emulator) withCORS(next http.Handler, methods ...string) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: func(string) bool { return true },
		AllowedMethods:  methods,
		AllowedHeaders:  []string{"*"},
		MaxAge:          600,
	}).Handler(next)
}
