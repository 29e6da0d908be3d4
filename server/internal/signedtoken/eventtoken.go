package signedtoken

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const (
	// EventType is the media type of a security event token, and its form without
	// "application/" the typ of its header (RFC 8417, section 2.3).
	EventType = "application/secevent+jwt"
	// MaxEventAge is how old an event may be that is believed, and so how long a
	// token must be remembered in order to be taken once. These tokens do not
	// expire by themselves.
	MaxEventAge = 24 * time.Hour
)

// EventClaims are the claims of a security event token that the server looks at
// (RFC 8417, section 2.2).
// Source: Kakao Login > Webhook > Account status change webhook.
type EventClaims struct {
	jwt.RegisteredClaims
	// Events are what has happened, by type.
	Events map[string]struct {
		// Subject says once more whom it has happened to.
		Subject struct {
			Issuer string `json:"iss"`
			ID     string `json:"sub"`
		} `json:"subject"`
	} `json:"events"`
}

// UnmarshalJSON implements [json.Unmarshaler]; see readClaims.
func (c *EventClaims) UnmarshalJSON(claims []byte) error {
	type members EventClaims // has no UnmarshalJSON
	return readClaims(claims, (*members)(c))
}

// EventTokens verifies security event tokens.
type EventTokens struct{ verifier }

// NewEventTokens returns the verifier for one issuer and one app.
func NewEventTokens(a App, keys keyfunc.Keyfunc) EventTokens {
	return EventTokens{newVerifier(a, keys)}
}

// Verify checks signature and claims. Its errors are a [KeysError] or an [Error].
func (v EventTokens) Verify(ctx context.Context, raw string) (*EventClaims, error) {
	claims := new(EventClaims)
	token, err := v.parse(ctx, raw, claims)
	if err == nil {
		err = claims.check(token)
	}
	if err != nil {
		return nil, invalid(err)
	}
	return claims, nil
}

// check checks what makes a token of Kakao's a security event token. Its typ
// keeps an ID token, which the same key has signed, from passing for one (RFC
// 8417, section 4.5).
func (c *EventClaims) check(token *jwt.Token) error {
	switch typ, _ := token.Header["typ"].(string); {
	case typ != strings.TrimPrefix(EventType, "application/"):
		return errors.New("its typ is not secevent+jwt")
	case c.ID == "":
		return errors.New("it has no jti")
	case len(c.Events) == 0:
		return errors.New("it tells of no event")
	case time.Since(c.IssuedAt.Time) > MaxEventAge+ClockSkew:
		return errors.New("it is older than a day")
	}
	for _, event := range c.Events {
		subject := event.Subject
		if !slices.Contains([]string{"", c.Subject}, subject.ID) || !slices.Contains([]string{"", c.Issuer}, subject.Issuer) {
			return errors.New("the subject of its event is another one than its own")
		}
	}
	return nil
}
