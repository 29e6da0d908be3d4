package storetest

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// sessionSize is about the size of a session with its tokens, in bytes.
const sessionSize = 600

// benchmarks are one step each, on a key of the caller's own. Renewal is what the
// token server asks of the store for one renewal.
var benchmarks = []struct {
	name string
	step func(ctx context.Context, s store.Store, key string) error
}{
	{"Get", func(ctx context.Context, s store.Store, key string) error {
		_, err := s.Get(ctx, key)
		return err
	}},
	{"GetReplace", func(ctx context.Context, s store.Store, key string) error {
		e, err := s.Get(ctx, key)
		if err != nil {
			return err
		}
		_, err = s.Replace(ctx, key, e)
		return err
	}},
	{"AcquireRelease", func(ctx context.Context, s store.Store, key string) error {
		l, err := s.Acquire(ctx, key, time.Minute)
		if err != nil {
			return err
		}
		return l.Release(ctx)
	}},
	{"Renewal", func(ctx context.Context, s store.Store, key string) error {
		if _, err := s.Get(ctx, key); err != nil {
			return err
		}
		return store.HoldEntry(ctx, s, key, time.Minute, func(ctx context.Context, lease store.EntryLease) error {
			e, err := lease.Entry()
			if err != nil {
				return err
			}
			_, err = lease.ReplaceAndRelease(ctx, e)
			return err
		})
	}},
}

// Benchmark measures a store that is opened for it: each step by one caller
// and by 64 at once for each processor.
func Benchmark(b *testing.B, open func(testing.TB) store.Store) {
	for _, bm := range benchmarks {
		b.Run(bm.name+"/one", func(b *testing.B) {
			s := openFilled(b, open)
			b.ReportAllocs()
			for b.Loop() {
				if err := bm.step(b.Context(), s, "0"); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(bm.name+"/many", func(b *testing.B) {
			s := openFilled(b, open)
			var callers atomic.Int64
			b.SetParallelism(64)
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				key := strconv.FormatInt(callers.Add(1)%filled, 10)
				for pb.Next() {
					if err := bm.step(b.Context(), s, key); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// filled is how many sessions a store holds while it is measured.
const filled = 1000

// openFilled opens a store with sessions under the keys from 0 on.
func openFilled(b *testing.B, open func(testing.TB) store.Store) store.Store {
	s := open(b)
	b.Cleanup(func() { _ = s.Close() })
	for i := range filled {
		e := store.Entry{Value: make([]byte, sessionSize), Owner: haneul, Expiry: in(time.Hour)}
		e.Owner.UserID += strconv.Itoa(i)
		if _, err := s.Create(b.Context(), strconv.Itoa(i), e); err != nil {
			b.Fatal(err)
		}
	}
	return s
}
