package emulator

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// Fault makes the platform answer wrongly, for tests of what a client does then.
type Fault = fault.Fault

// Inject puts a fault in force, behind those that are, and returns its ID. Of
// several that hit a request, the first counts. The error names every mistake.
func (e *World) Inject(f Fault) (id int, err error) {
	var m mistake.List
	config.CheckFault(f, "fault", &m)
	if err := errors.Join(m...); err != nil {
		return 0, err
	}
	return e.faults.Add(f), nil
}

// Faults are the faults in force, in their order, with how often they are left.
func (e *World) Faults() []Fault { return e.faults.List() }

// ClearFaults ends all faults.
func (e *World) ClearFaults() { e.faults.Replace(nil) }

// faulty plays the fault that hits a request. A browser's preflight is none: if
// it failed, the page would never make the request that is to fail.
func (h halves) faulty(faults *fault.Set, next http.Handler) http.Handler {
	played := faults.Play(next, h.writeFault)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if web.Preflight(r.Method, r.Header) {
			next.ServeHTTP(w, r)
			return
		}
		played.ServeHTTP(w, r)
	})
}

// writeFault answers with the status and body of a fault, readable for pages.
func (h halves) writeFault(w http.ResponseWriter, r *http.Request, f Fault) {
	w.Header().Set("Access-Control-Allow-Origin", cmp.Or(r.Header.Get("Origin"), "*"))
	if f.Body != "" {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body))
		return
	}
	h.of(r).Fail(w, r, f.Status)
}
