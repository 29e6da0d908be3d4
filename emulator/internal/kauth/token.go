package kauth

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// tokenServer is the part of the authorization server that programs call: the
// token endpoint, and what is said of ID tokens and their keys.
type tokenServer struct {
	answers
	registry *registry.Registry
	store    *store.Store
	webhooks *webhook.Webhooks
	keys     *signing.Keys
	quotas   *Quotas
	now      func() time.Time
	// platform says by which origins a request knows the emulator.
	platform func(*http.Request) kakao.Platform
}

// tokenResponse is the answer of the token endpoint. Source: Kakao Login >
// REST API > Getting tokens, Refreshing tokens.
type tokenResponse struct {
	TokenType             string `json:"token_type"`
	AccessToken           string `json:"access_token"`
	ExpiresIn             int64  `json:"expires_in"`
	RefreshToken          string `json:"refresh_token,omitempty"`
	RefreshTokenExpiresIn int64  `json:"refresh_token_expires_in,omitempty"`
	Scope                 string `json:"scope,omitempty"`
	IDToken               string `json:"id_token,omitempty"`
}

// tokenRequest is an authenticated request to the token endpoint.
type tokenRequest struct {
	app  *config.App
	form url.Values
	// platform is who signs ID tokens, fault how that is made to go wrong.
	platform kakao.Platform
	fault    fault.Fault
	ttl      store.Lifetimes
}

// grantType is one function of the token endpoint.
type grantType struct {
	call  catalog.Call
	serve func(*tokenServer, *tokenRequest) (tokenResponse, *oauthError)
}

var grantTypes = map[string]grantType{
	"authorization_code": {catalog.Exchange, (*tokenServer).exchangeCode},
	"refresh_token":      {catalog.Refresh, (*tokenServer).refreshTokens},
}

// token is the token endpoint.
func (s *tokenServer) token(w http.ResponseWriter, r *http.Request) {
	form, refusal := tokenForm(r)
	if refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	grant, known := grantTypes[form.Get("grant_type")]
	if known {
		defer s.store.Answered(form.Get("grant_type"))
	}
	d := s.registry.Directory()
	if refusal := checkPage(d, r, form.Get("client_id")); refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	app, refusal := authenticateClient(d, form)
	switch {
	case refusal != nil:
	case !known:
		refusal = grantTypeProblem(form)
	default:
		refusal = missingParameter(grant.call, form)
	}
	if refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	response, refusal := grant.serve(s, &tokenRequest{
		app: app, form: form, platform: s.platform(r), fault: fault.Of(r),
		ttl: store.Lifetimes{Access: time.Duration(d.AccessTokenTTL), Refresh: time.Duration(d.RefreshTokenTTL)},
	})
	if refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	web.WriteJSON(w, http.StatusOK, response)
}

// tokenForm reads the parameters, from the body as the reference has it or
// from the query, which Kakao takes too.
func tokenForm(r *http.Request) (url.Values, *oauthError) {
	if r.Header.Get("Content-Type") != "" && !isForm(r.Header) {
		return nil, errContentType
	}
	if err := r.ParseForm(); err != nil || repeats(r.Form) {
		return nil, errForm
	}
	return r.Form, nil
}

// isForm reports whether a body holds parameters.
func isForm(header http.Header) bool {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded"
}

func grantTypeProblem(form url.Values) *oauthError {
	if form.Get("grant_type") == "" {
		return errMissing.describing("Missing required parameter: grant_type")
	}
	return errGrantType
}

// missingParameter names the first parameter that a call requires and a form
// lacks.
func missingParameter(call catalog.Call, form url.Values) *oauthError {
	for _, p := range call.Params {
		switch {
		case !p.Required || form.Get(p.Name) != "":
		case p.Name == "refresh_token":
			return errNoRefreshToken
		default:
			return errMissing.describing("Missing required parameter: " + p.Name)
		}
	}
	return nil
}

// authenticateClient finds the app by either of its keys and checks its client
// secret, if it has one.
func authenticateClient(d *registry.Directory, form url.Values) (*config.App, *oauthError) {
	app, refusal := client(d, form)
	if refusal != nil {
		return nil, refusal
	}
	if app.AsksForSecret() && !sameSecret(form.Get("client_secret"), app.ClientSecret) {
		return nil, errClientSecret
	}
	return app, nil
}

