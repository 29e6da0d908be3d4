package server

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// maxTokenRequest bounds a token request, in bytes.
const maxTokenRequest = 16 << 10

// storeTimeout is how long a login or renewal that Kakao has granted waits for
// a store that cannot take it. Its tokens are nowhere else.
const storeTimeout = 30 * time.Second

// userIDTimeout bounds the question whose token it is. The login does not wait
// longer for an answer that it can do without.
const userIDTimeout = 3 * time.Second

// tokenRequest is the body of POST /token.
type tokenRequest struct {
	Code         string `json:"code"`
	CodeVerifier string `json:"code_verifier"`
	RedirectURI  string `json:"redirect_uri"`
	Nonce        string `json:"nonce"`
}

// tokenResponse is the answer to POST /token and POST /refresh: the token
// response of RFC 6749, section 5.1, without the refresh token, which never
// leaves the server. How long that one lives is no secret, and pages of the
// legacy SDK read it.
type tokenResponse struct {
	TokenType   string `json:"token_type"`
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"`
	Scope       string `json:"scope"`
	IDToken     string `json:"id_token,omitempty"`
	// RefreshTokenExpiresIn is in seconds, as Kakao's own answer has it. It is
	// missing where Kakao has not said.
	RefreshTokenExpiresIn int64 `json:"refresh_token_expires_in,omitempty"`
}

// responseOf is what the page learns of a login.
func responseOf(l *session.Login, idToken string) tokenResponse {
	return tokenResponse{
		TokenType:   l.TokenType,
		AccessToken: l.AccessToken,
		ExpiresIn:   l.ExpiresIn(),
		Scope:       l.Scope,
		IDToken:     idToken,

		RefreshTokenExpiresIn: l.RefreshTokenExpiresIn(),
	}
}

// loggedIn is the result of exchanging a code.
type loggedIn struct {
	session session.Session
	idToken string
	// superseded says that the browser had a session before, which is over.
	superseded bool
}

// token answers POST /token: it exchanges a code, begins the session and hands
// out the access token.
func (s *Server) token(w http.ResponseWriter, r *http.Request) error {
	req, err := s.readTokenRequest(w, r)
	if err != nil {
		return err
	}
	result, err := s.redeem(r.Context(), req, s.cookies.sessionID(r))
	if err != nil {
		return err
	}
	s.cookies.set(w, result.session.ID, s.sessions.Deadline(result.session.Login))
	if result.superseded {
		s.cookies.clearEarlier(w, r)
	}
	web.WriteJSON(w, http.StatusOK, responseOf(&result.session.Login, result.idToken))
	return nil
}

// redeem exchanges a code once, however often, and wherever among the processes
// that share the store, it is posted at the same time. It goes on when the
// caller is gone, since the code is used up by then: the page that posts it
// again gets the result.
func (s *Server) redeem(ctx context.Context, req tokenRequest, before string) (result loggedIn, err error) {
	end, err := s.background.begin()
	if err != nil {
		return loggedIn{}, err
	}
	defer end()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.requestTimeout())
	defer cancel()
	err = s.exclusively(ctx, "exchange", codeKey(req.Code), func(ctx context.Context) (err error) {
		result, err = s.firstResult(ctx, req, before)
		if errors.Is(err, store.ErrNotFound) {
			result, err = s.logIn(ctx, req, before)
		}
		return err
	})
	return result, err
}

