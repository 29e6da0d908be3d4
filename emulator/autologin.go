package emulator

import "fmt"

// AutoLogin makes every authorization request end at once, without a page, as
// if this user had logged in and agreed to everything: a client without a
// browser can then log in by following redirects. A request with login_hint logs
// in whom it names, if there is such an account. Requests with prompt=none stay
// what they are. user is the number of an account, one that does not exist is an
// error; 0 shows the pages again.
func (e *World) AutoLogin(user int64) error {
	if user != 0 && e.registry.Directory().UsersByID[user] == nil {
		return fmt.Errorf("%w: %d", errNoUser, user)
	}
	e.automatic.Store(user)
	return nil
}
