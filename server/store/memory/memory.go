// Package memory keeps the entries of a [store.Store] in the memory of the
// process. They end with it, and no other process sees them: it is for tests
// and for one instance whose users may log in again after a restart.
package memory

import (
	"bytes"
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/internal/lease"
)

// sweepLimit is how many expired entries a write drops at most. It is more than
// one, so that what expires is dropped faster than it can be made, and bounded,
// so that no write pays for a whole day's logins at once.
const sweepLimit = 16

// Store is a [store.Store] in memory. It starts no goroutine: writes sweep.
type Store struct {
	mu       sync.RWMutex
	entries  map[string]*item
	owned    map[store.Owner]map[string]*item
	expiries expiries
	version  store.Version
	closed   bool
	leases   *lease.Table
}

// item is one entry at its key.
type item struct {
	key   string
	entry store.Entry
	index int // in expiries
}

// New returns an empty store.
func New() *Store {
	return &Store{
		entries: make(map[string]*item),
		owned:   make(map[store.Owner]map[string]*item),
		leases:  lease.NewTable(),
	}
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (store.Entry, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	it, err := s.find(ctx, key)
	if err != nil {
		return store.Entry{}, err
	}
	return copied(it.entry), nil
}

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	if s.live(key) != nil {
		return 0, store.ErrExists
	}
	return s.put(key, e), nil
}

// Replace implements [store.Store].
func (s *Store) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.find(ctx, key)
	if err != nil {
		return 0, err
	}
	if it.entry.Version != e.Version {
		return 0, store.ErrConflict
	}
	return s.put(key, e), nil
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.find(ctx, key)
	if err != nil {
		return store.Entry{}, err
	}
	if v != store.AnyVersion && v != it.entry.Version {
		return store.Entry{}, store.ErrConflict
	}
	s.remove(it)
	return it.entry, nil
}

// DeleteOwned implements [store.Store].
func (s *Store) DeleteOwned(ctx context.Context, o store.Owner) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	ended, now := 0, time.Now()
	for _, it := range s.owned[o] {
		if it.lives(now) {
			ended++
		}
		s.remove(it)
	}
	return ended, nil
}

// Acquire implements [store.Store].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	s.mu.RLock()
	err := s.ready(ctx)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	return s.leases.Acquire(ctx, key, ttl)
}

// Close implements [store.Store] and forgets all entries.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.entries, s.owned, s.expiries = nil, nil, nil
	s.leases.Close()
	return nil
}

// ready returns why nothing can be done, if so.
func (s *Store) ready(ctx context.Context) error {
	if ctx.Err() != nil {
		return store.Unavailable(context.Cause(ctx))
	}
	if s.closed {
		return store.Unavailable(store.ErrClosed)
	}
	return nil
}

// find returns what lives at a key, or why there is nothing.
func (s *Store) find(ctx context.Context, key string) (*item, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	it := s.live(key)
	if it == nil {
		return nil, store.ErrNotFound
	}
	return it, nil
}

// live returns what lives at a key, or nil.
func (s *Store) live(key string) *item {
	it := s.entries[key]
	if it == nil || !it.lives(time.Now()) {
		return nil
	}
	return it
}

// lives reports whether the entry has not expired.
func (it *item) lives(now time.Time) bool { return now.Before(it.entry.Expiry) }

// put stores an entry over whatever is at the key.
func (s *Store) put(key string, e store.Entry) store.Version {
	if before := s.entries[key]; before != nil {
		s.remove(before)
	}
	s.version++
	e = copied(e)
	e.Version = s.version
	s.add(&item{key: key, entry: e})
	s.sweep()
	return e.Version
}

// add takes an item into the indexes.
func (s *Store) add(it *item) {
	s.entries[it.key] = it
	heap.Push(&s.expiries, it)
	if it.entry.Owner.Nobody() {
		return
	}
	theirs := s.owned[it.entry.Owner]
	if theirs == nil {
		theirs = make(map[string]*item)
		s.owned[it.entry.Owner] = theirs
	}
	theirs[it.key] = it
}

// remove takes an item out of the indexes.
func (s *Store) remove(it *item) {
	delete(s.entries, it.key)
	heap.Remove(&s.expiries, it.index)
	theirs := s.owned[it.entry.Owner]
	delete(theirs, it.key)
	if len(theirs) == 0 {
		delete(s.owned, it.entry.Owner)
	}
}

// sweep drops some of what has expired.
func (s *Store) sweep() {
	now := time.Now()
	for range sweepLimit {
		if len(s.expiries) == 0 || s.expiries[0].lives(now) {
			return
		}
		s.remove(s.expiries[0])
	}
}

// copied returns an entry that shares no memory with e.
func copied(e store.Entry) store.Entry {
	e.Value = bytes.Clone(e.Value)
	return e
}
