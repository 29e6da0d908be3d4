package emulator

import "net/http"

// faultOperations are about faults.
func faultOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/faults", id: "listFaults", summary: "The faults in force", answer: []Fault{}, serve: (*consoleAPI).listFaults},
		{method: http.MethodPost, path: "/faults", id: "addFault", summary: "Put a fault in force", request: Fault{}, element: "fault", answer: Fault{}, serve: (*consoleAPI).addFault},
		{method: http.MethodDelete, path: "/faults", id: "clearFaults", summary: "End all faults", serve: acts((*World).ClearFaults)},
		{method: http.MethodDelete, path: "/faults/{fault}", id: "removeFault", summary: "End a fault", serve: (*consoleAPI).removeFault},
	}
}

func (a *consoleAPI) listFaults(*http.Request) (any, error) { return listed(a.Faults()), nil }

func (a *consoleAPI) addFault(r *http.Request) (any, error) {
	var fault Fault
	if err := readConsole(r, &fault); err != nil {
		return nil, err
	}
	id, err := a.Inject(fault)
	if err != nil {
		return nil, err
	}
	fault.ID = id
	return fault, nil
}

func (a *consoleAPI) removeFault(r *http.Request) (any, error) {
	if !a.faults.Remove(int(numberOf(r, "fault"))) {
		return nil, notFound("fault")
	}
	return nil, nil
}
