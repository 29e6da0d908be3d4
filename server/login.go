package server

import "time"

// login is what a session holds: one user's login and its tokens.
type login struct {
	// UserID is the service user ID, empty where Kakao did not say.
	UserID string `json:"user_id"`
	// CreatedAt is when the user logged in.
	CreatedAt time.Time `json:"created_at"`
	// RenewedAt is when the access token was last renewed; zero before the
	// first time.
	RenewedAt        time.Time `json:"renewed_at"`
	TokenType        string    `json:"token_type"`
	AccessToken      string    `json:"access_token"`
	ExpiresAt        time.Time `json:"expires_at"`
	Scope            string    `json:"scope"`
	RefreshToken     string    `json:"refresh_token"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at"`
}

// newLogin is the login that a code exchange makes.
func newLogin(g grant, userID string) login {
	now := time.Now()
	l := login{UserID: userID, CreatedAt: now}
	l.take(g)
	return l
}

// take puts the tokens of a grant into the login. What a refresh response
// leaves out stays as it was: Kakao repeats neither the scope nor a refresh
// token that it does not rotate.
func (l *login) take(g grant) {
	l.TokenType = g.TokenType
	l.AccessToken, l.ExpiresAt = g.AccessToken.Reveal(), g.ExpiresAt
	l.Scope = orElse(g.Scope, l.Scope)
	l.RefreshToken = orElse(g.RefreshToken.Reveal(), l.RefreshToken)
	l.RefreshExpiresAt = orElse(g.RefreshExpiresAt, l.RefreshExpiresAt)
}

// expiresIn is how long the access token still lives, in whole seconds.
func (l *login) expiresIn() int64 {
	return max(0, int64(time.Until(l.ExpiresAt)/time.Second))
}

// deadline is when the login ends at the latest: its lifetime follows the
// refresh token's, and is at most the configured one.
func (l *login) deadline(lifetime time.Duration) time.Time {
	end := l.CreatedAt.Add(lifetime)
	if !l.RefreshExpiresAt.IsZero() && l.RefreshExpiresAt.Before(end) {
		return l.RefreshExpiresAt
	}
	return end
}
