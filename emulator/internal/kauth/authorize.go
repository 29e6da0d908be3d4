package kauth

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Values of the prompt parameter. Source: Kakao Login > REST API > Getting
// authorization code.
const (
	promptNone          = "none"
	promptLogin         = "login"
	promptCreate        = "create"
	promptSelectAccount = "select_account"
)

// authServer is the part of the authorization server, "kauth", that a browser goes
// through: the pages of a login and a logout, and what ends them.
type authServer struct {
	answers
	browsers
	registry *registry.Registry
	webhooks *webhook.Webhooks
	now      func() time.Time
	// automatic is who logs in without a page, see [World.AutoLogin], or 0.
	automatic func() int64
}

// authorizeRequest is an authorization request whose redirect URI can be
// trusted (RFC 6749, section 4.1.1).
type authorizeRequest struct {
	directory   *registry.Directory
	app         *config.App
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
	transaction store.Transaction
	language    language.Tag
	query       url.Values // as it came, to go on after the login
}

// visitor is the browser that asks, with the account that is logged in there.
type visitor struct {
	store.Session
	user     *config.User // nil if nobody is logged in
	authTime time.Time
	// accounts are all that are logged in, the current one first.
	accounts []*config.User
}

// visit looks up the accounts of a browser; those that are gone do not count.
func visit(d *registry.Directory, s store.Session) visitor {
	v := visitor{Session: s}
	for _, account := range s.Accounts {
		user := d.UsersByID[account.User]
		if user == nil {
			continue
		}
		if v.user == nil {
			v.user, v.authTime = user, account.At
		}
		v.accounts = append(v.accounts, user)
	}
	return v
}

// authorize begins or goes on with a login: it shows a page, or redirects with
// a code or an error.
func (s *authServer) authorize(w http.ResponseWriter, r *http.Request) {
	request, refusal := s.parseAuthorize(r.URL.RawQuery, r)
	if refusal != nil {
		s.showError(w, r, refusal)
		return
	}
	if refusal := request.check(); refusal != nil {
		s.redirectError(w, r, request, refusal)
		return
	}
	if automatic := s.automaticUser(request); automatic != nil {
		s.authorizeAutomatically(w, r, request, automatic)
		return
	}
	browser := visit(request.directory, s.browser(w, r))
	switch {
	case request.prompted(promptNone):
		s.authorizeSilently(w, r, request, browser)
	case request.prompted(promptCreate):
		again := s.takeRefill(w, r, "create.taken", "create.invalid")
		s.showCreate(w, request, browser, pages.CreateForm{Email: again.Email, Nickname: again.Nickname, Problem: again.Problem})
	case request.prompted(promptLogin), browser.user == nil:
		again := s.takeRefill(w, r, "login.nobody")
		s.showLogin(w, request, browser, pages.LoginForm{Email: cmp.Or(again.Email, request.loginHint), Unknown: again.Problem != ""})
	case request.prompted(promptSelectAccount) && len(browser.accounts) > 1:
		s.showChooser(w, request, browser)
	default:
		s.askOrRedirect(w, r, request, browser)
	}
}

func (a *authorizeRequest) prompted(value string) bool { return slices.Contains(a.prompts, value) }

// askOrRedirect shows the consent page if there is something to agree to, and
// ends the login otherwise.
func (s *authServer) askOrRedirect(w http.ResponseWriter, r *http.Request, request *authorizeRequest, browser visitor) {
	if asked := s.missingConsent(request, browser.user); asked.needed {
		s.showConsent(w, request, browser, asked)
		return
	}
	s.redirectCode(w, r, request, browser)
}

// authorizeSilently answers prompt=none, which must show no page (OpenID
// Connect Core 1.0, section 3.1.2.1).
func (s *authServer) authorizeSilently(w http.ResponseWriter, r *http.Request, request *authorizeRequest, browser visitor) {
	switch {
	case len(request.prompts) > 1:
		s.redirectError(w, r, request, errInteractionRequired)
	case browser.user == nil:
		s.redirectError(w, r, request, errLoginRequired)
	case s.missingConsent(request, browser.user).needed:
		s.redirectError(w, r, request, errConsentRequired)
	default:
		s.redirectCode(w, r, request, browser)
	}
}

// authorizeAutomatically plays a user who logs in and agrees to everything, see
// [World.AutoLogin].
func (s *authServer) authorizeAutomatically(w http.ResponseWriter, r *http.Request, request *authorizeRequest, user *config.User) {
	s.signIn(w, r, user, true)
	asked := s.missingConsent(request, user)
	s.agree(request, user, asked.ids(), asked.tags())
	s.redirectCode(w, r, request, visitor{user: user, authTime: s.now()})
}

// parseAuthorize reads a request as far as it decides where errors may go: what
// it refuses must not be redirected (RFC 6749, section 4.1.2.1).
func (s *authServer) parseAuthorize(rawQuery string, r *http.Request) (*authorizeRequest, *oauthError) {
	query, err := url.ParseQuery(rawQuery)
	if err != nil || repeats(query) {
		return nil, errMalformed
	}
	d := s.registry.Directory()
	app, refusal := client(d, query)
	redirectURI := query.Get("redirect_uri")
	switch {
	case refusal != nil:
		return nil, refusal
	case app.LoginOff:
		return nil, errLoginOff
	case redirectURI == "":
		return nil, errNoRedirectURI
	case !app.RedirectsTo(redirectURI):
		return nil, errRedirectURI.comparing("redirect_uri", redirectURI, app.RedirectURIs, app)
	}
	request := &authorizeRequest{
		directory:   d,
		app:         app,
		clientID:    query.Get("client_id"),
		redirectURI: redirectURI,
		state:       query.Get("state"),
		nonce:       query.Get("nonce"),
		challenge:   query.Get("code_challenge"),
		prompts:     requestedPrompts(query),
		loginHint:   query.Get("login_hint"),
		scopes:      splitList(query.Get("scope")),
		terms:       requestedTerms(query),
		transaction: store.TransactionOf(query),
		language:    language.Choose(query.Get("lang"), r),
		query:       query,
	}
	// An app with OpenID Connect gets an ID token also when it names no scope.
	request.openID = slices.Contains(request.scopes, config.ScopeOpenID) ||
		request.scopes == nil && app.OpenIDConnect
	return request, nil
}

