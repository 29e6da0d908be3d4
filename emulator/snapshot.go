package emulator

import (
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/snapshot"
)

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
	made := Snapshot{Name: name, At: e.clock.Now().UTC()}
	if err := e.snapshots.Save(snapshot.Saved{Snapshot: made, State: saved}); err != nil {
		return Snapshot{}, err
	}
	return made, nil
}

// Snapshots are the saved states, by name.
func (e *World) Snapshots() []Snapshot {
	list := []Snapshot{}
	for _, saved := range e.snapshots.All() {
		list = append(list, saved.Snapshot)
	}
	return list
}

// RestoreSnapshot returns to a saved state. Calls and deliveries are forgotten,
// as by [World.Reset]. The error is [ErrNoSnapshot].
func (e *World) RestoreSnapshot(name string) error {
	saved, err := e.snapshots.Get(name)
	if err != nil {
		return err
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
func (e *World) RemoveSnapshot(name string) error { return e.snapshots.Remove(name) }
