package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// The steps of a login that an earlier page of this tab began.
const (
	claimsLogin    step = "claims the login"
	waitsForOthers step = "waits for another instance that goes on with the login"
	readsAnswer    step = "reads the answer of a login"
)

// How long, in milliseconds, an instance believes the number of another one that
// has begun the exchange, and how often it looks, where there are no locks.
const (
	claimLife = 5_000
	claimPoll = 1_000
)

var errRecordTooOld = &kakao.OAuthError{
	Code:        contract.CodeTimeout,
	Description: "The login was not completed in time. Start it again.",
}

// resumption goes on with a login that an earlier page of this tab began, or an
// earlier init of this one.
type resumption struct {
	progress
	secrets
	answer  string // the relay's, "" if it has not come
	knows   bool   // what others did meanwhile
	listens int    // the number of what listens to the relay page
	timer   int
	poll    poll
	lingers bool // the page has heard already that the window is closed
}

// restore goes on with what an earlier page of this tab left. e is the event of
// init, with top for a page that is in no frame, and entries are the SDK's in
// sessionStorage. Frames share those of their top.
func (m *Machine) restore(e *Event, entries []string) {
	m.restored, m.restoring, m.records = false, 0, nil
	call := e.Number
	if e.has("top") {
		call = m.resumeLogins(call, entries, true)
		call = m.resumeLogins(call, entries, false)
	}
	m.forgetCall(call)
	if m.restoring == 0 {
		m.restoreSession()
	}
}

// resumeLogins goes on with the logins of this app: with those that have an
// answer, or with the others. The call of init hears of the first one; it is
// returned if there is none.
func (m *Machine) resumeLogins(call int, entries []string, answered bool) int {
	for i := 0; i+1 < len(entries); i += 2 {
		state, ok := strings.CutPrefix(entries[i], contract.LoginKey)
		answer := entryIn(entries, contract.ResultKey+state)
		if !ok || (answer != "") != answered {
			continue
		}
		s := m.readRecord(state, entries[i+1])
		if s == nil {
			continue
		}
		m.records = append(m.records, state)
		if s.isOld(m.now) {
			m.dropOld(&call, s, answered)
		} else if answered || s.kind != redirectKind {
			m.resumeLogin(call, s, answer)
			call = 0
		}
	}
	return call
}

// dropOld forgets a login that is too old. Of one whose answer comes now the
// page hears.
func (m *Machine) dropOld(call *int, s *secrets, answered bool) {
	if !answered {
		m.dropRecord(s.state)
		return
	}
	m.settleCall(*call, false, failure(errRecordTooOld)...)
	*call = 0
	m.conclude(s, errRecordTooOld)
}

func (m *Machine) resumeLogin(call int, s *secrets, answer string) {
	f := &resumption{}
	m.begin(f, "resumed login", call, authLife)
	f.secrets, f.answer = *s, answer
	f.before = m.token()
	f.resumed = true
	if answer != "" {
		m.restored = true
		if m.restoring == 0 {
			m.restoring = f.number
		}
	}
	f.step = claimsLogin
	m.claim(f, &f.secrets)
}

// linger goes on listening for the answer to a login whose window this page sees
// as closed, until the record is too old or another login takes its place.
func (m *Machine) linger(s *secrets) {
	f := &resumption{lingers: true}
	m.begin(f, "resumed login", 0, authLife)
	f.secrets = *s
	f.proceed(m)
}

// dropLingering ends that listening, before a new login opens its window.
func (m *Machine) dropLingering() {
	for _, f := range m.underWay() {
		if f, ok := f.(*resumption); ok && f.lingers {
			m.dropRecord(f.state)
			f.leave(m)
		}
	}
}

func (f *resumption) handle(m *Machine, e *Event) {
	switch {
	case f.poll.owns(e):
		f.polled(m, e)
	case f.step == claimsLogin && f.isClaim(e):
		m.claims(&f.secrets, e)
		f.look(m, e)
	case e.Type == Timer && e.Number == f.timer:
		f.due(m)
	case f.step == readsAnswer && e.Type == Parsed:
		m.complete(f, &f.secrets, e)
	case f.step == readsAnswer && e.Type == Failed:
		f.leave(m)
	case f.step == waitsForAnswer && e.Type == Heard && e.get("via") == "channel":
		f.shut(m, true)
		m.complete(f, &f.secrets, e)
	case e.Type == Focus:
	default:
		m.drop(e)
	}
}

