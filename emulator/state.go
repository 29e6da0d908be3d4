package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// stateVersion changes with the form of a saved state.
const stateVersion = 1

// state is what survives a restart.
type state struct {
	Version   int           `json:"version"`
	Config    Config        `json:"config"`
	Offset    Duration      `json:"clock_offset"`
	Stopped   time.Time     `json:"clock_stopped,omitzero"`
	Keys      []*signingKey `json:"signing_keys"`
	AutoLogin int64         `json:"auto_login,omitempty"`
	Memory    memory        `json:"memory"`
}

// State is everything that the platform knows, for [WithState]: what is
// registered, logins, consents, tokens, signing keys and the clock, but neither
// faults nor calls. It holds secrets; keep it from strangers.
func (e *Emulator) State() ([]byte, error) {
	e.clock.mu.Lock()
	offset, stopped := e.clock.offset, e.clock.stopped
	e.clock.mu.Unlock()
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	saved, err := json.Marshal(state{
		Version: stateVersion, Config: e.Config(), Offset: Duration(offset), Stopped: stopped,
		Keys: e.keys.all(), AutoLogin: e.automatic.Load(), Memory: e.store.memory,
	})
	if err != nil {
		return nil, fmt.Errorf("emulator: save the state: %w", err)
	}
	return saved, nil
}

// restore takes over what [Emulator.State] has saved. The issuer stays that of
// the configuration: it is where the platform runs now.
func (e *Emulator) restore(saved []byte) error {
	var restored state
	if err := json.Unmarshal(saved, &restored); err != nil {
		return fmt.Errorf("emulator: the saved state cannot be read: %w; delete it to begin anew", err)
	}
	switch {
	case restored.Version != stateVersion:
		return fmt.Errorf("emulator: the saved state has version %d, expected %d; delete it to begin anew", restored.Version, stateVersion)
	case !restored.complete():
		return errors.New("emulator: the saved state is not complete; delete it to begin anew")
	}
	restored.Config.Issuer = e.directory().Issuer
	if err := e.register(restored.Config); err != nil {
		return fmt.Errorf("emulator: the saved state registers what cannot be; delete it to begin anew: %w", err)
	}
	e.clock.offset, e.clock.stopped = time.Duration(restored.Offset), restored.Stopped
	e.keys.keys = restored.Keys
	e.automatic.Store(restored.AutoLogin)
	e.store.memory = restored.Memory
	return nil
}

// complete reports whether nothing is missing that the platform relies on.
func (s state) complete() bool {
	m := s.Memory
	return len(s.Keys) > 0 && !slices.Contains(s.Keys, nil) &&
		m.Sessions != nil && m.Tickets != nil && m.Codes != nil && m.Answers != nil &&
		m.Access != nil && m.Refresh != nil && m.Connections != nil &&
		!slices.Contains(slices.Collect(maps.Values(m.Sessions)), nil) &&
		!slices.ContainsFunc(slices.Collect(maps.Values(m.Connections)), func(c connection) bool {
			return c.Scopes == nil || c.Terms == nil || c.Properties == nil
		})
}

// WithState goes on from what [Emulator.State] has saved. What is registered
// there takes the place of the configuration, except for the issuer.
func WithState(saved []byte) Option {
	return func(e *Emulator) { e.saved = saved }
}
