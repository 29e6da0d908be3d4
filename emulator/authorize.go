package emulator

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const scopeOpenID = "openid"

// Values of the prompt parameter. Source: Kakao Login > REST API > Getting
// authorization code.
const (
	promptNone          = "none"
	promptLogin         = "login"
	promptCreate        = "create" // the emulator has no sign-up: shows the accounts
	promptSelectAccount = "select_account"
)

var prompts = []string{promptNone, promptLogin, promptCreate, promptSelectAccount}

// authorizeRequest is an authorization request whose redirect URI can be
// trusted (RFC 6749, section 4.1.1).
type authorizeRequest struct {
	app         *App
	clientID    string
	redirectURI string
	state       string
	nonce       string
	challenge   string
	prompts     []string
	loginHint   string
	scopes      []string // nil if the parameter was left out
	openID      bool
	terms       []string // nil if the parameter was left out
	transaction transaction
	language    language
	query       url.Values // as it came, to go on after the login
}

// authorize begins or goes on with a login: it shows the login page, shows the
// consent page, or redirects with a code or an error.
func (e *Emulator) authorize(w http.ResponseWriter, r *http.Request) {
	request, refusal := e.parseAuthorize(r)
	if refusal != nil {
		e.showError(w, r, refusal)
		return
	}
	if refusal := request.check(); refusal != nil {
		e.redirectError(w, r, request, refusal)
		return
	}
	browser := e.browser(w, r)
	if slices.Contains(request.prompts, promptNone) {
		e.authorizeSilently(w, r, request, browser)
		return
	}
	if browser.user == nil || len(request.prompts) > 0 {
		e.showLogin(w, request, browser, loginForm{email: request.loginHint})
		return
	}
	if asked := e.missingConsent(request, browser.user); asked.needed {
		e.showConsent(w, request, browser, asked)
		return
	}
	e.redirectCode(w, r, request, browser)
}

// authorizeSilently answers prompt=none, which must show no page (OpenID
// Connect Core 1.0, section 3.1.2.1).
func (e *Emulator) authorizeSilently(w http.ResponseWriter, r *http.Request, request *authorizeRequest, browser session) {
	switch {
	case len(request.prompts) > 1:
		e.redirectError(w, r, request, errInteractionRequired)
	case browser.user == nil:
		e.redirectError(w, r, request, errLoginRequired)
	case e.missingConsent(request, browser.user).needed:
		e.redirectError(w, r, request, errConsentRequired)
	default:
		e.redirectCode(w, r, request, browser)
	}
}

// parseAuthorize reads the request as far as it decides where errors may go:
// what it refuses must not be redirected (RFC 6749, section 4.1.2.1).
func (e *Emulator) parseAuthorize(r *http.Request) (*authorizeRequest, *oauthError) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || repeats(query) {
		return nil, errMalformed
	}
	app := e.cfg.appByKey(query.Get("client_id"))
	if app == nil {
		return nil, errClient
	}
	redirectURI := query.Get("redirect_uri")
	if redirectURI == "" {
		return nil, errNoRedirectURI
	}
	if !app.redirectsTo(redirectURI) {
		return nil, errRedirectURI
	}
	request := &authorizeRequest{
		app:         app,
		clientID:    query.Get("client_id"),
		redirectURI: redirectURI,
		state:       query.Get("state"),
		nonce:       query.Get("nonce"),
		challenge:   query.Get("code_challenge"),
		prompts:     splitList(query.Get("prompt")),
		loginHint:   query.Get("login_hint"),
		scopes:      splitList(query.Get("scope")),
		terms:       requestedTerms(query),
		transaction: transactionOf(query),
		language:    pageLanguage(r),
		query:       query,
	}
	// An app with OpenID Connect gets an ID token also when it names no scope.
	request.openID = slices.Contains(request.scopes, scopeOpenID) ||
		request.scopes == nil && app.OpenIDConnect
	return request, nil
}

// redirectsTo reports whether a redirect URI is registered. That of the
// JavaScript SDK is, for every app that has a key for it.
func (a *App) redirectsTo(uri string) bool {
	return slices.Contains(a.RedirectURIs, uri) || uri == redirectSDK && a.JavaScriptKey != ""
}

// requestedTerms are the tags that an authorization request names; the
// JavaScript SDK puts "extra." before the name. A parameter without a tag asks
// for no terms, a request without the parameter for all. Source: Kakao Login >
// REST API > Getting consent to desired service terms.
func requestedTerms(query url.Values) []string {
	for _, name := range []string{"service_terms", "extra.service_terms"} {
		if query.Has(name) {
			return append([]string{}, splitList(query.Get(name))...)
		}
	}
	return nil
}

