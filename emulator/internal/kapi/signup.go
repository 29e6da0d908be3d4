package kapi

import (
	"slices"
	"strconv"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

var errSignedUp = refuse(catalog.ErrAlreadyLinked, "already registered")

// signup is POST /v1/user/signup, for apps that link users by hand.
func (a *Server) signup(c *apiCall) (any, *apiError) {
	properties := given[map[string]string](c, "properties")
	if refusal := c.checkProperties(properties); refusal != nil {
		return nil, refusal
	}
	if !a.Store.SignUp(c.link(), properties) {
		return nil, errSignedUp
	}
	a.Webhooks.Send(c.directory, c.link(), catalog.EventUserLinked, nil)
	return idAnswer{c.userID()}, nil
}

// updateProfile is POST /v1/user/update_profile.
func (a *Server) updateProfile(c *apiCall) (any, *apiError) {
	properties := given[map[string]string](c, "properties")
	if refusal := c.checkProperties(properties); refusal != nil {
		return nil, refusal
	}
	a.Store.SetProperties(c.link(), properties)
	return idAnswer{c.userID()}, nil
}

// checkProperties refuses user properties that the app has not defined.
func (c *apiCall) checkProperties(properties map[string]string) *apiError {
	var unknown []string
	for key := range properties {
		if !slices.Contains(c.app.UserProperties, key) {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	return c.refuseProperties(unknown)
}

// refuseProperties is the refusal of user properties that do not exist, nil if
// there are none.
func (c *apiCall) refuseProperties(keys []string) *apiError {
	if len(keys) == 0 {
		return nil
	}
	return refuse(catalog.ErrProperty, "user property not found ("+listOf(keys)+" for appId="+strconv.FormatInt(c.app.ID, 10)+")")
}
