// Package snapshot keeps the saved states of a world, by name.
package snapshot

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
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

// List is the saved states of a world, by name.
type List struct {
	mu     sync.Mutex
	byName map[string]Saved
}

// Saved is a snapshot with its state.
type Saved struct {
	Snapshot
	State json.RawMessage `json:"state"`
}

// All are the snapshots by name.
func (s *List) All() []Saved {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.byName), func(a, b Saved) int { return cmp.Compare(a.Name, b.Name) })
}

// Save keeps a state, in the place of an earlier one of the same name. The error is
// [ErrTooManySnapshots].
func (s *List) Save(made Saved) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, replaces := s.byName[made.Name]; !replaces && len(s.byName) >= snapshotLimit {
		return ErrTooManySnapshots
	}
	if s.byName == nil {
		s.byName = map[string]Saved{}
	}
	s.byName[made.Name] = made
	return nil
}

// Get is the saved state of a name. The error is [ErrNoSnapshot].
func (s *List) Get(name string) (Saved, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved, ok := s.byName[name]
	if !ok {
		return Saved{}, ErrNoSnapshot
	}
	return saved, nil
}

// Remove forgets a saved state. The error is [ErrNoSnapshot].
func (s *List) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byName[name]; !ok {
		return ErrNoSnapshot
	}
	delete(s.byName, name)
	return nil
}

// Replace puts others in the place of all.
func (s *List) Replace(list []Saved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byName = map[string]Saved{}
	for _, saved := range list {
		s.byName[saved.Name] = saved
	}
}
