package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/snapshot"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// stateVersion changes with the form of a saved state.
const stateVersion = 1

// state is what survives a restart.
type state struct {
	Version   int             `json:"version"`
	Config    config.Config   `json:"config"`
	Offset    config.Duration `json:"clock_offset"`
	Stopped   time.Time       `json:"clock_stopped,omitzero"`
	Keys      []*signing.Key  `json:"signing_keys"`
	AutoLogin int64           `json:"auto_login,omitempty"`
	Faults    []Fault         `json:"faults,omitempty"`
	Served    map[string]int  `json:"token_requests,omitempty"`
	Memory    store.Memory    `json:"memory"`
	// Snapshots are those of the world; a snapshot has none itself.
	Snapshots []snapshot.Saved `json:"snapshots,omitempty"`
}

// State is everything that the world knows, for [WithState]: what is
// registered, logins, consents, tokens, signing keys, the clock, faults, counters
// and snapshots, but no calls. It holds secrets; keep it from strangers. The state
// of an [Emulator] is that of its default world.
func (e *World) State() ([]byte, error) { return e.state(e.snapshots.All()) }

// state is the state of now, with snapshots.
func (e *World) state(snapshots []snapshot.Saved) ([]byte, error) {
	e.clock.mu.Lock()
	offset, stopped := e.clock.offset, e.clock.stopped
	e.clock.mu.Unlock()
	now := state{
		Version: stateVersion, Config: e.Config(), Offset: config.Duration(offset), Stopped: stopped,
		Keys: e.keys.All(), AutoLogin: e.automatic.Load(), Faults: e.Faults(), Snapshots: snapshots,
	}
	var saved []byte
	err := e.store.Read(func(m store.Memory, served map[string]int) (err error) {
		now.Memory, now.Served = m, served
		saved, err = json.Marshal(now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("emulator: save the state: %w", err)
	}
	return saved, nil
}

// capture is a copy of the state of now.
func (e *World) capture() (state, error) {
	saved, err := e.state(nil)
	if err != nil {
		return state{}, err
	}
	return parseState(saved)
}

// parseState reads what [World.State] has saved.
func parseState(saved []byte) (state, error) {
	var s state
	if err := json.Unmarshal(saved, &s); err != nil {
		return state{}, fmt.Errorf("emulator: the saved state cannot be read: %w; delete it to begin anew", err)
	}
	switch {
	case s.Version != stateVersion:
		return state{}, fmt.Errorf("emulator: the saved state has version %d, expected %d; delete it to begin anew", s.Version, stateVersion)
	case !s.complete():
		return state{}, errors.New("emulator: the saved state is not complete; delete it to begin anew")
	}
	for _, earlier := range s.Snapshots {
		if _, err := parseState(earlier.State); err != nil {
			return state{}, fmt.Errorf("in the snapshot %q: %w", earlier.Name, err)
		}
	}
	return s, nil
}

// goOnFrom takes over what an earlier process has saved by [World.State], snapshots
// included.
func (e *World) goOnFrom(saved []byte) error {
	earlier, err := parseState(saved)
	if err != nil {
		return err
	}
	e.snapshots.Replace(earlier.Snapshots)
	return e.restore(earlier)
}

// restore puts the world in a saved state. The issuer stays that of the world: it
// is where the platform runs now.
func (e *World) restore(restored state) error {
	e.registry.Lock()
	defer e.registry.Unlock()
	restored.Config.Issuer = e.registry.Directory().Issuer
	if err := e.registry.Register(restored.Config); err != nil {
		return fmt.Errorf("emulator: the saved state registers what cannot be; delete it to begin anew: %w", err)
	}
	e.clock.restore(time.Duration(restored.Offset), restored.Stopped)
	e.keys.Replace(restored.Keys)
	e.automatic.Store(restored.AutoLogin)
	e.faults.Replace(restored.Faults)
	e.store.Replace(restored.Memory, restored.Served)
	return nil
}

// complete reports whether nothing is missing that the platform relies on.
func (s state) complete() bool {
	m := s.Memory
	return len(s.Keys) > 0 && !slices.Contains(s.Keys, nil) &&
		m.Sessions != nil && m.Tickets != nil && m.Codes != nil && m.Answers != nil &&
		m.Access != nil && m.Refresh != nil && m.Connections != nil &&
		!slices.Contains(slices.Collect(maps.Values(m.Sessions)), nil) &&
		!slices.ContainsFunc(slices.Collect(maps.Values(m.Connections)), func(c store.Connection) bool {
			return c.Scopes == nil || c.Terms == nil || c.Properties == nil
		})
}

// WithState goes on from what [World.State] has saved. What is registered there
// takes the place of the configuration, except for the issuer; [World.Reset]
// returns to the configuration.
func WithState(saved []byte) Option { return func(o *options) { o.saved = saved } }
