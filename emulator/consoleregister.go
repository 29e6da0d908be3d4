package emulator

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
)

// consoleAddApp registers an app: {"name": "…"} is enough, ID and keys are made
// up where they are missing.
func (e *Emulator) consoleAddApp(r *http.Request) (any, error) {
	var app App
	if err := readConsole(r, &app); err != nil {
		return nil, err
	}
	for _, key := range []*string{&app.RESTAPIKey, &app.JavaScriptKey, &app.AdminKey} {
		if *key == "" {
			*key = newKey()
		}
	}
	err := e.Update(func(c *Config) {
		if app.ID == 0 {
			app.ID = 100001
			for _, other := range c.Apps {
				app.ID = max(app.ID, other.ID+1)
			}
		}
		c.Apps = append(c.Apps, app)
	})
	if err != nil {
		return nil, err
	}
	return e.directory().appsByID[app.ID], nil
}

// newKey is an app key: 32 hexadecimal digits.
func newKey() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // crypto/rand does not fail
	return hex.EncodeToString(random[:])
}

func (e *Emulator) consoleApp(r *http.Request) (any, error) {
	app := e.directory().appsByID[numberOf(r, "app")]
	if app == nil {
		return nil, notFound("app")
	}
	return app, nil
}

// consoleReplaceApp takes the whole app; consoleChangeApp only what changes.
func (e *Emulator) consoleReplaceApp(r *http.Request) (any, error) { return e.editApp(r, replaced) }

func (e *Emulator) consoleChangeApp(r *http.Request) (any, error) { return e.editApp(r, merged) }

func (e *Emulator) editApp(r *http.Request, combine combination) (any, error) {
	id := numberOf(r, "app")
	find := func(c *Config) *App {
		i := slices.IndexFunc(c.Apps, func(a App) bool { return a.ID == id })
		if i < 0 {
			return nil
		}
		return &c.Apps[i]
	}
	if err := edit(e, r, "app", combine, find, func(_ App, a *App) { a.ID = id }); err != nil {
		return nil, err
	}
	return e.consoleApp(r)
}

// combination makes the JSON of an element of the one before and the one sent.
type combination func(before, sent []byte) ([]byte, error)

func replaced(_, sent []byte) ([]byte, error) { return sent, nil }

// merged takes the members that were sent and keeps the others; null removes one
// (RFC 7396, for members that are no objects).
func merged(before, sent []byte) ([]byte, error) {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(before, &members); err != nil {
		return nil, err
	}
	changes := map[string]json.RawMessage{}
	if err := json.Unmarshal(sent, &changes); err != nil {
		return nil, err
	}
	maps.Copy(members, changes)
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return json.Marshal(members)
}

// edit registers an element anew as a body says; keep sets what no body changes,
// what is the word for an element.
func edit[T any](e *Emulator, r *http.Request, what string, combine combination, find func(*Config) *T, keep func(before T, after *T)) error {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return badBody(err)
	}
	refusal := notFound(what)
	err = e.Update(func(c *Config) {
		element := find(c)
		if element == nil {
			return
		}
		var edited T
		if refusal = combined(*element, sent, combine, &edited); refusal == nil {
			keep(*element, &edited)
			*element = edited
		}
	})
	if refusal != nil {
		return refusal
	}
	return err
}

func combined(before any, sent []byte, combine combination, edited any) error {
	old, err := json.Marshal(before)
	if err != nil {
		return err
	}
	text, err := combine(old, sent)
	if err != nil {
		return badBody(err)
	}
	return decodeConsole(bytes.NewReader(text), edited)
}

func (e *Emulator) consoleRemoveApp(r *http.Request) (any, error) {
	id := numberOf(r, "app")
	if e.directory().appsByID[id] == nil {
		return nil, notFound("app")
	}
	for _, l := range e.store.links(func(l link) bool { return l.App == id }) {
		e.store.unlink(l)
	}
	return nil, e.Update(func(c *Config) { c.Apps = without(c.Apps, func(a App) bool { return a.ID == id }) })
}

// consoleAddUser makes an account: {"nickname": "…"} is enough.
func (e *Emulator) consoleAddUser(r *http.Request) (any, error) {
	var user User
	if err := readConsole(r, &user); err != nil {
		return nil, err
	}
	if user.ID == 0 {
		user.ID = newAccountID()
	}
	if err := e.Update(func(c *Config) { c.Users = append(c.Users, user) }); err != nil {
		return nil, err
	}
	return e.directory().usersByID[user.ID], nil
}

func (e *Emulator) consoleUser(r *http.Request) (any, error) {
	user := e.directory().usersByID[numberOf(r, "user")]
	if user == nil {
		return nil, notFound("user")
	}
	return user, nil
}

// consoleReplaceUser takes the whole account; consoleChangeUser only what
// changes.
func (e *Emulator) consoleReplaceUser(r *http.Request) (any, error) { return e.editUser(r, replaced) }

func (e *Emulator) consoleChangeUser(r *http.Request) (any, error) { return e.editUser(r, merged) }

func (e *Emulator) editUser(r *http.Request, combine combination) (any, error) {
	id := numberOf(r, "user")
	find := func(c *Config) *User {
		i := slices.IndexFunc(c.Users, func(u User) bool { return u.ID == id })
		if i < 0 {
			return nil
		}
		return &c.Users[i]
	}
	keep := func(before User, after *User) {
		after.ID = id
		if after.ServiceUserIDs == nil {
			after.ServiceUserIDs = before.ServiceUserIDs
		}
	}
	if err := edit(e, r, "user", combine, find, keep); err != nil {
		return nil, err
	}
	return e.consoleUser(r)
}

// consoleRemoveUser plays a user who deletes the account.
func (e *Emulator) consoleRemoveUser(r *http.Request) (any, error) {
	if err := e.DeleteUser(numberOf(r, "user")); err != nil {
		return nil, notFound("user")
	}
	return nil, nil
}
