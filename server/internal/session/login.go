package session

import (
	"cmp"
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
)

// Login is what a session holds: one user's login and its tokens.
type Login struct {
	// UserID is the service user ID, empty where Kakao did not say.
	UserID string `json:"user_id"`
	// SID names the session in tokens and notifications; empty in sessions of
	// versions that had none.
	SID string `json:"sid,omitempty"`
	// Nickname and Email are those of the ID token of the login, if it had any.
	Nickname string `json:"nickname,omitempty"`
	Email    string `json:"email,omitempty"`
	// NonceHash is the hash of the nonce of the login's ID token, of "" where it
	// has none. It is empty in logins that earlier versions have stored.
	NonceHash string `json:"nonce_hash,omitempty"`
	// CreatedAt is when the user logged in.
	CreatedAt time.Time `json:"created_at"`
	// RenewedAt is when the access token was last renewed; zero before the
	// first time.
	RenewedAt time.Time `json:"renewed_at"`
	// UsedAt is when a use of the session was last written down; zero before the
	// first time.
	UsedAt time.Time `json:"used_at,omitzero"`
	// AskedAt is when Kakao was first asked for the renewal that has not been
	// stored yet, where that may replace the refresh token; zero otherwise.
	AskedAt          time.Time `json:"asked_at,omitzero"`
	TokenType        string    `json:"token_type"`
	AccessToken      string    `json:"access_token"`
	ExpiresAt        time.Time `json:"expires_at"`
	Scope            string    `json:"scope"`
	RefreshToken     string    `json:"refresh_token"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at"`
}

// NewLogin is the login of a user that a code exchange with a nonce makes; "" is
// none.
func NewLogin(g upstream.Grant, nonce, userID, nickname, email string) Login {
	l := Login{UserID: userID, SID: NewSID(), Nickname: nickname, Email: email, NonceHash: Hash(nonce), CreatedAt: time.Now()}
	l.take(g)
	return l
}

// Renew puts the tokens of a renewal into the login.
func (l *Login) Renew(g upstream.Grant) {
	l.take(g)
	l.RenewedAt, l.AskedAt = time.Now(), time.Time{}
}

// take puts the tokens of a grant into the login. What a refresh response
// leaves out stays as it was: Kakao repeats neither the scope nor a refresh
// token that it does not rotate.
func (l *Login) take(g upstream.Grant) {
	l.TokenType = g.TokenType
	l.AccessToken, l.ExpiresAt = g.AccessToken.Reveal(), g.ExpiresAt
	l.Scope = cmp.Or(g.Scope, l.Scope)
	l.RefreshToken = cmp.Or(g.RefreshToken.Reveal(), l.RefreshToken)
	l.RefreshExpiresAt = cmp.Or(g.RefreshExpiresAt, l.RefreshExpiresAt)
}

// HadNonce reports whether a nonce may be that of the login's ID token.
func (l *Login) HadNonce(nonce string) bool {
	return l.NonceHash == "" || subtle.ConstantTimeCompare([]byte(Hash(nonce)), []byte(l.NonceHash)) == 1
}

// ExpiresIn is how long the access token still lives, in whole seconds.
func (l *Login) ExpiresIn() int64 {
	return max(0, int64(time.Until(l.ExpiresAt)/time.Second))
}

// RefreshTokenExpiresIn is how long the refresh token still lives, in whole
// seconds, 0 where Kakao has not said.
func (l *Login) RefreshTokenExpiresIn() int64 {
	return max(0, int64(time.Until(l.RefreshExpiresAt)/time.Second))
}

// lastUse is when the login was made, last renewed, or last used, as far as that
// is written down.
func (l *Login) lastUse() time.Time {
	return slices.MaxFunc([]time.Time{l.CreatedAt, l.RenewedAt, l.UsedAt}, time.Time.Compare)
}

// Deadline is when the login ends at the latest: its lifetime follows the
// refresh token's, and is at most the configured one.
func (l *Login) Deadline(lifetime time.Duration) time.Time {
	end := l.CreatedAt.Add(lifetime)
	if !l.RefreshExpiresAt.IsZero() && l.RefreshExpiresAt.Before(end) {
		return l.RefreshExpiresAt
	}
	return end
}

// rotationWindow is how long before its end Kakao replaces a refresh token: in
// its last month, and a day for the clocks.
// Source: Kakao Login > REST API > Refreshing tokens.
const rotationWindow = 32 * 24 * time.Hour

// MayRotate reports whether the next renewal may replace the refresh token.
func (l *Login) MayRotate() bool {
	return l.RefreshExpiresAt.IsZero() || time.Until(l.RefreshExpiresAt) < rotationWindow
}

// Widens reports whether a grant names a scope that the login does not have. A
// login whose scope Kakao did not name has no bound to compare with.
func (l *Login) Widens(g upstream.Grant) bool {
	if l.Scope == "" {
		return false
	}
	had := map[string]bool{}
	for _, scope := range strings.Fields(l.Scope) {
		had[scope] = true
	}
	for _, scope := range strings.Fields(g.Scope) {
		if !had[scope] {
			return true
		}
	}
	return false
}

// RenewalReuse is how long the result of a renewal is handed out again
// before Kakao is asked anew: tabs that wake up one after the other share
// one.
const RenewalReuse = 10 * time.Second

// IsFresh reports whether the login was renewed so recently that its tokens are
// handed out again. The clock of whoever renewed it may be a little ahead; one
// that is set back by more makes nothing fresh.
func (l *Login) IsFresh() bool { return time.Since(l.RenewedAt).Abs() < RenewalReuse }

// RenewedSince reports whether the login need not be renewed by somebody who saw
// it as it was before: whatever the clocks say, another has done it meanwhile.
func (l *Login) RenewedSince(before Login) bool {
	return l.IsFresh() || !l.RenewedAt.Equal(before.RenewedAt)
}
