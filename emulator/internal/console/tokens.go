package console

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// tokenResource is tokens, keys and the automatic login.
type tokenResource struct {
	keys   *signing.Keys
	store  *store.Store
	people people
}

// operations are those of the resource.
func (a *tokenResource) operations() []operation {
	return []operation{
		{method: http.MethodPost, path: "/keys/rotate", id: "rotateKeys", summary: "Sign with a new key from now on", request: rotation{}, optional: true, serve: a.rotateKeys},
		{method: http.MethodPost, path: "/tokens/expire-access", id: "expireAccessTokens", summary: "End the validity of every access token issued so far", serve: acts(func() { a.store.ExpireAccessTokens() })},
		{method: http.MethodPost, path: "/tokens/expire-refresh", id: "expireRefreshTokens", summary: "End the validity of every refresh token issued so far", serve: acts(func() { a.store.ExpireRefreshTokens() })},
		{method: http.MethodPut, path: "/auto-login", id: "setAutoLogin", summary: "Choose who logs in without pages; 0 is nobody", request: autoLogin{}, serve: a.setAutoLogin},
	}
}

// rotation says what becomes of the keys before the new one.
type rotation struct {
	// Retire takes them out of the key set.
	Retire bool `json:"retire,omitempty"`
}

// autoLogin names who logs in without pages.
type autoLogin struct {
	// User is the number of an account; 0 is nobody.
	User int64 `json:"user"`
}

// rotateKeys makes a new key sign: {"retire": true} takes the old ones out of
// the key set.
func (a *tokenResource) rotateKeys(r *http.Request) (any, error) {
	var asked rotation
	if err := readOptional(r, &asked); err != nil {
		return nil, err
	}
	return nil, a.keys.Rotate(asked.Retire)
}

// setAutoLogin chooses who logs in without pages: {"user": 4210000001}, 0
// for nobody.
func (a *tokenResource) setAutoLogin(r *http.Request) (any, error) {
	var asked autoLogin
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	if err := a.people.AutoLogin(asked.User); err != nil {
		return nil, mistake.New("user", "no user has the number %d", asked.User)
	}
	return nil, nil
}
