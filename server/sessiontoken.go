package server

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

const (
	// sessionTokenLife is how long a token about a session lives at most: so long
	// it outlives a logout.
	sessionTokenLife = 5 * time.Minute
	// keysMaxAge is how long anybody may keep the shown keys, in seconds. The next
	// key is there a week before it signs.
	keysMaxAge = "300"
	// maxAudience bounds an audience, and maxSessionTokenRequest the body that
	// names one, in bytes.
	maxAudience            = 512
	maxSessionTokenRequest = 4 << 10
)

// TokenAudience says for which back end pages of an origin may have tokens about
// their session.
type TokenAudience struct {
	// Origin is that of the asking page: an allowed one.
	Origin string
	// Audience names the back end, which compares it with the aud of the token:
	// its own address, by custom.
	Audience string
}

// sessionTokenResponse is the answer to POST /session/token.
type sessionTokenResponse struct {
	Token     string `json:"token"`
	TokenType string `json:"token_type"`
	ExpiresIn int64  `json:"expires_in"` // in seconds
}

// sessionToken answers POST /session/token: a short-lived token about the session
// that any back end verifies by itself, with an ordinary library and the keys of
// GET /.well-known/jwks.json (RFC 7519). The session cookie never leaves this
// host; a page gives a back end elsewhere this token in its place.
func (s *Server) sessionToken(w http.ResponseWriter, r *http.Request) error {
	audience, err := s.audienceOf(w, r)
	if err != nil {
		return err
	}
	found, err := s.sessions.Named(r.Context(), s.cookies.sessionID(r))
	if err != nil {
		return err
	}
	if err := s.sessions.Use(r.Context(), found); err != nil {
		return err
	}
	now := time.Now()
	expiry := s.sessionTokenExpiry(found, now)
	if !expiry.After(now) {
		return session.ErrLoginRequired
	}
	token, err := s.signing.Sign(r.Context(), jwt.MapClaims{
		"iss": s.at.origin + s.at.base, "aud": audience, "sub": found.UserID, "sid": found.SID, "scope": found.Scope,
		"iat": now.Unix(), "exp": expiry.Unix(), "auth_time": found.CreatedAt.Unix(), "jti": rand.Text(),
	})
	if err != nil {
		return session.StoreFailure("signing keys", err)
	}
	web.WriteJSON(w, http.StatusOK, sessionTokenResponse{
		Token: token, TokenType: "Bearer", ExpiresIn: expiry.Unix() - now.Unix(),
	})
	return nil
}

// sessionTokenExpiry is when a token that is made now expires, in whole seconds.
func (s *Server) sessionTokenExpiry(of session.Session, now time.Time) time.Time {
	expiry := now.Add(sessionTokenLife)
	if end := s.sessions.Expiry(of.Login); end.Before(expiry) {
		expiry = end
	}
	return expiry.Truncate(time.Second)
}

// audienceOf is the back end for which a page asks for a token: the one that the
// request names, or the first one that there is for pages of its origin. One
// token is for one back end, which could otherwise use it at another.
func (s *Server) audienceOf(w http.ResponseWriter, r *http.Request) (string, error) {
	wanted, err := readAudience(w, r)
	if err != nil {
		return "", err
	}
	origin := cmp.Or(r.Header.Get("Origin"), s.at.origin)
	for _, configured := range s.cfg.TokenAudiences {
		if configured.Origin == origin && (wanted == "" || wanted == configured.Audience) {
			return configured.Audience, nil
		}
	}
	return "", errNoAudience
}

// errNoAudience is the failure of a page that may not have the token that it asks
// for (RFC 8693, section 2.2.2).
var errNoAudience = &web.Failure{Status: http.StatusBadRequest, OAuthError: kakao.OAuthError{
	Code: contract.CodeInvalidTarget, Description: "there is no such audience for pages of this origin; add both to the server's token audiences",
}}

// readAudience reads the body of a request for a token, which may be empty.
func readAudience(w http.ResponseWriter, r *http.Request) (string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSessionTokenRequest))
	var wanted struct {
		Audience string `json:"audience"`
	}
	switch {
	case err == nil && len(body) == 0:
		return "", nil
	case err != nil || web.MediaType(r) != "application/json" || json.Unmarshal(body, &wanted) != nil:
		return "", web.InvalidRequest(http.StatusBadRequest, "expected no body, or the header Content-Type: application/json and an object with the member audience, a string")
	}
	return wanted.Audience, nil
}

// jwks answers GET /.well-known/jwks.json: the keys that verify the tokens
// (RFC 7517, section 5).
func (s *Server) jwks(w http.ResponseWriter, r *http.Request) error {
	set, err := s.signing.Public(r.Context())
	if err != nil {
		return session.StoreFailure("signing keys", err)
	}
	w.Header().Set("Cache-Control", "public, max-age="+keysMaxAge)
	web.WriteJSON(w, http.StatusOK, set)
	return nil
}

// discovery answers GET /.well-known/openid-configuration: as much as libraries
// need that verify tokens and find the keys by the issuer (OpenID Connect
// Discovery 1.0, section 3). Nobody can log in by it: that is Kakao's.
func (s *Server) discovery(w http.ResponseWriter, _ *http.Request) error {
	issuer := s.at.origin + s.at.base
	w.Header().Set("Cache-Control", "public, max-age="+keysMaxAge)
	web.WriteJSON(w, http.StatusOK, map[string]any{
		"issuer": issuer, "jwks_uri": issuer + contract.PathJWKS,
		"id_token_signing_alg_values_supported": []string{s.cfg.TokenAlgorithm},
		"subject_types_supported":               []string{"public"},
		"response_types_supported":              []string{},
		"claims_supported":                      []string{"iss", "aud", "sub", "sid", "scope", "iat", "exp", "auth_time", "jti"},
	})
	return nil
}

// checkTokenAudience accepts an audience for pages that may call.
func checkTokenAudience(a TokenAudience, pages web.Origins) error {
	if !pages.Allows(a.Origin) {
		return expected("expected the server's own origin or an allowed one, got %q; add it to the allowed origins",
			"서버 자신의 오리진이나 허용된 오리진이어야 하는데 %q입니다. 허용된 오리진에 추가하세요", a.Origin)
	}
	if a.Audience == "" || len(a.Audience) > maxAudience || strings.ContainsFunc(a.Audience, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return expected("expected an audience of 1 to %d visible ASCII characters, such as https://api.example.com, got %q",
			"audience는 https://api.example.com과 같이 ASCII 문자 1자 이상 %d자 이하여야 하는데 %q입니다", maxAudience, a.Audience)
	}
	return nil
}
