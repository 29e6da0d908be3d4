package emulator

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// restAPI is the REST API of a platform, "kapi".
type restAPI struct {
	answers
	registry *registry.Registry
	store    *store.Store
	webhooks *webhook.Webhooks
	messages *eventlog.Log[TalkMessage]
	now      func() time.Time
	// platform says by which origins a request knows the emulator.
	platform func(*http.Request) kakao.Platform
}

// endpoint is one call of the REST API: the catalogue says what it takes and
// who may call it, serve answers it.
type endpoint struct {
	call  catalog.Call
	serve func(*restAPI, *apiCall) (any, *apiError)
	// early tells that the call is open for users who are only preregistered.
	early bool
}

// endpoints is the REST API.
var endpoints = []endpoint{
	{call: catalog.Me, serve: (*restAPI).userMe, early: true},
	{call: catalog.Logout, serve: (*restAPI).logout, early: true},
	{call: catalog.Unlink, serve: (*restAPI).unlink, early: true},
	{call: catalog.TokenInfo, serve: (*restAPI).accessTokenInfo, early: true},
	{call: catalog.Signup, serve: (*restAPI).signup, early: true},
	{call: catalog.UpdateProfile, serve: (*restAPI).updateProfile},
	{call: catalog.UserIDs, serve: (*restAPI).userIDs},
	{call: catalog.AppUsers, serve: (*restAPI).appUsers},
	{call: catalog.ShippingAddresses, serve: (*restAPI).shippingAddresses},
	{call: catalog.Scopes, serve: (*restAPI).userScopes},
	{call: catalog.RevokeScopes, serve: (*restAPI).revokeScopes},
	{call: catalog.ServiceTerms, serve: (*restAPI).userTerms},
	{call: catalog.RevokeServiceTerms, serve: (*restAPI).revokeTerms},
	{call: catalog.UpgradeServiceTerms, serve: (*restAPI).upgradeTerms},
	{call: catalog.ServiceTermsV1, serve: (*restAPI).serviceTerms},
	{call: catalog.UserInfo, serve: (*restAPI).userInfo},
	{call: catalog.TalkProfile, serve: (*restAPI).talkProfile},
	{call: catalog.Friends, serve: (*restAPI).friends},
	{call: catalog.FriendsV1, serve: (*restAPI).friends},
	{call: catalog.SendMemo, serve: (*restAPI).sendMemo},
	{call: catalog.SendScrapMemo, serve: (*restAPI).sendMemo},
	{call: catalog.SendDefaultMemo, serve: (*restAPI).sendMemo},
	{call: catalog.SendMessage, serve: (*restAPI).sendMessage},
	{call: catalog.SendScrapMessage, serve: (*restAPI).sendMessage},
	{call: catalog.SendDefaultMessage, serve: (*restAPI).sendMessage},
	{call: catalog.Channels, serve: (*restAPI).channels},
	{call: catalog.ChannelsV1, serve: (*restAPI).channelsV1},
	{call: catalog.PlusFriends, serve: (*restAPI).plusFriends},
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

// routes registers the table.
func (a *restAPI) routes() http.Handler {
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
	nothing := a.nothingHere(a.refuseAPI(errNoAPI))
	byPath["/"] = nothing
	for path, handler := range byPath {
		mux.Handle(path, handler)
	}
	return web.AsWritten(mux, nothing)
}

func (a answers) refuseAPI(refusal *apiError) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { a.writeAPIError(w, r, refusal) }
}

// serveEndpoint answers one path: method, caller, parameters, then the call
// itself.
func (a *restAPI) serveEndpoint(point endpoint) http.Handler {
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
func (a *restAPI) prepare(point endpoint, r *http.Request) (*apiCall, *apiError) {
	if refusal := parseForm(r); refusal != nil {
		return nil, refusal
	}
	c := &apiCall{call: point.call, directory: a.registry.Directory(), platform: a.platform(r), language: language.OfRequest(r)}
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
func (a *restAPI) authenticate(c *apiCall, point endpoint, r *http.Request) (catalog.Auth, *apiError) {
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

func (a *restAPI) byAccessToken(c *apiCall, token string) *apiError {
	found, ok := a.store.Lookup(token)
	if !ok {
		return errNoToken
	}
	var registered bool
	c.token = found
	c.app, c.user, registered = c.directory.Registered(found.Grant.Link)
	switch {
	case !registered:
		return errNoToken
	case !a.now().Before(found.Expires):
		return errTokenExpired
	}
	return nil
}

// findUser completes a call with the user whom it is about: that of the token,
// or the one that target_id names.
func (a *restAPI) findUser(c *apiCall, point endpoint) *apiError {
	if c.user == nil {
		c.user = c.directory.UserOf(c.app.ID, given[int64](c, "target_id"))
	}
	if c.user == nil {
		return errNotLinked
	}
	var linked bool
	c.linked, linked = a.store.Connection(c.link())
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
func (a answers) writeAPIError(w http.ResponseWriter, r *http.Request, refusal *apiError) {
	a.log.Info("refused", "method", r.Method, "path", r.URL.Path, "status", refusal.status, "code", refusal.Code)
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
