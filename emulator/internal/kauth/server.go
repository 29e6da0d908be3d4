// Package kauth is the authorization server of a platform: the pages of a login and
// a logout, the token endpoint, ID tokens and their keys, and the front door, which
// logs a browser in as well.
//
// It does not know the REST API.
package kauth

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Setup is what the authorization server works on.
type Setup struct {
	Log      *slog.Logger
	Registry *registry.Registry
	Store    *store.Store
	Webhooks *webhook.Webhooks
	Keys     *signing.Keys
	Quotas   *Quotas
	Now      func() time.Time
	// platform says by which origins a request knows the emulator.
	Platform func(*http.Request) kakao.Platform
	// automatic is who logs in without a page, or 0.
	Automatic func() int64
	// world is the name of the world, "" for the default one.
	World string
}

// Server is the authorization server of a platform, "kauth", with the front door,
// which begins a browser's session as a login does.
type Server struct {
	answers
	door    *frontDoor
	handler http.Handler
}

// New makes the server of a platform.
func New(s Setup) *Server {
	a := answers{s.Log}
	b := browsers{s.Store, s.World, func(r *http.Request) bool { return strings.HasPrefix(s.Platform(r).Auth, "https://") }}
	server := &Server{
		answers: a,
		door:    &frontDoor{answers: a, browsers: b, registry: s.Registry, name: s.World, platform: s.Platform, automatic: s.Automatic},
	}
	server.handler = server.routes(
		&authServer{answers: a, browsers: b, registry: s.Registry, webhooks: s.Webhooks, now: s.Now, automatic: s.Automatic},
		&tokenServer{
			answers: a, registry: s.Registry, store: s.Store, webhooks: s.Webhooks, keys: s.Keys, quotas: s.Quotas, now: s.Now, platform: s.Platform,
		},
	)
	return server
}

// ServeHTTP answers the paths of the authorization server.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// FrontDoor serves the page at the root to browsers, and everything else by next.
func (s *Server) FrontDoor(next http.Handler) http.Handler { return s.door.or(next) }

// RefuseStranger refuses a page that no app has registered.
func (s *Server) RefuseStranger(w http.ResponseWriter, r *http.Request) {
	s.writeOAuthError(w, r, errForeignPage)
}

// Fail answers as a server that is broken, for a fault.
func (s *Server) Fail(w http.ResponseWriter, r *http.Request, status int) {
	s.writeOAuthError(w, r, newOAuthError(status, errTemporaryOutage.Code, errTemporaryOutage.KOE, "An injected fault."))
}

// routes is the table of the authorization server. Pages may call what is open:
// Kakao lets them read the token endpoint and the documents.
func (s *Server) routes(login *authServer, tokens *tokenServer) http.Handler {
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
			account.ServeAvatar(w, r, login.registry.Directory().UsersByID)
		}},
	}
	mux := http.NewServeMux()
	for _, route := range table {
		var handler http.Handler = route.handler
		handler = s.onlyMethods(route.methods, handler)
		if route.open {
			handler = web.WithCORS(handler, route.methods...)
		}
		mux.Handle(route.path, handler)
	}
	nothing := pages.NothingHere(func(w http.ResponseWriter, r *http.Request) { s.writeOAuthError(w, r, errWrongURL) })
	mux.HandleFunc("/", nothing)
	return web.AsWritten(mux, nothing)
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

// checkPage refuses pages of other sites than an app registered at the
// authorization server. An unknown app is refused elsewhere.
func checkPage(d *registry.Directory, r *http.Request, clientID string) *oauthError {
	app := d.AppsByKey[clientID]
	if app == nil || web.MayCall(app, r) {
		return nil
	}
	return errForeignPage.describing("The origin " + web.Shorten(r.Header.Get("Origin")) + " is not registered: add it to the site domains of the app.")
}

// errForeignPage refuses a page that no app has registered. Kakao documents no
// error for it.
var errForeignPage = newOAuthError(http.StatusForbidden, "access_denied", "", "Pages of this origin may not call: register it as a site domain of the app.")

// automaticUser is who logs in without a page, or nil.
func (s *authServer) automaticUser(request *authorizeRequest) *config.User {
	user := request.directory.UsersByID[s.automatic()]
	if user == nil || request.prompted(promptNone) {
		return nil
	}
	if hinted := request.directory.UserByHint(request.loginHint); hinted != nil {
		return hinted
	}
	return user
}
