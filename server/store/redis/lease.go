package redis

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// lease is a lease in Redis. The holder is a name that nobody else has: while
// Redis has it at the key, the lease is in force.
type lease struct {
	store       *Store
	key, holder string
	released    atomic.Bool // together with the entry
	fields      []any       // of the entry, where it was asked for
}

// Acquire implements [store.Store].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	l, err := s.acquire(ctx, key, ttl, s.keys.lease(key))
	if err != nil {
		return nil, err
	}
	return l, nil
}

// AcquireEntry implements [store.EntryLeaser]: one round trip.
func (s *Store) AcquireEntry(ctx context.Context, key string, ttl time.Duration) (store.EntryLease, error) {
	l, err := s.acquire(ctx, key, ttl, s.keys.lease(key), s.keys.entry(key))
	if err != nil {
		return nil, err
	}
	return l, nil
}

// acquire waits for a lease.
func (s *Store) acquire(ctx context.Context, key string, ttl time.Duration, keys ...string) (*lease, error) {
	l := &lease{store: s, key: key, holder: rand.Text()}
	err := s.releases.Wait(ctx, key, func() (time.Duration, error) {
		answer, err := s.run(ctx, acquireScript, keys, l.holder, ttl.Milliseconds())
		if err != nil {
			return 0, err
		}
		if len(answer) > 1 {
			l.fields, _ = answer[1].([]any)
		}
		return time.Duration(answer[0].(int64)) * time.Millisecond, nil
	})
	return l, err
}

// Entry implements [store.EntryLease].
func (l *lease) Entry() (store.Entry, error) {
	if l.fields == nil || l.fields[0] == nil {
		return store.Entry{}, store.ErrNotFound
	}
	return entryOf(l.fields)
}

// ReplaceAndRelease implements [store.EntryLease]: one round trip, and one write to
// the disk, unless nobody owns the entry.
func (l *lease) ReplaceAndRelease(ctx context.Context, e store.Entry) (v store.Version, err error) {
	if e.Owner.Nobody() {
		if v, err = l.store.Replace(ctx, l.key, e); err == nil {
			_ = l.Release(ctx) // What is not released expires.
		}
		return v, err
	}
	keys := []string{l.store.keys.entry(l.key), l.store.keys.index(l.store.keys.tag(l.key), e.Owner), l.store.keys.lease(l.key)}
	v, err = l.store.putAt(ctx, replaceScript, keys, l.key, e, l.holder, l.store.keys.freed()+l.key)
	l.released.Store(err == nil)
	return v, err
}

// run runs a script of leases for the holder.
func (l *lease) run(ctx context.Context, script script, arg any) error {
	if l.released.Load() {
		return store.ErrLeaseLost
	}
	_, err := l.store.run(ctx, script, []string{l.store.keys.lease(l.key)}, l.holder, arg)
	return err
}

// Renew implements [store.Lease].
func (l *lease) Renew(ctx context.Context, ttl time.Duration) error {
	return l.run(ctx, renewScript, ttl.Milliseconds())
}

// Release implements [store.Lease].
func (l *lease) Release(ctx context.Context) error {
	return l.run(ctx, releaseScript, l.store.keys.freed()+l.key)
}
