package emulator

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
