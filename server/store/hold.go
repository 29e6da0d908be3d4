package store

import (
	"context"
	"errors"
	"time"
)

const (
	// renewalsPerTTL is how often a held lease is renewed within its lifetime:
	// two renewals may fail before it is lost.
	renewalsPerTTL = 3
	// releaseTimeout bounds how long the result of the work waits for the
	// release. A lease that could not be released expires by itself.
	releaseTimeout = time.Second
)

// Hold runs do while it holds the lease of a key, which it renews so that ttl
// need only be longer than the store is ever out of reach, not longer than do
// takes. A ttl is also how long others wait after a crash of the holder.
//
// The error is that of do, or why the lease could not be acquired: those of
// Acquire. When the lease is lost do goes on: it may hold what must be stored,
// and the version of the entry decides whether it still can be.
func Hold(ctx context.Context, s Store, key string, ttl time.Duration, do func(context.Context) error) error {
	lease, err := s.Acquire(ctx, key, ttl)
	if err != nil {
		return err
	}
	return hold(ctx, lease, ttl, do)
}

// HoldEntry is [Hold] for work on the entry of the key, which do finds in the lease.
func HoldEntry(ctx context.Context, s Store, key string, ttl time.Duration, do func(context.Context, EntryLease) error) error {
	lease, err := AcquireEntry(ctx, s, key, ttl)
	if err != nil {
		return err
	}
	return hold(ctx, lease, ttl, func(ctx context.Context) error { return do(ctx, lease) })
}

// hold runs do while it keeps a lease.
func hold(ctx context.Context, lease Lease, ttl time.Duration, do func(context.Context) error) error {
	// A caller who is gone neither ends the lease of work that goes on nor
	// leaves it behind.
	defer letGo(context.WithoutCancel(ctx), lease)
	defer keep(context.WithoutCancel(ctx), lease, ttl)()
	return do(ctx)
}

// keep renews a lease until the function that it returns is called. Most work is
// done before the first renewal, and then takes no goroutine for it.
func keep(ctx context.Context, lease Lease, ttl time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	interval, stopped := ttl/renewalsPerTTL, make(chan struct{})
	first := time.AfterFunc(interval, func() {
		defer close(stopped)
		renew(ctx, lease, ttl, interval)
	})
	return func() {
		cancel()
		if !first.Stop() {
			<-stopped
		}
	}
}

// renew renews a lease now and at each interval until it is lost or the context
// ends.
func renew(ctx context.Context, lease Lease, ttl, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := renewOnce(ctx, lease, ttl, interval); errors.Is(err, ErrLeaseLost) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// renewOnce renews a lease once and does not take longer than limit.
func renewOnce(ctx context.Context, lease Lease, ttl, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return lease.Renew(ctx, ttl)
}

// letGo releases a lease. Whether that succeeds is of no interest to the work
// that is done: what is not released expires.
func letGo(ctx context.Context, lease Lease) {
	ctx, cancel := context.WithTimeout(ctx, releaseTimeout)
	defer cancel()
	_ = lease.Release(ctx)
}
