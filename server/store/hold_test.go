package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ttl is the lifetime of leases in these tests.
const ttl = 9 * time.Second

// wantFree checks whether the lease can be had at once.
func wantFree(ctx context.Context, t *testing.T, s store.Store, want bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	l, err := s.Acquire(ctx, "key", ttl)
	if free := err == nil; free != want {
		t.Errorf("the lease is free: %v, want %v (%v)", free, want, err)
	}
	if err == nil {
		_ = l.Release(context.WithoutCancel(ctx))
	}
}

func TestHoldKeepsTheLeaseAsLongAsTheWorkTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		why := errors.New("the work's own")
		err := store.Hold(t.Context(), s, "key", ttl, func(ctx context.Context) error {
			for range 10 {
				time.Sleep(ttl)
				wantFree(ctx, t, s, false)
			}
			return why
		})
		if !errors.Is(err, why) {
			t.Errorf("got error %v, want %v", err, why)
		}
		wantFree(t.Context(), t, s, true)
	})
}

func TestHoldKeepsTheLeaseOfWorkWhoseCallerIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		ctx, cancel := context.WithCancel(t.Context())
		err := store.Hold(ctx, s, "key", ttl, func(ctx context.Context) error {
			cancel()
			time.Sleep(5 * ttl)
			wantFree(context.WithoutCancel(ctx), t, s, false)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		wantFree(t.Context(), t, s, true)
	})
}

func TestHoldReleasesTheLeaseOfWorkThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		func() {
			defer func() { _ = recover() }()
			_ = store.Hold(t.Context(), s, "key", ttl, func(context.Context) error { panic("work") })
		}()
		wantFree(t.Context(), t, s, true)
	})
}

func TestHoldDoesNothingWithoutTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		if _, err := s.Acquire(t.Context(), "key", time.Hour); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := store.Hold(ctx, s, "key", ttl, func(context.Context) error {
			t.Error("the work was done")
			return nil
		})
		if !errors.Is(err, store.ErrLeaseHeld) {
			t.Errorf("got error %v, want %v", err, store.ErrLeaseHeld)
		}
	})
}

// One renewal that fails, as when Redis is away for a moment, must not cost the
// lease.
func TestHoldGoesOnWhereARenewalFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &flaky{Store: memory.New()}
		_ = store.Hold(t.Context(), s, "key", ttl, func(ctx context.Context) error {
			for range 5 {
				s.fail()
				time.Sleep(ttl)
				wantFree(ctx, t, s.Store, false)
			}
			return nil
		})
	})
}

func TestHoldDoesNotInterruptWorkThatLostItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &flaky{Store: memory.New()}
		err := store.Hold(t.Context(), s, "key", ttl, func(ctx context.Context) error {
			s.lose(ctx)
			wantFree(ctx, t, s.Store, true)
			time.Sleep(5 * ttl)
			return ctx.Err()
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A thousand tabs of one user renew at once: what the package documentation
// promises about leases and entries together.
func TestOneRenewalServesAllWhoWaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		asked := 0
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() {
				err := store.Hold(t.Context(), s, "key", ttl, func(ctx context.Context) error {
					if _, err := s.Get(ctx, "key"); !errors.Is(err, store.ErrNotFound) {
						return err
					}
					asked++
					time.Sleep(time.Second) // Kakao takes its time.
					_, err := s.Create(ctx, "key", store.Entry{Expiry: time.Now().Add(time.Minute)})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if asked != 1 {
			t.Errorf("Kakao was asked %d times", asked)
		}
	})
}

// flaky is a store whose leases can be made to fail.
type flaky struct {
	store.Store
	mu    sync.Mutex
	fails bool
	lease store.Lease
}

// fail makes the next renewal fail.
func (f *flaky) fail() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails = true
}

// lose ends the lease without its holder's doing.
func (f *flaky) lose(ctx context.Context) { _ = f.lease.Release(ctx) }

func (f *flaky) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	l, err := f.Store.Acquire(ctx, key, ttl)
	f.lease = l
	return flakyLease{l, f}, err
}

type flakyLease struct {
	store.Lease
	store *flaky
}

func (l flakyLease) Renew(ctx context.Context, ttl time.Duration) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if l.store.fails {
		l.store.fails = false
		return store.Unavailable(errors.New("away"))
	}
	return l.Lease.Renew(ctx, ttl)
}
