package console

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// appResource is what is registered of apps.
type appResource struct {
	registry *registry.Registry
	store    *store.Store
}

// operations are those of the resource.
func (a *appResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/apps", id: "listApps", summary: "All apps", answer: []config.App{}, serve: a.listApps},
		{method: http.MethodPost, path: "/apps", id: "addApp", summary: "Register an app; ID and keys are made up where they are missing", request: config.App{}, element: "apps", answer: config.App{}, serve: a.addApp},
		{method: http.MethodGet, path: "/apps/{app}", id: "getApp", summary: "One app", answer: config.App{}, serve: a.app},
		{method: http.MethodPut, path: "/apps/{app}", id: "replaceApp", summary: "Register the app anew as a whole", request: config.App{}, element: "apps", answer: config.App{}, serve: a.replaceApp},
		{method: http.MethodPatch, path: "/apps/{app}", id: "changeApp", summary: "Change the members that are sent; null removes one", request: changes[config.App]{}, element: "apps", answer: config.App{}, serve: a.changeApp},
		{method: http.MethodDelete, path: "/apps/{app}", id: "removeApp", summary: "Remove the app with its links and tokens", serve: a.removeApp},
	}
}

func (a *appResource) listApps(*http.Request) (any, error) {
	return listed(a.registry.Directory().Clone().Apps), nil
}

// registeredApps is the list of apps. The ID of an app stays.
var registeredApps = registeredList[config.App]{
	"apps", "app",
	func(c *config.Config) *[]config.App { return &c.Apps },
	func(app config.App, id int64) bool { return app.ID == id },
	func(before config.App, after *config.App) { after.ID = before.ID },
}

// addApp registers an app: {"name": "…"} is enough.
func (a *appResource) addApp(r *http.Request) (any, error) {
	app, err := add(a.registry, r, registeredApps, completeApp)
	if err != nil {
		return nil, err
	}
	return a.registry.Directory().AppsByID[app.ID], nil
}

// completeApp makes up ID and keys where they are missing.
func completeApp(c *config.Config, app *config.App) {
	for _, key := range []*string{&app.RESTAPIKey, &app.JavaScriptKey, &app.AdminKey} {
		if *key == "" {
			*key = newKey()
		}
	}
	if app.ID == 0 {
		app.ID = 100001
		for _, other := range c.Apps {
			app.ID = max(app.ID, other.ID+1)
		}
	}
}

// newKey is an app key: 32 hexadecimal digits.
func newKey() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // crypto/rand does not fail
	return hex.EncodeToString(random[:])
}

func (a *appResource) app(r *http.Request) (any, error) {
	app := a.registry.Directory().AppsByID[numberOf(r, "app")]
	if app == nil {
		return nil, NotFound("app")
	}
	return app, nil
}

// replaceApp takes the whole app; changeApp only what changes.
func (a *appResource) replaceApp(r *http.Request) (any, error) { return a.editApp(r, asSent) }

func (a *appResource) changeApp(r *http.Request) (any, error) { return a.editApp(r, merged) }

func (a *appResource) editApp(r *http.Request, combine combination) (any, error) {
	if err := edit(a.registry, r, registeredApps, numberOf(r, "app"), combine); err != nil {
		return nil, err
	}
	return a.app(r)
}

func (a *appResource) removeApp(r *http.Request) (any, error) {
	id := numberOf(r, "app")
	if a.registry.Directory().AppsByID[id] == nil {
		return nil, NotFound("app")
	}
	for _, l := range a.store.Links(func(l store.Link) bool { return l.App == id }) {
		a.store.Unlink(l)
	}
	return nil, a.registry.Update(func(c *config.Config) {
		c.Apps = slices.DeleteFunc(slices.Clone(c.Apps), func(a config.App) bool { return a.ID == id })
	})
}
