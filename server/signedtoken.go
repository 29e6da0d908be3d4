package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// clockSkew is how far Kakao's clock and this machine's may differ.
const clockSkew = time.Minute

// newSigningKeys returns the keys with which the configured platform signs.
func newSigningKeys(cfg Config) (keyfunc.Keyfunc, error) {
	return keyfunc.New(keyfunc.Options{Storage: newKeySet(cfg.Platform.Auth, cfg.HTTPClient)})
}

// signedTokens verifies the tokens that Kakao signs for this app, ID tokens and
// security event tokens: what they have in common.
type signedTokens struct {
	parser    *jwt.Parser
	keys      keyfunc.Keyfunc
	audiences []string
}

// newSignedTokens returns the verifier for one issuer and one app, with further
// requirements.
func newSignedTokens(cfg Config, keys keyfunc.Keyfunc, more ...jwt.ParserOption) signedTokens {
	audiences := append([]string{cfg.RESTAPIKey}, cfg.JavaScriptKeys...)
	return signedTokens{keys: keys, audiences: audiences, parser: jwt.NewParser(append(more,
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithIssuer(cfg.Platform.Auth),
		jwt.WithAudience(audiences...),
		jwt.WithIssuedAt(),
		jwt.WithStrictDecoding(),
		jwt.WithLeeway(clockSkew),
	)...)}
}

// parse reads a token into claims and checks its signature and what every token
// of Kakao must hold. Its error is an unavailableKeysError where only the keys
// could not be fetched, see keysAway; faultOf says what any other means.
func (v signedTokens) parse(ctx context.Context, raw string, claims jwt.Claims) (*jwt.Token, error) {
	if err := checkTokenForm(raw); err != nil {
		return nil, err
	}
	token, err := v.parser.ParseWithClaims(raw, claims, v.keys.KeyfuncCtx(ctx))
	if err != nil {
		return nil, err
	}
	// Reading them back cannot fail: they are fields of the claims by now.
	subject, _ := claims.GetSubject()
	issuedAt, _ := claims.GetIssuedAt()
	audience, _ := claims.GetAudience()
	_, extended := token.Header["crit"]
	switch {
	case extended: // RFC 7515, section 4.1.11. The parser passes over it.
		return nil, errors.New("its header names extensions that must be understood")
	case !subjectForm.MatchString(subject):
		return nil, errors.New("it names no subject of 1 to 255 printable ASCII characters")
	case issuedAt == nil:
		return nil, errors.New("it does not say when it was issued")
	case slices.ContainsFunc(audience, func(key string) bool { return !v.ours(key) }):
		return nil, errForeignAudience
	}
	return token, nil
}

// keysAway is the failure of a token that could not be checked because Kakao's
// keys could not be fetched; nil where err is something else.
func keysAway(err error, consequence string) *web.Failure {
	unavailable := (*unavailableKeysError)(nil)
	if !errors.As(err, &unavailable) {
		return nil
	}
	return web.Passing(http.StatusServiceUnavailable, kakao.OAuthError{
		Description: "Kakao's keys cannot be fetched, so that " + consequence,
	}, unavailable.Error())
}

// errForeignAudience is the fault of a token that is for another app besides.
var errForeignAudience = errors.New("its audience names keys of another app")

// ours reports whether a key is one of the app's own.
func (v signedTokens) ours(key string) bool { return slices.Contains(v.audiences, key) }

// tokenFaults says what is wrong with a token in words of this package: the
// errors of the jwt package may repeat parts of the token. Event is what RFC
// 8935, section 2.4, calls it where the token is a security event token.
var tokenFaults = []struct {
	cause error
	fault string
	event string
}{
	{errClaimForm, errClaimForm.Error(), contract.CodeInvalidRequest},
	{jwt.ErrTokenMalformed, "it is no JSON Web Token", contract.CodeInvalidRequest},
	{jwt.ErrTokenUnverifiable, "no key of Kakao's belongs to it", contract.CodeInvalidKey},
	{jwt.ErrTokenSignatureInvalid, "its signature is not Kakao's RS256 signature", contract.CodeAuthenticationFailed},
	{jwt.ErrTokenInvalidIssuer, "its issuer is not the configured platform", contract.CodeInvalidIssuer},
	{jwt.ErrTokenInvalidAudience, "its audience is another app; list the key that the page uses among the server's keys", contract.CodeInvalidAudience},
	{jwt.ErrTokenExpired, "it has expired; check this machine's clock", contract.CodeInvalidRequest},
	{jwt.ErrTokenUsedBeforeIssued, "it was issued in the future; check this machine's clock", contract.CodeInvalidRequest},
	{jwt.ErrTokenNotValidYet, "it is not valid yet; check this machine's clock", contract.CodeInvalidRequest},
	{jwt.ErrTokenRequiredClaimMissing, "a required claim is missing", contract.CodeInvalidRequest},
	{errForeignAudience, errForeignAudience.Error(), contract.CodeInvalidAudience},
}

// faultOf says what is wrong with a token, and what RFC 8935 calls it.
func faultOf(cause error) (fault, event string) {
	for _, known := range tokenFaults {
		if errors.Is(cause, known.cause) {
			return known.fault, known.event
		}
	}
	return cause.Error(), contract.CodeInvalidRequest
}
