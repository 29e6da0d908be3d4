package eventlog_test

import (
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/kakaowasm/kakaowasm/internal/eventlog"
)

type event struct{ number, size int }

// A model that never forgets tells what must be kept: a run of the last numbers.
func TestTheLastEventsAreKeptByTheirNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := eventlog.Log[event]{Limit: rapid.IntRange(1, 30).Draw(t, "limit"), MaxSize: 100, Size: func(e event) int { return e.size }}
		last, cleared := 0, 0
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				size := rapid.IntRange(0, 120).Draw(t, "size")
				log.Add(func(number int) event { return event{number, size} })
				last++
			},
			"clear": func(*rapid.T) { log.Clear(); cleared = last },
			"": func(t *rapid.T) {
				kept, size := log.All(), 0
				for i, e := range kept {
					size += e.size
					if e.number != last-len(kept)+1+i {
						t.Fatalf("kept %v, the last is %d", kept, last)
					}
				}
				if len(kept) > log.Limit || size > log.MaxSize || last-len(kept) < cleared || log.Last() != last {
					t.Fatalf("kept %v of size %d, last %d, cleared at %d", kept, size, log.Last(), cleared)
				}
				asked := rapid.IntRange(-1, last+2).Draw(t, "asked")
				after, _ := log.After(asked)
				if want := slices.DeleteFunc(slices.Clone(kept), func(e event) bool { return e.number <= asked }); !slices.Equal(after, want) {
					t.Fatalf("after %d: %v, want %v", asked, after, want)
				}
				found, ok := log.Get(asked)
				if want := slices.ContainsFunc(kept, func(e event) bool { return e.number == asked }); ok != want || ok && found.number != asked {
					t.Fatalf("%d is %v, %t", asked, found, ok)
				}
			},
		})
	})
}

func TestManyAreKeptWhileOnlyTheirNumberCounts(t *testing.T) {
	log := eventlog.Log[int]{Limit: 100}
	for range 100 {
		log.Add(func(number int) int { return number })
	}
	if kept := log.All(); len(kept) != 100 {
		t.Errorf("kept %d of 100", len(kept))
	}
	log.Add(func(number int) int { return number })
	if kept := log.All(); len(kept) != 90 || kept[89] != 101 {
		t.Errorf("kept %v", kept)
	}
}

// Whoever waits hears of every event, however many add at once.
func TestWhoFollowsMissesNothing(t *testing.T) {
	log := eventlog.Log[int]{Limit: 10000}
	const writers, each = 8, 200
	var writing sync.WaitGroup
	for range writers {
		writing.Go(func() {
			for range each {
				log.Add(func(number int) int { return number })
			}
		})
	}
	seen := 0
	for seen < writers*each {
		entries, more := log.After(seen)
		for _, number := range entries {
			if number != seen+1 {
				t.Fatalf("%d follows %d", number, seen)
			}
			seen = number
		}
		if len(entries) == 0 {
			<-more
		}
	}
	writing.Wait()
}
