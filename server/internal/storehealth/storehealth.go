package storehealth

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	// Outage is how long writing may fail before nobody waits for it any more:
	// longer than a store takes to change its primary or to be started again.
	Outage = 5 * time.Second
	// ProbeInterval is how often readiness has the store write at most.
	ProbeInterval = 2 * time.Second
	// probeLife is how long what it writes lives.
	probeLife = time.Minute
	// probeSize is about what a login takes: a disk may have space for less.
	probeSize = 4 << 10
)

// Store is a store that notes whether it can write, and whether what it
// keeps is damaged: a store that answers reads can be full, or read-only.
type Store struct {
	store.Store

	mu      sync.Mutex
	failing time.Time // since when every write has failed; zero while they succeed
	damaged bool      // until the process ends: it takes a person to repair that
	probed  time.Time // when readiness had it write

	probing sync.Mutex // held while readiness has it write
}

// Get implements [store.Store].
func (w *Store) Get(ctx context.Context, key string) (store.Entry, error) {
	e, err := w.Store.Get(ctx, key)
	w.noteDamage(err)
	return e, err
}

// Create implements [store.Store].
func (w *Store) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	v, err := w.Store.Create(ctx, key, e)
	w.note(ctx, err)
	return v, err
}

// Replace implements [store.Store].
func (w *Store) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	v, err := w.Store.Replace(ctx, key, e)
	w.note(ctx, err)
	return v, err
}

// Delete implements [store.Store].
func (w *Store) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	e, err := w.Store.Delete(ctx, key, v)
	w.note(ctx, err)
	return e, err
}

// DeleteOwned implements [store.Store].
func (w *Store) DeleteOwned(ctx context.Context, o store.Owner) (int, error) {
	ended, err := w.Store.DeleteOwned(ctx, o)
	w.note(ctx, err)
	return ended, err
}

// AcquireEntry implements [store.EntryLeaser].
func (w *Store) AcquireEntry(ctx context.Context, key string, ttl time.Duration) (store.EntryLease, error) {
	l, err := store.AcquireEntry(ctx, w.Store, key, ttl)
	if err != nil {
		return nil, err
	}
	_, found := l.Entry()
	w.noteDamage(found)
	return &watchedLease{l, w}, nil
}

// watchedLease is a lease whose writes are watched.
type watchedLease struct {
	store.EntryLease
	watched *Store
}

// ReplaceAndRelease implements [store.EntryLease].
func (l *watchedLease) ReplaceAndRelease(ctx context.Context, e store.Entry) (store.Version, error) {
	v, err := l.EntryLease.ReplaceAndRelease(ctx, e)
	l.watched.note(ctx, err)
	return v, err
}

// Watch returns a store that is watched.
func Watch(s store.Store) *Store { return &Store{Store: s} }

// note takes down what came of a write. A caller who is gone, a store that is
// closed, and an entry that was not as expected say nothing about writing.
func (w *Store) note(ctx context.Context, err error) {
	w.noteDamage(err)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err == nil:
		w.failing = time.Time{}
	case !errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrClosed), errors.Is(ctx.Err(), context.Canceled):
	case w.failing.IsZero():
		w.failing = time.Now()
	}
}

// noteDamage takes down that a store has met damage.
func (w *Store) noteDamage(err error) {
	if !errors.Is(err, store.ErrDamaged) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.damaged = true
}

// IsFailing reports whether the last write failed, and outage whether writing has
// failed for so long that nobody should wait for it.
func (w *Store) IsFailing() (failing, outage bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	failing = !w.failing.IsZero()
	return failing, failing && time.Since(w.failing) >= Outage
}

// IsDamaged reports whether damage was met.
func (w *Store) IsDamaged() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.damaged
}

// Probe has the store write something as large as a login, unless it was asked a
// moment ago; then it is the last outcome of any write. Its error is the store's.
func (w *Store) Probe(ctx context.Context) error {
	w.probing.Lock()
	defer w.probing.Unlock()
	w.mu.Lock()
	recent := time.Since(w.probed) < ProbeInterval
	w.mu.Unlock()
	if recent {
		if failing, _ := w.IsFailing(); failing {
			return store.Unavailable(errors.New("the last write failed"))
		}
		return nil
	}
	value := make([]byte, probeSize)
	_, _ = rand.Read(value) // What is compressed or empty shows nothing. It never fails.
	_, err := w.Create(ctx, "probe:"+rand.Text(), store.Entry{Value: value, Expiry: time.Now().Add(probeLife)})
	w.mu.Lock()
	w.probed = time.Now()
	w.mu.Unlock()
	return err
}

// MayWrite reports whether a store that failed may do it soon: the rule for what
// can be asked for again, and so need not wait out an outage.
func (w *Store) MayWrite(err error) bool {
	_, outage := w.IsFailing()
	return !outage && WorthRetrying(err)
}
