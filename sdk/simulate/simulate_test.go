package simulate

import (
	"flag"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawn draws the choices of a run from a seed.
type drawn struct{ t *rapid.T }

var below [64]*rapid.Generator[int]

func init() {
	for n := range below {
		below[n] = rapid.IntRange(0, max(n-1, 0))
	}
}

func (d drawn) Pick(what string, n int) int { return below[n].Draw(d.t, what) }

// seed is that of the runs which a test plays, so that it has the same verdict
// everywhere; make simulate and -rapid.seed draw others.
const seed = 20261129

// interleavings is how many runs a test plays: SIMULATE, or as many as go along
// with other tests.
func interleavings(t *testing.T, otherwise int) {
	n := otherwise
	if text := os.Getenv("SIMULATE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			t.Fatalf("SIMULATE is %q, want the number of interleavings", text)
		}
	}
	flags := map[string]string{"rapid.checks": strconv.Itoa(n), "rapid.nofailfile": "true"}
	if flag.Lookup("rapid.seed").Value.String() == "0" && seconds(t) == 0 {
		flags["rapid.seed"] = strconv.Itoa(seed)
	}
	for name, text := range flags {
		if err := flag.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
}

func play(t *rapid.T) {
	w := New(drawn{t}, NewScripted())
	length := 8 + w.choices.Pick("length", 33)
	if fault := w.Run(length); fault != "" {
		t.Fatalf("%s\n%s", fault, w.Report())
	}
}

func TestScriptedWorldKeepsTheRules(t *testing.T) {
	interleavings(t, 200)
	rapid.Check(t, play)
	for end := time.Now().Add(seconds(t)); time.Now().Before(end); {
		rapid.Check(t, play)
	}
}

// seconds is for how long the test goes on after that: SIMULATE_SECONDS.
func seconds(t *testing.T) time.Duration {
	text := os.Getenv("SIMULATE_SECONDS")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("SIMULATE_SECONDS is %q, want a number of seconds", text)
	}
	return time.Duration(n) * time.Second
}
