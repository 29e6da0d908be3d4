// Package lease lends leases within one process, for stores that no two
// processes share. A lease dies with the process, which is when it should end.
package lease

import (
	"context"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// Table lends leases as [store.Store] demands. Who waits is served in the
// order of arrival. It measures time on the monotonic clock, so that setting
// the clock neither ends nor extends a lease.
type Table struct {
	mu     sync.Mutex
	slots  map[string]*slot
	closed chan struct{}
}

// slot is the place of one key. It exists while the lease is held or waited
// for.
type slot struct {
	key   string
	free  chan struct{} // holds one item while nobody holds the lease
	users int           // the holder and those who wait
}

// NewTable returns a table without leases.
func NewTable() *Table {
	return &Table{slots: make(map[string]*slot), closed: make(chan struct{})}
}

// Acquire is the Acquire of [store.Store].
func (t *Table) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	select {
	case <-t.closed:
		return nil, store.Unavailable(store.ErrClosed)
	default: // Below, a free lease would do as well as a closed table.
	}
	s := t.enter(key)
	select {
	case <-s.free:
		return t.lend(s, ttl), nil
	case <-ctx.Done():
		t.leave(s)
		return nil, store.LeaseHeld(ctx)
	case <-t.closed:
		t.leave(s)
		return nil, store.Unavailable(store.ErrClosed)
	}
}

// Close ends the waiting of all who wait. Call it once.
func (t *Table) Close() { close(t.closed) }

// enter returns the slot of a key with one more user.
func (t *Table) enter(key string) *slot {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, found := t.slots[key]
	if !found {
		s = &slot{key: key, free: make(chan struct{}, 1)}
		s.free <- struct{}{}
		t.slots[key] = s
	}
	s.users++
	return s
}

// leave takes a user from a slot.
func (t *Table) leave(s *slot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drop(s)
}

// drop does what leave does, under the lock.
func (t *Table) drop(s *slot) {
	if s.users--; s.users == 0 {
		delete(t.slots, s.key)
	}
}

// lend makes the caller the holder of a slot.
func (t *Table) lend(s *slot, ttl time.Duration) *lease {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := &lease{table: t, slot: s, end: time.Now().Add(ttl)}
	l.timer = time.AfterFunc(ttl, l.expire)
	return l
}

// lease is a lease that a table lent.
type lease struct {
	table *Table
	slot  *slot
	timer *time.Timer
	end   time.Time
	over  bool
}

// Renew is the Renew of [store.Lease].
func (l *lease) Renew(ctx context.Context, ttl time.Duration) error {
	if ctx.Err() != nil {
		return store.Unavailable(context.Cause(ctx))
	}
	l.table.mu.Lock()
	defer l.table.mu.Unlock()
	if !l.held() {
		return store.ErrLeaseLost
	}
	l.end = time.Now().Add(ttl)
	l.timer.Reset(ttl)
	return nil
}

// Release is the Release of [store.Lease].
func (l *lease) Release(ctx context.Context) error {
	if ctx.Err() != nil {
		return store.Unavailable(context.Cause(ctx))
	}
	l.table.mu.Lock()
	defer l.table.mu.Unlock()
	if !l.held() {
		return store.ErrLeaseLost
	}
	l.timer.Stop()
	l.finish()
	return nil
}

// expire ends the lease unless a renewal came between the timer and the lock.
func (l *lease) expire() {
	l.table.mu.Lock()
	defer l.table.mu.Unlock()
	if !l.over && !l.held() {
		l.finish()
	}
}

// held reports whether the lease is in force.
func (l *lease) held() bool { return !l.over && time.Now().Before(l.end) }

// finish hands the slot to the next who waits.
func (l *lease) finish() {
	l.over = true
	l.slot.free <- struct{}{}
	l.table.drop(l.slot)
}
