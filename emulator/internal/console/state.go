package console

import (
	"errors"
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/snapshot"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// stateResource is a world as a whole.
type stateResource struct {
	Setup
	clock *clockResource
	links *linkResource
}

// operations are those of the resource.
func (a *stateResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/overview", id: "getOverview", summary: "What the console's page shows at a glance", answer: overview{}, serve: a.overview},
		{method: http.MethodGet, path: "/state", id: "exportState", summary: "The state of the world as a seed", answer: config.Seed{}, serve: a.exportState},
		{method: http.MethodPut, path: "/state", id: "importState", summary: "Put the world in the state of a seed, to which reset returns from then on", request: config.Seed{}, serve: a.importState},
		{method: http.MethodPost, path: "/reset", id: "reset", summary: "Return to the start state", serve: acts(func() { a.World.Reset() })},
		{method: http.MethodGet, path: "/snapshots", id: "listSnapshots", summary: "The saved states, by name", answer: []snapshot.Snapshot{}, serve: a.listSnapshots},
		{method: http.MethodPost, path: "/snapshots", id: "saveSnapshot", summary: "Save the state under a name, in the place of an earlier one", request: snapshotName{}, answer: snapshot.Snapshot{}, serve: a.saveSnapshot},
		{method: http.MethodDelete, path: "/snapshots/{snapshot}", id: "removeSnapshot", summary: "Forget a saved state", serve: a.removeSnapshot},
		{method: http.MethodPost, path: "/snapshots/{snapshot}/restore", id: "restoreSnapshot", summary: "Return to a saved state", serve: a.restoreSnapshot},
	}
}

// overview is what the console's page shows at a glance.
type overview struct {
	World      WorldInfo          `json:"world"`
	Issuer     string             `json:"issuer"`
	Clock      clockAnswer        `json:"clock"`
	Apps       []config.App       `json:"apps"`
	Users      []config.User      `json:"users"`
	Links      []linkInfo         `json:"links"`
	Faults     []fault.Fault      `json:"faults"`
	AutoLogin  int64              `json:"auto_login"`
	Keys       []string           `json:"signing_keys"`
	Scopes     []config.Scope     `json:"known_scopes"`
	Paths      []string           `json:"paths"`
	EventTypes []string           `json:"event_types"`
	Referrers  []webhook.Referrer `json:"referrers"`
}

func (a *stateResource) overview(*http.Request) (any, error) {
	cfg := a.Registry.Directory().Clone()
	shown := overview{
		World: a.World.Info(), Issuer: cfg.Issuer, Clock: a.clock.clockAnswer(), Apps: listed(cfg.Apps), Users: listed(cfg.Users), Links: a.links.linkInfos(),
		Faults: listed(a.Faults.List()), AutoLogin: a.People.Automatic(), Scopes: config.KnownScopes, Paths: paths(),
		EventTypes: catalog.AccountEvents(), Referrers: webhook.Referrers,
	}
	for _, key := range a.Keys.All() {
		shown.Keys = append(shown.Keys, key.ID)
	}
	return shown, nil
}

// paths are those of Kakao's that may be called, in order.
func paths() []string {
	var all []string
	for _, call := range append(catalog.Calls(), catalog.TalkCalls()...) {
		all = append(all, call.Path)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (a *stateResource) exportState(*http.Request) (any, error) { return a.World.Export() }

func (a *stateResource) importState(r *http.Request) (any, error) {
	text, err := readBody(r)
	if err != nil {
		return nil, err
	}
	seed, err := config.ParseSeed(text)
	if err != nil {
		return nil, refusalOf(err)
	}
	return nil, a.World.ApplySeed(seed)
}

// snapshotName is what a snapshot is to be called.
type snapshotName struct {
	Name string `json:"name"`
}

func (a *stateResource) listSnapshots(*http.Request) (any, error) { return a.World.Snapshots(), nil }

func (a *stateResource) saveSnapshot(r *http.Request) (any, error) {
	var asked snapshotName
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	saved, err := a.World.SaveSnapshot(asked.Name)
	if errors.Is(err, snapshot.ErrTooManySnapshots) {
		return nil, Conflict(err)
	}
	return saved, err
}

func (a *stateResource) removeSnapshot(r *http.Request) (any, error) {
	if err := a.World.RemoveSnapshot(r.PathValue("snapshot")); err != nil {
		return nil, NotFound("snapshot")
	}
	return nil, nil
}

func (a *stateResource) restoreSnapshot(r *http.Request) (any, error) {
	err := a.World.RestoreSnapshot(r.PathValue("snapshot"))
	if errors.Is(err, snapshot.ErrNoSnapshot) {
		return nil, NotFound("snapshot")
	}
	return nil, err
}
