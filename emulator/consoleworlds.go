package emulator

import (
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
)

// worldOperations are about all worlds of the emulator.
func worldOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/worlds", id: "listWorlds", summary: "All worlds, the default one first", answer: []worldInfo{}, serve: (*consoleAPI).listWorlds},
		{method: http.MethodPost, path: "/worlds", id: "addWorld", summary: "Make a world, by default in the start state of the default one", request: worldRequest{}, answer: worldInfo{}, serve: (*consoleAPI).addWorld},
		{method: http.MethodGet, path: "/worlds/{world}", id: "getWorld", summary: "Where a world is reached", answer: worldInfo{}, serve: (*consoleAPI).world},
		{method: http.MethodDelete, path: "/worlds/{world}", id: "removeWorld", summary: "End a world and close its port", serve: (*consoleAPI).removeWorld},
	}
}

// worldInfo tells where a world is reached.
type worldInfo struct {
	Name string `json:"name"`
	// Origin is the one that every client finds: that of the port, or of the host
	// name where the world has no port of its own.
	Origin     string `json:"origin"`
	PortOrigin string `json:"port_origin,omitempty"`
	HostOrigin string `json:"host_origin"`
}

func (e *World) info() worldInfo {
	return worldInfo{e.Name(), e.reach.origin(), e.reach.atPort, e.reach.atHost}
}

// worldRequest is a world to make.
type worldRequest struct {
	Name string `json:"name"`
	// Seed is its start state; left out, that of the default world.
	Seed *config.Seed `json:"seed,omitempty"`
}

func (a *consoleAPI) listWorlds(*http.Request) (any, error) {
	list := []worldInfo{}
	for _, world := range a.emulator.Worlds() {
		list = append(list, world.info())
	}
	return list, nil
}

func (a *consoleAPI) addWorld(r *http.Request) (any, error) {
	asked, err := readWorld(r, a.emulator.Seed())
	if err != nil {
		return nil, err
	}
	made, err := a.emulator.AddWorld(asked.Name, *asked.Seed)
	for _, refusal := range []error{ErrWorldExists, ErrTooManyWorlds, ErrClosed} {
		if errors.Is(err, refusal) {
			return nil, conflict(refusal)
		}
	}
	if err != nil {
		return nil, err
	}
	return made.info(), nil
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
	wrong := errors.Join(checkWorldName(asked.Name), mistake.Replaced(asked.Seed.Validate(), func(place string) string { return "seed." + place }))
	return asked, mistake.Join(err, wrong)
}

func (a *consoleAPI) world(r *http.Request) (any, error) {
	found, ok := a.emulator.lookup(r.PathValue("world"))
	if !ok {
		return nil, notFound("world")
	}
	return found.info(), nil
}

func (a *consoleAPI) removeWorld(r *http.Request) (any, error) {
	err := a.emulator.RemoveWorld(r.Context(), r.PathValue("world"))
	switch {
	case errors.Is(err, ErrNoWorld):
		return nil, notFound("world")
	case errors.Is(err, ErrDefaultWorld):
		return nil, conflict(err)
	}
	return nil, err
}
