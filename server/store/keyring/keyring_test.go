package keyring_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parse returns the ring of keys.
func parse(tb testing.TB, keys ...string) *keyring.Ring {
	tb.Helper()
	r, err := keyring.Parse(strings.Join(keys, "\n"))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestKeysRotateWithoutLosingWhatIsSealed(t *testing.T) {
	first, second, third := keyring.Generate(), keyring.Generate(), keyring.Generate()
	place := []byte("place")
	old := parse(t, first).Seal([]byte("login"), place)
	for name, test := range map[string]struct {
		ring *keyring.Ring
		want error
	}{
		"the key that sealed":             {ring: parse(t, first)},
		"a new key in front of it":        {ring: parse(t, second, first)},
		"two new keys in front of it":     {ring: parse(t, third, second, first)},
		"the key between others":          {ring: parse(t, third, first, second)},
		"the key dropped from the ring":   {ring: parse(t, second), want: keyring.ErrUnknownKey},
		"the key dropped from a long one": {ring: parse(t, second, third), want: keyring.ErrUnknownKey},
	} {
		t.Run(name, func(t *testing.T) {
			value, err := test.ring.Open(old, place)
			if !errors.Is(err, test.want) || (test.want == nil && string(value) != "login") {
				t.Errorf("%q, %v, want error %v", value, err, test.want)
			}
			if test.want != nil && !errors.Is(err, store.ErrUnreadable) {
				t.Errorf("%v is not %v", err, store.ErrUnreadable)
			}
		})
	}
}

func TestTheFirstKeySeals(t *testing.T) {
	first, second := keyring.Generate(), keyring.Generate()
	sealed := parse(t, first, second).Seal([]byte("login"), nil)
	if _, err := parse(t, first).Open(sealed, nil); err != nil {
		t.Error(err)
	}
	if _, err := parse(t, second).Open(sealed, nil); !errors.Is(err, keyring.ErrUnknownKey) {
		t.Errorf("got error %v, want %v", err, keyring.ErrUnknownKey)
	}
}

func TestValuesOfAllLengthsComeBack(t *testing.T) {
	r := parse(t, keyring.Generate())
	for _, n := range []int{0, 1, 15, 16, 17, 600, 1 << 20} {
		value := bytes.Repeat([]byte{0xa5}, n)
		got, err := r.Open(r.Seal(value, []byte("place")), []byte("place"))
		if err != nil || !bytes.Equal(got, value) {
			t.Errorf("%d bytes: got %d, %v", n, len(got), err)
		}
	}
}

func TestASealedValueShowsNothingAndNeverComesAgain(t *testing.T) {
	r := parse(t, keyring.Generate())
	value := []byte("a refresh token that nobody may see")
	one, two := r.Seal(value, nil), r.Seal(value, nil)
	if bytes.Contains(one, value[:8]) {
		t.Error("the value shows")
	}
	const header = 9 // format and key ID, which are the same by design
	if bytes.Equal(one[header:header+24], two[header:header+24]) || bytes.Equal(one[header+24:], two[header+24:]) {
		t.Error("a nonce came twice")
	}
}

func TestAnyChangeIsNoticed(t *testing.T) {
	r := parse(t, keyring.Generate())
	place := []byte("place")
	sealed := r.Seal([]byte("login"), place)
	for i := range sealed {
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			if _, err := r.Open(changed, place); !errors.Is(err, store.ErrUnreadable) {
				t.Errorf("bit %d of byte %d: got error %v, want %v", bit, i, err, store.ErrUnreadable)
			}
		}
		if _, err := r.Open(sealed[:i], place); !errors.Is(err, store.ErrUnreadable) {
			t.Errorf("cut to %d bytes: got error %v, want %v", i, err, store.ErrUnreadable)
		}
	}
	if _, err := r.Open(append(bytes.Clone(sealed), 0), place); !errors.Is(err, keyring.ErrForged) {
		t.Errorf("one byte more: got error %v, want %v", err, keyring.ErrForged)
	}
	for _, other := range []string{"", "plac", "place2", "Place"} {
		if _, err := r.Open(sealed, []byte(other)); !errors.Is(err, keyring.ErrForged) {
			t.Errorf("place %q: got error %v, want %v", other, err, keyring.ErrForged)
		}
	}
}

