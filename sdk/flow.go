package sdk

import "github.com/kakaowasm/kakaowasm/kakao"

// flow is what takes more than one event: a login, a request, a renewal.
type flow interface {
	at() *progress
	// handle takes the outcome of one of the flow's commands, an event of the
	// browser, or what another flow does to it.
	handle(m *Machine, e *Event)
	// stop releases what the flow holds. The page does not hear of it.
	stop(m *Machine)
}

// step is what a flow does next, in plain words.
type step string

// The steps that several flows have.
const (
	waitsForInit    step = "waits for what init began"
	waitsForRenewal step = "waits for the renewal"
	waitsForLogout  step = "waits for the logout"
	asksServer      step = "asks the token server"
)

// waits reports whether a flow in this step goes on when another one ends.
func (s step) waits() bool {
	return s == waitsForInit || s == waitsForRenewal || s == waitsForLogout
}

// life is how long a flow may live: until the cleanup of that part of the SDK.
// Kakao.cleanup ends all.
type life uint8

const (
	sdkLife life = iota
	authLife
	apiLife
)

// progress is what all flows have.
type progress struct {
	name   string
	number int
	// call is the page's call that the flow settles; 0 if there is none, or if
	// it was settled.
	call int
	life life
	step step
	// failed is what the flow waited for has ended with.
	failed *kakao.OAuthError
}

func (p *progress) at() *progress { return p }

// begin adds a flow.
func (m *Machine) begin(f flow, name string, call int, l life) {
	*f.at() = progress{name: name, number: m.next(), call: call, life: l}
	m.flows = append(m.flows, f)
}

// end removes a flow. A call that it has not settled is dropped.
func (m *Machine) end(f flow) {
	m.forget(f)
	number := f.at().number
	for i := range m.flows {
		if m.flows[i].at().number == number {
			m.flows = append(m.flows[:i], m.flows[i+1:]...)
			break
		}
	}
	if m.popup == number {
		m.popup = 0
	}
	if m.restoring == number {
		m.restoring = 0
		m.resume(waitsForInit, nil)
	}
}

// underWay is a copy of the list of flows, for loops whose body changes it.
func (m *Machine) underWay() []flow { return append([]flow(nil), m.flows...) }

// flow returns the flow of that number, and whether it is under way.
func (m *Machine) flow(number int) (flow, bool) {
	for _, f := range m.flows {
		if f.at().number == number {
			return f, true
		}
	}
	return nil, false
}

// resume goes on with the flows that wait in a step, in their order.
func (m *Machine) resume(waiting step, e *kakao.OAuthError) {
	for _, f := range m.underWay() {
		c := f.at()
		if _, ok := m.flow(c.number); ok && c.step == waiting {
			c.failed = e
			f.handle(m, &Event{Type: resumed})
		}
	}
}

// stopFlows ends the flows of a life without a word to the page: those first
// that wait for another one, or they would go on when it ends.
func (m *Machine) stopFlows(l life) {
	for _, waiting := range []bool{true, false} {
		for _, f := range m.underWay() {
			if c := f.at(); c.life == l && c.step.waits() == waiting {
				f.stop(m)
			}
		}
	}
}

// settle ends the call of a flow with success or fail.
func (m *Machine) settle(f flow, ok bool, data ...string) {
	c := f.at()
	m.settleCall(c.call, ok, data...)
	c.call = 0
}

// settleCall ends a call that has no flow.
func (m *Machine) settleCall(call int, ok bool, data ...string) {
	if call != 0 {
		m.do(DoSettle, append([]string{"call", text(call), "ok", flag(ok)}, data...)...)
	}
}

// forget leaves the call of a flow without an end.
func (m *Machine) forget(f flow) {
	c := f.at()
	m.forgetCall(c.call)
	c.call = 0
}

func (m *Machine) forgetCall(call int) {
	if call != 0 {
		m.do(DoDrop, "call", text(call))
	}
}

// fail ends a flow, and its call with an error.
func (m *Machine) fail(f flow, e *kakao.OAuthError) {
	m.settle(f, false, failure(e)...)
	m.end(f)
}

// failure is the object that fail callbacks get.
func failure(e *kakao.OAuthError) []string {
	answer := []string{"answer", "object", "hint", e.Hint, "fields", "", "error", e.Code}
	if e.Description != "" {
		answer = append(answer, "error_description", e.Description)
	}
	if e.KOE != "" {
		answer = append(answer, "error_code", e.KOE)
	}
	if e == errLoginTimeout {
		answer = append(answer, "description", e.Description) // where the legacy SDK had it
	}
	return answer
}
