package console

import (
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
)

// clockResource is the clock of a world.
type clockResource struct {
	clock  clock
	people people
}

// operations are those of the resource.
func (a *clockResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/clock", id: "getClock", summary: "What the clock shows", answer: clockAnswer{}, serve: a.getClock},
		{method: http.MethodPost, path: "/clock", id: "setClock", summary: "Move the clock on, set it, stop it or let it go on, in that order", request: clockChange{}, answer: clockAnswer{}, serve: a.setClock},
	}
}

// clockChange is what the clock is to do; what is left out stays.
type clockChange struct {
	Advance config.Duration `json:"advance,omitzero"`
	Set     time.Time       `json:"set,omitzero"`
	Stopped *bool           `json:"stopped,omitempty"`
}

// clockAnswer is what the clock shows.
type clockAnswer struct {
	Now     time.Time `json:"now"`
	Stopped bool      `json:"stopped"`
}

func (a *clockResource) clockAnswer() clockAnswer {
	return clockAnswer{a.clock.Now().UTC(), a.clock.Stopped()}
}

func (a *clockResource) getClock(*http.Request) (any, error) { return a.clockAnswer(), nil }

// setClock moves the clock: {"advance": "12h"}, {"set": "2026-01-01T…Z"},
// {"stopped": true}, or several of these in that order.
func (a *clockResource) setClock(r *http.Request) (any, error) {
	var asked clockChange
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	a.clock.Advance(time.Duration(asked.Advance))
	if !asked.Set.IsZero() {
		a.clock.Set(asked.Set)
	}
	switch {
	case asked.Stopped == nil:
	case *asked.Stopped:
		a.clock.Stop()
	default:
		a.clock.Resume()
	}
	a.people.LapseSignups()
	return a.clockAnswer(), nil
}
