package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
)

const readsAnswer step = "reads the answer of a redirect"

// restoration goes on with what an earlier page of this tab left: the answer to a
// redirect, or a login whose token went with the page.
type restoration struct {
	progress
	entries []string // keys and texts of sessionStorage
	held    string   // tokens.held, as the page before left it
}

// restore begins to go on with what an earlier page of this tab left. e is the
// event of init, with the fragment of the page's address and, after "session",
// the SDK's entries in sessionStorage.
func (m *Machine) restore(e *Event, entries []string) {
	m.restored = false
	answer, encoded := m.takeAnswer(e.get("hash"), entries)
	held := m.tokens.held
	if answer == "" && (held == "" || m.token() != nil) {
		m.forgetCall(e.Number)
		return
	}
	m.restored = true
	f := &restoration{}
	m.begin(f, "restore", e.Number, authLife)
	m.restoring = f.number
	f.entries, f.held = entries, held
	if answer != "" {
		f.step = readsAnswer
		m.ask(f, DoParse, "text", answer, "encoded", flag(encoded))
		return
	}
	f.session(m)
}

// takeAnswer takes the relay's answer out of the address or the storage, and
// forgets further ones.
func (m *Machine) takeAnswer(hash string, entries []string) (answer string, encoded bool) {
	if rest, ok := strings.CutPrefix(hash, contract.ResultFragment); ok {
		m.do(DoReplace, "address", m.app.href)
		answer, encoded = rest, true
	}
	for i := 0; i+1 < len(entries); i += 2 {
		if !strings.HasPrefix(entries[i], contract.ResultKey) {
			continue
		}
		if answer == "" {
			answer = entries[i+1]
		}
		m.do(DoRemove, "area", session, "key", entries[i])
	}
	return answer, encoded
}

func (f *restoration) handle(m *Machine, e *Event) {
	switch {
	case f.step == readsAnswer && e.Type == Parsed:
		f.answered(m, e)
	case f.step == readsAnswer && e.Type == Failed:
		f.unanswered(m)
	case f.step == waitsForRenewal && e.Type == resumed:
		f.renewed(m)
	default:
		m.drop(e)
	}
}

// answered completes the login that the answer belongs to.
func (f *restoration) answered(m *Machine, e *Event) {
	s, ok := f.takeSecrets(m, e.get("state"))
	if !ok {
		f.unanswered(m)
		return
	}
	call := f.call
	f.call = 0
	if begun := m.completeCall(call, s, e); begun != nil {
		m.restoring = begun.number
	}
	m.end(f)
}

// unanswered goes on without an answer.
func (f *restoration) unanswered(m *Machine) {
	if f.held == "" || m.token() != nil {
		m.restored = false
		m.end(f)
		return
	}
	f.session(m)
}

// session gets the token again, from the token server's session alone.
func (f *restoration) session(m *Machine) {
	m.forget(f)
	f.step = waitsForRenewal
	m.renew(nil)
}

func (f *restoration) renewed(m *Machine) {
	if t := m.tokens.current; f.failed == nil && t != nil && f.held == contract.HeldToPersist {
		kept := *t
		kept.persist = true
		m.setToken(&kept, contract.TokenRenewed)
	}
	m.end(f)
}

func (f *restoration) stop(m *Machine) { m.end(f) }

// takeSecrets reads the secrets of the login of that state, and removes all.
func (f *restoration) takeSecrets(m *Machine, state string) (secrets, bool) {
	saved := ""
	for i := 0; i+1 < len(f.entries); i += 2 {
		key := f.entries[i]
		if key == contract.RedirectKey+state {
			saved = f.entries[i+1]
		}
		if strings.HasPrefix(key, contract.RedirectKey) || strings.HasPrefix(key, contract.ReturnKey) {
			m.do(DoRemove, "area", session, "key", key)
		}
	}
	parts := strings.SplitN(saved, " ", 4) // the nonce may be the page's, with spaces
	if len(parts) != 4 {
		return secrets{}, false
	}
	if parts[2] != "" && !m.app.relayIsOurs() {
		m.do(DoReplace, "address", m.app.href+"#"+parts[2])
	}
	return secrets{state: state, verifier: parts[0], openid: parts[1] != "", nonce: parts[3], persist: true, began: m.moment()}, true
}
