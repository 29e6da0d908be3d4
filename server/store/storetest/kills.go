package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	kills       = 3
	killWriters = 8
	// killAfter is how many writes a writer makes before the kill.
	killAfter = 50
)

// RunKills kills what keeps the entries of a store, again and again while it is
// written to, and tests that all that was acknowledged is there when it has
// started again: for a store that acknowledges what is on the disk.
func RunKills(t *testing.T, s store.Store, kill, restart func()) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*timeLimit)
	defer cancel()
	f := &fixture{T: t, Store: s, other: s, ctx: ctx}
	var acknowledged sync.Map
	for round := range kills {
		var writing sync.WaitGroup
		enough := make(chan struct{}, killWriters)
		for w := range killWriters {
			writing.Go(func() {
				f.writeUntilKilled(fmt.Sprintf("%d.%d", round, w), &acknowledged, enough)
			})
		}
		<-enough
		kill()
		writing.Wait()
		restart()
		f.awaitAvailable()
	}
	n := 0
	acknowledged.Range(func(key, e any) bool {
		n++
		f.wantEntry(s, key.(string), e.(store.Entry))
		return true
	})
	t.Logf("%d entries acknowledged over %d kills", n, kills)
}

// writeUntilKilled makes entries and replaces every other one until the store is
// unavailable, notes what was acknowledged, and says when that is enough.
func (f *fixture) writeUntilKilled(name string, acknowledged *sync.Map, enough chan<- struct{}) {
	var err error
	for i := 0; err == nil; i++ {
		key := fmt.Sprintf("%s.%d", name, i)
		e := entry(key)
		if e.Version, err = f.Create(f.ctx, key, e); err == nil && i%2 == 1 {
			e.Value = []byte("renewed " + key)
			e.Version, err = f.Replace(f.ctx, key, e)
		}
		if err == nil {
			acknowledged.Store(key, e)
		}
		if i == killAfter {
			enough <- struct{}{}
		}
	}
	f.wantErr("a write during the kill", err, store.ErrUnavailable)
}

// awaitAvailable waits until the store can work again.
func (f *fixture) awaitAvailable() {
	f.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := f.Get(f.ctx, "no such key")
		if errors.Is(err, store.ErrNotFound) {
			return
		}
		if !errors.Is(err, store.ErrUnavailable) || f.ctx.Err() != nil {
			f.Fatal(err)
		}
		<-tick.C
	}
}
