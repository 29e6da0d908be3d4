package kauth

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// discovery is the metadata document (OpenID Connect Discovery 1.0, section 3).
func (s *tokenServer) discovery(w http.ResponseWriter, r *http.Request) {
	platform := s.platform(r)
	web.WriteJSON(w, http.StatusOK, map[string]any{
		"issuer":                                platform.Auth,
		"authorization_endpoint":                platform.Auth + kakao.PathAuthorize,
		"token_endpoint":                        platform.Auth + kakao.PathToken,
		"userinfo_endpoint":                     platform.API + catalog.UserInfo.Path,
		"jwks_uri":                              platform.Auth + kakao.PathJWKS,
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{jwt.SigningMethodRS256.Alg()},
		"request_uri_parameter_supported":       false,
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"code_challenge_methods_supported":      []string{"S256"},
		"claims_supported": []string{
			"iss", "aud", "sub", "auth_time", "exp", "iat", "nonce", "nickname", "picture", "email",
		},
	})
}

// idToken signs who logged in, for whom and when (OpenID Connect Core 1.0,
// section 2). The audience is the key that the authorization request named,
// and the token is valid as long as the access token beside it. Source: Kakao
// Login > REST API > ID token.
func (s *tokenServer) idToken(t *tokenRequest, user *config.User, issued store.Tokens, nonce string) (string, error) {
	g, skew := issued.Grant, time.Duration(t.fault.Skew)
	claims := jwt.MapClaims{
		"iss":       t.platform.Auth,
		"aud":       g.ClientID,
		"sub":       strconv.FormatInt(user.ServiceUserIDs[t.app.ID], 10),
		"iat":       s.now().Add(skew).Unix(),
		"exp":       issued.AccessExpires.Add(skew).Unix(),
		"auth_time": g.AuthTime.Add(skew).Unix(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	linked, _ := s.store.Connection(g.Link)
	_, thumbnail := account.ImageURLs(user, t.platform, true)
	personal := []struct{ claim, value string }{
		{"nickname", user.Nickname},
		{"picture", thumbnail},
		{"email", user.ValidEmail()},
	}
	for _, p := range personal {
		if p.value != "" && account.AllowsClaim(linked, p.claim) {
			claims[p.claim] = p.value
		}
	}
	key := s.keys.Current()
	if t.fault.WrongSignature {
		stranger, err := signing.New()
		if err != nil {
			return "", err
		}
		stranger.ID, key = key.ID, stranger
	}
	return key.Sign("JWT", claims)
}

// idTokenInfo is POST /oauth/tokeninfo: the claims of an ID token.
func (s *tokenServer) idTokenInfo(w http.ResponseWriter, r *http.Request) {
	form, refusal := tokenForm(r)
	if refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(form.Get("id_token"), claims, s.verificationKey,
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithIssuer(s.platform(r).Auth), jwt.WithTimeFunc(s.now))
	if refusal := idTokenProblem(err); refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	web.WriteJSON(w, http.StatusOK, claims)
}

func (s *tokenServer) verificationKey(token *jwt.Token) (any, error) {
	for _, key := range s.keys.All() {
		if key.ID == token.Header["kid"] {
			return &key.Private.PublicKey, nil
		}
	}
	return nil, jwt.ErrTokenUnverifiable
}

func idTokenProblem(err error) *oauthError {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return errIDTokenSignature
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return errIDTokenIssuer
	case errors.Is(err, jwt.ErrTokenExpired):
		return errIDTokenExpired
	}
	return errIDTokenForm
}

func (s *tokenServer) jwks(w http.ResponseWriter, _ *http.Request) {
	public := []signing.JWK{}
	for _, key := range s.keys.All() {
		public = append(public, key.Public())
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"keys": public})
}

// eventConfiguration describes the account webhook. Source: Kakao Login >
// Subscribe to security event, where delivery_methods_supported is one string.
func (s *tokenServer) eventConfiguration(w http.ResponseWriter, r *http.Request) {
	platform := s.platform(r)
	web.WriteJSON(w, http.StatusOK, map[string]string{
		"issuer":                     platform.Auth,
		"jwks_uri":                   platform.Auth + kakao.PathJWKS,
		"delivery_methods_supported": "http://schemas.openid.net/secevent/risc/delivery-method/push",
	})
}

const pathEventConfiguration = "/.well-known/sse-configuration"
