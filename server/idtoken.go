package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// idClaims are the claims of an ID token that the server looks at.
// Source: Kakao Login > REST API > ID token; OpenID Connect Core 1.0, section 2.
type idClaims struct {
	jwt.RegisteredClaims
	Nonce string `json:"nonce"`
	// AuthorizedParty must be one of the app's own keys where it is there.
	AuthorizedParty *string `json:"azp"`
	// Nickname and Email are there with the user's consent.
	Nickname string `json:"nickname"`
	Email    string `json:"email"`
}

// UnmarshalJSON implements [json.Unmarshaler]; see readClaims.
func (c *idClaims) UnmarshalJSON(claims []byte) error {
	type members idClaims // has no UnmarshalJSON
	return readClaims(claims, (*members)(c))
}

// idTokens verifies ID tokens (OpenID Connect Core 1.0, section 3.1.3.7).
type idTokens struct{ signedTokens }

// newIDTokens returns the verifier for one issuer and one app.
func newIDTokens(cfg Config, keys keyfunc.Keyfunc) idTokens {
	return idTokens{newSignedTokens(cfg, keys, jwt.WithExpirationRequired())}
}

// verifyLogin verifies the ID token of an authorization code exchange: the
// token itself, and that it answers the request that carried this nonce. An
// empty nonce means that the page sent none, and then the token may hold none
// either.
func (v idTokens) verifyLogin(ctx context.Context, raw, nonce string) (*idClaims, error) {
	claims, err := v.verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(claims.Nonce), []byte(nonce)) != 1 {
		return nil, invalidIDToken(errors.New("its nonce is not the one that was sent"))
	}
	return claims, nil
}

// verifyRefreshed verifies the ID token of a refresh response: it must name the
// user of the login, and may hold no other nonce than the login's (OpenID Connect
// Core 1.0, section 12.2).
func (v idTokens) verifyRefreshed(ctx context.Context, raw string, of login) error {
	claims, err := v.verify(ctx, raw)
	if err != nil {
		return err
	}
	if of.UserID != "" && claims.Subject != of.UserID {
		return invalidIDToken(errors.New("its subject is not the user who logged in"))
	}
	if claims.Nonce != "" && of.NonceHash != "" && subtle.ConstantTimeCompare([]byte(hashed(claims.Nonce)), []byte(of.NonceHash)) != 1 {
		return invalidIDToken(errors.New("its nonce is not the one of the login"))
	}
	return nil
}

// verify checks signature and claims. Its errors are failures: temporary ones
// where only the keys could not be fetched.
func (v idTokens) verify(ctx context.Context, raw string) (*idClaims, error) {
	claims := new(idClaims)
	token, err := v.parse(ctx, raw, claims)
	if f := keysAway(err, "the ID token cannot be checked; log in again"); f != nil {
		return nil, f
	}
	if err == nil {
		err = v.check(token, claims)
	}
	if err != nil {
		return nil, invalidIDToken(err)
	}
	return claims, nil
}

// check checks what makes a signed token an ID token for this app. Its typ keeps
// other tokens that the same key has signed from passing for one (RFC 8725,
// section 3.11).
func (v idTokens) check(token *jwt.Token, claims *idClaims) error {
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

// invalidIDToken is the failure of an ID token that must not be believed.
func invalidIDToken(cause error) *web.Failure {
	fault, _ := faultOf(cause)
	return &web.Failure{Status: http.StatusBadGateway, Cause: cause, Upstream: fault, OAuthError: kakao.OAuthError{
		Code: contract.CodeInvalidIDToken, Description: "the ID token is refused: " + fault,
	}}
}

// isUntimely reports whether nothing but the clock, Kakao's or this machine's,
// speaks against an ID token.
func isUntimely(f *web.Failure) bool {
	return errors.Is(f.Cause, jwt.ErrTokenExpired) || errors.Is(f.Cause, jwt.ErrTokenUsedBeforeIssued) || errors.Is(f.Cause, jwt.ErrTokenNotValidYet)
}
