// Package storetest is the contract of [store.Store] as tests. Every store
// passes it, bare and under a key ring.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	// timeLimit is how long a test waits for what must happen.
	timeLimit = time.Minute
	// waitForHeld is how long it waits at first for a lease that somebody holds.
	waitForHeld = 300 * time.Millisecond
)

// Subject is a store that is tested.
type Subject struct {
	// Open returns the instances of a new, empty store: one, or several that
	// share their data. The suite closes them.
	Open func(testing.TB) []store.Store
	// Within runs each test, in the bubble of testing/synctest for example. Nil
	// runs it as it is.
	Within func(*testing.T, func(*testing.T))
	// Advance lets time pass for the store. Only RunExpiry needs it.
	Advance func(time.Duration)
}

// scenario is one test of the contract.
type scenario struct {
	name string
	test func(*fixture)
}

// Run tests all of the contract but what needs a clock that can be moved.
func Run(t *testing.T, s Subject) {
	for part, scenarios := range map[string][]scenario{
		"entries": entries, "owners": owners, "leases": leases, "races": races, "refusals": refusals,
	} {
		t.Run(part, func(t *testing.T) { run(t, s, timeLimit, scenarios) })
	}
}

// RunExpiry tests what time does to entries and leases. It advances the clock
// by less than a day.
func RunExpiry(t *testing.T, s Subject) { run(t, s, 24*time.Hour, expiry) }

// run runs each scenario with a store of its own and within a time limit.
func run(t *testing.T, s Subject, limit time.Duration, scenarios []scenario) {
	within := s.Within
	if within == nil {
		within = func(t *testing.T, test func(*testing.T)) { test(t) }
	}
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			within(t, func(t *testing.T) { sc.test(newFixture(t, s, limit)) })
		})
	}
}

// fixture is what a scenario works with.
type fixture struct {
	*testing.T
	store.Store             // the first instance
	other       store.Store // the last one; the first where there is only one
	ctx         context.Context
	advance     func(time.Duration)
}

func newFixture(t *testing.T, s Subject, limit time.Duration) *fixture {
	instances := s.Open(t)
	t.Cleanup(func() {
		for _, instance := range instances {
			if err := instance.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return &fixture{T: t, Store: instances[0], other: instances[len(instances)-1], ctx: ctx, advance: s.Advance}
}

// haneul is the user of most scenarios.
var haneul = store.Owner{App: "1000001", UserID: "4210000001"}

// entry returns an entry of haneul that lives for an hour.
func entry(value string) store.Entry {
	return store.Entry{Value: []byte(value), Owner: haneul, Expiry: in(time.Hour)}
}

// in returns the time in d, as exact as stores keep it.
func in(d time.Duration) time.Time { return time.UnixMilli(time.Now().Add(d).UnixMilli()) }

// create stores an entry that must not be there yet, and returns it with its
// version.
func (f *fixture) create(key string, e store.Entry) store.Entry {
	f.Helper()
	v, err := f.Create(f.ctx, key, e)
	if err != nil || v == store.AnyVersion {
		f.Fatalf("Create: version %d, %v", v, err)
	}
	e.Version = v
	return e
}

// replace replaces an entry that must be there, and returns it with its new
// version.
func (f *fixture) replace(key string, e store.Entry) store.Entry {
	f.Helper()
	v, err := f.Replace(f.ctx, key, e)
	if err != nil || v == store.AnyVersion || v == e.Version {
		f.Fatalf("Replace: version %d after %d, %v", v, e.Version, err)
	}
	e.Version = v
	return e
}

// acquire takes a lease.
func (f *fixture) acquire(s store.Store, key string, ttl time.Duration) store.Lease {
	f.Helper()
	l, err := s.Acquire(f.ctx, key, ttl)
	if err != nil {
		f.Fatalf("Acquire: %v", err)
	}
	return l
}

// acquireEntry takes the lease of a key together with its entry.
func (f *fixture) acquireEntry(key string) store.EntryLease {
	f.Helper()
	l, err := store.AcquireEntry(f.ctx, f.Store, key, time.Minute)
	if err != nil {
		f.Fatalf("AcquireEntry: %v", err)
	}
	return l
}

// wantHeld checks that a lease is waited for until the context ends. A store that did
// not answer by then, on a busy machine, is given more time.
func (f *fixture) wantHeld(key string) {
	f.Helper()
	for limit := waitForHeld; ; limit *= 2 {
		ctx, cancel := context.WithTimeout(f.ctx, limit)
		_, err := f.other.Acquire(ctx, key, time.Minute)
		cancel()
		if f.ctx.Err() == nil && errors.Is(err, store.ErrUnavailable) {
			continue
		}
		f.wantErr("Acquire", err, store.ErrLeaseHeld, context.DeadlineExceeded)
		f.wantDiscreet("Acquire", err, key)
		return
	}
}

// wantEntry checks that an instance has the entry.
func (f *fixture) wantEntry(s store.Store, key string, want store.Entry) {
	f.Helper()
	got, err := s.Get(f.ctx, key)
	if err != nil {
		f.Errorf("Get: %v", err)
		return
	}
	f.wantSame("Get", want, got)
}

// wantSame checks that an entry is the one that is wanted.
func (f *fixture) wantSame(call string, want, got store.Entry) {
	f.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(bytes.Equal)); diff != "" {
		f.Errorf("%s (-want +got):\n%s", call, diff)
	}
}

// wantNone checks that there is no entry.
func (f *fixture) wantNone(key string) {
	f.Helper()
	_, err := f.other.Get(f.ctx, key)
	f.wantErr("Get", err, store.ErrNotFound)
}

// wantErr checks that an error is all of those that are wanted.
func (f *fixture) wantErr(call string, err error, want ...error) {
	f.Helper()
	for _, w := range want {
		if !errors.Is(err, w) {
			f.Errorf("%s: got error %v, want %v", call, err, w)
		}
	}
}

// wantEnded checks how many entries of an owner there were to end.
func (f *fixture) wantEnded(o store.Owner, want int) {
	f.Helper()
	if got, err := f.DeleteOwned(f.ctx, o); got != want || err != nil {
		f.Errorf("DeleteOwned: %d, %v, want %d", got, err, want)
	}
}

// wantDiscreet checks that an error says nothing of a key or a value.
func (f *fixture) wantDiscreet(call string, err error, secrets ...string) {
	f.Helper()
	for _, secret := range secrets {
		if err != nil && strings.Contains(err.Error(), secret) {
			f.Errorf("%s: the error holds %q: %v", call, secret, err)
		}
	}
}
