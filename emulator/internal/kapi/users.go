package kapi

import (
	"fmt"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// userIDsAnswer is a page of the list of users. The addresses are null where
// there is no further page.
type userIDsAnswer struct {
	Elements  []int64 `json:"elements"`
	BeforeURL *string `json:"before_url"`
	AfterURL  *string `json:"after_url"`
}

// userIDs is GET /v1/user/ids. As in the sample of the reference, the address of
// the next page begins with the last user of this one, and that of the page
// before runs the other way.
func (a *Server) userIDs(c *apiCall) (any, *apiError) {
	ids := a.serviceUserIDs(c.app)
	order, back := "asc", "desc"
	if given[string](c, "order") == "desc" {
		order, back = back, order
		slices.Reverse(ids)
	}
	limit := 100
	if asked := given[int64](c, "limit"); asked != 0 {
		limit = int(asked)
	}
	first := 0
	if from, given := c.parameters["from_id"].(int64); given {
		first = slices.IndexFunc(ids, func(id int64) bool {
			return id == from || order == "asc" && id > from || order == "desc" && id < from
		})
	}
	if first < 0 {
		first = len(ids)
	}
	last := min(first+limit, len(ids))
	answer := userIDsAnswer{Elements: append([]int64{}, ids[first:last]...)}
	page := func(order string, from int64) *string {
		address := fmt.Sprintf("%s%s?limit=%d&order=%s&from_id=%d&app_key=%s",
			account.WithScheme(c.platform.API, false), catalog.UserIDs.Path, limit, order, from, c.app.RESTAPIKey)
		return &address
	}
	if first > 0 && first < len(ids) {
		answer.BeforeURL = page(back, ids[first])
	}
	if last > first && last < len(ids) {
		answer.AfterURL = page(order, ids[last-1])
	}
	return answer, nil
}

// serviceUserIDs are the users of an app, in ascending order.
func (a *Server) serviceUserIDs(app *config.App) []int64 {
	d := a.Registry.Directory()
	var ids []int64
	for _, l := range a.Store.Links(func(l store.Link) bool { return l.App == app.ID }) {
		if user := d.UsersByID[l.User]; user != nil {
			ids = append(ids, user.ServiceUserIDs[app.ID])
		}
	}
	slices.Sort(ids)
	return ids
}

// maxDetailed is how many users may be asked for with property_keys. Source:
// Kakao Login > REST API > Retrieving multiple user information.
const maxDetailed = 20

// appUsers is GET /v2/app/users. It answers with the bare array of the samples;
// users who are not linked with the app are left out.
func (a *Server) appUsers(c *apiCall) (any, *apiError) {
	ids := given[[]int64](c, "target_ids")
	keys, detailed := c.parameters["property_keys"].([]string)
	if detailed && len(ids) > maxDetailed {
		return nil, refuse(catalog.ErrArgument, fmt.Sprintf("target_ids takes at most %d users together with property_keys", maxDetailed))
	}
	if refusal := c.refuseProperties(c.unknownKeys(keys)); refusal != nil {
		return nil, refusal
	}
	if !detailed {
		keys = []string{"connected_at", "synched_at"}
	} else {
		keys = append(keys, "connected_at", "synched_at")
	}
	users := []account.Members{}
	for _, id := range ids {
		one := *c
		one.user = c.directory.UserOf(c.app.ID, id)
		if one.user == nil {
			continue
		}
		var linked bool
		if one.linked, linked = a.Store.Connection(one.link()); linked {
			users = append(users, one.information(keys, false))
		}
	}
	return users, nil
}
