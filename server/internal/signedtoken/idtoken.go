package signedtoken

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// IDClaims are the claims of an ID token that the server looks at.
// Source: Kakao Login > REST API > ID token; OpenID Connect Core 1.0, section 2.
type IDClaims struct {
	jwt.RegisteredClaims
	Nonce string `json:"nonce"`
	// AuthorizedParty must be one of the app's own keys where it is there.
	AuthorizedParty *string `json:"azp"`
	// Nickname and Email are there with the user's consent.
	Nickname string `json:"nickname"`
	Email    string `json:"email"`
}

// UnmarshalJSON implements [json.Unmarshaler]; see readClaims.
func (c *IDClaims) UnmarshalJSON(claims []byte) error {
	type members IDClaims // has no UnmarshalJSON
	return readClaims(claims, (*members)(c))
}

// IDTokens verifies ID tokens (OpenID Connect Core 1.0, section 3.1.3.7).
type IDTokens struct{ verifier }

// NewIDTokens returns the verifier for one issuer and one app.
func NewIDTokens(a App, keys keyfunc.Keyfunc) IDTokens {
	return IDTokens{newVerifier(a, keys, jwt.WithExpirationRequired())}
}

// VerifyLogin verifies the ID token of an authorization code exchange: the
// token itself, and that it answers the request that carried this nonce. An
// empty nonce means that the page sent none, and then the token may hold none
// either.
func (v IDTokens) VerifyLogin(ctx context.Context, raw, nonce string) (*IDClaims, error) {
	claims, err := v.verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(claims.Nonce), []byte(nonce)) != 1 {
		return nil, invalid(errors.New("its nonce is not the one that was sent"))
	}
	return claims, nil
}

// Login is what a refreshed ID token must agree with.
type Login struct {
	Subject string // "" where it is not known
	// HadNonce reports whether a nonce may be that of the login's ID token.
	HadNonce func(nonce string) bool
}

// VerifyRefreshed verifies the ID token of a refresh response: it must name the
// user of the login, and may hold no other nonce than the login's (OpenID Connect
// Core 1.0, section 12.2).
func (v IDTokens) VerifyRefreshed(ctx context.Context, raw string, of Login) error {
	claims, err := v.verify(ctx, raw)
	if err != nil {
		return err
	}
	if of.Subject != "" && claims.Subject != of.Subject {
		return invalid(errors.New("its subject is not the user who logged in"))
	}
	if claims.Nonce != "" && !of.HadNonce(claims.Nonce) {
		return invalid(errors.New("its nonce is not the one of the login"))
	}
	return nil
}

// verify checks signature and claims. Its errors are a [KeysError] or an [Error].
func (v IDTokens) verify(ctx context.Context, raw string) (*IDClaims, error) {
	claims := new(IDClaims)
	token, err := v.parse(ctx, raw, claims)
	if err == nil {
		err = v.check(token, claims)
	}
	if err != nil {
		return nil, invalid(err)
	}
	return claims, nil
}

// check checks what makes a signed token an ID token for this app. Its typ keeps
// other tokens that the same key has signed from passing for one (RFC 8725,
// section 3.11).
func (v IDTokens) check(token *jwt.Token, claims *IDClaims) error {
	typ, named := token.Header["typ"]
	text, _ := typ.(string)
	switch {
	case named && !strings.EqualFold(text, "JWT"):
		return errors.New("its typ is not JWT")
	case claims.AuthorizedParty != nil && !v.ours(*claims.AuthorizedParty):
		return errors.New("its authorized party is another app")
	}
	return nil
}
