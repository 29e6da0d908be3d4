package console

import (
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
)

// worldResource is the worlds of the emulator.
type worldResource struct {
	worlds emulatorWorlds
}

// operations are those of the resource.
func (a *worldResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/worlds", id: "listWorlds", summary: "All worlds, the default one first", answer: []WorldInfo{}, serve: a.listWorlds},
		{method: http.MethodPost, path: "/worlds", id: "addWorld", summary: "Make a world, by default in the start state of the default one", request: worldRequest{}, answer: WorldInfo{}, serve: a.addWorld},
		{method: http.MethodGet, path: "/worlds/{world}", id: "getWorld", summary: "Where a world is reached", answer: WorldInfo{}, serve: a.world},
		{method: http.MethodDelete, path: "/worlds/{world}", id: "removeWorld", summary: "End a world and close its port", serve: a.removeWorld},
	}
}

// WorldInfo tells where a world is reached.
type WorldInfo struct {
	Name string `json:"name"`
	// Origin is the one that every client finds: that of the port, or of the host
	// name where the world has no port of its own.
	Origin     string `json:"origin"`
	PortOrigin string `json:"port_origin,omitempty"`
	HostOrigin string `json:"host_origin"`
}

// worldRequest is a world to make.
type worldRequest struct {
	Name string `json:"name"`
	// Seed is its start state; left out, that of the default world.
	Seed *config.Seed `json:"seed,omitempty"`
}

func (a *worldResource) listWorlds(*http.Request) (any, error) { return listed(a.worlds.All()), nil }

func (a *worldResource) addWorld(r *http.Request) (any, error) {
	asked, err := readWorld(r, a.worlds.StartState())
	if err != nil {
		return nil, err
	}
	made, err := a.worlds.Add(asked.Name, *asked.Seed)
	if err != nil {
		return nil, err
	}
	return made, nil
}

// readWorld reads a world to make, whose seed is the given one where it is left
// out.
func readWorld(r *http.Request, seed config.Seed) (asked worldRequest, err error) {
	text, err := readBody(r)
	if err != nil {
		return asked, err
	}
	if text, err = schema.ToJSON(text); err == nil {
		err = schema.Decode(text, &asked)
	}
	var syntax *schema.SyntaxError
	if errors.As(err, &syntax) {
		return asked, badBody(syntax)
	}
	if asked.Seed == nil {
		asked.Seed = &seed
	}
	wrong := errors.Join(config.CheckWorldName(asked.Name), mistake.Replaced(asked.Seed.Validate(), func(place string) string { return "seed." + place }))
	return asked, mistake.Join(err, wrong)
}

func (a *worldResource) world(r *http.Request) (any, error) {
	found, ok := a.worlds.Get(r.PathValue("world"))
	if !ok {
		return nil, NotFound("world")
	}
	return found, nil
}

func (a *worldResource) removeWorld(r *http.Request) (any, error) {
	return nil, a.worlds.Remove(r.Context(), r.PathValue("world"))
}