// client finds the app that a request names by its REST API key or JavaScript
// key.
func client(d *registry.Directory, form url.Values) (*config.App, *oauthError) {
	key, sent := form.Get("client_id"), "null"
	if form.Has("client_id") {
		sent = web.Shorten(key)
	}
	switch {
	case d.AppsByKey[key] != nil:
		return d.AppsByKey[key], nil
	case d.AppsByAdminKey[key] != nil: // its name is a secret
		return nil, errKeyKind
	}
	return nil, errClient.describing("Not exist client_id ["+sent+"]").comparing("client_id", key, d.Keys(), nil)
}

// requestedPrompts are the values of prompt, or what its predecessor auth_type
// asks for.
func requestedPrompts(query url.Values) []string {
	if query.Get("auth_type") == "reauthenticate" && !query.Has("prompt") {
		return []string{promptLogin}
	}
	return splitList(query.Get("prompt"))
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
	{func(a *authorizeRequest) bool { return a.breaks("prompt") }, errPrompt},
	{func(a *authorizeRequest) bool {
		return a.breaks("code_challenge_method") || (a.challenge == "") != (a.query.Get("code_challenge_method") == "")
	}, errChallengeMethod},
	{func(a *authorizeRequest) bool { return a.challenge != "" && !challengeS256.MatchString(a.challenge) }, errChallenge},
	{func(a *authorizeRequest) bool { return a.transaction.TooLong() }, errTransaction},
}

func (a *authorizeRequest) check() *oauthError {
	for _, rule := range authorizeRules {
		switch {
		case !rule.broken(a):
		case rule.err == errScope || rule.err == errOpenIDOff:
			return a.unknownScope(rule.err)
		default:
			return rule.err
		}
	}
	return nil
}

// breaks reports whether a parameter has a value that the catalogue forbids.
func (a *authorizeRequest) breaks(name string) bool {
	value := a.query.Get(name)
	parameter, _ := catalog.Authorize.Param(name)
	_, err := parameter.Parse(value)
	return value != "" && err != nil
}

func (a *authorizeRequest) namesUnknownScope() bool {
	return slices.ContainsFunc(a.scopes, func(id string) bool {
		return id != config.ScopeOpenID && a.app.Scope(id) == nil
	})
}

// withPrompt is the address of the same request with another prompt, or with
// none: that goes on with it once somebody has logged in.
func (a *authorizeRequest) withPrompt(prompt string) string {
	query := maps.Clone(a.query)
	query.Del("prompt")
	query.Del("auth_type")
	if prompt != "" {
		query.Set("prompt", prompt)
	}
	return kakao.PathAuthorize + "?" + query.Encode()
}

// redirectCode ends a login: the app gets a code for whatever the user of the
// browser has agreed to. With the redirect URI of the JavaScript SDK the code is
// only to be polled.
func (s *authServer) redirectCode(w http.ResponseWriter, r *http.Request, request *authorizeRequest, browser visitor) {
	code := s.store.IssueCode(store.AuthorizationCode{
		Grant: store.Grant{
			Link:     store.Link{App: request.app.ID, User: browser.user.ID},
			ClientID: request.clientID,
			OpenID:   request.openID,
			Nonce:    request.nonce,
			AuthTime: browser.authTime,
		},
		RedirectURI: request.redirectURI,
		Challenge:   request.challenge,
	})
	s.keepAnswer(request, store.PolledCode(code))
	if request.redirectURI == config.RedirectSDK {
		s.showClosed(w, request, nil)
		return
	}
	redirectTo(w, r, request.redirectURI, request.state, url.Values{"code": {code}})
}

// redirectError tells the app that there will be no code (RFC 6749, section
// 4.1.2.1), as redirectCode tells it of one.
func (s *authServer) redirectError(w http.ResponseWriter, r *http.Request, request *authorizeRequest, refusal *oauthError) {
	s.logRefusal(r, refusal)
	refusal.explainTo(w.Header())
	s.keepAnswer(request, polledError(refusal))
	if request.redirectURI == config.RedirectSDK {
		s.showClosed(w, request, refusal)
		return
	}
	answer := url.Values{"error": {refusal.Code}, "error_description": {refusal.Description}}
	if refusal.KOE != "" {
		answer.Set("error_code", refusal.KOE)
	}
	redirectTo(w, r, request.redirectURI, request.state, answer)
}

// redirectTo sends the browser to an address of the app, keeping the query that
// the address has of its own. The answer has no body, as in the reference.
func redirectTo(w http.ResponseWriter, r *http.Request, address, state string, answer url.Values) {
	if state != "" {
		answer.Set("state", state)
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header["Content-Type"] = nil // or http.Redirect writes a page
	if len(answer) > 0 {
		separator := "?"
		if strings.Contains(address, "?") {
			separator = "&"
		}
		// "+" for a space is right in a form, but the reference writes %20.
		address += separator + strings.ReplaceAll(answer.Encode(), "+", "%20")
	}
	http.Redirect(w, r, address, http.StatusFound)
}
