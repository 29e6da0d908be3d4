package keyring_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// token is what must not be readable in a store.
const token = "a refresh token that nobody may see"

// entry returns an entry with the token.
func entry() store.Entry {
	return store.Entry{Value: []byte(token), Owner: store.Owner{App: "1", UserID: "2"}, Expiry: time.Now().Add(time.Hour)}
}

// sealedOne returns a store with a sealed entry under "key", and the sealed
// view of it.
func sealedOne(t *testing.T, keys ...string) (plain, sealed store.Store) {
	t.Helper()
	plain = memory.New()
	sealed = keyring.Seal(plain, parse(t, keys...))
	if _, err := sealed.Create(t.Context(), "key", entry()); err != nil {
		t.Fatal(err)
	}
	return plain, sealed
}

func TestTheStoreHoldsNoValueInTheClear(t *testing.T) {
	plain, sealed := sealedOne(t, keyring.Generate())
	for range 2 { // as created, then as replaced
		e, err := plain.Get(t.Context(), "key")
		if err != nil || bytes.Contains(e.Value, []byte(token[:8])) {
			t.Errorf("the store holds %q, %v", e.Value, err)
		}
		if e, err = sealed.Get(t.Context(), "key"); err != nil || string(e.Value) != token {
			t.Errorf("Get: %q, %v", e.Value, err)
		}
		if _, err := sealed.Replace(t.Context(), "key", e); err != nil {
			t.Error(err)
		}
	}
}

// Whoever can write to the store must not be able to make one session of
// another.
func TestAValueOpensOnlyWhereItBelongs(t *testing.T) {
	for name, test := range map[string]struct {
		key   string
		owner store.Owner
		want  error
	}{
		"at its place":                     {"key", store.Owner{App: "1", UserID: "2"}, nil},
		"copied to another key":            {"yek", store.Owner{App: "1", UserID: "2"}, keyring.ErrForged},
		"given to another user":            {"key", store.Owner{App: "1", UserID: "3"}, keyring.ErrForged},
		"given to another app":             {"key", store.Owner{App: "2", UserID: "2"}, keyring.ErrForged},
		"given to nobody":                  {"key", store.Owner{}, keyring.ErrForged},
		"parts of the owner shifted":       {"key", store.Owner{App: "12"}, keyring.ErrForged},
		"part of the key shifted to owner": {"ke", store.Owner{App: "y1", UserID: "2"}, keyring.ErrForged},
	} {
		t.Run(name, func(t *testing.T) {
			plain, sealed := sealedOne(t, keyring.Generate())
			e, err := plain.Delete(t.Context(), "key", store.AnyVersion)
			if err != nil {
				t.Fatal(err)
			}
			e.Owner = test.owner
			if _, err := plain.Create(t.Context(), test.key, e); err != nil {
				t.Fatal(err)
			}
			if got, err := sealed.Get(t.Context(), test.key); !errors.Is(err, test.want) || (err != nil && got.Value != nil) {
				t.Errorf("%q, got error %v, want %v", got.Value, err, test.want)
			}
		})
	}
}

func TestANewKeyLogsNobodyOutAndTheNextWriteUsesIt(t *testing.T) {
	before, after := keyring.Generate(), keyring.Generate()
	plain, _ := sealedOne(t, before)
	rotated := keyring.Seal(plain, parse(t, after, before))
	e, err := rotated.Get(t.Context(), "key")
	if err != nil || string(e.Value) != token {
		t.Fatalf("%q, %v", e.Value, err)
	}
	if _, err := rotated.Replace(t.Context(), "key", e); err != nil {
		t.Fatal(err)
	}
	if e, err = keyring.Seal(plain, parse(t, after)).Get(t.Context(), "key"); err != nil || string(e.Value) != token {
		t.Errorf("with the new key alone: %q, %v", e.Value, err)
	}
}

func TestWhatCannotBeOpenedCanStillBeEnded(t *testing.T) {
	plain, _ := sealedOne(t, keyring.Generate())
	other := keyring.Seal(plain, parse(t, keyring.Generate()))
	if e, err := other.Delete(t.Context(), "key", store.AnyVersion); !errors.Is(err, keyring.ErrUnknownKey) || e.Value != nil {
		t.Errorf("Delete: %q, got error %v, want %v", e.Value, err, keyring.ErrUnknownKey)
	}
	if _, err := plain.Get(t.Context(), "key"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get: got error %v, want %v", err, store.ErrNotFound)
	}
}
