package rest

import (
	"context"
	"fmt"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Metadata describes the OpenID provider. Source: Kakao Login > REST API >
// OIDC: Retrieving metadata; OpenID Connect Discovery 1.0 section 3.
type Metadata struct {
	Issuer                            string   `json:"issuer"`
	AuthorizationEndpoint             string   `json:"authorization_endpoint"`
	TokenEndpoint                     string   `json:"token_endpoint"`
	UserinfoEndpoint                  string   `json:"userinfo_endpoint"`
	JWKSURI                           string   `json:"jwks_uri"`
	TokenEndpointAuthMethodsSupported []string `json:"token_endpoint_auth_methods_supported"`
	SubjectTypesSupported             []string `json:"subject_types_supported"`
	IDTokenSigningAlgValuesSupported  []string `json:"id_token_signing_alg_values_supported"`
	RequestURIParameterSupported      bool     `json:"request_uri_parameter_supported"`
	ResponseTypesSupported            []string `json:"response_types_supported"`
	ResponseModesSupported            []string `json:"response_modes_supported"`
	GrantTypesSupported               []string `json:"grant_types_supported"`
	CodeChallengeMethodsSupported     []string `json:"code_challenge_methods_supported"`
	ClaimsSupported                   []string `json:"claims_supported"`
	Raw                               Raw      `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Metadata) UnmarshalJSON(data []byte) error { return decode(data, m) }

// Discovery reads the metadata of the platform. A document of another issuer is
// refused with [ErrIssuer] (OpenID Connect Discovery 1.0, section 4.3).
// Source: Kakao Login > REST API > OIDC: Retrieving metadata.
func (c *Client) Discovery(ctx context.Context) (Metadata, error) {
	found, err := invoke[Metadata](ctx, c.anybody(), catalog.Discovery, nil)
	if err == nil && found.Issuer != c.platform.Auth {
		return Metadata{}, fmt.Errorf("%s: %w", catalog.Discovery.Path, ErrIssuer)
	}
	return found, err
}

// JWKS are the public keys that verify ID tokens. Source: Kakao Login > REST
// API > OIDC: Getting public key; RFC 7517 section 5.
type JWKS struct {
	Keys []JWK `json:"keys"`
	Raw  Raw   `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (j *JWKS) UnmarshalJSON(data []byte) error { return decode(data, j) }

// JWK is one public key (RFC 7517, section 4; RFC 7518, section 6.3).
type JWK struct {
	KeyID     string `json:"kid"`
	KeyType   string `json:"kty"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
	Modulus   string `json:"n"` // base64url
	Exponent  string `json:"e"` // base64url
	Raw       Raw    `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (j *JWK) UnmarshalJSON(data []byte) error { return decode(data, j) }

// JWKS reads the public keys. Keep them: who asks too often may be blocked.
// Source: Kakao Login > REST API > OIDC: Getting public key.
func (c *Client) JWKS(ctx context.Context) (JWKS, error) {
	return invoke[JWKS](ctx, c.anybody(), catalog.JWKS, nil)
}

// UserInfo are the standard claims of a user. Source: Kakao Login > REST API >
// OIDC: Retrieving user information; OpenID Connect Core 1.0 section 5.3.
type UserInfo struct {
	// Sub is the service user ID as text. [UserClient.UserInfoOf] compares it with
	// that of the ID token.
	Sub                 string `json:"sub"`
	Name                string `json:"name"`
	Nickname            string `json:"nickname"`
	Picture             string `json:"picture"`
	Email               string `json:"email"`
	EmailVerified       bool   `json:"email_verified"`
	Gender              string `json:"gender"`    // FEMALE or MALE
	Birthdate           string `json:"birthdate"` // YYYY-MM-DD, YYYY or 0000-MM-DD
	PhoneNumber         string `json:"phone_number"`
	PhoneNumberVerified bool   `json:"phone_number_verified"`
	Raw                 Raw    `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UserInfo) UnmarshalJSON(data []byte) error { return decode(data, u) }

// UserInfo reads the standard claims of the user.
// Source: Kakao Login > REST API > OIDC: Retrieving user information.
func (u UserClient) UserInfo(ctx context.Context) (UserInfo, error) {
	return invoke[UserInfo](ctx, u.caller, catalog.UserInfo, nil)
}

// UserInfoOf reads the standard claims of the user whom a verified ID token names
// in sub. Claims about anybody else are refused with [ErrSubject], because the
// access token may have been put in the place of another
// (OpenID Connect Core 1.0, section 5.3.2).
// Source: Kakao Login > REST API > OIDC: Retrieving user information.
func (u UserClient) UserInfoOf(ctx context.Context, sub string) (UserInfo, error) {
	claims, err := u.UserInfo(ctx)
	if err == nil && (sub == "" || claims.Sub != sub) {
		return UserInfo{}, fmt.Errorf("%s: %w", catalog.UserInfo.Path, ErrSubject)
	}
	return claims, err
}

// IDTokenInfoRequest holds the ID token to decode.
type IDTokenInfoRequest struct {
	IDToken IDToken `kakao:"id_token"`
}

// IDTokenInfo is the payload of an ID token.
// Source: Kakao Login > REST API > OIDC: Retrieving ID token information.
type IDTokenInfo struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	// Sub is the service user ID as text.
	Sub       string   `json:"sub"`
	IssuedAt  UnixTime `json:"iat"`
	ExpiresAt UnixTime `json:"exp"`
	AuthTime  UnixTime `json:"auth_time"`
	Nonce     string   `json:"nonce"`
	Nickname  string   `json:"nickname"`
	Picture   string   `json:"picture"`
	Email     string   `json:"email"`
	Raw       Raw      `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (i *IDTokenInfo) UnmarshalJSON(data []byte) error { return decode(data, i) }

// IDTokenInfo has Kakao decode an ID token. It is for debugging only: Kakao may
// block other use, and a decoded token is not a verified one.
// Source: Kakao Login > REST API > OIDC: Retrieving ID token information.
func (c *Client) IDTokenInfo(ctx context.Context, req IDTokenInfoRequest) (IDTokenInfo, error) {
	return invoke[IDTokenInfo](ctx, c.anybody(), catalog.IDTokenInfo, req)
}

func (c *Client) anybody() caller { return caller{client: c, auth: catalog.ByNobody} }
