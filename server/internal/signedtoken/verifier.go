package signedtoken

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/contract"
)

// ClockSkew is how far Kakao's clock and this machine's may differ.
const ClockSkew = time.Minute

// App is for whom, and by whom, tokens must be signed.
type App struct {
	Issuer string   // the platform's origin
	Keys   []string // of the app: one of them is the audience, and no key of another
}

// verifier verifies the tokens that Kakao signs for this app, ID tokens and
// security event tokens: what they have in common.
type verifier struct {
	parser    *jwt.Parser
	keys      keyfunc.Keyfunc
	audiences []string
}

// newVerifier returns the verifier for one issuer and one app, with further
// requirements.
func newVerifier(a App, keys keyfunc.Keyfunc, more ...jwt.ParserOption) verifier {
	return verifier{keys: keys, audiences: a.Keys, parser: jwt.NewParser(append(more,
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithIssuer(a.Issuer),
		jwt.WithAudience(a.Keys...),
		jwt.WithIssuedAt(),
		jwt.WithStrictDecoding(),
		jwt.WithLeeway(ClockSkew),
	)...)}
}

// parse reads a token into claims and checks its signature and what every token
// of Kakao must hold. Its error is a [KeysError] where only the keys
// could not be fetched, and otherwise what [invalid] says in words of this package.
func (v verifier) parse(ctx context.Context, raw string, claims jwt.Claims) (*jwt.Token, error) {
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

// errForeignAudience is the fault of a token that is for another app besides.
var errForeignAudience = errors.New("its audience names keys of another app")

// ours reports whether a key is one of the app's own.
func (v verifier) ours(key string) bool { return slices.Contains(v.audiences, key) }

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

// Error says what is wrong with a token. It repeats nothing of the token.
type Error struct {
	// Fault is what is wrong, in English.
	Fault string
	// EventCode is what RFC 8935, section 2.4, calls it where the token is a
	// security event token.
	EventCode string
	cause     error
}

// Error says what is wrong.
func (e *Error) Error() string { return e.Fault }

// Untimely reports whether nothing but the clock, Kakao's or this machine's,
// speaks against a token.
func (e *Error) Untimely() bool {
	return errors.Is(e.cause, jwt.ErrTokenExpired) || errors.Is(e.cause, jwt.ErrTokenUsedBeforeIssued) || errors.Is(e.cause, jwt.ErrTokenNotValidYet)
}

// invalid is the error of a token that must not be believed, or the one that says
// that its keys could not be fetched.
func invalid(cause error) error {
	if away, ok := errors.AsType[*KeysError](cause); ok {
		return away
	}
	for _, known := range tokenFaults {
		if errors.Is(cause, known.cause) {
			return &Error{known.fault, known.event, cause}
		}
	}
	return &Error{cause.Error(), contract.CodeInvalidRequest, cause}
}
