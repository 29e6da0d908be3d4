package emulator

import (
	"errors"
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// stateOperations are about a world as a whole.
func stateOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/overview", id: "getOverview", summary: "What the console's page shows at a glance", answer: overview{}, serve: (*consoleAPI).overview},
		{method: http.MethodGet, path: "/state", id: "exportState", summary: "The state of the world as a seed", answer: config.Seed{}, serve: (*consoleAPI).exportState},
		{method: http.MethodPut, path: "/state", id: "importState", summary: "Put the world in the state of a seed, to which reset returns from then on", request: config.Seed{}, serve: (*consoleAPI).importState},
		{method: http.MethodPost, path: "/reset", id: "reset", summary: "Return to the start state", serve: acts((*World).Reset)},
		{method: http.MethodGet, path: "/snapshots", id: "listSnapshots", summary: "The saved states, by name", answer: []Snapshot{}, serve: (*consoleAPI).listSnapshots},
		{method: http.MethodPost, path: "/snapshots", id: "saveSnapshot", summary: "Save the state under a name, in the place of an earlier one", request: snapshotName{}, answer: Snapshot{}, serve: (*consoleAPI).saveSnapshot},
		{method: http.MethodDelete, path: "/snapshots/{snapshot}", id: "removeSnapshot", summary: "Forget a saved state", serve: (*consoleAPI).removeSnapshot},
		{method: http.MethodPost, path: "/snapshots/{snapshot}/restore", id: "restoreSnapshot", summary: "Return to a saved state", serve: (*consoleAPI).restoreSnapshot},
	}
}

// overview is what the console's page shows at a glance.
type overview struct {
	World      worldInfo          `json:"world"`
	Issuer     string             `json:"issuer"`
	Clock      clockAnswer        `json:"clock"`
	Apps       []config.App       `json:"apps"`
	Users      []config.User      `json:"users"`
	Links      []linkInfo         `json:"links"`
	Faults     []Fault            `json:"faults"`
	AutoLogin  int64              `json:"auto_login"`
	Keys       []string           `json:"signing_keys"`
	Scopes     []config.Scope     `json:"known_scopes"`
	Paths      []string           `json:"paths"`
	EventTypes []string           `json:"event_types"`
	Referrers  []webhook.Referrer `json:"referrers"`
}

func (a *consoleAPI) overview(*http.Request) (any, error) {
	cfg := a.Config()
	shown := overview{
		World: a.info(), Issuer: cfg.Issuer, Clock: a.clockAnswer(), Apps: listed(cfg.Apps), Users: listed(cfg.Users), Links: a.linkInfos(),
		Faults: listed(a.Faults()), AutoLogin: a.automatic.Load(), Scopes: config.KnownScopes, Paths: paths(),
		EventTypes: catalog.AccountEvents(), Referrers: webhook.Referrers,
	}
	for _, key := range a.keys.All() {
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

func (a *consoleAPI) exportState(*http.Request) (any, error) { return a.Export() }

func (a *consoleAPI) importState(r *http.Request) (any, error) {
	text, err := readBody(r)
	if err != nil {
		return nil, err
	}
	seed, err := ParseSeed(text)
	if err != nil {
		return nil, refusalOf(err)
	}
	return nil, a.ApplySeed(seed)
}

// snapshotName is what a snapshot is to be called.
type snapshotName struct {
	Name string `json:"name"`
}

func (a *consoleAPI) listSnapshots(*http.Request) (any, error) { return a.Snapshots(), nil }

func (a *consoleAPI) saveSnapshot(r *http.Request) (any, error) {
	var asked snapshotName
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	saved, err := a.SaveSnapshot(asked.Name)
	if errors.Is(err, ErrTooManySnapshots) {
		return nil, conflict(err)
	}
	return saved, err
}

func (a *consoleAPI) removeSnapshot(r *http.Request) (any, error) {
	if err := a.RemoveSnapshot(r.PathValue("snapshot")); err != nil {
		return nil, notFound("snapshot")
	}
	return nil, nil
}

func (a *consoleAPI) restoreSnapshot(r *http.Request) (any, error) {
	err := a.RestoreSnapshot(r.PathValue("snapshot"))
	if errors.Is(err, ErrNoSnapshot) {
		return nil, notFound("snapshot")
	}
	return nil, err
}
