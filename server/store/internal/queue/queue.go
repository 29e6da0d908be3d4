// Package queue holds those who wait for leases that another process may
// release. It is for stores that are shared: they tell it what they hear of
// releases.
package queue

import (
	"context"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// Queues are the queues of all keys. The zero value is not ready; see [New].
type Queues struct {
	mu     sync.Mutex
	queues map[string]*queue
}

// queue holds those who wait for the lease of one key.
type queue struct {
	freed chan struct{} // closed when the lease may be free
	users int
}

// New returns queues in which nobody waits.
func New() *Queues { return &Queues{queues: make(map[string]*queue)} }

// Wait calls try until it has the lease of a key, which it says by leaving no
// time: otherwise left is how long somebody else may still hold it. Between the
// tries it waits for Wake, or until that time is over. It returns the error of
// try, or [store.ErrLeaseHeld] where the context ends first.
func (q *Queues) Wait(ctx context.Context, key string, try func() (left time.Duration, err error)) error {
	for {
		acquired, err := q.waitOnce(ctx, key, try)
		if acquired || err != nil {
			return err
		}
	}
}

// waitOnce tries once, and waits where that was in vain.
func (q *Queues) waitOnce(ctx context.Context, key string, try func() (time.Duration, error)) (acquired bool, err error) {
	// Join before asking, or the release could fall between the two.
	freed, leave := q.join(key)
	defer leave()
	left, err := try()
	if err != nil || left <= 0 {
		return err == nil, err
	}
	expired := time.NewTimer(left)
	defer expired.Stop()
	select {
	case <-freed:
		return false, nil
	case <-expired.C:
		return false, nil
	case <-ctx.Done():
		return false, store.LeaseHeld(ctx)
	}
}

// join returns a channel that is closed when the lease of a key may have become
// free, and a function to call when it is no longer waited for.
func (q *Queues) join(key string) (freed <-chan struct{}, leave func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.queues[key]
	if one == nil {
		one = &queue{freed: make(chan struct{})}
		q.queues[key] = one
	}
	one.users++
	return one.freed, func() { q.leave(key, one) }
}

// leave takes a user from a queue.
func (q *Queues) leave(key string, one *queue) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if one.users--; one.users == 0 && q.queues[key] == one {
		delete(q.queues, key)
	}
}

// Wake has those try again who wait for the lease of a key.
func (q *Queues) Wake(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if one := q.queues[key]; one != nil {
		close(one.freed)
		delete(q.queues, key)
	}
}

// WakeAll has all try again: releases may have been missed, or the store closes.
func (q *Queues) WakeAll() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for key, one := range q.queues {
		close(one.freed)
		delete(q.queues, key)
	}
}
