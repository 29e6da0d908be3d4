package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// maxTokenRequest bounds a token request, in bytes.
const maxTokenRequest = 16 << 10

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
// leaves the server.
type tokenResponse struct {
	TokenType   string `json:"token_type"`
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"`
	Scope       string `json:"scope"`
	IDToken     string `json:"id_token,omitempty"`
}

// response is what the page learns of a login.
func (l *login) response(idToken string) tokenResponse {
	return tokenResponse{
		TokenType:   l.TokenType,
		AccessToken: l.AccessToken,
		ExpiresIn:   l.expiresIn(),
		Scope:       l.Scope,
		IDToken:     idToken,
	}
}

// token answers POST /token: it exchanges a code, begins the session and hands
// out the access token.
func (s *Server) token(w http.ResponseWriter, r *http.Request) error {
	req, err := s.readTokenRequest(w, r)
	if err != nil {
		return err
	}
	g, err := s.kakao.exchange(r.Context(), req)
	if err != nil {
		return err
	}
	userID, err := s.identify(r.Context(), g, req.Nonce)
	if err != nil {
		return err
	}
	l := newLogin(g, userID)
	id, expiry, err := s.sessions.create(r.Context(), s.cookies.sessionID(r), l)
	if err != nil {
		return err
	}
	s.cookies.set(w, id, expiry)
	writeJSON(w, http.StatusOK, l.response(g.IDToken.Reveal()))
	return nil
}

// identify verifies the ID token of an exchange and returns who logged in.
// Without one it asks Kakao, and puts up with no answer.
func (s *Server) identify(ctx context.Context, g grant, nonce string) (string, error) {
	if !g.IDToken.IsZero() {
		claims, err := s.idTokens.verifyLogin(ctx, g.IDToken.Reveal(), nonce)
		if err != nil {
			return "", err
		}
		return claims.Subject, nil
	}
	if nonce != "" && kakao.HasScope(g.Scope, "openid") {
		return "", invalidIDToken(errors.New("openid was granted and no ID token came"))
	}
	ctx, cancel := context.WithTimeout(ctx, userIDTimeout)
	defer cancel()
	userID, err := s.kakao.userID(ctx, g.AccessToken)
	if err != nil {
		s.log.WarnContext(ctx, "the user of a login is not known", "error", err)
	}
	return userID, nil
}

// readTokenRequest reads and checks the body of POST /token.
func (s *Server) readTokenRequest(w http.ResponseWriter, r *http.Request) (tokenRequest, error) {
	var req tokenRequest
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return req, invalidRequest(http.StatusUnsupportedMediaType, "expected the header Content-Type: application/json")
	}
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxTokenRequest))
	body.DisallowUnknownFields()
	err := body.Decode(&req)
	if err == nil {
		_, err = body.Token()
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return req, invalidRequest(http.StatusRequestEntityTooLarge, "expected a body of at most 16 KB")
	}
	if !errors.Is(err, io.EOF) {
		return req, invalidRequest(http.StatusBadRequest, "expected one JSON object with the members code, redirect_uri, code_verifier and optionally nonce, all strings, and no others")
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
			return invalidRequest(http.StatusBadRequest, member.expected)
		}
	}
	if !slices.Contains(s.redirectURIs, req.RedirectURI) {
		return &failure{Status: http.StatusBadRequest, OAuthError: kakao.OAuthError{
			Code:        "invalid_request",
			Description: "redirect_uri is not one of the server's; use its own callback, or add the URI to the server's redirect URIs exactly as it was sent to Kakao",
		}}
	}
	if req.CodeVerifier == "" && req.RedirectURI == s.redirectURIs[0] {
		return invalidRequest(http.StatusBadRequest, verifierExpected)
	}
	return nil
}
