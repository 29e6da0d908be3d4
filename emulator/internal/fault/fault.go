// Package fault holds what is to go wrong at a platform, and plays it: delays,
// dropped connections and answers in place of the right one. It knows which path
// is asked for, and nothing of what is answered there.
package fault

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/duration"
)

// Fault makes the platform answer wrongly, for tests of what a client does then.
// Several parts may be set: a delay comes before the rest.
type Fault struct {
	// ID tells faults apart. The platform chooses it.
	ID int `json:"id"`
	// Path is the path that fails, such as "/oauth/token". One that ends in "*"
	// stands for all that begin so.
	Path string `json:"path"`
	// Times is how many requests it hits before it goes away; 0 is every one.
	Times int `json:"times,omitempty"`
	// Delay is how long the request waits first, in real time.
	Delay duration.Duration `json:"delay,omitzero"`
	// Drop ends the connection without an answer.
	Drop bool `json:"drop,omitempty"`
	// Status answers with that HTTP status and Body. Without a body it is Kakao's
	// error for a failure inside.
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
	// WrongSignature signs ID tokens with a key that the key set does not have.
	WrongSignature bool `json:"wrong_signature,omitempty"`
	// Skew moves the times in ID tokens, as a clock that goes wrong does.
	Skew duration.Duration `json:"skew,omitzero"`
}

// Check names every mistake in a fault: the member, "" for the fault as a whole,
// and the problem as a format with its values.
func (f Fault) Check(add func(member, problem string, values ...any)) {
	switch {
	case !strings.HasPrefix(f.Path, "/"):
		add("path", "%q must begin with a slash, such as /oauth/token or /v2/*", f.Path)
	case strings.Contains(strings.TrimSuffix(f.Path, "*"), "*"):
		add("path", "%q may have a star at its end only", f.Path)
	}
	if f.Times < 0 {
		add("times", "must be 0, for every request, or more")
	}
	if f.Delay < 0 {
		add("delay", "must not be negative")
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		add("status", "%d is not an HTTP status from 200 to 599", f.Status)
	}
	if f.Body != "" && f.Status == 0 {
		add("status", "is required with a body")
	}
	if f == (Fault{ID: f.ID, Path: f.Path, Times: f.Times}) {
		add("", "set one of delay, drop, status, wrong_signature and skew")
	}
}

func (f Fault) hits(path string) bool {
	if prefix, any := strings.CutSuffix(f.Path, "*"); any {
		return strings.HasPrefix(path, prefix)
	}
	return f.Path == path
}

// Set is the faults in force, in their order. The zero value is empty and ready;
// it is safe for concurrent use.
type Set struct {
	mu     sync.Mutex
	last   int
	faults []Fault
}

// Add puts a fault in force, behind those that are, and returns the ID that it
// gets.
func (s *Set) Add(f Fault) (id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(f)
	return s.last
}

func (s *Set) add(f Fault) {
	s.last++
	f.ID = s.last
	s.faults = append(s.faults, f)
}

// Replace ends all faults and puts others in force.
func (s *Set) Replace(others []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	for _, f := range others {
		s.add(f)
	}
}

// Remove ends a fault, and reports whether it was in force.
func (s *Set) Remove(id int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.faults)
	s.faults = slices.DeleteFunc(s.faults, func(f Fault) bool { return f.ID == id })
	return len(s.faults) < before
}

// List returns a copy, with how often each is left.
func (s *Set) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// take returns the first fault that hits a path, and uses it up by one.
func (s *Set) take(path string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.faults, func(f Fault) bool { return f.hits(path) })
	if at < 0 {
		return Fault{}, false
	}
	taken := s.faults[at]
	switch taken.Times {
	case 0:
	case 1:
		s.faults = slices.Delete(s.faults, at, at+1)
	default:
		s.faults[at].Times--
	}
	return taken, true
}

type key struct{}

// Of is the fault that hits a request, for what its handler has to play; the zero
// Fault for none.
func Of(r *http.Request) Fault {
	f, _ := r.Context().Value(key{}).(Fault)
	return f
}

// Play plays the first fault that hits a request: it waits, drops the connection,
// or has answer write the status and body that the fault names. next gets what is
// left, see [Of]. A wait ends with the request.
func (s *Set) Play(next http.Handler, answer func(http.ResponseWriter, *http.Request, Fault)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, hit := s.take(r.URL.Path)
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		if f.Delay > 0 {
			// The server that has a limit for answers does not know of the delay.
			_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		}
		if !wait(r.Context(), time.Duration(f.Delay)) || f.Drop {
			panic(http.ErrAbortHandler)
		}
		if f.Status != 0 {
			answer(w, r, f)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, f)))
	})
}

// wait returns after d, or with false as soon as ctx is done.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
