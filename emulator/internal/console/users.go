package console

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
)

// userResource is the accounts.
type userResource struct {
	registry *registry.Registry
	people   people
}

// operations are those of the resource.
func (a *userResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/users", id: "listUsers", summary: "All users", answer: []config.User{}, serve: a.listUsers},
		{method: http.MethodPost, path: "/users", id: "addUser", summary: "Make an account; its number is made up where it is missing", request: config.User{}, element: "users", answer: config.User{}, serve: a.addUser},
		{method: http.MethodGet, path: "/users/{user}", id: "getUser", summary: "One user", answer: config.User{}, serve: a.user},
		{method: http.MethodPut, path: "/users/{user}", id: "replaceUser", summary: "Register the user anew as a whole", request: config.User{}, element: "users", answer: config.User{}, serve: a.replaceUser},
		{method: http.MethodPatch, path: "/users/{user}", id: "changeUser", summary: "Change the members that are sent; null removes one", request: changes[config.User]{}, element: "users", answer: config.User{}, serve: a.changeUser},
		{method: http.MethodDelete, path: "/users/{user}", id: "removeUser", summary: "Remove the user with its links and tokens", serve: a.removeUser},
	}
}

func (a *userResource) listUsers(*http.Request) (any, error) {
	return listed(a.registry.Directory().Clone().Users), nil
}

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
func (a *userResource) addUser(r *http.Request) (any, error) {
	user, err := add(a.registry, r, registeredUsers, func(_ *config.Config, user *config.User) {
		if user.ID == 0 {
			user.ID = registry.NewUserID()
		}
	})
	if err != nil {
		return nil, err
	}
	return a.registry.Directory().UsersByID[user.ID], nil
}

func (a *userResource) user(r *http.Request) (any, error) {
	user := a.registry.Directory().UsersByID[numberOf(r, "user")]
	if user == nil {
		return nil, NotFound("user")
	}
	return user, nil
}

// replaceUser takes the whole account; changeUser only what
// changes.
func (a *userResource) replaceUser(r *http.Request) (any, error) { return a.editUser(r, asSent) }

func (a *userResource) changeUser(r *http.Request) (any, error) { return a.editUser(r, merged) }

func (a *userResource) editUser(r *http.Request, combine combination) (any, error) {
	if err := edit(a.registry, r, registeredUsers, numberOf(r, "user"), combine); err != nil {
		return nil, err
	}
	return a.user(r)
}

// removeUser plays a user who deletes the account.
func (a *userResource) removeUser(r *http.Request) (any, error) {
	if err := a.people.DeleteUser(numberOf(r, "user")); err != nil {
		return nil, NotFound("user")
	}
	return nil, nil
}
