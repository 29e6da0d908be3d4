package emulator

import "time"

// idAnswer is the answer of calls that only tell whom they were about.
type idAnswer struct {
	ID int64 `json:"id"`
}

// logout is POST /v1/user/logout: with an access token it ends the tokens of
// that login, with an admin key those of every login of the user.
func (e *Emulator) logout(c *call) (any, *apiError) {
	e.store.endGrants(func(g *grant) bool {
		if c.token.grant != nil {
			return g == c.token.grant
		}
		return g.app == c.app && g.user == c.user
	})
	return idAnswer{c.user.ID}, nil
}

// unlink is POST /v1/user/unlink.
func (e *Emulator) unlink(c *call) (any, *apiError) {
	e.store.unlink(c.app, c.user)
	return idAnswer{c.user.ID}, nil
}

// tokenInfoAnswer describes an access token.
type tokenInfoAnswer struct {
	ID        int64 `json:"id"`
	ExpiresIn int64 `json:"expires_in"`
	AppID     int64 `json:"app_id"`
}

// accessTokenInfo is GET /v1/user/access_token_info.
func (e *Emulator) accessTokenInfo(c *call) (any, *apiError) {
	left := c.token.expires.Sub(e.now())
	return tokenInfoAnswer{ID: c.user.ID, ExpiresIn: int64(left / time.Second), AppID: c.app.ID}, nil
}
