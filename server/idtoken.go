package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// idClaims are the claims of an ID token that the server looks at.
// Source: Kakao Login > REST API > ID token; OpenID Connect Core 1.0, section 2.
type idClaims struct {
	jwt.RegisteredClaims
	Nonce string `json:"nonce"`
	// AuthorizedParty must be one of the app's own keys where it is there.
	AuthorizedParty string `json:"azp"`
	// Nickname and Email are there with the user's consent.
	Nickname string `json:"nickname"`
	Email    string `json:"email"`
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

// verifyRefreshed verifies the ID token of a refresh response, which must name
// the user of the login (OpenID Connect Core 1.0, section 12.2).
func (v idTokens) verifyRefreshed(ctx context.Context, raw, userID string) error {
	claims, err := v.verify(ctx, raw)
	if err != nil {
		return err
	}
	if userID != "" && claims.Subject != userID {
		return invalidIDToken(errors.New("its subject is not the user who logged in"))
	}
	return nil
}

// verify checks signature and claims. Its errors are failures: temporary ones
// where only the keys could not be fetched.
func (v idTokens) verify(ctx context.Context, raw string) (*idClaims, error) {
	claims := new(idClaims)
	_, err := v.parse(ctx, raw, claims)
	if unavailable := (*unavailableKeysError)(nil); errors.As(err, &unavailable) {
		return nil, passing(http.StatusServiceUnavailable, kakao.OAuthError{
			Description: "Kakao's keys cannot be fetched, so that the ID token cannot be checked; log in again",
		}, unavailable.Error())
	}
	if err == nil && claims.AuthorizedParty != "" && !v.ours(claims.AuthorizedParty) {
		err = errors.New("its authorized party is another app")
	}
	if err != nil {
		return nil, invalidIDToken(err)
	}
	return claims, nil
}

// invalidIDToken is the failure of an ID token that must not be believed.
func invalidIDToken(cause error) *failure {
	fault, _ := faultOf(cause)
	return &failure{Status: http.StatusBadGateway, OAuthError: kakao.OAuthError{
		Code: "invalid_id_token", Description: "the ID token is refused: " + fault,
	}}
}
