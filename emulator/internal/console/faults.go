package console

import (
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

// faultResource is what goes wrong.
type faultResource struct {
	faults *fault.Set
}

// operations are those of the resource.
func (a *faultResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/faults", id: "listFaults", summary: "The faults in force", answer: []fault.Fault{}, serve: a.listFaults},
		{method: http.MethodPost, path: "/faults", id: "addFault", summary: "Put a fault in force", request: fault.Fault{}, element: "fault", answer: fault.Fault{}, serve: a.addFault},
		{method: http.MethodDelete, path: "/faults", id: "clearFaults", summary: "End all faults", serve: acts(func() { a.faults.Replace(nil) })},
		{method: http.MethodDelete, path: "/faults/{fault}", id: "removeFault", summary: "End a fault", serve: a.removeFault},
	}
}

func (a *faultResource) listFaults(*http.Request) (any, error) { return listed(a.faults.List()), nil }

func (a *faultResource) addFault(r *http.Request) (any, error) {
	var asked fault.Fault
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	var m mistake.List
	config.CheckFault(asked, "fault", &m)
	if err := errors.Join(m...); err != nil {
		return nil, err
	}
	asked.ID = a.faults.Add(asked)
	return asked, nil
}

func (a *faultResource) removeFault(r *http.Request) (any, error) {
	if !a.faults.Remove(int(numberOf(r, "fault"))) {
		return nil, NotFound("fault")
	}
	return nil, nil
}
