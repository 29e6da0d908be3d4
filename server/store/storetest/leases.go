package storetest

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

var leases = []scenario{
	{"a lease that is held is waited for until the context ends", func(f *fixture) {
		f.acquire(f.Store, "key", time.Minute)
		f.wantHeld("key")
	}},
	{"leases of different keys do not touch each other", func(f *fixture) {
		f.acquire(f.Store, "one", time.Minute)
		f.acquire(f.other, "two", time.Minute)
	}},
	{"a lease that was released is free", func(f *fixture) {
		l := f.acquire(f.Store, "key", time.Minute)
		if err := l.Release(f.ctx); err != nil {
			f.Errorf("Release: %v", err)
		}
		f.acquire(f.other, "key", time.Minute)
	}},
	{"a lease that was released is lost to its holder", func(f *fixture) {
		former := f.acquire(f.Store, "key", time.Minute)
		if err := former.Release(f.ctx); err != nil {
			f.Errorf("Release: %v", err)
		}
		f.wantErr("Renew", former.Renew(f.ctx, time.Minute), store.ErrLeaseLost)
		present := f.acquire(f.other, "key", time.Minute)
		f.wantErr("Renew", former.Renew(f.ctx, time.Minute), store.ErrLeaseLost)
		f.wantErr("Release", former.Release(f.ctx), store.ErrLeaseLost)
		if err := present.Renew(f.ctx, time.Minute); err != nil {
			f.Errorf("the present holder: %v", err)
		}
	}},
	{"whoever waits gets a lease that expires, and its holder has lost it", func(f *fixture) {
		former := f.acquire(f.Store, "key", 50*time.Millisecond)
		present := f.acquire(f.other, "key", time.Minute)
		f.wantErr("Renew", former.Renew(f.ctx, time.Minute), store.ErrLeaseLost)
		f.wantErr("Release", former.Release(f.ctx), store.ErrLeaseLost)
		if err := present.Release(f.ctx); err != nil {
			f.Errorf("the present holder: %v", err)
		}
	}},
	{"a lease and an entry of one key do not touch each other", func(f *fixture) {
		e := f.create("key", entry("session"))
		l := f.acquire(f.Store, "key", time.Minute)
		f.wantEntry(f.other, "key", e)
		f.replace("key", e)
		f.wantEnded(haneul, 1)
		if err := l.Renew(f.ctx, time.Minute); err != nil {
			f.Errorf("Renew: %v", err)
		}
	}},
	{"a lease brings the entry, and goes with its last change", func(f *fixture) {
		e := f.create("key", entry("session"))
		l := f.acquireEntry("key")
		found, err := l.Entry()
		if err != nil {
			f.Fatalf("Entry: %v", err)
		}
		f.wantSame("Entry", e, found)
		f.wantHeld("key")
		e.Value = []byte("renewed")
		if e.Version, err = l.ReplaceAndRelease(f.ctx, e); err != nil {
			f.Fatalf("ReplaceAndRelease: %v", err)
		}
		f.wantEntry(f.other, "key", e)
		f.wantErr("Renew", l.Renew(f.ctx, time.Minute), store.ErrLeaseLost)
		f.wantErr("Release", l.Release(f.ctx), store.ErrLeaseLost)
		f.acquire(f.other, "key", time.Minute)
	}},
	{"a change that is refused leaves the lease held", func(f *fixture) {
		e := f.create("key", entry("session"))
		l := f.acquireEntry("key")
		f.replace("key", e)
		_, err := l.ReplaceAndRelease(f.ctx, e)
		f.wantErr("ReplaceAndRelease", err, store.ErrConflict)
		f.wantHeld("key")
		f.wantEnded(haneul, 1)
		_, err = l.ReplaceAndRelease(f.ctx, e)
		f.wantErr("ReplaceAndRelease", err, store.ErrNotFound)
		if err := l.Release(f.ctx); err != nil {
			f.Errorf("Release: %v", err)
		}
	}},
	{"a lease of a key without an entry says so", func(f *fixture) {
		_, err := f.acquireEntry("key").Entry()
		f.wantErr("Entry", err, store.ErrNotFound)
		nobodys := f.create("nobody's", store.Entry{Value: []byte("code"), Expiry: in(time.Hour)})
		if _, err := f.acquireEntry("nobody's").ReplaceAndRelease(f.ctx, nobodys); err != nil {
			f.Errorf("ReplaceAndRelease: %v", err)
		}
		f.acquire(f.other, "nobody's", time.Minute)
	}},
	{"whoever waits gets the lease that goes with a change, and the change", func(f *fixture) {
		e := f.create("key", entry("session"))
		l := f.acquireEntry("key")
		got := make(chan []byte, 1)
		go func() {
			next, err := store.AcquireEntry(f.ctx, f.other, "key", time.Minute)
			if err != nil {
				got <- nil
				return
			}
			found, _ := next.Entry()
			got <- found.Value
		}()
		f.wantHeld("key")
		e.Value = []byte("renewed")
		if _, err := l.ReplaceAndRelease(f.ctx, e); err != nil {
			f.Fatalf("ReplaceAndRelease: %v", err)
		}
		if value := <-got; string(value) != "renewed" {
			f.Errorf("who waited found %q", value)
		}
	}},
	{"many who wait hold a lease one after the other", func(f *fixture) {
		const workers, rounds = 16, 5
		var holders atomic.Int32
		var wg sync.WaitGroup
		turns := 0 // guarded by the lease alone
		for i := range workers {
			s := []store.Store{f.Store, f.other}[i%2]
			wg.Go(func() {
				for range rounds {
					// So long that a waiter who is not woken fails the test.
					l, err := s.Acquire(f.ctx, "key", 10*timeLimit)
					if err != nil {
						f.Errorf("Acquire: %v", err)
						return
					}
					if n := holders.Add(1); n != 1 {
						f.Errorf("%d hold the lease", n)
					}
					_, err = s.Get(f.ctx, "key") // takes a while
					f.wantErr("Get", err, store.ErrNotFound)
					runtime.Gosched()
					turns++
					holders.Add(-1)
					if err := l.Release(f.ctx); err != nil {
						f.Errorf("Release: %v", err)
					}
				}
			})
		}
		wg.Wait()
		if turns != workers*rounds {
			f.Errorf("%d turns, want %d", turns, workers*rounds)
		}
	}},
	{"whoever gives up waiting leaves the lease to the others", func(f *fixture) {
		l := f.acquire(f.Store, "key", time.Minute)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { f.wantHeld("key") })
		}
		wg.Wait()
		f.wantHeld("key")
		if err := l.Release(f.ctx); err != nil {
			f.Errorf("Release: %v", err)
		}
		f.acquire(f.other, "key", time.Minute)
	}},
}
