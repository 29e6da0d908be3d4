package sdk

import "github.com/kakaowasm/kakaowasm/kakao"

// How often the code is asked for, how many times, and how long one answer may
// take, in milliseconds.
const (
	pollEvery   = 1_000
	pollTries   = 600
	pollTimeout = 10_000
)

// The codes of the polling's answers, as JSON.
const (
	pollWaiting = `"300"` // the user has not decided
	pollNetwork = `"700"` // Kakao wants its own error page to be shown
)

// poll asks for the code of a transaction until there is an answer. It belongs
// to a flow, which hands it its events.
type poll struct {
	address string
	window  int  // the popup, 0 if there is none
	mayShut bool // the polling ends when the user closes the window
	tries   int
	last    bool // the window is closed: a code that came with its last breath counts
	timer   int
	request int
}

// polled is the end of a polling.
type polled uint8

const (
	pollGoesOn   polled = iota
	pollAnswered        // with a code or an error
	pollClosed          // the user has closed the window
	pollTimedOut
)

// start begins to poll.
func (p *poll) start(m *Machine, f flow, transaction string) {
	p.address = CodeURL(m.app.platform, m.app.key, transaction, m.app.agent)
	p.wait(m, f)
}

func (p *poll) wait(m *Machine, f flow) {
	p.timer = m.ask(f, DoTimer, "ms", text(pollEvery), "window", optional(p.window))
}

// optional is a number, or nothing for 0.
func optional(n int) string {
	if n == 0 {
		return ""
	}
	return text(n)
}

// owns reports whether e is the outcome of a command of the polling.
func (p *poll) owns(e *Event) bool {
	return e.Number != 0 && (e.Type == Timer && e.Number == p.timer || isAnswer(e) && e.Number == p.request)
}

// handle takes an outcome of its own.
func (p *poll) handle(m *Machine, f flow, e *Event) polled {
	if e.Type == Timer {
		p.timer = 0
		p.last = p.window != 0 && p.mayShut && e.has("closed")
		p.request = m.ask(f, DoFetch,
			"as", "code", "method", kakao.Get, "url", p.address, "body", "", "form", "", "timeout", text(pollTimeout), "headers", "")
		return pollGoesOn
	}
	p.request = 0
	p.tries++
	switch {
	case isPollAnswer(e):
		return pollAnswered
	case p.last:
		return pollClosed
	case p.tries == pollTries:
		return pollTimedOut
	}
	p.wait(m, f)
	return pollGoesOn
}

func (p *poll) stop(m *Machine) {
	if p.timer != 0 {
		m.do(DoCancel, "timer", text(p.timer))
	}
	p.timer, p.request = 0, 0
}

// isPollAnswer reports whether the code, or an error, has come.
func isPollAnswer(e *Event) bool {
	if e.Type != Answer || e.get("status") != "200" {
		return false
	}
	switch e.get("outcome") {
	case "ok":
		return e.has("code")
	case "error":
		return e.has("number") && e.get("number") != pollWaiting
	}
	return false
}

// isNetwork reports whether Kakao wants its error page to be shown.
func isNetwork(e *Event) bool { return isPollAnswer(e) && e.get("number") == pollNetwork }

// showNetworkError ends a login for which Kakao wants its error page shown. As
// in the legacy SDK nobody hears of it, because the page goes.
func (m *Machine) showNetworkError(f flow, s *secrets) {
	m.giveUpRecord(s)
	m.end(f)
	m.do(DoNavigate, "address", m.app.platform.Auth+kakao.PathNetworkError)
}
