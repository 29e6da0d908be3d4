package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/renameio/v2/maybe"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// saveInterval is how often a changed state is saved: what a crash can lose.
const saveInterval = time.Second

// stateKeeper keeps the state of a platform in a file. With an empty path it
// keeps nothing.
type stateKeeper struct {
	path     string
	platform *emulator.Emulator
	changed  atomic.Bool
}

// load returns what was saved, nil if nothing was.
func (k *stateKeeper) load() ([]byte, error) {
	if k.path == "" {
		return nil, nil
	}
	saved, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	return saved, nil
}

// describe says what is kept, and what ends with the process.
func (k *stateKeeper) describe(w io.Writer) {
	if k.path != "" {
		printf(w, "  state and snapshots are kept in %s; worlds that are made end with this process\n", k.path)
	}
}

// watch notes that a request may have changed the state.
func (k *stateKeeper) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer k.changed.Store(true)
		next.ServeHTTP(w, r)
	})
}

// whileSaving saves the state while serve runs, at once and then whenever it has
// changed, and a last time when serve has ended.
func (k *stateKeeper) whileSaving(ctx context.Context, serve func() error) error {
	if k.path == "" {
		return serve()
	}
	if err := k.save(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var saving sync.WaitGroup
	saving.Go(func() { k.saveChanges(ctx) })
	err := serve()
	stop()
	saving.Wait()
	return errors.Join(err, k.save())
}

// saveChanges saves what changes until ctx is done.
func (k *stateKeeper) saveChanges(ctx context.Context) {
	ticker := time.NewTicker(saveInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !k.changed.Swap(false) {
			continue
		}
		if err := k.save(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// save replaces the file as a whole, readable for its owner only: it holds
// tokens and keys.
func (k *stateKeeper) save() error {
	state, err := k.platform.State()
	if err != nil {
		return err
	}
	if err := maybe.WriteFile(k.path, state, 0o600); err != nil {
		return errorf("--state: the state cannot be saved: %w", err)
	}
	return nil
}
