package memory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(testing.TB) store.Store { return memory.New() }

// openSealed returns a store under a key ring.
func openSealed(tb testing.TB) store.Store {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		tb.Fatal(err)
	}
	return keyring.Seal(memory.New(), ring)
}

func TestContract(t *testing.T) {
	for name, open := range map[string]func(testing.TB) store.Store{"bare": open, "sealed": openSealed} {
		t.Run(name, func(t *testing.T) {
			subject := storetest.Subject{
				Open:    func(tb testing.TB) []store.Store { return []store.Store{open(tb)} },
				Within:  synctest.Test,
				Advance: time.Sleep,
			}
			storetest.Run(t, subject)
			storetest.RunExpiry(t, subject)
		})
	}
}

func Benchmark(b *testing.B) {
	b.Run("bare", func(b *testing.B) { storetest.Benchmark(b, open) })
	b.Run("sealed", func(b *testing.B) { storetest.Benchmark(b, openSealed) })
}
