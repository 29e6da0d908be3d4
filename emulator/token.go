package emulator

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
)

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

// grantTypes are the functions of the token endpoint.
var grantTypes = map[string]func(*Emulator, *App, url.Values) (tokenResponse, *oauthError){
	"authorization_code": (*Emulator).exchangeCode,
	"refresh_token":      (*Emulator).refreshTokens,
}

// token is the token endpoint. It sends no CORS header, as Kakao sends none:
// codes are exchanged by servers.
func (e *Emulator) token(w http.ResponseWriter, r *http.Request) {
	form, refusal := tokenForm(r)
	if refusal != nil {
		e.writeOAuthError(w, r, refusal)
		return
	}
	serve, known := grantTypes[form.Get("grant_type")]
	if known {
		defer e.store.answered(form.Get("grant_type"))
	}
	app, refusal := e.authenticateClient(form)
	if refusal != nil {
		e.writeOAuthError(w, r, refusal)
		return
	}
	if !known {
		e.writeOAuthError(w, r, grantTypeProblem(form))
		return
	}
	response, refusal := serve(e, app, form)
	if refusal != nil {
		e.writeOAuthError(w, r, refusal)
		return
	}
	writeJSON(w, http.StatusOK, response)
}

// tokenForm reads the parameters, from the body as the reference has it or
// from the query, which Kakao takes too.
func tokenForm(r *http.Request) (url.Values, *oauthError) {
	if contentType := r.Header.Get("Content-Type"); contentType != "" {
		media, _, err := mime.ParseMediaType(contentType)
		if err != nil || media != "application/x-www-form-urlencoded" {
			return nil, errContentType
		}
	}
	if err := r.ParseForm(); err != nil || repeats(r.Form) {
		return nil, errForm
	}
	return r.Form, nil
}

func grantTypeProblem(form url.Values) *oauthError {
	if form.Get("grant_type") == "" {
		return errNoGrantType
	}
	return errGrantType
}

// authenticateClient finds the app by either of its keys and checks its client
// secret, if it has one.
func (e *Emulator) authenticateClient(form url.Values) (*App, *oauthError) {
	app := e.cfg.appByKey(form.Get("client_id"))
	if app == nil {
		return nil, errClient
	}
	if app.ClientSecret != "" && !sameSecret(form.Get("client_secret"), app.ClientSecret) {
		return nil, errClientSecret
	}
	return app, nil
}

func sameSecret(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// exchangeCode is grant type authorization_code (RFC 6749, section 4.1.3). The
// code is spent by the attempt, so that nobody can try verifiers on it.
func (e *Emulator) exchangeCode(app *App, form url.Values) (tokenResponse, *oauthError) {
	switch {
	case form.Get("code") == "":
		return tokenResponse{}, errNoCode
	case form.Get("redirect_uri") == "":
		return tokenResponse{}, errTokenNoURI
	}
	code, ok := e.store.takeCode(form.Get("code"), app)
	switch {
	case !ok:
		return tokenResponse{}, errCode
	case code.redirectURI != form.Get("redirect_uri"):
		return tokenResponse{}, errURIMismatch
	}
	if refusal := verifyPKCE(code.challenge, form.Get("code_verifier")); refusal != nil {
		return tokenResponse{}, refusal
	}
	response, refusal := e.respond(e.store.issueTokens(code.grant), code.grant.nonce)
	response.Scope = e.grantedScope(code.grant)
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
func (e *Emulator) refreshTokens(app *App, form url.Values) (tokenResponse, *oauthError) {
	if form.Get("refresh_token") == "" {
		return tokenResponse{}, errNoRefreshToken
	}
	renewed, ok := e.store.renew(form.Get("refresh_token"), app)
	if !ok {
		return tokenResponse{}, errRefreshToken
	}
	// A renewed ID token has no nonce (OpenID Connect Core 1.0, section 12.2).
	return e.respond(renewed, "")
}

// respond turns tokens into an answer, with an ID token if openid was granted.
func (e *Emulator) respond(t tokens, nonce string) (tokenResponse, *oauthError) {
	response := tokenResponse{
		TokenType:   "bearer",
		AccessToken: t.access,
		// The reference shows 43199 for 12 hours.
		ExpiresIn: int64(time.Duration(e.cfg.AccessTokenTTL)/time.Second) - 1,
	}
	if t.refresh != "" {
		response.RefreshToken = t.refresh
		response.RefreshTokenExpiresIn = int64(time.Duration(e.cfg.RefreshTokenTTL) / time.Second)
	}
	if !t.grant.openID {
		return response, nil
	}
	idToken, err := e.idToken(t, nonce)
	if err != nil {
		return tokenResponse{}, errTemporaryOutage
	}
	response.IDToken = idToken
	return response, nil
}

// grantedScope lists what the tokens of a grant may read.
func (e *Emulator) grantedScope(g *grant) string {
	linked, _ := e.store.connection(g.app, g.user)
	var granted []string
	if g.openID {
		granted = append(granted, scopeOpenID)
	}
	for _, scope := range g.app.Scopes {
		if _, agreed := linked.scopes[scope.ID]; agreed {
			granted = append(granted, scope.ID)
		}
	}
	return strings.Join(granted, " ")
}
