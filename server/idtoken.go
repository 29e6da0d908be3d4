package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// clockSkew is how far Kakao's clock and this machine's may differ.
const clockSkew = time.Minute

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
type idTokens struct {
	parser    *jwt.Parser
	keys      keyfunc.Keyfunc
	audiences []string
}

// newIDTokens returns the verifier for one issuer and one app.
func newIDTokens(cfg Config, client *http.Client) (*idTokens, error) {
	keys, err := keyfunc.New(keyfunc.Options{
		Storage: newKeySet(cfg.Platform.Auth, client),
	})
	if err != nil {
		return nil, err
	}
	audiences := append([]string{cfg.RESTAPIKey}, cfg.JavaScriptKeys...)
	return &idTokens{
		keys:      keys,
		audiences: audiences,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
			jwt.WithIssuer(cfg.Platform.Auth),
			jwt.WithAudience(audiences...),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithLeeway(clockSkew),
		),
	}, nil
}

// verifyLogin verifies the ID token of an authorization code exchange: the
// token itself, and that it answers the request that carried this nonce. An
// empty nonce means that the page sent none, and then the token may hold none
// either.
func (v *idTokens) verifyLogin(ctx context.Context, raw, nonce string) (*idClaims, error) {
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
func (v *idTokens) verifyRefreshed(ctx context.Context, raw, userID string) error {
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
func (v *idTokens) verify(ctx context.Context, raw string) (*idClaims, error) {
	claims := new(idClaims)
	token, err := v.parser.ParseWithClaims(raw, claims, v.keys.KeyfuncCtx(ctx))
	if unavailable := (*unavailableKeysError)(nil); errors.As(err, &unavailable) {
		return nil, passing(http.StatusServiceUnavailable, kakao.OAuthError{
			Description: "Kakao's keys cannot be fetched, so that the ID token cannot be checked; log in again",
		}, unavailable.Error())
	}
	if err == nil {
		err = v.checkRest(token.Header, claims)
	}
	if err != nil {
		return nil, invalidIDToken(err)
	}
	return claims, nil
}

// checkRest checks what the parser's options do not cover. A header that
// demands extensions must be refused by whoever does not understand them
// (RFC 7515, section 4.1.11), and this server understands none. Keys and
// addresses of keys in a header count for nothing: keyfunc does not read them.
func (v *idTokens) checkRest(header map[string]any, claims *idClaims) error {
	ours := func(key string) bool { return slices.Contains(v.audiences, key) }
	_, extended := header["crit"]
	switch {
	case extended:
		return errors.New("its header demands extensions")
	case claims.Subject == "":
		return errors.New("it names no subject")
	case claims.IssuedAt == nil:
		return errors.New("it does not say when it was issued")
	case slices.ContainsFunc(claims.Audience, func(key string) bool { return !ours(key) }):
		return errors.New("its audience names keys of another app")
	case claims.AuthorizedParty != "" && !ours(claims.AuthorizedParty):
		return errors.New("its authorized party is another app")
	}
	return nil
}

// tokenFaults says what is wrong with a token in words of this package: the
// errors of the jwt package may repeat parts of the token.
var tokenFaults = []struct {
	cause error
	fault string
}{
	{jwt.ErrTokenMalformed, "it is no JSON Web Token"},
	{jwt.ErrTokenUnverifiable, "no key of Kakao's belongs to it"},
	{jwt.ErrTokenSignatureInvalid, "its signature is not Kakao's RS256 signature"},
	{jwt.ErrTokenInvalidIssuer, "its issuer is not the configured platform"},
	{jwt.ErrTokenInvalidAudience, "its audience is another app; list the key that the page uses among the server's keys"},
	{jwt.ErrTokenExpired, "it has expired; check this machine's clock"},
	{jwt.ErrTokenUsedBeforeIssued, "it was issued in the future; check this machine's clock"},
	{jwt.ErrTokenNotValidYet, "it is not valid yet; check this machine's clock"},
	{jwt.ErrTokenRequiredClaimMissing, "a required claim is missing"},
}

// invalidIDToken is the failure of an ID token that must not be believed.
func invalidIDToken(cause error) *failure {
	fault := cause.Error()
	for _, known := range tokenFaults {
		if errors.Is(cause, known.cause) {
			fault = known.fault
			break
		}
	}
	return &failure{Status: http.StatusBadGateway, cause: cause, OAuthError: kakao.OAuthError{
		Code: "invalid_id_token", Description: fmt.Sprintf("the ID token is refused: %s", fault),
	}}
}

// untimely reports whether nothing but the clock, Kakao's or this machine's,
// speaks against an ID token.
func (f *failure) untimely() bool {
	return errors.Is(f.cause, jwt.ErrTokenExpired) || errors.Is(f.cause, jwt.ErrTokenUsedBeforeIssued) || errors.Is(f.cause, jwt.ErrTokenNotValidYet)
}