func sameSecret(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// exchangeCode is grant type authorization_code (RFC 6749, section 4.1.3). The
// code is spent by the attempt, so that nobody can try verifiers on it.
func (s *tokenServer) exchangeCode(t *tokenRequest) (tokenResponse, *oauthError) {
	if l, ok := s.store.CodeLink(t.form.Get("code"), t.app.ID); ok && !s.quotas.allow(t.app, l, true, s.now()) {
		return tokenResponse{}, errTooMany
	}
	code, ok := s.store.TakeCode(t.form.Get("code"), t.app.ID)
	_, user, registered := s.registry.Directory().Registered(code.Grant.Link)
	switch {
	case !ok || !registered: // Kakao's own message repeats the code
		return tokenResponse{}, errCode
	case code.RedirectURI != t.form.Get("redirect_uri"):
		return tokenResponse{}, errURIMismatch.comparing("redirect_uri", t.form.Get("redirect_uri"), []string{code.RedirectURI}, t.app)
	}
	if refusal := verifyPKCE(code.Challenge, t.form.Get("code_verifier")); refusal != nil {
		return tokenResponse{}, refusal
	}
	if t.app.LoginOff {
		return tokenResponse{}, errLoginOff
	}
	issued := s.store.IssueTokens(code.Grant, t.ttl)
	s.webhooks.Send(s.registry.Directory(), code.Grant.Link, catalog.EventTokenIssued, nil)
	response, refusal := s.respond(t, user, issued, code.Grant.Nonce)
	response.Scope = s.grantedScope(t.app, code.Grant)
	return response, refusal
}

// verifyPKCE compares a code verifier with the challenge of the authorization
// request (RFC 7636, section 4.6). A verifier without a challenge is refused
// too, against downgrade (RFC 9700, section 2.1.1).
func verifyPKCE(challenge, verifier string) *oauthError {
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		return errStrayVerifier
	case verifier == "":
		return errNoVerifier
	case !sameSecret(kakao.ChallengeS256(verifier), challenge):
		return errVerifier
	}
	return nil
}

// refreshTokens is grant type refresh_token (RFC 6749, section 6).
func (s *tokenServer) refreshTokens(t *tokenRequest) (tokenResponse, *oauthError) {
	value := t.form.Get("refresh_token")
	found, ok := s.store.RefreshToken(value, t.app.ID)
	now := s.now()
	if ok && !s.quotas.allow(t.app, found.Grant.Link, found.InLastMonth(now), now) {
		return tokenResponse{}, errTooMany
	}
	renewed, ok := s.store.Renew(value, t.app.ID, t.ttl)
	_, user, registered := s.registry.Directory().Registered(renewed.Grant.Link)
	if !ok || !registered {
		return tokenResponse{}, errRefreshToken
	}
	// A renewed ID token has no nonce (OpenID Connect Core 1.0, section 12.2).
	return s.respond(t, user, renewed, "")
}

// respond turns tokens into an answer, with an ID token if openid was granted.
func (s *tokenServer) respond(t *tokenRequest, user *config.User, issued store.Tokens, nonce string) (tokenResponse, *oauthError) {
	response := tokenResponse{
		TokenType:   "bearer",
		AccessToken: issued.Access,
		// The reference shows 43199 for 12 hours.
		ExpiresIn: int64(t.ttl.Access/time.Second) - 1,
	}
	if issued.Refresh != "" {
		response.RefreshToken = issued.Refresh
		response.RefreshTokenExpiresIn = int64(t.ttl.Refresh / time.Second)
	}
	if !issued.Grant.OpenID {
		return response, nil
	}
	idToken, err := s.idToken(t, user, issued, nonce)
	if err != nil {
		s.log.Error("ID token not signed", "error", err)
		return tokenResponse{}, errTemporaryOutage
	}
	response.IDToken = idToken
	return response, nil
}

// grantedScope lists what the tokens of a grant may read, in alphabetical order.
func (s *tokenServer) grantedScope(app *config.App, g store.Grant) string {
	linked, _ := s.store.Connection(g.Link)
	var granted []string
	for _, scope := range app.Scopes {
		if _, agreed := linked.Scopes[scope.ID]; agreed {
			granted = append(granted, scope.ID)
		}
	}
	slices.Sort(granted)
	if g.OpenID {
		granted = append([]string{config.ScopeOpenID}, granted...)
	}
	return strings.Join(granted, " ")
}
