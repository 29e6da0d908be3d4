//go:build js

package main

import (
	"encoding/base64"
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// flow is one authorization that the SDK completes by itself. Its secrets never
// leave this page before the exchange.
type flow struct {
	state    string
	verifier string
	nonce    string // empty unless openid is asked for, or the page gave one
	openid   bool
	persist  bool
	ended    <-chan struct{} // of the SDK's life that it belongs to
}

// callbackURI is where the token server's relay page receives the answer.
func (s *sdk) callbackURI() string { return s.server + "/callback" }

// begin makes the secrets of a flow and puts them into its request: state, PKCE
// (RFC 7636) and, for openid, a nonce (OpenID Connect Core 1.0, section 3.1.2.1).
func (s *sdk) begin(kind kakao.Flow, returnTo string, in authSettings) (*flow, kakao.AuthorizeRequest) {
	f := &flow{
		state:    kakao.FlowState(kind, jsbridge.Random(kakao.RandomSize), returnTo),
		verifier: kakao.EncodeRandom(jsbridge.Random(kakao.RandomSize)),
		nonce:    in.Nonce,
		openid:   kakao.HasScope(in.Scope, "openid"),
		persist:  in.PersistAccessToken,
		ended:    s.auth,
	}
	if f.nonce == "" && f.openid {
		f.nonce = kakao.EncodeRandom(jsbridge.Random(kakao.RandomSize))
	}
	request := in.request(s)
	request.RedirectURI = s.callbackURI()
	request.State = f.state
	request.Nonce = f.nonce
	request.Challenge = kakao.ChallengeS256(f.verifier)
	return f, request
}

// complete turns the relay's or the polling's answer into a login: it checks the state, has the
// token server exchange the code, checks the nonce and keeps the token. It
// returns the token response for the page.
func (s *sdk) complete(f *flow, answer js.Value) (js.Value, *kakao.OAuthError) {
	if jsbridge.Text(answer, "state") != f.state {
		return js.Undefined(), &kakao.OAuthError{
			Code:        "state_mismatch",
			Description: "The answer belongs to another login and was dropped. Start the login again.",
		}
	}
	if e := readError(answer); e != nil {
		s.forgetAfter(e)
		return js.Undefined(), e
	}
	code := jsbridge.Text(answer, "code")
	if code == "" {
		return js.Undefined(), errNoCode
	}
	return s.exchange(f, exchangeBody(f, code, s.callbackURI()))
}

// exchange has the token server exchange a code, checks the nonce and keeps the
// token.
func (s *sdk) exchange(f *flow, request []any) (js.Value, *kakao.OAuthError) {
	if s.loggingOut != nil {
		<-s.loggingOut // or it would end this login
	}
	if isClosed(f.ended) {
		return js.Undefined(), errCleanedUp
	}
	unmark := s.tokens.markHeld(f.persist) // for a reload before the answer
	response, e := s.askForToken(request)
	if e == nil && !s.hasNonce(f, response) {
		jsbridge.Release(response)
		response, e = js.Undefined(), errNonceMismatch
		_, _ = s.ask(logoutPath, "", logoutTimeout)
	}
	if isClosed(f.ended) || e != nil && s.tokens.leaving {
		jsbridge.Release(response)
		return js.Undefined(), errCleanedUp
	}
	unmark()
	if e != nil {
		s.forgetAfter(e)
		return js.Undefined(), e
	}
	s.tokens.set(newAccessToken(response, f.persist), tokenSet)
	return response, nil
}

// hasNonce reports whether the ID token in response, if there must be one, holds
// the nonce that was asked for.
func (s *sdk) hasNonce(f *flow, response js.Value) bool {
	idToken := jsbridge.Text(response, "id_token")
	return f.nonce == "" || !f.openid && idToken == "" || idTokenNonce(idToken) == f.nonce
}

var errNonceMismatch = &kakao.OAuthError{
	Code:        "nonce_mismatch",
	Description: "The ID token was not made for this login and was dropped. Start the login again.",
}

// errNoCode ends a login whose answer says nothing.
var errNoCode = &kakao.OAuthError{
	Code:        "no_code",
	Description: "The answer held neither a code nor an error. Start the login again.",
}

// askForToken has the token server exchange a code.
func (s *sdk) askForToken(request []any) (js.Value, *kakao.OAuthError) {
	body, err := jsbridge.JSON(request...)
	if err != nil {
		return js.Undefined(), serverUnavailable("the request could not be written")
	}
	return s.ask(exchangePath, body, serverTimeout)
}

func exchangeBody(f *flow, code, redirectURI string) []any {
	body := []any{"code", code, "code_verifier", f.verifier, "redirect_uri", redirectURI}
	if f.nonce != "" {
		body = append(body, "nonce", f.nonce)
	}
	return body
}

// idTokenNonce reads the nonce of an ID token that the token server has
// verified. A token that cannot be read has none.
func idTokenNonce(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	claims, err := jsbridge.Call(jsbridge.Global("JSON"), "parse", string(payload))
	if err != nil || claims.Type() != js.TypeObject {
		return ""
	}
	defer jsbridge.Release(claims)
	return jsbridge.Text(claims, "nonce")
}

// forgetAfter drops an older token after an error of the platform, as the
// legacy SDK did: all but a user's refusal mean that it may be worth nothing.
func (s *sdk) forgetAfter(e *kakao.OAuthError) {
	switch e.Code {
	case "access_denied", "server_unavailable", "temporarily_unavailable", "no_code":
	default:
		s.tokens.set(nil, tokenRemoved)
	}
}
