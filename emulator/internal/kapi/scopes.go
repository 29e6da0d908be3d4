package kapi

import (
	"maps"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// scopesAnswer lists consent items with what the user decided.
type scopesAnswer struct {
	ID     int64         `json:"id"`
	Scopes []scopeAnswer `json:"scopes"`
}

type scopeAnswer struct {
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	Type        string `json:"type"`
	Using       bool   `json:"using"`
	Agreed      bool   `json:"agreed"`
	Revocable   *bool  `json:"revocable,omitempty"` // only with Agreed
}

// userScopes is GET /v2/user/scopes.
func (a *Server) userScopes(c *apiCall) (any, *apiError) {
	only := given[[]string](c, "scopes")
	if unknown := c.unknownScopes(only); len(unknown) > 0 {
		return nil, refuse(catalog.ErrArgument,
			"There is no scopes to get. check out if given scope id("+listOf(unknown)+") is correct again.")
	}
	return c.scopesAnswer(only), nil
}

// revokeScopes is POST /v2/user/revoke/scopes.
func (a *Server) revokeScopes(c *apiCall) (any, *apiError) {
	ids := given[[]string](c, "scopes")
	var agreed, fixed []string
	for _, id := range ids {
		if _, ok := c.linked.Scopes[id]; !ok {
			continue
		}
		agreed = append(agreed, id)
		if scope := c.app.Scope(id); scope != nil && scope.Required {
			fixed = append(fixed, id)
		}
	}
	switch {
	case len(agreed) == 0 || len(c.unknownScopes(ids)) > 0:
		return nil, refuse(catalog.ErrArgument,
			"There is no scopes to revoke. check out if given scope id("+listOf(ids)+") is correct again.")
	case len(fixed) > 0:
		return nil, refuse(catalog.ErrDisabled,
			listOf(fixed)+" is not revocable. check out if it's set as required on developers.kakao.com")
	}
	a.Store.Revoke(c.link(), agreed)
	a.Webhooks.Send(c.directory, c.link(), catalog.EventUserScopeWithdraw, nil)
	for _, id := range agreed {
		delete(c.linked.Scopes, id)
	}
	return c.scopesAnswer(nil), nil
}

// scopesAnswer describes the consent items of the app, or only some, and those
// that the user agreed to while the app had them.
func (c *apiCall) scopesAnswer(only []string) scopesAnswer {
	answer := scopesAnswer{ID: c.userID(), Scopes: []scopeAnswer{}}
	for _, scope := range append(slices.Clone(c.app.Scopes), c.formerScopes()...) {
		if only != nil && !slices.Contains(only, scope.ID) {
			continue
		}
		using := c.app.Scope(scope.ID) != nil
		item := scopeAnswer{ID: scope.ID, DisplayName: scope.Name.In(c.language), Type: scope.Type, Using: using}
		if _, item.Agreed = c.linked.Scopes[scope.ID]; item.Agreed {
			revocable := !scope.Required
			item.Revocable = &revocable
		}
		answer.Scopes = append(answer.Scopes, item)
	}
	return answer
}

// formerScopes are what the user agreed to and the app has given up since.
func (c *apiCall) formerScopes() []config.Scope {
	var former []config.Scope
	for _, id := range slices.Sorted(maps.Keys(c.linked.Scopes)) {
		if c.app.Scope(id) != nil {
			continue
		}
		scope := config.Scope{ID: id}.WithDefaults()
		if scope.Name == (language.Text{}) { // an item of the app's own
			scope.Name = language.Text{Ko: id, En: id}
		}
		former = append(former, scope)
	}
	return former
}

func (c *apiCall) unknownScopes(ids []string) []string {
	var unknown []string
	for _, id := range ids {
		if _, agreed := c.linked.Scopes[id]; !agreed && c.app.Scope(id) == nil {
			unknown = append(unknown, id)
		}
	}
	return unknown
}
