package redis

import (
	"context"
	"crypto/rand"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// lease is a lease in Redis. The holder is a name that nobody else has: while
// Redis has it at the key, the lease is in force.
type lease struct {
	store       *Store
	key, holder string
}

// Acquire implements [store.Store].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	l := &lease{store: s, key: key, holder: rand.Text()}
	for {
		acquired, err := l.try(ctx, ttl)
		if acquired {
			return l, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// try takes the lease if it is free, and otherwise waits until it may be.
func (l *lease) try(ctx context.Context, ttl time.Duration) (acquired bool, err error) {
	// Join before asking, or the release could fall between the two.
	freed, leave := l.store.releases.join(l.key)
	defer leave()
	answer, err := l.run(ctx, acquireScript, ttl.Milliseconds())
	if err != nil {
		return false, err
	}
	left := time.Duration(answer[0].(int64)) * time.Millisecond
	if left == 0 {
		return true, nil
	}
	return false, await(ctx, freed, left)
}

// run runs a script of leases for the holder.
func (l *lease) run(ctx context.Context, script *goredis.Script, arg any) ([]any, error) {
	return l.store.run(ctx, script, []string{l.store.keys.lease(l.key)}, l.holder, arg)
}

// await returns when the lease was freed, when its time is over, or when the
// context ends, which is an error.
func await(ctx context.Context, freed <-chan struct{}, left time.Duration) error {
	expired := time.NewTimer(left)
	defer expired.Stop()
	select {
	case <-freed:
		return nil
	case <-expired.C:
		return nil
	case <-ctx.Done():
		return store.LeaseHeld(ctx)
	}
}

// Renew implements [store.Lease].
func (l *lease) Renew(ctx context.Context, ttl time.Duration) error {
	_, err := l.run(ctx, renewScript, ttl.Milliseconds())
	return err
}

// Release implements [store.Lease].
func (l *lease) Release(ctx context.Context) error {
	_, err := l.run(ctx, releaseScript, l.store.keys.freed()+l.key)
	return err
}
