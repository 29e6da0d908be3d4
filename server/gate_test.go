package server

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// fate is what happens to a step that a process takes out of itself.
type fate int

const (
	passes     fate = iota
	notDone         // it fails, and was not done
	doneUnseen      // it is done, and its answer is lost
)

// gate counts the steps that a process takes out of itself, those to its store
// and to Kakao, and lets a test decide on each. The renewals of leases are no
// steps: they come with time.
type gate struct {
	mu     sync.Mutex
	steps  []string
	decide func(step int, name string) fate
	dead   bool
}

// errGate is how a step fails.
var errGate = store.Unavailable(errors.New("the test says so"))

// fateOf is the fate of the next step.
func (g *gate) fateOf(name string) fate {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.dead {
		return notDone
	}
	if name == "renew" || g.decide == nil {
		return passes
	}
	g.steps = append(g.steps, name)
	return g.decide(len(g.steps)-1, name)
}

// on begins to count, with this decision.
func (g *gate) on(decide func(step int, name string) fate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.steps, g.decide = nil, decide
}

// dieAt makes the process die at a step: it takes no step after it.
func (g *gate) dieAt(at int, f fate) {
	g.on(func(step int, _ string) fate {
		if step != at {
			return passes
		}
		g.dead = true
		return f
	})
}

// failAt makes one step fail.
func (g *gate) failAt(at int, f fate) {
	g.on(func(step int, _ string) fate {
		if step != at {
			return passes
		}
		return f
	})
}

// taken are the names of the steps so far.
func (g *gate) taken() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.steps
}

// through takes a step.
func through[T any](g *gate, name string, do func() (T, error)) (T, error) {
	var none T
	f := g.fateOf(name)
	if f == notDone {
		return none, errGate
	}
	result, err := do()
	if f == doneUnseen {
		return none, errGate
	}
	return result, err
}

// gatedStore is a store behind a gate.
type gatedStore struct {
	store.Store
	*gate
}

func (s gatedStore) Get(ctx context.Context, key string) (store.Entry, error) {
	return through(s.gate, "get", func() (store.Entry, error) { return s.Store.Get(ctx, key) })
}

func (s gatedStore) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return through(s.gate, "create", func() (store.Version, error) { return s.Store.Create(ctx, key, e) })
}

func (s gatedStore) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return through(s.gate, "replace", func() (store.Version, error) { return s.Store.Replace(ctx, key, e) })
}

func (s gatedStore) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	return through(s.gate, "delete", func() (store.Entry, error) { return s.Store.Delete(ctx, key, v) })
}

func (s gatedStore) DeleteOwned(ctx context.Context, o store.Owner) (int, error) {
	return through(s.gate, "delete owned", func() (int, error) { return s.Store.DeleteOwned(ctx, o) })
}

func (s gatedStore) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	return through(s.gate, "acquire", func() (store.Lease, error) {
		lease, err := s.Store.Acquire(ctx, key, ttl)
		return gatedLease{lease, s.gate}, err
	})
}

type gatedLease struct {
	store.Lease
	*gate
}

func (l gatedLease) Renew(ctx context.Context, ttl time.Duration) error {
	_, err := through(l.gate, "renew", func() (any, error) { return nil, l.Lease.Renew(ctx, ttl) })
	return err
}

func (l gatedLease) Release(ctx context.Context) error {
	_, err := through(l.gate, "release", func() (any, error) { return nil, l.Lease.Release(ctx) })
	return err
}

// gatedKakao is the way to Kakao behind a gate.
type gatedKakao struct {
	http.RoundTripper
	*gate
}

func (k gatedKakao) RoundTrip(r *http.Request) (*http.Response, error) {
	return through(k.gate, "kakao", func() (*http.Response, error) { return k.RoundTripper.RoundTrip(r) })
}
