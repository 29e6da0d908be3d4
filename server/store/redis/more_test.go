//go:build more

package redis_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

func TestMoreContractInAClusterOfThree(t *testing.T) {
	cluster := redistest.StartCluster(t, 3, true)
	storetest.Run(t, storetest.Subject{Open: instances(cluster.URL(), sealed(t))})
}

func TestMoreContractByWayOfSentinels(t *testing.T) {
	sentinel := redistest.StartSentinel(t)
	storetest.Run(t, storetest.Subject{Open: instances(sentinel.URL(), sealed(t))})
}

// writers make entries and replace them, and remember what was acknowledged.
type writers struct {
	running sync.WaitGroup
	stop    context.CancelFunc

	mu           sync.Mutex
	grown        *sync.Cond
	acknowledged map[string]store.Version
	errs         int
}

// startWriters starts writers on a store. They bear that it is unavailable for
// a time.
func startWriters(t *testing.T, s store.Store) *writers {
	ctx, cancel := context.WithCancel(t.Context())
	w := &writers{stop: cancel, acknowledged: make(map[string]store.Version)}
	w.grown = sync.NewCond(&w.mu)
	for i := range 8 {
		w.running.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				w.write(t, ctx, s, strconv.Itoa(i)+"."+strconv.Itoa(n))
			}
		})
	}
	return w
}

// write makes an entry and replaces it.
func (w *writers) write(t *testing.T, ctx context.Context, s store.Store, key string) {
	e := entry(key)
	v, err := s.Create(ctx, key, e)
	w.note(t, key, v, err)
	if err != nil {
		return
	}
	e.Version, e.Value = v, []byte("renewed "+key)
	v, err = s.Replace(ctx, key, e)
	if errors.Is(err, store.ErrNotFound) {
		return // The primary that had it has died, and its replica had it not.
	}
	w.note(t, key, v, err)
}

// note takes down what became of a write.
func (w *writers) note(t *testing.T, key string, v store.Version, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err == nil:
		w.acknowledged[key] = v
		w.grown.Broadcast()
	case errors.Is(err, store.ErrUnavailable):
		w.errs++
		delete(w.acknowledged, key) // Whether it was replaced is not known.
	default:
		t.Errorf("got error %v, want %v or none", err, store.ErrUnavailable)
	}
}

// more waits until so many writes more were acknowledged.
func (w *writers) more(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for goal := len(w.acknowledged) + n; len(w.acknowledged) < goal; {
		w.grown.Wait()
	}
}

// soFar returns what was acknowledged by now.
func (w *writers) soFar() map[string]store.Version {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make(map[string]store.Version, len(w.acknowledged))
	for key, v := range w.acknowledged {
		all[key] = v
	}
	return all
}

// replicated is a Redis whose first primary can die.
type replicated interface {
	URL() string
	AwaitReplicated()
	KillFirst()
	AwaitFailover()
}

// failOver kills the first primary under load. Redis acknowledges before it
// replicates, so what it promises then is this: what had reached the replica is
// there, and what comes after the failover is there. It returns the keys of what
// was acknowledged between the two and is gone.
func failOver(t *testing.T, r replicated) (lost []string) {
	t.Helper()
	s, other := open(t, r.URL(), ""), open(t, r.URL(), "")
	w := startWriters(t, s)
	w.more(400)
	before := w.soFar()
	r.AwaitReplicated()
	w.more(100)
	r.KillFirst()
	r.AwaitFailover()
	w.more(400)
	failedOver := w.soFar()
	w.more(400)
	w.stop()
	w.running.Wait()
	for key, v := range w.soFar() {
		e, err := other.Get(t.Context(), key)
		if err == nil && e.Version == v {
			continue
		}
		_, early := before[key]
		_, known := failedOver[key]
		if early && before[key] == v || !known {
			t.Errorf("%s: version %d, %v, want version %d", key, e.Version, err, v)
			continue
		}
		if err == nil && string(e.Value) != key || err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %+v, %v, want what it was before, or nothing", key, e, err)
		}
		lost = append(lost, key)
	}
	t.Logf("%d writes acknowledged, %d errors meanwhile, %d writes lost that the replica did not have yet", len(w.soFar()), w.errs, len(lost))
	return lost
}

func TestMoreAClusterLosesNothingThatItHadReplicated(t *testing.T) {
	cluster := redistest.StartCluster(t, 3, true)
	for _, key := range failOver(t, cluster) {
		if !cluster.OnFirst(redis.EntryKeyInCluster(key)) {
			t.Errorf("%s is lost, whose primary is alive", key)
		}
	}
}

func TestMoreASentinelsFailoverIsFollowedAndLosesNothingThatWasReplicated(t *testing.T) {
	failOver(t, redistest.StartSentinel(t))
}
