package sdk

import (
	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// In milliseconds: when an absent token server is asked again, and the longest
// that a refusal takes. A request that fails later was lost on the way.
const (
	probeAgain   = 1_000
	probeRefused = 3_000
)

// probe asks whether there is a token server at all, while the user looks at
// Kakao's page: without one the login would fail at its end only, and be blamed on
// the user. Only a definite failure counts, twice: nobody listens, the browser
// refuses, or something else answers, such as the start page of a single-page
// app. Silence does not.
type probe struct {
	number int // of the request
	timer  int
	asked  int64
	failed bool
}

// ask begins. The request needs no leave of the server to be sent.
func (p *probe) ask(m *Machine, f flow) {
	p.asked = m.now
	p.number = m.ask(f, DoFetch, "as", "token", "method", kakao.Get, "url", m.app.server+contract.PathSession, "body", "", "form", "",
		"timeout", "", "cookies", "1", "headers", "")
}

// owns reports whether e is an outcome of the probe.
func (p *probe) owns(e *Event) bool {
	return isAnswer(e) && e.Number != 0 && e.Number == p.number || e.Type == Timer && e.Number != 0 && e.Number == p.timer
}

// handle takes an outcome, and reports whether there is no token server.
func (p *probe) handle(m *Machine, f flow, e *Event) bool {
	if e.Type == Timer {
		p.timer = 0
		p.ask(m, f)
		return false
	}
	p.number = 0
	if isOfServer(e) || m.now-p.asked > probeRefused {
		return false
	}
	if p.failed {
		return true
	}
	p.failed = true
	p.timer = m.ask(f, DoTimer, "ms", text(probeAgain))
	return false
}

// isOfServer reports whether an answer to [contract.PathSession] may be a token
// server's: JSON, and not that there is no such path.
func isOfServer(e *Event) bool {
	return e.Type == Answer && e.has("parsed") && e.get("status") != "404"
}
