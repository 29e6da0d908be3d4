package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

// snapshotLimit is how many snapshots a world keeps.
const snapshotLimit = 100

// Errors of snapshots, told apart by [errors.Is].
var (
	// ErrNoSnapshot is the error for a name that no snapshot has.
	ErrNoSnapshot = errors.New("emulator: there is no snapshot of this name")
	// ErrTooManySnapshots is the error when a world keeps as many snapshots as it
	// may, 100.
	ErrTooManySnapshots = errors.New("emulator: there are too many snapshots; remove those that are done with")
)

// Snapshot names a saved state of a world.
type Snapshot struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"` // by the world's clock
}

// snapshots are the saved states of a world, by name.
type snapshots struct {
	mu     sync.Mutex
	byName map[string]savedSnapshot
}

type savedSnapshot struct {
	Snapshot
	State json.RawMessage `json:"state"`
}

// all are the snapshots by name.
func (s *snapshots) all() []savedSnapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.byName), func(a, b savedSnapshot) int { return cmp.Compare(a.Name, b.Name) })
}

func (s *snapshots) replace(list []savedSnapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byName = map[string]savedSnapshot{}
	for _, saved := range list {
		s.byName[saved.Name] = saved
	}
}

// SaveSnapshot keeps the state of the world under a name, in the place of an
// earlier one: all that [World.State] saves but the other snapshots. The error is
// [ErrTooManySnapshots], or tells that the name is empty or too long.
func (e *World) SaveSnapshot(name string) (Snapshot, error) {
	if name == "" || len(name) > 100 {
		return Snapshot{}, mistake.New("name", "must be 1 to 100 bytes long")
	}
	saved, err := e.state(nil)
	if err != nil {
		return Snapshot{}, err
	}
	s := &e.snapshots
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, replaces := s.byName[name]; !replaces && len(s.byName) >= snapshotLimit {
		return Snapshot{}, ErrTooManySnapshots
	}
	if s.byName == nil {
		s.byName = map[string]savedSnapshot{}
	}
	made := Snapshot{name, e.clock.Now().UTC()}
	s.byName[name] = savedSnapshot{made, saved}
	return made, nil
}

// Snapshots are the saved states, by name.
func (e *World) Snapshots() []Snapshot {
	list := []Snapshot{}
	for _, saved := range e.snapshots.all() {
		list = append(list, saved.Snapshot)
	}
	return list
}

// RestoreSnapshot returns to a saved state. Calls and deliveries are forgotten,
// as by [World.Reset]. The error is [ErrNoSnapshot].
func (e *World) RestoreSnapshot(name string) error {
	e.snapshots.mu.Lock()
	saved, ok := e.snapshots.byName[name]
	e.snapshots.mu.Unlock()
	if !ok {
		return ErrNoSnapshot
	}
	restored, err := parseState(saved.State)
	if err != nil {
		return err
	}
	if err := e.restore(restored); err != nil {
		return err
	}
	e.forget()
	return nil
}

// RemoveSnapshot forgets a saved state. The error is [ErrNoSnapshot].
func (e *World) RemoveSnapshot(name string) error {
	e.snapshots.mu.Lock()
	defer e.snapshots.mu.Unlock()
	if _, ok := e.snapshots.byName[name]; !ok {
		return ErrNoSnapshot
	}
	delete(e.snapshots.byName, name)
	return nil
}
