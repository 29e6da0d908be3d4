package signing

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// sign signs a token that lives for five minutes.
func sign(t *testing.T, k *Keys) string {
	t.Helper()
	token, err := k.Sign(t.Context(), jwt.MapClaims{"sub": "1001", "exp": time.Now().Add(5 * time.Minute).Unix()})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// shown are the keys that everybody may see, as they arrive by JSON.
func shown(t *testing.T, k *Keys) []jwkset.JWK {
	t.Helper()
	set, err := k.Public(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	var arrived jwkset.JWKSMarshal
	if err := json.Unmarshal(text, &arrived); err != nil {
		t.Fatal(err)
	}
	keys, err := arrived.JWKSlice()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// verify returns what is wrong with a token by the keys that were seen.
func verify(token string, seen []jwkset.JWK) error {
	_, err := jwt.Parse(token, func(token *jwt.Token) (any, error) {
		for _, k := range seen {
			if k.Marshal().KID == token.Header["kid"] && k.Marshal().ALG.String() == token.Method.Alg() {
				return k.Key(), nil
			}
		}
		return nil, errors.New("unknown key")
	}, jwt.WithExpirationRequired())
	return err
}

func TestInstancesThatShareAStoreSignWithTheSameKeys(t *testing.T) {
	for _, alg := range []string{RS256, EdDSA} {
		shared := memory.New()
		var instances []*Keys
		for range 8 {
			instances = append(instances, New(shared, alg, quiet))
		}
		tokens := make([]string, len(instances))
		var signing sync.WaitGroup
		for i, k := range instances {
			signing.Go(func() { tokens[i] = sign(t, k) })
		}
		signing.Wait()
		for i, k := range instances {
			seen := shown(t, k)
			if len(seen) != 2 {
				t.Errorf("%s: instance %d shows %d keys, want the one that signs and the next", alg, i, len(seen))
			}
			for _, token := range tokens {
				if err := verify(token, seen); err != nil {
					t.Errorf("%s: by what instance %d shows: %v", alg, i, err)
				}
			}
		}
	}
}

// Whoever keeps the shown keys for up to six days knows the one of every token,
// on whichever instance it was signed; a token is verified for as long as it
// lives; and the ring does not grow.
func TestKeysRotateWithoutAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const step, kept = 281 * time.Minute, 6 * 24 * time.Hour
		shared := memory.New()
		instances := []*Keys{New(shared, EdDSA, quiet), New(shared, EdDSA, quiet)}
		type sight struct {
			at   time.Time
			keys []jwkset.JWK
		}
		var seen []sight
		signers := map[string]bool{}
		begun := time.Now()
		for i := 0; time.Since(begun) < 60*24*time.Hour; i++ {
			seen = append(seen, sight{time.Now(), shown(t, instances[i/2%2])})
			for len(seen) > 1 && time.Since(seen[1].at) >= kept {
				seen = seen[1:]
			}
			token := sign(t, instances[i%2])
			if err := verify(token, seen[0].keys); err != nil {
				t.Fatalf("after %v, by keys of %v ago: %v", time.Since(begun), time.Since(seen[0].at), err)
			}
			time.Sleep(5*time.Minute - time.Second)
			if err := verify(token, shown(t, instances[(i+1)%2])); err != nil {
				t.Fatalf("after %v, at the end of its life: %v", time.Since(begun), err)
			}
			if n := len(shown(t, instances[0])); n > 3 {
				t.Fatalf("%d keys are shown", n)
			}
			header, _, _ := strings.Cut(token, ".")
			signers[header] = true
			time.Sleep(step)
		}
		if len(signers) != 9 {
			t.Errorf("%d keys have signed in 60 days, want 9", len(signers))
		}
	})
}

func TestKeysThatNobodyUsedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := New(memory.New(), EdDSA, quiet)
		first := sign(t, k)
		time.Sleep(100 * 24 * time.Hour)
		second := sign(t, k)
		seen := shown(t, k)
		if err := verify(second, seen); err != nil {
			t.Error(err)
		}
		if err := verify(first, seen); err == nil {
			t.Error("a token of long ago is verified")
		}
		if len(seen) != 2 {
			t.Errorf("%d keys are shown", len(seen))
		}
	})
}

