package emulator

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// bodyLimit is the largest request body that the platform reads, in bytes.
const bodyLimit = 64 << 10

// routes builds the handler of a world. Under Kakao's names each host serves its
// half; under any other name the paths tell them apart.
func (e *World) routes(console http.Handler) http.Handler {
	auth, api := e.authRoutes(), e.apiRoutes()
	guard := &pageGuard{e.answers, e.registry, e.platform}
	platform := e.journal.Record(guard.onlyKnownPages(e.faulty(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isAuth(r) {
			auth.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}))), e.clock.Now)
	return e.frontDoor().or(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == pages.PathConsole || strings.HasPrefix(r.URL.Path, pages.PathConsole+"/"):
			console.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, pages.PathAssets):
			// Pictures and styles are not Kakao's: no fault hits them, nobody asks
			// whether they were called.
			auth.ServeHTTP(w, r)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
			platform.ServeHTTP(w, r)
		}
	}))
}

func (e *World) frontDoor() *frontDoor {
	door := &frontDoor{answers: e.answers, browsers: e.browsers, registry: e.registry, platform: e.platform, automatic: e.automatic.Load}
	if e.Name() != DefaultWorld {
		door.name = e.Name()
	}
	return door
}

func (e *World) apiRoutes() http.Handler {
	api := &restAPI{
		answers: e.answers, registry: e.registry, store: e.store, webhooks: e.webhooks, messages: &e.messages,
		now: e.clock.Now, platform: e.platform,
	}
	return web.WithCORS(api.routes(), http.MethodGet, http.MethodPost, http.MethodDelete)
}

// authRoutes is the table of the authorization server. Pages may call what is
// open: Kakao lets them read the token endpoint and the documents.
func (e *World) authRoutes() http.Handler {
	login := &authServer{
		answers: e.answers, browsers: e.browsers, registry: e.registry, webhooks: e.webhooks, now: e.clock.Now, automatic: e.automatic.Load,
	}
	tokens := &tokenServer{
		answers: e.answers, registry: e.registry, store: e.store, webhooks: e.webhooks, keys: &e.keys, quotas: &e.quotas,
		now: e.clock.Now, platform: e.platform,
	}
	table := []struct {
		methods []string
		path    string
		open    bool
		handler http.HandlerFunc
	}{
		{catalog.Authorize.Methods, kakao.PathAuthorize, false, login.authorize},
		{[]string{http.MethodPost}, pages.PathLogin, false, login.login},
		{[]string{http.MethodPost}, pages.PathCreate, false, login.create},
		{[]string{http.MethodPost}, pages.PathConsent, false, login.consent},
		{append(catalog.LogoutOfAccount.Methods, http.MethodPost), catalog.LogoutOfAccount.Path, false, login.logoutOfAccount},
		{catalog.PollCode.Methods, kakao.PathCode, true, login.poll},
		{catalog.Exchange.Methods, kakao.PathToken, true, tokens.token},
		{catalog.IDTokenInfo.Methods, catalog.IDTokenInfo.Path, true, tokens.idTokenInfo},
		{catalog.JWKS.Methods, kakao.PathJWKS, true, tokens.jwks},
		{catalog.Discovery.Methods, kakao.PathDiscovery, true, tokens.discovery},
		{[]string{http.MethodGet}, pathEventConfiguration, true, tokens.eventConfiguration},
		{[]string{http.MethodGet}, pages.PathStyle, false, pages.ServeAsset},
		{[]string{http.MethodGet}, pages.PathScript, false, pages.ServeAsset},
		{[]string{http.MethodGet}, account.PathAvatars + "{user}/{file}", false, func(w http.ResponseWriter, r *http.Request) {
			account.ServeAvatar(w, r, e.registry.Directory().UsersByID)
		}},
	}
	mux := http.NewServeMux()
	for _, route := range table {
		var handler http.Handler = route.handler
		handler = e.onlyMethods(route.methods, handler)
		if route.open {
			handler = web.WithCORS(handler, route.methods...)
		}
		mux.Handle(route.path, handler)
	}
	nothing := e.nothingHere(func(w http.ResponseWriter, r *http.Request) { e.writeOAuthError(w, r, errWrongURL) })
	mux.HandleFunc("/", nothing)
	return web.AsWritten(mux, nothing)
}

// isAuth reports whether a request is for the authorization server.
func isAuth(r *http.Request) bool {
	host := web.HostOf(r)
	return host == hostAuth || host != hostAPI && ofAuth.MatchString(r.URL.Path)
}

// ofAuth are the paths of the authorization server.
var ofAuth = regexp.MustCompile(`^/(oauth|apiweb|\.well-known|emulator)/`)

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
