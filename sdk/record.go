package sdk

import (
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// A login that the SDK completes by itself is written down before its window
// opens or this one leaves, in sessionStorage, under its state. Whoever loads
// next in this tab goes on with it; see resume.go. A record is a credential: it
// is in no event of the page, no log and no String.

// The kinds of a login: how its answer comes.
const (
	popupKind    = "popup"
	redirectKind = "redirect"
	talkKind     = "talk" // the code is polled for
	codeKind     = "code" // of the page's redirect URI; it has no record
)

// How long a record lives, in milliseconds, and how long after its exchange has
// begun: after that the token server does not repeat its answer.
const (
	recordLife   = 10 * 60_000
	exchangeLife = 60_000
)

// recordFields are those of a record: began, kind, verifier, openid, persist,
// owner, transaction, claimed, nonce. The nonce may be the page's, with spaces.
const recordFields = 9

// owner tells whose logins this page may go on with: those of the same app key,
// token server and authorization host.
func (m *Machine) owner() string {
	return kakao.ChallengeS256(m.app.key + " " + m.app.server + " " + m.app.platform.Auth)
}

// hasRecord reports whether s is of a login that is written down.
func (s *secrets) hasRecord() bool { return s.state != "" }

// saveRecord writes a login down, over what is written of it.
func (m *Machine) saveRecord(f flow, s *secrets) {
	m.save(f, session, contract.LoginKey+s.state, strings.Join([]string{
		strconv.FormatInt(s.began, 10), s.kind, s.verifier, flag(s.openid), flag(s.persist), m.owner(), s.transaction,
		strconv.FormatInt(s.claimed, 10), s.nonce,
	}, " "))
}

// save writes an entry. A flow that is named hears whether it could be written;
// if it has ended by then, the entry goes: see [Machine.drop].
func (m *Machine) save(f flow, area, key, entry string) {
	if f == nil {
		m.do(DoSave, "area", area, "key", key, "text", entry)
	} else {
		m.ask(f, DoSave, "area", area, "key", key, "text", entry)
	}
}

// isSaved reports whether e is the outcome of save, of which most flows need not
// hear: a login that cannot be written down goes on in this page.
func isSaved(e *Event) bool { return e.Type == Saved || e.Type == Failed && e.has("key") }

// newRecord writes a login down before it begins, with the address of its page.
// There is one redirect login in a tab at a time.
func (m *Machine) newRecord(f flow, s *secrets, href string) {
	for _, state := range append([]string(nil), m.records...) {
		if strings.HasPrefix(state, string(contract.RedirectFlow)) {
			m.dropRecord(state)
		}
	}
	m.records = append(m.records, s.state)
	m.saveRecord(f, s)
	m.save(f, session, contract.ReturnKey+s.state, href)
	if !m.app.relayIsOurs() { // whose storage the relay page cannot read
		address, _, _ := strings.Cut(href, "#")
		m.do(DoBeacon, "url", m.app.server+contract.PathBegin, "fields", "", contract.BeginState, s.state, contract.BeginReturnTo, address)
	}
}

// readRecord reads what saveRecord wrote; nil if it is none, or not this app's.
func (m *Machine) readRecord(state, entry string) *secrets {
	parts := strings.SplitN(entry, " ", recordFields)
	if len(parts) != recordFields || parts[5] != m.owner() || !isNumber(parts[0]) || !isNumber(parts[7]) {
		return nil
	}
	return &secrets{
		state: state, began: Number(parts[0]), kind: parts[1], verifier: parts[2], openid: parts[3] != "", persist: parts[4] != "",
		transaction: parts[6], claimed: Number(parts[7]), nonce: parts[8],
	}
}

// isOld reports whether nothing may go on with a login any more. One that seems
// to begin later than now is no better.
func (s *secrets) isOld(now int64) bool {
	age := now - s.began
	return age >= recordLife || age < -exchangeLife || s.claimed != 0 && now-s.claimed >= exchangeLife
}

// dropRecord forgets a login.
func (m *Machine) dropRecord(state string) {
	for i := range m.records {
		if m.records[i] == state {
			m.records = append(m.records[:i], m.records[i+1:]...)
			break
		}
	}
	for _, key := range []string{contract.LoginKey, contract.ReturnKey, contract.ResultKey} {
		m.do(DoRemove, "area", session, "key", key+state)
	}
}

// dropRecords forgets the logins of this tab, after a logout.
func (m *Machine) dropRecords() {
	for len(m.records) > 0 {
		m.dropRecord(m.records[0])
	}
}

// conclude is called when a login has ended and the page was told: it tells who
// listens for kakao:login, and forgets the record; here, and in tabs that began
// as a copy of this one.
func (m *Machine) conclude(s *secrets, e *kakao.OAuthError) {
	m.tellLogin(s, e)
	if s.hasRecord() {
		m.dropRecord(s.state)
		if m.tokens.open {
			m.do(DoPost, contract.TokenStatus, contract.LoginOver, contract.TokenState, s.state)
		}
		m.release(s)
	}
}

// tellLogin tells who listens for kakao:login.
func (m *Machine) tellLogin(s *secrets, e *kakao.OAuthError) {
	data := []string{"kind", s.kind, "status", "success"}
	if e != nil {
		data = []string{"kind", s.kind, "status", "fail", "error", e.Code, "error_description", e.Description}
	}
	m.do(DoTellLogin, data...)
}

// hearLoginOver takes the word of another page that a login was heard there: it
// is over where this page goes on with a copy of its record.
func (m *Machine) hearLoginOver(state string) {
	for _, f := range m.underWay() {
		switch f := f.(type) {
		case *resumption:
			if f.state == state {
				m.dropRecord(state)
				f.leave(m)
			}
		case *exchange:
			if f.state == state && f.resumed {
				m.dropRecord(state)
				m.release(&f.secrets)
				m.end(f)
			}
		}
	}
}

// claim asks for the right to go on with a login: a Web Lock. Where the browser
// has none, the number in the record tells who has begun.
func (m *Machine) claim(f flow, s *secrets) {
	key := contract.LoginKey + s.state
	s.lock = m.ask(f, DoLock, "name", key, "key", key, "last", contract.LastKey(m.tokens.appKey))
}

// isClaim reports whether e is the answer to claim.
func (s *secrets) isClaim(e *Event) bool {
	return e.Number != 0 && e.Number == s.lock && !s.holds && (e.Type == Locked || e.Type == Failed)
}

// claims takes the answer, and what other tabs noted meanwhile. A browser that
// refuses locks lets everyone pass.
func (m *Machine) claims(s *secrets, e *Event) {
	m.readLast(e.get("last"))
	s.over = s.hasRecord() && strings.HasSuffix(e.get("last"), " "+s.state)
	s.holds = e.Type == Locked
	if !s.holds {
		s.lock = 0
	}
}

// release gives the right back.
func (m *Machine) release(s *secrets) {
	if s.holds {
		m.do(DoUnlock, "lock", text(s.lock))
	}
	s.lock, s.holds = 0, false
}

// giveUpRecord forgets a login, if it is written down, without a word.
func (m *Machine) giveUpRecord(s *secrets) {
	if s.hasRecord() {
		m.dropRecord(s.state)
		m.release(s)
	}
}

// leaveRecord is called when a login stops without an end. Nobody is left to
// hear of a popup, whose window closes with its page; another login waits for
// the next init.
func (m *Machine) leaveRecord(s *secrets) {
	switch {
	case !s.hasRecord():
		return
	case s.kind == popupKind && !s.resumed:
		m.dropRecord(s.state)
	case s.claimed != 0:
		s.claimed = 0
		m.saveRecord(nil, s)
	}
	m.release(s)
}
