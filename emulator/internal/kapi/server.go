// Package kapi is the REST API of a platform: it answers the calls of the catalogue
// with the statuses, error objects and members that Kakao documents. Each resource
// has a file, and endpoints is the table of all.
//
// It knows nothing of the pages by which users log in.
package kapi

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Setup is what the REST API works on.
type Setup struct {
	Log      *slog.Logger
	Registry *registry.Registry
	Store    *store.Store
	Webhooks *webhook.Webhooks
	Messages *eventlog.Log[TalkMessage]
	Now      func() time.Time
	// platform says by which origins a request knows the emulator.
	Platform func(*http.Request) kakao.Platform
}

// Server is the REST API of a platform, "kapi".
type Server struct {
	Setup
	handler http.Handler
}

// New makes the API of a platform.
func New(s Setup) *Server {
	api := &Server{Setup: s}
	// Pages may call it: checkOrigin tells whose.
	api.handler = web.WithCORS(api.routes(), http.MethodGet, http.MethodPost, http.MethodDelete)
	return api
}

// ServeHTTP answers the paths of the API.
func (a *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// endpoint is one call of the REST API: the catalogue says what it takes and
// who may call it, serve answers it.
type endpoint struct {
	call  catalog.Call
	serve func(*Server, *apiCall) (any, *apiError)
	// early tells that the call is open for users who are only preregistered.
	early bool
}

// endpoints is the REST API.
var endpoints = []endpoint{
	{call: catalog.Me, serve: (*Server).userMe, early: true},
	{call: catalog.Logout, serve: (*Server).logout, early: true},
	{call: catalog.Unlink, serve: (*Server).unlink, early: true},
	{call: catalog.TokenInfo, serve: (*Server).accessTokenInfo, early: true},
	{call: catalog.Signup, serve: (*Server).signup, early: true},
	{call: catalog.UpdateProfile, serve: (*Server).updateProfile},
	{call: catalog.UserIDs, serve: (*Server).userIDs},
	{call: catalog.AppUsers, serve: (*Server).appUsers},
	{call: catalog.ShippingAddresses, serve: (*Server).shippingAddresses},
	{call: catalog.Scopes, serve: (*Server).userScopes},
	{call: catalog.RevokeScopes, serve: (*Server).revokeScopes},
	{call: catalog.ServiceTerms, serve: (*Server).userTerms},
	{call: catalog.RevokeServiceTerms, serve: (*Server).revokeTerms},
	{call: catalog.UpgradeServiceTerms, serve: (*Server).upgradeTerms},
	{call: catalog.ServiceTermsV1, serve: (*Server).serviceTerms},
	{call: catalog.UserInfo, serve: (*Server).userInfo},
	{call: catalog.TalkProfile, serve: (*Server).talkProfile},
	{call: catalog.Friends, serve: (*Server).friends},
	{call: catalog.FriendsV1, serve: (*Server).friends},
	{call: catalog.SendMemo, serve: (*Server).sendMemo},
	{call: catalog.SendScrapMemo, serve: (*Server).sendMemo},
	{call: catalog.SendDefaultMemo, serve: (*Server).sendMemo},
	{call: catalog.SendMessage, serve: (*Server).sendMessage},
	{call: catalog.SendScrapMessage, serve: (*Server).sendMessage},
	{call: catalog.SendDefaultMessage, serve: (*Server).sendMessage},
	{call: catalog.Channels, serve: (*Server).channels},
	{call: catalog.ChannelsV1, serve: (*Server).channelsV1},
	{call: catalog.PlusFriends, serve: (*Server).plusFriends},
}

// aliases are other paths of calls, which samples of the reference use.
var aliases = map[string]string{
	"/v2/internal/user/upgrade/service_terms": catalog.UpgradeServiceTerms.Path,
}

// apiCall is an authenticated request with parsed parameters.
type apiCall struct {
	// call is what was called.
	call      catalog.Call
	directory *registry.Directory
	platform  kakao.Platform
	language  language.Tag
	app       *config.App
	// user and linked are whom the call is about; nil for calls about an app.
	user   *config.User
	linked store.Connection
	// token is what authenticated the call; its grant has no ID if an admin key
	// did.
	token      store.IssuedToken
	parameters map[string]any
}

// link is the pair that the call is about.
func (c *apiCall) link() store.Link { return store.Link{App: c.app.ID, User: c.user.ID} }

// userID is the service user ID of whom the call is about.
func (c *apiCall) userID() int64 { return c.user.ServiceUserIDs[c.app.ID] }

// given returns a parameter, or the zero value if it was left out.
func given[T any](c *apiCall, name string) T {
	value, _ := c.parameters[name].(T)
	return value
}

// apiError is an error object of the REST API with its status.
type apiError struct {
	kakao.APIError
	status int
}

// refuse is an error of the catalogue with the message that tells it apart.
func refuse(e catalog.Error, msg string) *apiError {
	return &apiError{kakao.APIError{Code: e.Code, Msg: msg}, e.Status}
}

// Refusals whose message is always the same. Source: REST API > Error code, and
// Kakao Login > Troubleshooting.
var (
	errNoKey        = refuse(catalog.ErrToken, "no authentication key!")
	errNoToken      = refuse(catalog.ErrToken, "this access token does not exist")
	errTokenExpired = refuse(catalog.ErrToken, "this access token is already expired")
	errAdminKey     = refuse(catalog.ErrToken, "appKey does not exist")
	errNotLinked    = refuse(catalog.ErrNotLinked, "NotRegisteredUserException")
	errAPIForm      = refuse(catalog.ErrArgument, "the request parameters are not form-urlencoded")
	errTooLarge     = &apiError{kakao.APIError{Code: catalog.ErrArgument.Code, Msg: "the request body is larger than 64 KB"}, http.StatusRequestEntityTooLarge}
	errNoAPI        = &apiError{kakao.APIError{Code: catalog.ErrArgument.Code, Msg: "this API does not exist. check out the path"}, http.StatusNotFound}
	errNotPlayed    = refuse(catalog.ErrDisabled, "the emulator does not play this API: it is outside Kakao Login and KakaoTalk")
)

// RefuseStranger refuses a page that no app has registered.
func (a *Server) RefuseStranger(w http.ResponseWriter, r *http.Request) {
	a.writeAPIError(w, r, domainMismatch(r.Header.Get("Origin")))
}

// Fail answers as an API that is broken, for a fault.
func (a *Server) Fail(w http.ResponseWriter, r *http.Request, status int) {
	a.writeAPIError(w, r, &apiError{kakao.APIError{Code: catalog.ErrInternal.Code, Msg: "an injected fault"}, status})
}

// routes registers the table.
func (a *Server) routes() http.Handler {
	mux := http.NewServeMux()
	byPath := map[string]http.Handler{}
	for _, point := range endpoints {
		byPath[point.call.Path] = a.serveEndpoint(point)
	}
	for alias, path := range aliases {
		byPath[alias] = byPath[path]
	}
	for _, other := range catalog.SDKCalls() {
		byPath[other.Path] = a.refuseAPI(errNotPlayed)
	}
	nothing := pages.NothingHere(a.refuseAPI(errNoAPI))
	byPath["/"] = nothing
	for path, handler := range byPath {
		mux.Handle(path, handler)
	}
	return web.AsWritten(mux, nothing)
}

func (a *Server) refuseAPI(refusal *apiError) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { a.writeAPIError(w, r, refusal) }
}

