package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
)

const pathUserInfo = "/v1/oidc/userinfo"

// endpoint is one call of the REST API.
type endpoint struct {
	path       string
	methods    []string
	admin      bool // an admin key may call it too, for a target_id
	parameters []parameter
	serve      func(*Emulator, *call) (any, *apiError)
}

// parameter is a rule for one request parameter.
type parameter struct {
	name     string
	required bool
	parse    func(string) (any, error)
}

var (
	onlyGet   = []string{http.MethodGet}
	onlyPost  = []string{http.MethodPost}
	getOrPost = []string{http.MethodGet, http.MethodPost}
)

// endpoints is the REST API. Source: Kakao Login > REST API; for the first
// version of the terms Kakao Login > JavaScript SDK v1.
var endpoints = []endpoint{
	{path: "/v2/user/me", methods: getOrPost, admin: true, serve: (*Emulator).userMe, parameters: []parameter{
		{name: "secure_resource", parse: parseBool},
		{name: "property_keys", parse: parseJSONStrings},
	}},
	{path: "/v1/user/logout", methods: onlyPost, admin: true, serve: (*Emulator).logout},
	{path: "/v1/user/unlink", methods: onlyPost, admin: true, serve: (*Emulator).unlink},
	{path: "/v1/user/access_token_info", methods: onlyGet, serve: (*Emulator).accessTokenInfo},
	{path: "/v2/user/scopes", methods: onlyGet, admin: true, serve: (*Emulator).userScopes, parameters: []parameter{
		{name: "scopes", parse: parseStrings},
	}},
	{path: "/v2/user/revoke/scopes", methods: onlyPost, admin: true, serve: (*Emulator).revokeScopes, parameters: []parameter{
		{name: "scopes", required: true, parse: parseStrings},
	}},
	{path: "/v1/user/service/terms", methods: onlyGet, admin: true, serve: (*Emulator).serviceTerms, parameters: []parameter{
		{name: "extra", parse: parseOneOf("app_service_terms")},
	}},
	{path: "/v2/user/service_terms", methods: onlyGet, admin: true, serve: (*Emulator).userTerms, parameters: []parameter{
		{name: "result", parse: parseOneOf(resultAgreed, resultApp)},
		{name: "tags", parse: parseTags},
	}},
	{path: "/v2/user/revoke/service_terms", methods: onlyPost, admin: true, serve: (*Emulator).revokeTerms, parameters: []parameter{
		{name: "tags", required: true, parse: parseTags},
	}},
	{path: "/v2/user/upgrade/service_terms", methods: onlyPost, admin: true, serve: (*Emulator).upgradeTerms, parameters: []parameter{
		{name: "tags", required: true, parse: parseTags},
	}},
	{path: pathUserInfo, methods: onlyGet, serve: (*Emulator).userInfo},
}

// call is an authenticated request with parsed parameters.
type call struct {
	app      *App
	user     *User
	linked   connection
	language language
	// token is what authenticated the call; its grant is nil if an admin key
	// did.
	token      issuedToken
	parameters map[string]any
}

// given returns a parameter, or the zero value if it was left out.
func given[T any](c *call, name string) T {
	value, _ := c.parameters[name].(T)
	return value
}

// apiError is an error object of the REST API with its status.
type apiError struct {
	kakao.APIError
	status int
}

func newAPIError(status, code int, msg string) *apiError {
	return &apiError{kakao.APIError{Code: code, Msg: msg}, status}
}

// Error codes of the REST API. Source: REST API > Response code, and Kakao
// Login > Troubleshooting.
const (
	codeArgument     = -2
	codeNotRevocable = -3
	codeNotLinked    = -101
	codeProperty     = -201
	codeUnauthorized = -401
)

var (
	errNoToken      = newAPIError(http.StatusUnauthorized, codeUnauthorized, "this access token does not exist")
	errTokenExpired = newAPIError(http.StatusUnauthorized, codeUnauthorized, "this access token is already expired")
	errAdminKey     = newAPIError(http.StatusUnauthorized, codeUnauthorized, "appKey does not exist")
	errNotLinked    = newAPIError(http.StatusBadRequest, codeNotLinked, "NotRegisteredUserException")
	errTooLarge     = newAPIError(http.StatusRequestEntityTooLarge, codeArgument, "the request body is larger than 64 KB")
	errAPIForm      = newAPIError(http.StatusBadRequest, codeArgument, "the request parameters are not form-urlencoded")
	errNoAPI        = newAPIError(http.StatusNotFound, codeArgument, "this API does not exist. check out the path")
)

// apiRoutes registers the table.
func (e *Emulator) apiRoutes() http.Handler {
	mux := http.NewServeMux()
	for _, point := range endpoints {
		mux.Handle(point.path, e.serveEndpoint(point))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.writeAPIError(w, r, errNoAPI) })
	return mux
}

// serveEndpoint answers one path: method, caller, parameters, then the call
// itself.
func (e *Emulator) serveEndpoint(point endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(point.methods, r.Method) {
			w.Header().Set("Allow", strings.Join(point.methods, ", "))
			e.writeAPIError(w, r, newAPIError(http.StatusMethodNotAllowed, codeArgument,
				"Request method is not supported. use "+strings.Join(point.methods, " or ")))
			return
		}
		c, refusal := e.prepare(point, r)
		if refusal != nil {
			e.writeAPIError(w, r, refusal)
			return
		}
		answer, refusal := point.serve(e, c)
		if refusal != nil {
			e.writeAPIError(w, r, refusal)
			return
		}
		writeJSON(w, http.StatusOK, answer)
	})
}

