package emulator

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/rs/cors"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// bodyLimit is the largest request body that the platform reads, in bytes.
const bodyLimit = 64 << 10

// Emulator is a local Kakao platform, and as many more as are asked for: it
// serves the default world at its own address, and each other one at a host name
// and a port of its own. Its methods are those of the default world. Make one
// with [New] and end it with [Emulator.Close]; it is safe for concurrent use. Its
// only goroutines deliver webhooks and serve the ports of worlds.
type Emulator struct {
	*world
	worlds worlds
}

// world is World, embedded by this name where World is a method.
type world = World

// options are what [Option] sets.
type options struct {
	now    func() time.Time
	log    *slog.Logger
	saved  []byte
	hosts  []string
	follow bool
	listen func() (net.Listener, error)
}

// Option changes how [New] builds an [Emulator].
type Option func(*options)

// WithClock replaces the clock that the platform's own clock goes by. The
// default is [time.Now].
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// WithLogger sends a line per refused request and per webhook to logger. Lines
// never hold a token, a code or a secret. The default discards them.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.log = logger } }

// WithHosts names hosts, without a port, by which the platform is reached beside
// that of the issuer: requests to them get addresses and ID tokens of that host,
// so that a browser can use localhost where a container uses the name of another.
func WithHosts(names ...string) Option {
	return func(o *options) { o.hosts = append(o.hosts, names...) }
}

// WithIssuerOfRequest makes every host that is this machine's stand for itself,
// as [WithHosts] does for those it names: localhost, loopback addresses and others
// that a request was sent to.
func WithIssuerOfRequest() Option { return func(o *options) { o.follow = true } }

// WithListen opens a port for each world but the default one, which is served
// there until the world or the emulator ends. Without it, worlds have only their
// host names.
func WithListen(listen func() (net.Listener, error)) Option {
	return func(o *options) { o.listen = listen }
}

// New checks cfg, completes it with Kakao's defaults and returns the platform
// that it describes, see [NewFromSeed].
func New(cfg Config, opts ...Option) (*Emulator, error) {
	return NewFromSeed(Seed{Config: cfg}, opts...)
}

// NewFromSeed returns an emulator whose default world begins in the state of a
// seed, which must have an issuer. The error names every mistake in the seed.
func NewFromSeed(seed Seed, opts ...Option) (*Emulator, error) {
	o := options{now: time.Now, log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(&o)
	}
	e := &Emulator{}
	e.worlds.init(o, seed.Issuer)
	first, err := newWorld(reach{hosts: e.worlds.hosts, name: DefaultWorld, atHost: seed.Issuer}, seed, o)
	if err != nil {
		return nil, err
	}
	if o.saved != nil {
		if err := first.goOnFrom(o.saved); err != nil {
			return nil, err
		}
	}
	first.handler = e.routes(first)
	e.world = first
	return e, nil
}

// ServeHTTP leads a request to the world that its host names. A host that names
// none is 404 on every path: a request makes no world.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	world := e.worldAt(hostOf(r))
	if world == nil {
		refuseHost(w)
		return
	}
	world.ServeHTTP(w, r)
}

func refuseHost(w http.ResponseWriter) {
	http.Error(w, "the emulator has no world at this host; --host names further hosts", http.StatusNotFound)
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

// routes builds the handler of a world. Under Kakao's names each host serves its half; under
// any other name the paths tell them apart.
func (host *Emulator) routes(e *World) http.Handler {
	auth := e.authRoutes()
	api := withCORS(e.apiRoutes(), http.MethodGet, http.MethodPost, http.MethodDelete)
	platform := e.journal.Record(e.onlyKnownPages(e.faulty(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAuth(r) {
			auth.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}))), e.clock.Now)
	console := host.console(e)
	return e.frontDoorOr(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
	}))
}

// isAuth reports whether a request is for the authorization server.
func isAuth(r *http.Request) bool {
	host := hostOf(r)
	return host == hostAuth || host != hostAPI && ofAuth.MatchString(r.URL.Path)
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
func (e *World) authRoutes() http.Handler {
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
			handler = withCORS(handler, route.methods...)
		}
		mux.Handle(route.path, handler)
	}
	nothing := e.nothingHere(func(w http.ResponseWriter, r *http.Request) { e.writeOAuthError(w, r, errWrongURL) })
	mux.HandleFunc("/", nothing)
	return asWritten(mux, nothing)
}

// onlyMethods refuses an authorization server path that is asked with another
// method than allowed. HEAD is a GET without the body (RFC 9110, section 9.3.2).
func (a answers) onlyMethods(allowed []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, method := range allowed {
			if r.Method == method || r.Method == http.MethodHead && method == http.MethodGet {
				next.ServeHTTP(w, r)
				return
			}
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		a.writeOAuthError(w, r, errMethod)
	})
}

// withCORS lets web pages call what follows. Every origin may read the answer,
// also that of a refusal: whether an origin may use an app's tokens is decided
// by the app's site domains, see [App.checkOrigin].
func withCORS(next http.Handler, methods ...string) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: func(string) bool { return true },
		AllowedMethods:  methods,
		AllowedHeaders:  []string{"*"},
		MaxAge:          600,
	}).Handler(next)
}
