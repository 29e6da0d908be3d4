package rest

import (
	"encoding/json"
	"errors"
	"log/slog"
)

// hidden is what is shown in place of a secret.
const hidden = "[hidden]"

// secret is a text that shows itself to nobody but the caller of Reveal. It is
// kept behind a pointer, because fmt prints the unexported members of a struct
// whatever methods they have.
type secret struct{ text *string }

func newSecret(text string) secret { return secret{&text} }

// Reveal returns the secret itself, for a store or a header; "" if there is
// none. Let it reach no log, error or page.
func (s secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no secret.
func (s secret) IsZero() bool { return s.Reveal() == "" }

// String returns a placeholder.
func (s secret) String() string { return hidden }

// GoString returns a placeholder.
func (s secret) GoString() string { return hidden }

// LogValue returns a placeholder.
func (s secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON refuses, because a placeholder in a store would be a lost
// secret: write what Reveal returns, into a place that may hold it.
func (s secret) MarshalJSON() ([]byte, error) {
	return nil, errors.New("rest: a secret is not written as JSON; use Reveal")
}

// UnmarshalJSON reads a JSON string.
func (s *secret) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return errors.New("expected a string")
	}
	s.text = &text
	return nil
}

// UserToken is a user's access token: it calls in the name of that user
// (RFC 6749, section 1.4).
type UserToken struct{ secret }

// NewUserToken takes an access token, such as one from a store.
func NewUserToken(token string) UserToken { return UserToken{newSecret(token)} }

// AdminKey is an app's admin key: it calls about every user of the app. It
// belongs on servers only. Source: Kakao Login > REST API > Logout, "Service
// app admin key".
type AdminKey struct{ secret }

// NewAdminKey takes the admin key from the app's page at Kakao Developers.
func NewAdminKey(key string) AdminKey { return AdminKey{newSecret(key)} }

// ClientSecret is an app's client secret (RFC 6749, section 2.3.1).
type ClientSecret struct{ secret }

// NewClientSecret takes the code from the app's page at Kakao Developers.
func NewClientSecret(code string) ClientSecret { return ClientSecret{newSecret(code)} }

// RefreshToken gets new tokens (RFC 6749, section 1.5).
type RefreshToken struct{ secret }

// NewRefreshToken takes a refresh token, such as one from a store.
func NewRefreshToken(token string) RefreshToken { return RefreshToken{newSecret(token)} }

// IDToken is a signed statement about a login (OpenID Connect Core 1.0,
// section 2). This package does not verify it.
type IDToken struct{ secret }

// NewIDToken takes an ID token in its compact form.
func NewIDToken(token string) IDToken { return IDToken{newSecret(token)} }