// serveEndpoint answers one path: method, caller, parameters, then the call
// itself.
func (a *Server) serveEndpoint(point endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(point.call.Methods, r.Method) {
			w.Header().Set("Allow", strings.Join(point.call.Methods, ", "))
			a.writeAPIError(w, r, &apiError{kakao.APIError{
				Code: catalog.ErrArgument.Code,
				Msg:  "Request method is not supported. use " + strings.Join(point.call.Methods, " or "),
			}, http.StatusMethodNotAllowed})
			return
		}
		c, refusal := a.prepare(point, r)
		if refusal != nil {
			a.writeAPIError(w, r, refusal)
			return
		}
		answer, refusal := point.serve(a, c)
		if refusal != nil {
			a.writeAPIError(w, r, refusal)
			return
		}
		web.WriteJSON(w, http.StatusOK, answer)
	})
}

// prepare authenticates a request and parses its parameters.
func (a *Server) prepare(point endpoint, r *http.Request) (*apiCall, *apiError) {
	if refusal := parseForm(r); refusal != nil {
		return nil, refusal
	}
	c := &apiCall{call: point.call, directory: a.Registry.Directory(), platform: a.Platform(r), language: language.OfRequest(r)}
	auth, refusal := a.authenticate(c, point, r)
	if refusal != nil {
		return nil, refusal
	}
	if c.parameters, refusal = parseParameters(point.call.ParamsFor(auth), r.Form); refusal != nil {
		return nil, refusal
	}
	if point.call.Targets() || auth == catalog.ByUserToken {
		refusal = a.findUser(c, point)
	}
	return c, refusal
}

