package emulator

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Fault makes the platform answer wrongly, for tests of what a client does then.
// Several parts may be set: a delay comes before the rest.
type Fault struct {
	// ID tells faults apart; [World.Inject] chooses it.
	ID int `json:"id"`
	// Path is the path that fails, such as "/oauth/token". One that ends in "*"
	// stands for all that begin so.
	Path string `json:"path"`
	// Times is how many requests it hits before it goes away; 0 is every one.
	Times int `json:"times,omitempty"`
	// Delay is how long the request waits first, in real time.
	Delay Duration `json:"delay,omitzero"`
	// Drop ends the connection without an answer.
	Drop bool `json:"drop,omitempty"`
	// Status answers with that HTTP status and Body. Without a body it is Kakao's
	// error for a failure inside.
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
	// WrongSignature signs ID tokens with a key that the key set does not have.
	WrongSignature bool `json:"wrong_signature,omitempty"`
	// Skew moves the times in ID tokens, as a clock that goes wrong does.
	Skew Duration `json:"skew,omitzero"`
}

func (f Fault) validate() error {
	var m mistakes
	f.check("fault", &m)
	return errors.Join(m...)
}

// check names the mistakes in the fault at a place.
func (f Fault) check(place string, m *mistakes) {
	at := place + "."
	switch {
	case !strings.HasPrefix(f.Path, "/"):
		m.add(at+"path", "%q must begin with a slash, such as /oauth/token or /v2/*", f.Path)
	case strings.Contains(strings.TrimSuffix(f.Path, "*"), "*"):
		m.add(at+"path", "%q may have a star at its end only", f.Path)
	}
	if f.Times < 0 {
		m.add(at+"times", "must be 0, for every request, or more")
	}
	if f.Delay < 0 {
		m.add(at+"delay", "must not be negative")
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		m.add(at+"status", "%d is not an HTTP status from 200 to 599", f.Status)
	}
	if f.Body != "" && f.Status == 0 {
		m.add(at+"status", "is required with a body")
	}
	if f == (Fault{ID: f.ID, Path: f.Path, Times: f.Times}) {
		m.add(place, "set one of delay, drop, status, wrong_signature and skew")
	}
}

func (f Fault) hits(path string) bool {
	if prefix, any := strings.CutSuffix(f.Path, "*"); any {
		return strings.HasPrefix(path, prefix)
	}
	return f.Path == path
}

// faults are those in force.
type faults struct {
	mu     sync.Mutex
	last   int
	faults []Fault
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// replace puts other faults in force, with IDs of their own.
func (f *faults) replace(others []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = slices.Clone(others)
	for i := range f.faults {
		f.last++
		f.faults[i].ID = f.last
	}
}

func (f *faults) remove(id int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.faults)
	f.faults = slices.DeleteFunc(f.faults, func(fault Fault) bool { return fault.ID == id })
	return len(f.faults) < before
}

func (f *faults) list() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.faults)
}

// take returns the first fault that hits a path, and uses it up by one.
func (f *faults) take(path string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := slices.IndexFunc(f.faults, func(fault Fault) bool { return fault.hits(path) })
	if at < 0 {
		return Fault{}, false
	}
	taken := f.faults[at]
	switch taken.Times {
	case 0:
	case 1:
		f.faults = slices.Delete(f.faults, at, at+1)
	default:
		f.faults[at].Times--
	}
	return taken, true
}

// Inject puts a fault in force, behind those that are, and returns its ID. Of
// several that hit a request, the first counts. The error names every mistake.
func (e *World) Inject(fault Fault) (id int, err error) {
	if err := fault.validate(); err != nil {
		return 0, err
	}
	e.faults.mu.Lock()
	defer e.faults.mu.Unlock()
	e.faults.last++
	fault.ID = e.faults.last
	e.faults.faults = append(e.faults.faults, fault)
	return fault.ID, nil
}

// Faults are the faults in force, in their order, with how often they are left.
func (e *World) Faults() []Fault { return e.faults.list() }

// ClearFaults ends all faults.
func (e *World) ClearFaults() { e.faults.clear() }

type faultKey struct{}

// faultOf is the fault that hits a request, as far as its handler plays it.
func faultOf(r *http.Request) Fault {
	fault, _ := r.Context().Value(faultKey{}).(Fault)
	return fault
}

// faulty plays the fault that hits a request. A browser's preflight is none: if
// it failed, the page would never make the request that is to fail.
func (e *World) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r.Method, r.Header) {
			next.ServeHTTP(w, r)
			return
		}
		fault, hit := e.faults.take(r.URL.Path)
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		if fault.Delay > 0 {
			// The server that has a limit for answers does not know of the delay.
			_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		}
		if !wait(r.Context(), time.Duration(fault.Delay)) || fault.Drop {
			panic(http.ErrAbortHandler)
		}
		if fault.Status != 0 {
			e.writeFault(w, r, fault)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), faultKey{}, fault)))
	})
}

// isPreflight reports whether a browser asks what a page may send. Source: Fetch
// standard, CORS-preflight request.
func isPreflight(method string, header http.Header) bool {
	return method == http.MethodOptions && header.Get("Access-Control-Request-Method") != ""
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

// writeFault answers with the status and body of a fault, readable for pages.
func (e *World) writeFault(w http.ResponseWriter, r *http.Request, fault Fault) {
	w.Header().Set("Access-Control-Allow-Origin", cmp.Or(r.Header.Get("Origin"), "*"))
	if fault.Body != "" {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(fault.Status)
		_, _ = w.Write([]byte(fault.Body))
		return
	}
	if strings.HasPrefix(r.URL.Path, "/oauth/") || strings.HasPrefix(r.URL.Path, "/.well-known/") {
		e.writeOAuthError(w, r, newOAuthError(fault.Status, errTemporaryOutage.Code, errTemporaryOutage.KOE, "An injected fault."))
		return
	}
	e.writeAPIError(w, r, &apiError{kakao.APIError{Code: catalog.ErrInternal.Code, Msg: "an injected fault"}, fault.Status})
}