// logIn exchanges a code at Kakao and begins the session, in place of the one
// that the same browser had before.
func (s *Server) logIn(ctx context.Context, req tokenRequest, before string) (loggedIn, error) {
	if err := s.checkWritable(ctx); err != nil {
		return loggedIn{}, err
	}
	g, err := s.kakao.Exchange(ctx, rest.ExchangeRequest{
		RedirectURI: req.RedirectURI, Code: req.Code, CodeVerifier: req.CodeVerifier,
	})
	if err != nil {
		return loggedIn{}, err
	}
	u, err := s.identify(ctx, g, req.Nonce)
	l := session.NewLogin(g, req.Nonce, u.ID, u.Nickname, u.Email)
	if err == nil {
		err = s.admit(ctx, userOf(&l))
	}
	if err != nil {
		s.endTokens(ctx, l)
		return loggedIn{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	begun, err := s.sessions.Create(ctx, l)
	if err != nil {
		s.endTokens(ctx, l) // Nobody will ever have them.
		return loggedIn{}, err
	}
	result := loggedIn{session: begun, idToken: g.IDToken.Reveal(), superseded: s.supersede(ctx, before)}
	s.remember(ctx, req, result)
	s.tell(ctx, notifyLogin, about(l))
	return result, nil
}

// checkWritable is the failure of what is to be written where writing has failed for
// a while and still does. It keeps Kakao from being asked for what could not be
// kept: a code that was not sent can be sent later.
func (s *Server) checkWritable(ctx context.Context) error {
	if _, outage := s.health.IsFailing(); !outage {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	return s.sessions.Failure(ctx, "probe", s.health.Probe(ctx))
}

// supersede ends the session that a login takes the place of. One that the store
// would not end is a login of its own, which ends by time: the new login has
// nothing in common with it. It reports whether there was one, and it has ended.
func (s *Server) supersede(ctx context.Context, before string) (ended bool) {
	_, err := s.sessions.End(ctx, before)
	if err != nil && !errors.Is(err, session.ErrLoginRequired) {
		s.log.WarnContext(ctx, "the session before a login lives on until it expires", "error", err)
	}
	return err == nil
}

// identify verifies the ID token of an exchange and returns who logged in.
// Without one it asks Kakao, and puts up with no answer.
func (s *Server) identify(ctx context.Context, g upstream.Grant, nonce string) (User, error) {
	if !g.IDToken.IsZero() {
		claims, err := s.idTokens.VerifyLogin(ctx, g.IDToken.Reveal(), nonce)
		if err != nil {
			return User{}, idTokenFailure(err)
		}
		return User{ID: claims.Subject, Nickname: claims.Nickname, Email: claims.Email}, nil
	}
	if nonce != "" && kakao.HasScope(g.Scope, "openid") {
		return User{}, idTokenFailure(errors.New("openid was granted and no ID token came"))
	}
	ctx, cancel := context.WithTimeout(ctx, userIDTimeout)
	defer cancel()
	userID, err := s.kakao.UserID(ctx, g.AccessToken)
	if err != nil {
		s.log.WarnContext(ctx, "the user of a login is not known", "error", err)
	}
	return User{ID: userID}, nil
}

// readTokenRequest reads and checks the body of POST /token.
func (s *Server) readTokenRequest(w http.ResponseWriter, r *http.Request) (tokenRequest, error) {
	var req tokenRequest
	if web.MediaType(r) != "application/json" {
		return req, web.InvalidRequest(http.StatusUnsupportedMediaType, "expected the header Content-Type: application/json")
	}
	err := json.UnmarshalRead(http.MaxBytesReader(w, r.Body, maxTokenRequest), &req, json.RejectUnknownMembers(true))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return req, web.InvalidRequest(http.StatusRequestEntityTooLarge, "expected a body of at most 16 KB")
	}
	if err != nil {
		return req, web.InvalidRequest(http.StatusBadRequest, "expected one JSON object with the members code, redirect_uri, code_verifier and optionally nonce, all strings, and no others")
	}
	return req, s.checkTokenRequest(req)
}

// tokenRequestForms are the forms of the members of a token request, which no
// honest page breaks.
var tokenRequestForms = []struct {
	value    func(tokenRequest) string
	form     *regexp.Regexp
	expected string
}{
	{
		func(r tokenRequest) string { return r.Code },
		regexp.MustCompile(`^[\x21-\x7e]{1,1000}$`),
		"expected in code the authorization code that Kakao sent to the redirect URI",
	},
	{
		// RFC 7636, section 4.1.
		func(r tokenRequest) string { return r.CodeVerifier },
		regexp.MustCompile(`^([A-Za-z0-9._~-]{43,128})?$`),
		verifierExpected,
	},
	{
		func(r tokenRequest) string { return r.Nonce },
		regexp.MustCompile(`^[\x20-\x7e]{0,512}$`),
		"expected in nonce at most 512 printable ASCII characters",
	},
}

const verifierExpected = "expected in code_verifier 43 to 128 characters from A-Z a-z 0-9 - . _ ~ (RFC 7636, section 4.1)"

// checkTokenRequest checks the members of a token request. A page that sends its
// users to a redirect URI of its own, as pages of the legacy SDK do, may have no
// verifier; a flow that the SDK completes always has one.
func (s *Server) checkTokenRequest(req tokenRequest) error {
	for _, member := range tokenRequestForms {
		if !member.form.MatchString(member.value(req)) {
			return web.InvalidRequest(http.StatusBadRequest, member.expected)
		}
	}
	if !slices.Contains(s.redirectURIs, req.RedirectURI) {
		return &web.Failure{Status: http.StatusBadRequest, OAuthError: kakao.OAuthError{
			Code:        contract.CodeInvalidRequest,
			Description: "redirect_uri is not one of the server's; use its own callback, or add the URI to the server's redirect URIs exactly as it was sent to Kakao",
		}}
	}
	if req.CodeVerifier == "" && req.RedirectURI == s.redirectURIs[0] {
		return web.InvalidRequest(http.StatusBadRequest, verifierExpected)
	}
	return nil
}
