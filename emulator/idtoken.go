package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/http"
	"strconv"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// signingKey signs ID tokens.
type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

func newSigningKey() (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("emulator: generate the signing key: %w", err)
	}
	sum := sha256.Sum256(private.N.Bytes())
	return &signingKey{id: hex.EncodeToString(sum[:15]), private: private}, nil
}

// jwk is a public key (RFC 7517). Source: Kakao Login > REST API > OIDC: Get
// public key.
type jwk struct {
	KeyID     string `json:"kid"`
	KeyType   string `json:"kty"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
}

func (e *Emulator) jwks(w http.ResponseWriter, _ *http.Request) {
	public := e.key.private.PublicKey
	writeJSON(w, http.StatusOK, map[string]any{"keys": []jwk{{
		KeyID:     e.key.id,
		KeyType:   "RSA",
		Algorithm: jwt.SigningMethodRS256.Alg(),
		Use:       "sig",
		Modulus:   base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
		Exponent:  base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
	}}})
}

// discovery is the metadata document (OpenID Connect Discovery 1.0, section 3).
func (e *Emulator) discovery(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                e.cfg.Issuer,
		"authorization_endpoint":                e.cfg.Issuer + kakao.PathAuthorize,
		"token_endpoint":                        e.cfg.Issuer + kakao.PathToken,
		"userinfo_endpoint":                     e.cfg.Issuer + pathUserInfo,
		"jwks_uri":                              e.cfg.Issuer + kakao.PathJWKS,
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
func (e *Emulator) idToken(t tokens, nonce string) (string, error) {
	g := t.grant
	claims := jwt.MapClaims{
		"iss":       e.cfg.Issuer,
		"aud":       g.clientID,
		"sub":       strconv.FormatInt(g.user.ID, 10),
		"iat":       e.now().Unix(),
		"exp":       t.accessExpires.Unix(),
		"auth_time": g.authTime.Unix(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	linked, _ := e.store.connection(g.app, g.user)
	_, thumbnail := e.imageURLs(g.user, true)
	personal := []struct{ claim, value string }{
		{"nickname", g.user.Nickname},
		{"picture", thumbnail},
		{"email", g.user.Email},
	}
	for _, p := range personal {
		if p.value != "" && linked.allowsClaim(p.claim) {
			claims[p.claim] = p.value
		}
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = e.key.id
	return token.SignedString(e.key.private)
}

// claimScopes says which consents open a claim; any of them does.
var claimScopes = map[string][]string{
	"name":         {"name"},
	"nickname":     {"profile", "profile_nickname"},
	"picture":      {"profile", "profile_image"},
	"email":        {"account_email"},
	"gender":       {"gender"},
	"birthday":     {"birthday"},
	"birthyear":    {"birthyear"},
	"phone_number": {"phone_number"},
}

func (c connection) allowsClaim(claim string) bool {
	for _, scope := range claimScopes[claim] {
		if _, agreed := c.scopes[scope]; agreed {
			return true
		}
	}
	return false
}
