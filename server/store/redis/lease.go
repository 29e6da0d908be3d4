package redis

import (
	"context"
	"crypto/rand"
	"time"

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
	err := s.releases.Wait(ctx, key, func() (time.Duration, error) {
		answer, err := l.run(ctx, acquireScript, ttl.Milliseconds())
		if err != nil {
			return 0, err
		}
		return time.Duration(answer[0].(int64)) * time.Millisecond, nil
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// run runs a script of leases for the holder.
func (l *lease) run(ctx context.Context, script script, arg any) ([]any, error) {
	return l.store.run(ctx, script, []string{l.store.keys.lease(l.key)}, l.holder, arg)
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
