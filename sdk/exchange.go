package sdk

import (
	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// secrets are those of one login, and what its record holds beside them. They
// never leave this browser before the exchange.
type secrets struct {
	state       string // empty if the code is one of the page's redirect URI
	kind        string // see popupKind
	verifier    string
	nonce       string // empty unless openid is asked for, or the page gave one
	openid      bool
	persist     bool
	began       int64        // see Machine.moment
	before      *accessToken // the token that was there when this page began it, or went on with it
	transaction string       // under which the code is polled for, if it is
	claimed     int64        // when its exchange began; 0 before
	lock        int          // the number of the claim, 0 without one
	holds       bool         // the lock
	over        bool         // another page has completed it
	resumed     bool         // by another page than the one that began it
}

// randomForLogin is how many random bytes a login takes: for state, verifier,
// nonce and transaction ID.
const randomForLogin = 3*contract.RandomSize + randomForTransaction

// take returns the next random bytes of the event.
func (m *Machine) take(n int) []byte {
	taken := m.random[:n]
	m.random = m.random[n:]
	return taken
}

// newSecrets makes the secrets of a login and its request: state, PKCE (RFC
// 7636) and, for openid, a nonce (OpenID Connect Core 1.0, section 3.1.2.1).
func (m *Machine) newSecrets(kind contract.Flow, returnTo string, in *Settings) (secrets, *authorizeRequest) {
	s := secrets{
		state:    contract.FlowState(kind, m.take(contract.RandomSize), returnTo),
		verifier: contract.EncodeRandom(m.take(contract.RandomSize)),
		nonce:    in.Nonce,
		openid:   kakao.HasScope(in.Scope, "openid"),
		persist:  in.PersistAccessToken,
		began:    m.moment(),
		kind:     popupKind,
		before:   m.token(),
	}
	if kind == contract.RedirectFlow {
		s.kind = redirectKind
	}
	if s.nonce == "" && s.openid {
		s.nonce = contract.EncodeRandom(m.take(contract.RandomSize))
	}
	request := m.newRequest(in)
	request.redirectURI = m.app.callbackURI()
	request.state = s.state
	request.nonce = s.nonce
	request.challenge = kakao.ChallengeS256(s.verifier)
	return s, request
}

const endsSession step = "ends the session of a login that does not count"

// exchange has the token server exchange a code, checks the nonce and keeps the
// token.
type exchange struct {
	progress
	secrets
	body   string
	asking int               // the number of the request
	wrong  *kakao.OAuthError // why the login does not count, although the server has it
	// of names what is exchanged, where, and for which app, if it is a code of
	// the page, for others that ask for the same: they are joined.
	of     string
	joined []int // their calls
}

var errStateMismatch = &kakao.OAuthError{
	Code:        contract.CodeStateMismatch,
	Description: "The answer belongs to another login and was dropped. Start the login again.",
}

var errNonceMismatch = &kakao.OAuthError{
	Code:        contract.CodeNonceMismatch,
	Description: "The ID token was not made for this login and was dropped. Start the login again.",
}

// errNoCode ends a login whose answer says nothing.
var errNoCode = &kakao.OAuthError{
	Code:        contract.CodeNoCode,
	Description: "The answer held neither a code nor an error. Start the login again.",
}

// complete turns the answer of the relay or of the polling into a login, for a
// flow that ends with it. What waits for that flow waits for the exchange.
func (m *Machine) complete(f flow, s *secrets, answer *Event) {
	call := f.at().call
	f.at().call = 0
	if e := m.refusal(s, answer); e != nil {
		if e != errStateMismatch {
			m.forgetTokenAfter(e, s)
		}
		m.settleCall(call, false, failure(e)...)
		m.conclude(s, e)
		m.end(f)
		return
	}
	begun := newExchange(s, answer.get("code"), m.app.callbackURI())
	m.begin(begun, "exchange", call, authLife)
	if m.restoring == f.at().number {
		m.restoring = begun.number
	}
	m.end(f)
	begun.start(m, answer.get("code"))
}

// refusal is why an answer is no login; nil if it holds a code. One that comes
// after a logout, or after a login that began later, is late.
func (m *Machine) refusal(s *secrets, answer *Event) *kakao.OAuthError {
	if answer.get("state") != s.state || s.began < max(m.loggedOut, m.loggedIn) || s.began < m.tokens.current.since() {
		return errStateMismatch
	}
	e := readError(answer)
	if e == nil && !answer.has("code") {
		return errNoCode
	}
	return e
}

// issue exchanges a code that the page's redirect URI received. A page may ask
// twice, as React's StrictMode has it do, but Kakao takes a code once: the second
// call joins the exchange of the first, also when a cleanup came between them.
func (m *Machine) issue(e *Event) {
	s := secrets{kind: codeKind, persist: true, verifier: e.get("codeVerifier"), began: m.moment(), before: m.token()}
	f := newExchange(&s, e.get("code"), e.get("redirectUri"))
	f.of = m.app.key + " " + m.app.server + " " + f.body
	if !m.join(e.Number, f.of) {
		m.begin(f, "exchange", e.Number, authLife)
		m.afterInit(f)
	}
}

// join has a call hear the end of the exchange of the same code, if there is one
// that no logout has ended.
func (m *Machine) join(call int, of string) bool {
	for _, f := range m.flows {
		if x, ok := f.(*exchange); ok && x.of == of && x.step != endsSession && x.began >= m.loggedOut {
			x.joined = append(x.joined, call)
			return true
		}
	}
	return false
}

func newExchange(s *secrets, code, redirectURI string) *exchange {
	body := []kakao.Pair{{Name: "code", Value: code}}
	if s.verifier != "" {
		body = append(body, kakao.Pair{Name: "code_verifier", Value: s.verifier})
	}
	body = append(body, kakao.Pair{Name: "redirect_uri", Value: redirectURI})
	if s.nonce != "" {
		body = append(body, kakao.Pair{Name: "nonce", Value: s.nonce})
	}
	return &exchange{secrets: *s, body: jsonObject("", body)}
}

// start exchanges the code of a login that has a record. Whoever resumes it has
// the claim by now; the page that began it waits for nobody.
func (f *exchange) start(m *Machine, code string) {
	f.writeAnswer(m, code)
	f.send(m)
}

// writeAnswer writes the answer down beside the record, and that it is being
// exchanged: a page that loads now asks the server again.
func (f *exchange) writeAnswer(m *Machine, code string) {
	f.claimed = m.now
	m.saveRecord(f, &f.secrets)
	m.save(f, session, contract.ResultKey+f.state, jsonObject("", []kakao.Pair{
		{Name: contract.MessageState, Value: f.state}, {Name: contract.MessageCode, Value: code},
	}))
}

// send asks the token server, after a logout that is under way: it would end
// this login.
func (f *exchange) send(m *Machine) {
	if f.began < m.loggedOut {
		f.concludes(m, errStateMismatch)
		return
	}
	if m.isEndingSession() {
		f.step = waitsForLogout
		return
	}
	f.step = asksServer
	f.asking = m.askServer(f, contract.PathToken, f.body, serverTimeout)
}

// stop lets the exchange of a page's code go on, for the next call that asks for
// the same: the code is spent.
func (f *exchange) stop(m *Machine) {
	m.leaveRecord(&f.secrets)
	m.forget(f)
	for _, call := range f.joined {
		m.forgetCall(call)
	}
	f.joined = nil
	if f.of == "" || f.step != asksServer {
		m.end(f)
	}
}

// concludes ends the login with an error.
func (f *exchange) concludes(m *Machine, e *kakao.OAuthError) {
	f.settle(m, false, failure(e)...)
	m.conclude(&f.secrets, e)
	m.end(f)
}

// settle ends the calls of the exchange.
func (f *exchange) settle(m *Machine, ok bool, data ...string) {
	m.settle(f, ok, data...)
	for _, call := range f.joined {
		m.settleCall(call, ok, data...)
	}
	f.joined = nil
}

func (f *exchange) handle(m *Machine, e *Event) {
	switch {
	case (f.step == waitsForInit || f.step == waitsForLogout) && e.Type == resumed:
		f.send(m)
	case f.step == asksServer && isAnswer(e) && e.Number == f.asking:
		f.answered(m, e)
	case f.step == endsSession && isAnswer(e) && e.Number == f.asking:
		f.fails(m, f.wrong)
		m.sessionEnded()
	case isSaved(e):
	default:
		m.drop(e)
	}
}

func (f *exchange) answered(m *Machine, e *Event) {
	failed := readServerAnswer(e, true)
	switch {
	case f.call == 0 && f.joined == nil && f.of != "": // a cleanup has ended it
		m.end(f)
	case failed != nil:
		f.fails(m, failed)
	case !f.hasNonce(e):
		f.reject(m, errNonceMismatch)
	case f.began < m.loggedOut:
		f.reject(m, errStateMismatch)
	default:
		m.loggedIn = max(m.loggedIn, f.began)
		m.note(contract.LoggedIn, f.began, f.state)
		t := m.newAccessToken(e, f.persist, f.began)
		t.of = f.of
		m.setToken(t, contract.TokenSet)
		f.settle(m, true, "answer", "value")
		m.conclude(&f.secrets, nil)
		m.end(f)
	}
}

// reject ends the session that the server has just begun, and then the login.
func (f *exchange) reject(m *Machine, why *kakao.OAuthError) {
	f.step, f.wrong = endsSession, why
	f.asking = m.askServer(f, contract.PathLogout, "", logoutTimeout)
}

// hasNonce reports whether the ID token in the answer, if there must be one,
// holds the nonce that was asked for.
func (f *exchange) hasNonce(e *Event) bool {
	return f.nonce == "" || !f.openid && !e.has("id_token") || e.get("nonce") == f.nonce
}

func (f *exchange) fails(m *Machine, e *kakao.OAuthError) {
	if m.tokens.leaving { // the request ended because the page does; its record stays
		f.joined = nil
		m.end(f)
		return
	}
	if t := m.token(); f.of == "" || t == nil || t.of != f.of { // or the code has brought the token
		m.forgetTokenAfter(e, &f.secrets)
	}
	f.concludes(m, e)
}

// forgetTokenAfter drops an older token after an error of the platform, as the
// legacy SDK did: all but a user's refusal mean that it may be worth nothing.
// A token that was set after the call began stays, whoever set it: another call,
// another tab, which tells by the storage alone if there is no channel.
func (m *Machine) forgetTokenAfter(e *kakao.OAuthError, s *secrets) {
	t := m.token()
	if t == nil || t != s.before {
		return
	}
	if stored := decodeToken(m.stored); t.persist && stored != nil && stored.value != t.value {
		m.adopt(stored, contract.TokenSet)
		return
	}
	switch e.Code {
	case contract.CodeAccessDenied, contract.CodeServerUnavailable, contract.CodeTemporarilyUnavailable, contract.CodeNoCode:
	default:
		m.setToken(nil, contract.TokenRemoved)
	}
}