// look goes on if the login is still there, and nobody else has begun with it.
func (f *resumption) look(m *Machine, e *Event) {
	r := m.readRecord(f.state, e.get("entry"))
	switch {
	case e.Type == Failed:
		f.proceed(m)
	case f.over:
		m.dropRecord(f.state)
		f.leave(m)
	case r == nil:
		f.leave(m)
	case e.has("free") && m.now-r.claimed < claimLife:
		f.wait(m, claimPoll)
	case (e.has("waited") || f.claimed != 0 && !e.has("free")) && !f.knows:
		f.knows = true
		f.wait(m, newsTimeout)
	default:
		f.proceed(m)
	}
}

func (f *resumption) wait(m *Machine, milliseconds int) {
	f.step = waitsForOthers
	f.timer = m.ask(f, DoTimer, "ms", text(milliseconds))
}

// due takes the timer: others had their time, or the login has had its own.
func (f *resumption) due(m *Machine) {
	f.timer = 0
	switch {
	case f.step == waitsForAnswer: // whose popup it was has told its page
		m.dropRecord(f.state)
		f.leave(m)
	case f.holds && f.knows:
		f.proceed(m)
	default:
		f.step = claimsLogin
		m.release(&f.secrets)
		m.claim(f, &f.secrets)
	}
}

// proceed reads the answer, or goes on waiting for it.
func (f *resumption) proceed(m *Machine) {
	switch {
	case f.answer != "":
		f.step = readsAnswer
		m.ask(f, DoParse, "text", f.answer)
	case f.kind == talkKind:
		f.step = polls
		f.poll.start(m, f, f.transaction)
	default:
		f.step = waitsForAnswer
		f.timer = m.ask(f, DoTimer, "ms", text(int(f.began+recordLife-m.now)))
		f.listens = m.next()
		m.out = append(m.out, Command{Do: DoListen, Flow: f.number, Data: []string{
			"window", text(f.listens), "channel", contract.StateChannel(f.state), "as", "relay",
		}})
	}
}

// polled takes the end of the polling.
func (f *resumption) polled(m *Machine, e *Event) {
	switch f.poll.handle(m, f, e) {
	case pollAnswered:
		if isNetwork(e) {
			f.close(m)
			m.showNetworkError(f, &f.secrets)
			return
		}
		m.complete(f, &f.secrets, withState(e, f.state))
	default:
		if f.isOld(m.now) {
			f.fails(m, errLoginTimeout)
		}
	}
}

func (f *resumption) fails(m *Machine, e *kakao.OAuthError) {
	f.close(m)
	m.settle(f, false, failure(e)...)
	m.conclude(&f.secrets, e)
	m.end(f)
}

// leave ends without a word: another instance has gone on with the login. What
// is not ours stays.
func (f *resumption) leave(m *Machine) {
	f.close(m)
	m.release(&f.secrets)
	if m.restoring == f.number {
		m.restoring = 0
		m.restoreSession()
		if m.restoring == 0 {
			m.restoring = f.number // its end goes on with who waits
		}
	}
	m.end(f)
}

func (f *resumption) stop(m *Machine) {
	f.close(m)
	m.leaveRecord(&f.secrets)
	m.end(f)
}

func (f *resumption) close(m *Machine) {
	f.poll.stop(m)
	f.shut(m, false)
	if f.timer != 0 {
		m.do(DoCancel, "timer", text(f.timer))
	}
}

// shut ends listening to the relay page.
func (f *resumption) shut(m *Machine, heard bool) {
	if f.listens != 0 {
		m.do(DoShut, "window", text(f.listens), "heard", flag(heard))
	}
	if f.timer != 0 && f.step == waitsForAnswer {
		m.do(DoCancel, "timer", text(f.timer))
		f.timer = 0
	}
	f.listens = 0
}