func TestMistakesInAKeyListAreNamedAndNoKeyIsShown(t *testing.T) {
	const prefix = "kakaowasm-key-1-"
	good := keyring.Generate()
	secret := strings.TrimPrefix(good, prefix)
	for name, test := range map[string]struct{ list, want string }{
		"nothing":           {"", "expected one key or more, got none; make one with: kakaowasm keygen"},
		"only separators":   {" ,\n,\t", "expected one key or more, got none"},
		"no prefix":         {secret, "key 1 of 1: expected kakaowasm-key-1- and 43 characters"},
		"other prefix":      {"kakaowasm-key-2-" + secret, "key 1 of 1: expected"},
		"too short":         {good[:len(good)-1], "got something else of 58 characters"},
		"too long":          {good + "A", "got something else of 60 characters"},
		"second is broken":  {good + "," + secret, "key 2 of 2: expected"},
		"quoted":            {`"` + good + `"`, "key 1 of 1: expected"},
		"padded base64":     {good + "=", "key 1 of 1: expected"},
		"standard alphabet": {prefix + strings.Repeat("+", 43), "key 1 of 1: expected"},
		"loose bits":        {prefix + strings.Repeat("A", 42) + "B", "key 1 of 1: expected"},
		"the same twice":    {good + "\n" + keyring.Generate() + "\n" + good, "key 3 of 3 is the same as key 1; remove one of them"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := keyring.Parse(test.list)
			if err == nil || r != nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got error %v, want %q", err, test.want)
			}
			if strings.Contains(err.Error(), secret[:6]) {
				t.Errorf("the error shows a key: %v", err)
			}
		})
	}
}

func TestKeysMayBeSeparatedAsFilesAndVariablesDo(t *testing.T) {
	one, two := keyring.Generate(), keyring.Generate()
	sealed := parse(t, two).Seal([]byte("login"), nil)
	for _, list := range []string{one + "," + two, one + ", " + two, one + "\n" + two + "\n", "\r\n" + one + "\r\n" + two + "\r\n", one + " " + two} {
		r, err := keyring.Parse(list)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Open(sealed, nil); err != nil {
			t.Error(err)
		}
	}
}

func TestGeneratedKeysDiffer(t *testing.T) {
	seen := make(map[string]bool)
	for range 1000 {
		seen[keyring.Generate()] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d different keys of 1000", len(seen))
	}
}

func TestARingPrintsNoKey(t *testing.T) {
	// A key whose bytes are known in every form in which they could be printed.
	r := parse(t, "kakaowasm-key-1-"+base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{171}, 32)))
	var printed strings.Builder
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&printed, format, r)
		fmt.Fprintf(&printed, format, *r)
		fmt.Fprintf(&printed, format, struct{ Ring *keyring.Ring }{r})
		fmt.Fprintf(&printed, format, keyring.Seal(nil, r))
	}
	slog.New(slog.NewTextHandler(&printed, nil)).Info("ring", "pointer", r, "value", *r)
	slog.New(slog.NewJSONHandler(&printed, nil)).Info("ring", "pointer", r, "value", *r)
	for _, form := range []string{"171 171", "abab", "ABAB", "0xab, 0xab", "\xab\xab", "q6ur", "\\xab"} {
		if strings.Contains(printed.String(), form) {
			t.Errorf("the ring shows %q:\n%s", form, &printed)
		}
	}
}

// A value that was sealed once, its key and its place. What is in people's
// stores must open with every later version of this package.
const (
	knownKey    = "kakaowasm-key-1-BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
	knownPlace  = "place"
	knownValue  = "login"
	knownSealed = "0187b59d87de3ecd7fb85290d76191450991374aaf19dc4457187a" +
		"18aec1fc3e86dcfa680f39e1904801c5802062dd0c9e66e9123ffa"
)

func TestWhatWasSealedBeforeOpens(t *testing.T) {
	sealed, err := hex.DecodeString(knownSealed)
	if err != nil {
		t.Fatal(err)
	}
	if value, err := parse(t, knownKey).Open(sealed, []byte(knownPlace)); err != nil || string(value) != knownValue {
		t.Errorf("%q, %v, want %q", value, err, knownValue)
	}
}

func FuzzOpen(f *testing.F) {
	const place = knownPlace
	r := parse(f, knownKey)
	sealed, err := hex.DecodeString(knownSealed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, place)
	f.Add(sealed[:9], place)
	f.Add(sealed[:9+24+16], "")
	f.Add([]byte{}, "")
	f.Add(bytes.Repeat([]byte{1}, 100), place)
	f.Fuzz(func(t *testing.T, data []byte, at string) {
		value, err := r.Open(data, []byte(at))
		if err == nil {
			if !bytes.Equal(data, sealed) || at != place || string(value) != knownValue {
				t.Errorf("forged: %x at %q opens as %q", data, at, value)
			}
			return
		}
		if value != nil || !errors.Is(err, store.ErrUnreadable) {
			t.Errorf("%q, %v", value, err)
		}
	})
}

func BenchmarkSealOpen(b *testing.B) {
	r := parse(b, keyring.Generate(), keyring.Generate())
	value, place := make([]byte, 600), []byte("place")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Open(r.Seal(value, place), place); err != nil {
			b.Fatal(err)
		}
	}
}
