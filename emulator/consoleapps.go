package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
)

// appOperations are about apps.
func appOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/apps", id: "listApps", summary: "All apps", answer: []App{}, serve: (*consoleAPI).listApps},
		{method: http.MethodPost, path: "/apps", id: "addApp", summary: "Register an app; ID and keys are made up where they are missing", request: App{}, element: "apps", answer: App{}, serve: (*consoleAPI).addApp},
		{method: http.MethodGet, path: "/apps/{app}", id: "getApp", summary: "One app", answer: App{}, serve: (*consoleAPI).app},
		{method: http.MethodPut, path: "/apps/{app}", id: "replaceApp", summary: "Register the app anew as a whole", request: App{}, element: "apps", answer: App{}, serve: (*consoleAPI).replaceApp},
		{method: http.MethodPatch, path: "/apps/{app}", id: "changeApp", summary: "Change the members that are sent; null removes one", request: changes[App]{}, element: "apps", answer: App{}, serve: (*consoleAPI).changeApp},
		{method: http.MethodDelete, path: "/apps/{app}", id: "removeApp", summary: "Remove the app with its links and tokens", serve: (*consoleAPI).removeApp},
	}
}

func (a *consoleAPI) listApps(*http.Request) (any, error) { return listed(a.Config().Apps), nil }

// addApp registers an app: {"name": "…"} is enough, ID and keys are made
// up where they are missing.
func (a *consoleAPI) addApp(r *http.Request) (any, error) {
	var app App
	if err := readConsole(r, &app); err != nil {
		return nil, err
	}
	for _, key := range []*string{&app.RESTAPIKey, &app.JavaScriptKey, &app.AdminKey} {
		if *key == "" {
			*key = newKey()
		}
	}
	err := a.Update(func(c *Config) {
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
	return a.directory().appsByID[app.ID], nil
}

// newKey is an app key: 32 hexadecimal digits.
func newKey() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // crypto/rand does not fail
	return hex.EncodeToString(random[:])
}

func (a *consoleAPI) app(r *http.Request) (any, error) {
	app := a.directory().appsByID[numberOf(r, "app")]
	if app == nil {
		return nil, notFound("app")
	}
	return app, nil
}

// replaceApp takes the whole app; changeApp only what changes.
func (a *consoleAPI) replaceApp(r *http.Request) (any, error) { return a.editApp(r, asSent) }

func (a *consoleAPI) changeApp(r *http.Request) (any, error) { return a.editApp(r, merged) }

func (a *consoleAPI) editApp(r *http.Request, combine combination) (any, error) {
	id := numberOf(r, "app")
	find := func(c *Config) *App {
		i := slices.IndexFunc(c.Apps, func(a App) bool { return a.ID == id })
		if i < 0 {
			return nil
		}
		return &c.Apps[i]
	}
	if err := edit(a, r, "app", combine, find, func(_ App, a *App) { a.ID = id }); err != nil {
		return nil, err
	}
	return a.app(r)
}

func (a *consoleAPI) removeApp(r *http.Request) (any, error) {
	id := numberOf(r, "app")
	if a.directory().appsByID[id] == nil {
		return nil, notFound("app")
	}
	for _, l := range a.store.links(func(l link) bool { return l.App == id }) {
		a.store.unlink(l)
	}
	return nil, a.Update(func(c *Config) { c.Apps = without(c.Apps, func(a App) bool { return a.ID == id }) })
}
