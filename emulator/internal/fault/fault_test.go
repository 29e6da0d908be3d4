package fault

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/duration"
)

// played is what a request to a path gets: the status of the fault, or 200 with
// the fault that is left to play.
func played(ctx context.Context, s *Set, path string) (status int, left Fault) {
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { left = Of(r) })
	answer := func(w http.ResponseWriter, _ *http.Request, f Fault) { w.WriteHeader(f.Status) }
	w := httptest.NewRecorder()
	s.Play(next, answer).ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	return w.Code, left
}

func TestFaultsHitInTheirOrderAndAreUsedUp(t *testing.T) {
	var s Set
	s.Add(Fault{Path: "/a", Status: 501, Times: 2})
	all := s.Add(Fault{Path: "/*", Status: 502})
	var got []int
	for _, path := range []string{"/a", "/b", "/a", "/a"} {
		status, _ := played(t.Context(), &s, path)
		got = append(got, status)
	}
	if !slices.Equal(got, []int{501, 502, 501, 502}) {
		t.Errorf("got %v", got)
	}
	if !s.Remove(all) || s.Remove(all) || len(s.List()) != 0 {
		t.Errorf("left %v", s.List())
	}
	if status, left := played(t.Context(), &s, "/a"); status != http.StatusOK || left != (Fault{}) {
		t.Errorf("without faults: %d, %v", status, left)
	}
}

func TestReplacedFaultsGetIDsOfTheirOwn(t *testing.T) {
	var s Set
	first := s.Add(Fault{Path: "/", Drop: true})
	s.Replace([]Fault{{ID: first, Path: "/x", Drop: true}, {ID: first, Path: "/y", Drop: true}})
	list := s.List()
	if len(list) != 2 || list[0].ID == first || list[0].ID == list[1].ID {
		t.Errorf("got %v", list)
	}
}

func TestTheHandlerPlaysWhatIsLeft(t *testing.T) {
	var s Set
	s.Add(Fault{Path: "/", WrongSignature: true})
	if status, left := played(t.Context(), &s, "/"); status != http.StatusOK || !left.WrongSignature {
		t.Errorf("got %d, %v", status, left)
	}
}

func TestADelayEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Set
		s.Add(Fault{Path: "/", Delay: duration.Duration(time.Minute), Status: 503})
		began := time.Now()
		if status, _ := played(t.Context(), &s, "/"); status != 503 || time.Since(began) != time.Minute {
			t.Errorf("got %d after %v", status, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		defer func() {
			if aborted, _ := recover().(error); !errors.Is(aborted, http.ErrAbortHandler) || time.Since(began) != time.Minute+time.Second {
				t.Errorf("%v after %v", aborted, time.Since(began))
			}
		}()
		played(ctx, &s, "/")
	})
}

func TestADroppedConnectionHasNoAnswer(t *testing.T) {
	var s Set
	s.Add(Fault{Path: "/", Drop: true, Status: 500})
	defer func() {
		if aborted, _ := recover().(error); !errors.Is(aborted, http.ErrAbortHandler) {
			t.Errorf("got %v", aborted)
		}
	}()
	played(t.Context(), &s, "/")
}