// prepare authenticates a request and parses its parameters.
func (e *Emulator) prepare(point endpoint, r *http.Request) (*call, *apiError) {
	if refusal := parseForm(r); refusal != nil {
		return nil, refusal
	}
	c, refusal := e.authenticate(point, r)
	if refusal != nil {
		return nil, refusal
	}
	c.language = pageLanguage(r)
	c.parameters = map[string]any{}
	for _, p := range point.parameters {
		value, refusal := p.read(r.Form)
		if refusal != nil {
			return nil, refusal
		}
		c.parameters[p.name] = value
	}
	return c, nil
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

// authenticate finds out who calls: a user by an access token (RFC 6750,
// section 2.1) or, where the table allows it, an app by its admin key.
func (e *Emulator) authenticate(point endpoint, r *http.Request) (*call, *apiError) {
	scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	var c *call
	var refusal *apiError
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		c, refusal = e.byAccessToken(strings.TrimSpace(credential))
	case strings.EqualFold(scheme, "KakaoAK") && point.admin:
		c, refusal = e.byAdminKey(strings.TrimSpace(credential), r.Form)
	default:
		refusal = errNoToken
	}
	if refusal != nil {
		return nil, refusal
	}
	if refusal := c.app.checkOrigin(r.Header.Get("Origin")); refusal != nil {
		return nil, refusal
	}
	linked, ok := e.store.connection(c.app, c.user)
	if !ok {
		return nil, errNotLinked
	}
	c.linked = linked
	return c, nil
}

func (e *Emulator) byAccessToken(token string) (*call, *apiError) {
	found, ok := e.store.lookup(token)
	switch {
	case !ok:
		return nil, errNoToken
	case !e.now().Before(found.expires):
		return nil, errTokenExpired
	}
	return &call{app: found.grant.app, user: found.grant.user, token: found}, nil
}

// targetParameters name the user whom a call with an admin key is about.
var targetParameters = []parameter{
	{name: "target_id_type", required: true, parse: parseOneOf("user_id")},
	{name: "target_id", required: true, parse: parseLong},
}

func (e *Emulator) byAdminKey(key string, form url.Values) (*call, *apiError) {
	app := e.cfg.appByAdminKey(key)
	if app == nil {
		return nil, errAdminKey
	}
	var target any
	for _, p := range targetParameters {
		value, refusal := p.read(form)
		if refusal != nil {
			return nil, refusal
		}
		target = value
	}
	id, _ := target.(int64)
	user := e.cfg.userByID(id)
	if user == nil {
		return nil, errNotLinked
	}
	return &call{app: app, user: user}, nil
}

// checkOrigin refuses pages of other sites than the app registered.
func (a *App) checkOrigin(origin string) *apiError {
	if origin == "" || len(a.SiteDomains) == 0 || slices.Contains(a.SiteDomains, origin) {
		return nil
	}
	return newAPIError(http.StatusUnauthorized, codeUnauthorized,
		"domain mismatched! caller="+shorten(origin)+". check out registered web domains.")
}

// read takes a parameter from a form and parses it by its rule. It is nil if
// an optional parameter was left out.
func (p parameter) read(form url.Values) (any, *apiError) {
	raw := form.Get(p.name)
	if raw == "" {
		if p.required {
			return nil, newAPIError(http.StatusBadRequest, codeArgument, p.name+" is required")
		}
		return nil, nil
	}
	value, err := p.parse(raw)
	if err != nil {
		return nil, newAPIError(http.StatusBadRequest, codeArgument, "wrong parameter type: "+p.name+" must be "+err.Error())
	}
	return value, nil
}

// Parsers of parameter values. Their errors say what would have been right.

func parseBool(s string) (any, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, errors.New("true or false")
}

func parseLong(s string) (any, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil, errors.New("a whole number")
	}
	return n, nil
}

func parseJSONStrings(s string) (any, error) {
	var list []string
	if err := json.Unmarshal([]byte(s), &list); err != nil || list == nil {
		return nil, errors.New(`a JSON array of strings such as ["a","b"]`)
	}
	return list, nil
}

// parseStrings takes the JSON array of the samples or the comma-separated list
// of the parameter's description.
func parseStrings(s string) (any, error) {
	if strings.HasPrefix(strings.TrimSpace(s), "[") {
		return parseJSONStrings(s)
	}
	return splitList(s), nil
}

func parseTags(s string) (any, error) {
	tags := splitList(s)
	if tags == nil {
		return nil, errors.New("tags separated by commas")
	}
	return tags, nil
}

func parseOneOf(allowed ...string) func(string) (any, error) {
	return func(s string) (any, error) {
		if !slices.Contains(allowed, s) {
			return nil, fmt.Errorf("one of %s", strings.Join(allowed, ", "))
		}
		return s, nil
	}
}

// maxReported is how much of a caller's own words an error message repeats, in
// bytes.
const maxReported = 64

// shorten keeps what a caller sent from filling an error message.
func shorten(s string) string {
	if len(s) > maxReported {
		return strings.ToValidUTF8(s[:maxReported], "") + "..."
	}
	return s
}

// writeAPIError answers with an error object of the REST API.
func (e *Emulator) writeAPIError(w http.ResponseWriter, r *http.Request, refusal *apiError) {
	e.log.Info("refused", "method", r.Method, "path", r.URL.Path, "status", refusal.status, "code", refusal.Code)
	if refusal.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`) // RFC 6750, section 3
	}
	writeJSON(w, refusal.status, refusal.APIError)
}