// While instances of one algorithm give way to those of another, the tokens of
// both are verified by what either shows.
func TestChangeOfTheAlgorithm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := memory.New()
		before := New(shared, RS256, quiet)
		old := sign(t, before)
		after := New(shared, EdDSA, quiet)
		fresh := sign(t, after)
		time.Sleep(reloadInterval)
		for name, k := range map[string]*Keys{"before": before, "after": after} {
			for _, token := range []string{old, fresh} {
				if err := verify(token, shown(t, k)); err != nil {
					t.Errorf("by what the instance %s shows: %v", name, err)
				}
			}
		}
		time.Sleep(2*period + afterlife + reloadInterval)
		for _, k := range shown(t, after) {
			if k.Marshal().ALG != EdDSA {
				t.Errorf("a key of %s is still shown", k.Marshal().ALG)
			}
		}
	})
}

// An instance whose clock is ahead makes a key that another one can sign with.
func TestInstancesWhoseClocksDiffer(t *testing.T) {
	shared := memory.New()
	ring, _, err := ring(nil).rotated(EdDSA, time.Now().Add(3*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := New(shared, EdDSA, quiet).put(t.Context(), ring, store.AnyVersion); err != nil {
		t.Fatal(err)
	}
	k := New(shared, EdDSA, quiet)
	if err := verify(sign(t, k), shown(t, k)); err != nil {
		t.Error(err)
	}
}

func TestNobodySeesAPrivateHalf(t *testing.T) {
	for _, alg := range []string{RS256, EdDSA} {
		k := New(memory.New(), alg, quiet)
		for _, seen := range shown(t, k) {
			switch key := seen.Key().(type) {
			case *rsa.PublicKey:
				if key.N.BitLen() != rsaBits {
					t.Errorf("%d bits", key.N.BitLen())
				}
			case ed25519.PublicKey:
			default:
				t.Errorf("%s: a %T is shown", alg, key)
			}
			if says := seen.Marshal(); says.USE != jwkset.UseSig || says.KID == "" || says.D != "" {
				t.Errorf("%s: got use %q, kid %q", alg, says.USE, says.KID)
			}
		}
	}
}

// A ring that cannot be read, damaged or sealed with a key that is gone, is made
// anew: its tokens live for minutes, and without a ring there are none at all.
func TestKeysThatCannotBeReadAreMadeAnew(t *testing.T) {
	for name, value := range map[string]string{
		"no JSON": "x", "no key": `[{"kid":"1","alg":"RS256","until":"2999-01-01T00:00:00Z","private":"AAAA"}]`, "no list": `{}`,
	} {
		shared := memory.New()
		if _, err := shared.Create(t.Context(), storeKey, store.Entry{Value: []byte(value), Expiry: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		k := New(shared, EdDSA, quiet)
		if err := verify(sign(t, k), shown(t, New(shared, EdDSA, quiet))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failing is a store that can be switched off.
type failing struct {
	store.Store
	off bool
}

func (f *failing) Get(ctx context.Context, key string) (store.Entry, error) {
	if f.off {
		return store.Entry{}, store.Unavailable(errors.New("off"))
	}
	return f.Store.Get(ctx, key)
}

func TestKnownKeysCountWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &failing{Store: memory.New()}
		k := New(s, EdDSA, quiet)
		s.off = true
		if _, err := k.Sign(t.Context(), jwt.MapClaims{}); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("before there is a key: %v", err)
		}
		s.off = false
		before := sign(t, k)
		s.off = true
		time.Sleep(time.Hour)
		if seen := shown(t, k); len(seen) != 2 {
			t.Errorf("%d keys are shown", len(seen))
		}
		sign(t, k)
		if err := verify(before, nil); err == nil {
			t.Error("this test verifies nothing")
		}
		time.Sleep(2 * period)
		if _, err := k.Sign(t.Context(), jwt.MapClaims{}); err == nil {
			t.Error("a key signs after its end")
		}
	})
}

// Who gives up waiting does so at once.
func TestSigningHeedsTheContext(t *testing.T) {
	k := New(memory.New(), EdDSA, quiet)
	k.turn <- struct{}{}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if _, err := k.Sign(ctx, jwt.MapClaims{}); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}

func TestAlgorithmsAreNamed(t *testing.T) {
	for _, name := range []string{"", "none", "HS256", "rs256"} {
		if err := CheckAlgorithm(name); err == nil || !strings.Contains(err.Error(), "expected RS256 or EdDSA") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if names := []string{RS256, EdDSA}; slices.ContainsFunc(names, func(n string) bool { return CheckAlgorithm(n) != nil }) {
		t.Error("an algorithm is refused")
	}
}