func parseForm(r *http.Request) *apiError {
	var tooLarge *http.MaxBytesError
	switch err := r.ParseForm(); {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case err != nil:
		return errAPIForm
	}
	return nil
}

// credentialOf is what a parsed request proves its right with. Kakao documents
// the header only, but older clients, such as passport-kakao, send their access
// token as a parameter (RFC 6750, sections 2.2 and 2.3). The header comes first.
func credentialOf(r *http.Request) (scheme, credential string) {
	header, token := r.Header.Get("Authorization"), r.Form.Get("access_token")
	if header == "" && token != "" {
		return catalog.ByUserToken.Scheme(), token
	}
	scheme, credential, _ = strings.Cut(header, " ")
	return scheme, strings.TrimSpace(credential)
}

// authenticate finds out which app calls and how: for a user by an access token
// or, where the catalogue allows it, by its admin key.
func (a *Server) authenticate(c *apiCall, point endpoint, r *http.Request) (catalog.Auth, *apiError) {
	scheme, credential := credentialOf(r)
	auth := catalog.ByUserToken
	if strings.EqualFold(scheme, catalog.ByAdminKey.Scheme()) {
		auth = catalog.ByAdminKey
	}
	var refusal *apiError
	switch {
	case scheme == "":
		refusal = errNoKey
	case !strings.EqualFold(scheme, auth.Scheme()) || !slices.Contains(point.call.Auth, auth):
		refusal = errNoToken
	case auth == catalog.ByAdminKey:
		if c.app = c.directory.AppsByAdminKey[credential]; c.app == nil {
			refusal = errAdminKey
		}
	default:
		refusal = a.byAccessToken(c, credential)
	}
	if refusal != nil {
		return auth, refusal
	}
	return auth, checkOrigin(c.app, r)
}

func (a *Server) byAccessToken(c *apiCall, token string) *apiError {
	found, ok := a.Store.Lookup(token)
	if !ok {
		return errNoToken
	}
	var registered bool
	c.token = found
	c.app, c.user, registered = c.directory.Registered(found.Grant.Link)
	switch {
	case !registered:
		return errNoToken
	case !a.Now().Before(found.Expires):
		return errTokenExpired
	}
	return nil
}

// findUser completes a call with the user whom it is about: that of the token,
// or the one that target_id names.
func (a *Server) findUser(c *apiCall, point endpoint) *apiError {
	if c.user == nil {
		c.user = c.directory.UserOf(c.app.ID, given[int64](c, "target_id"))
	}
	if c.user == nil {
		return errNotLinked
	}
	var linked bool
	c.linked, linked = a.Store.Connection(c.link())
	if !linked || c.linked.Preregistered && !point.early {
		return errNotLinked
	}
	return nil
}

// parseParameters reads the parameters of a call from a form. An optional one
// that was left out, or left empty, is not in the result.
func parseParameters(params []catalog.Param, form url.Values) (map[string]any, *apiError) {
	parsed := map[string]any{}
	for _, p := range params {
		raw := form.Get(p.Name)
		if raw == "" {
			if p.Required && p.Default == "" {
				return nil, refuse(catalog.ErrArgument, p.Name+" is required")
			}
			continue
		}
		value, err := p.Parse(raw)
		if err != nil {
			return nil, refuse(catalog.ErrArgument, "wrong parameter type: "+err.Error())
		}
		parsed[p.Name] = value
	}
	return parsed, nil
}

// listOf writes ids as Kakao's messages do, "[a, b]".
func listOf(ids []string) string {
	return "[" + web.Shorten(strings.Join(ids, ", ")) + "]"
}

// writeAPIError answers with an error object of the REST API.
func (a *Server) writeAPIError(w http.ResponseWriter, r *http.Request, refusal *apiError) {
	a.Log.Info("refused", "method", r.Method, "path", r.URL.Path, "status", refusal.status, "code", refusal.Code)
	if refusal.status == http.StatusUnauthorized {
		scheme := catalog.ByUserToken.Scheme() // RFC 6750, section 3
		if refusal == errAdminKey {
			scheme = catalog.ByAdminKey.Scheme()
		}
		w.Header().Set("WWW-Authenticate", scheme+` error="invalid_token"`)
	}
	web.WriteJSON(w, refusal.status, refusal.APIError)
}

// imageURLs are those of the user, secure or not. Kakao's names lead to the
// emulator over TLS only, so its own pictures without TLS are where it listens.
func (c *apiCall) imageURLs(secure bool) (image, thumbnail string) {
	if secure {
		return account.ImageURLs(c.user, c.platform, true)
	}
	return account.ImageURLs(c.user, c.directory.Platform(), false)
}
