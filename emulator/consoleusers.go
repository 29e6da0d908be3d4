package emulator

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
)

// userOperations are about accounts.
func userOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/users", id: "listUsers", summary: "All users", answer: []config.User{}, serve: (*consoleAPI).listUsers},
		{method: http.MethodPost, path: "/users", id: "addUser", summary: "Make an account; its number is made up where it is missing", request: config.User{}, element: "users", answer: config.User{}, serve: (*consoleAPI).addUser},
		{method: http.MethodGet, path: "/users/{user}", id: "getUser", summary: "One user", answer: config.User{}, serve: (*consoleAPI).user},
		{method: http.MethodPut, path: "/users/{user}", id: "replaceUser", summary: "Register the user anew as a whole", request: config.User{}, element: "users", answer: config.User{}, serve: (*consoleAPI).replaceUser},
		{method: http.MethodPatch, path: "/users/{user}", id: "changeUser", summary: "Change the members that are sent; null removes one", request: changes[config.User]{}, element: "users", answer: config.User{}, serve: (*consoleAPI).changeUser},
		{method: http.MethodDelete, path: "/users/{user}", id: "removeUser", summary: "Remove the user with its links and tokens", serve: (*consoleAPI).removeUser},
	}
}

func (a *consoleAPI) listUsers(*http.Request) (any, error) { return listed(a.Config().Users), nil }

// registeredUsers is the list of accounts. The number of an account stays, and
// the IDs by which apps know it, unless others are sent.
var registeredUsers = registeredList[config.User]{
	"users", "user",
	func(c *config.Config) *[]config.User { return &c.Users },
	func(user config.User, id int64) bool { return user.ID == id },
	func(before config.User, after *config.User) {
		after.ID = before.ID
		if after.ServiceUserIDs == nil {
			after.ServiceUserIDs = before.ServiceUserIDs
		}
	},
}

// addUser makes an account: {"nickname": "…"} is enough.
func (a *consoleAPI) addUser(r *http.Request) (any, error) {
	user, err := add(a, r, registeredUsers, func(_ *config.Config, user *config.User) {
		if user.ID == 0 {
			user.ID = registry.NewUserID()
		}
	})
	if err != nil {
		return nil, err
	}
	return a.registry.Directory().UsersByID[user.ID], nil
}

func (a *consoleAPI) user(r *http.Request) (any, error) {
	user := a.registry.Directory().UsersByID[numberOf(r, "user")]
	if user == nil {
		return nil, notFound("user")
	}
	return user, nil
}

// replaceUser takes the whole account; changeUser only what
// changes.
func (a *consoleAPI) replaceUser(r *http.Request) (any, error) { return a.editUser(r, asSent) }

func (a *consoleAPI) changeUser(r *http.Request) (any, error) { return a.editUser(r, merged) }

func (a *consoleAPI) editUser(r *http.Request, combine combination) (any, error) {
	if err := edit(a, r, registeredUsers, numberOf(r, "user"), combine); err != nil {
		return nil, err
	}
	return a.user(r)
}

// removeUser plays a user who deletes the account.
func (a *consoleAPI) removeUser(r *http.Request) (any, error) {
	if err := a.DeleteUser(numberOf(r, "user")); err != nil {
		return nil, notFound("user")
	}
	return nil, nil
}
