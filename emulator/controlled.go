package emulator

import (
	"context"
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/console"
)

// console is the console of a world.
func (host *Emulator) console(e *World) http.Handler {
	acted := controlled{e}
	return console.New(console.Setup{
		Registry: e.registry, Store: e.store, Keys: &e.keys, Journal: e.journal, Faults: &e.faults, Webhooks: e.webhooks, Messages: &e.messages,
		Time: e.clock, World: acted, People: acted, Traffic: acted, Worlds: controlledWorlds{host},
	})
}

// controlled is a world as its console acts on it.
type controlled struct{ *World }

// Info tells where the world is reached.
func (e controlled) Info() console.WorldInfo {
	return console.WorldInfo{Name: e.Name(), Origin: e.reach.origin(), PortOrigin: e.reach.atPort, HostOrigin: e.reach.atHost}
}

// Automatic is who logs in without a page, or 0.
func (e controlled) Automatic() int64 { return e.automatic.Load() }

// LapseSignups unlinks users whom no app has signed up in time.
func (e controlled) LapseSignups() { e.lapseSignups() }

// Stream answers with each call as it comes.
func (e controlled) Stream(w http.ResponseWriter, r *http.Request) { e.stream(w, r) }

// Replay makes a request once more.
func (e controlled) Replay(r *http.Request, c Call) (again Call, found bool) { return e.replay(r, c) }

// controlledWorlds are the worlds of an emulator, with the errors that the console
// answers.
type controlledWorlds struct{ host *Emulator }

// StartState is that of the default world.
func (c controlledWorlds) StartState() config.Seed { return c.host.Seed() }

// All are all worlds, the default one first.
func (c controlledWorlds) All() []console.WorldInfo {
	list := []console.WorldInfo{}
	for _, world := range c.host.Worlds() {
		list = append(list, controlled{world}.Info())
	}
	return list
}

// Get is the world of a name.
func (c controlledWorlds) Get(name string) (console.WorldInfo, bool) {
	found, ok := c.host.lookup(name)
	if !ok {
		return console.WorldInfo{}, false
	}
	return controlled{found}.Info(), true
}

// Add makes a world.
func (c controlledWorlds) Add(name string, seed config.Seed) (console.WorldInfo, error) {
	made, err := c.host.AddWorld(name, seed)
	for _, refusal := range []error{ErrWorldExists, ErrTooManyWorlds, ErrClosed} {
		if errors.Is(err, refusal) {
			return console.WorldInfo{}, console.Conflict(refusal)
		}
	}
	if err != nil {
		return console.WorldInfo{}, err
	}
	return controlled{made}.Info(), nil
}

// Remove ends a world.
func (c controlledWorlds) Remove(ctx context.Context, name string) error {
	err := c.host.RemoveWorld(ctx, name)
	switch {
	case errors.Is(err, ErrNoWorld):
		return console.NotFound("world")
	case errors.Is(err, ErrDefaultWorld):
		return console.Conflict(err)
	}
	return err
}