// repeats reports whether a parameter appears more than once, which RFC 6749
// section 3.1 forbids.
func repeats(form url.Values) bool {
	for _, values := range form {
		if len(values) > 1 {
			return true
		}
	}
	return false
}

// splitList splits at commas and spaces, as Kakao takes both. The result is
// nil if nothing is left.
func splitList(s string) []string {
	list := strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' })
	if len(list) == 0 {
		return nil
	}
	return list
}

// challengeS256 is what method S256 can yield (RFC 7636, section 4.2).
var challengeS256 = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorizeRules are checked in order; the first that is broken is reported to
// the redirect URI.
var authorizeRules = []struct {
	broken func(*authorizeRequest) bool
	err    *oauthError
}{
	{func(a *authorizeRequest) bool { return a.query.Get("response_type") == "" }, errNoResponseType},
	{func(a *authorizeRequest) bool { return a.query.Get("response_type") == "token" }, errImplicit},
	{func(a *authorizeRequest) bool { return a.query.Get("response_type") != "code" }, errResponseType},
	{func(a *authorizeRequest) bool { return a.openID && !a.app.OpenIDConnect }, errOpenIDOff},
	{(*authorizeRequest).namesUnknownScope, errScope},
	{(*authorizeRequest).namesUnknownPrompt, errPrompt},
	{func(a *authorizeRequest) bool {
		method := a.query.Get("code_challenge_method")
		return a.challenge != "" && method != "S256" || a.challenge == "" && method != ""
	}, errChallengeMethod},
	{func(a *authorizeRequest) bool { return a.challenge != "" && !challengeS256.MatchString(a.challenge) }, errChallenge},
	{func(a *authorizeRequest) bool { return a.transaction.tooLong() }, errTransaction},
}

func (a *authorizeRequest) check() *oauthError {
	for _, rule := range authorizeRules {
		if rule.broken(a) {
			return rule.err
		}
	}
	return nil
}

func (a *authorizeRequest) namesUnknownScope() bool {
	return slices.ContainsFunc(a.scopes, func(id string) bool {
		return id != scopeOpenID && a.app.scope(id) == nil
	})
}

func (a *authorizeRequest) namesUnknownPrompt() bool {
	return slices.ContainsFunc(a.prompts, func(p string) bool { return !slices.Contains(prompts, p) })
}

// afterLogin is the address that goes on with the request once somebody has
// logged in: the same without what asked for the login page.
func (a *authorizeRequest) afterLogin(path string) string {
	query := url.Values{}
	for name, values := range a.query {
		if name != "prompt" {
			query[name] = values
		}
	}
	return path + "?" + query.Encode()
}

// redirectCode ends a login: the app gets a code for whatever the user of the
// browser has agreed to. With the redirect URI of the JavaScript SDK the code is
// only to be polled.
func (e *Emulator) redirectCode(w http.ResponseWriter, r *http.Request, request *authorizeRequest, browser session) {
	code := e.store.issueCode(authorizationCode{
		grant: &grant{
			app:      request.app,
			user:     browser.user,
			clientID: request.clientID,
			openID:   request.openID,
			nonce:    request.nonce,
			authTime: browser.authTime,
		},
		redirectURI: request.redirectURI,
		challenge:   request.challenge,
	})
	e.keepAnswer(request, polledCode(code))
	if request.redirectURI == redirectSDK {
		e.showClosed(w, request, nil)
		return
	}
	redirectTo(w, r, request, url.Values{"code": {code}})
}

// redirectError tells the app that there will be no code (RFC 6749, section
// 4.1.2.1), as redirectCode tells it of one.
func (e *Emulator) redirectError(w http.ResponseWriter, r *http.Request, request *authorizeRequest, refusal *oauthError) {
	e.logRefusal(r, refusal)
	e.keepAnswer(request, polledError(refusal))
	if request.redirectURI == redirectSDK {
		e.showClosed(w, request, refusal)
		return
	}
	answer := url.Values{"error": {refusal.Code}, "error_description": {refusal.Description}}
	if refusal.KOE != "" {
		answer.Set("error_code", refusal.KOE)
	}
	redirectTo(w, r, request, answer)
}

// redirectTo sends the browser to the redirect URI, keeping the query that the
// URI has of its own.
func redirectTo(w http.ResponseWriter, r *http.Request, request *authorizeRequest, answer url.Values) {
	if request.state != "" {
		answer.Set("state", request.state)
	}
	separator := "?"
	if strings.Contains(request.redirectURI, "?") {
		separator = "&"
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	// "+" for a space is right in a form, but the reference writes %20.
	query := strings.ReplaceAll(answer.Encode(), "+", "%20")
	http.Redirect(w, r, request.redirectURI+separator+query, http.StatusFound)
}
