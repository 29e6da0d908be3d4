package kapi

import (
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// idAnswer is the answer of calls that only tell whom they were about.
type idAnswer struct {
	ID int64 `json:"id"`
}

// logout is POST /v1/user/logout: with an access token it ends the tokens of
// that login, with an admin key those of every login of the user.
func (a *Server) logout(c *apiCall) (any, *apiError) {
	a.Store.EndGrants(func(g store.Grant) bool {
		if c.token.Grant.ID != "" {
			return g.ID == c.token.Grant.ID
		}
		return g.Link == c.link()
	})
	a.Webhooks.Send(c.directory, c.link(), catalog.EventTokensRevoked, nil)
	return idAnswer{c.userID()}, nil
}
