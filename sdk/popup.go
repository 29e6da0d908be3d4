package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// autoLoginOnly is what Auth.autoLogin says outside KakaoTalk.
const autoLoginOnly = "Kakao.Auth.autoLogin is only supported by KakaoTalk InAppBrowser"

var errPopupBlocked = &kakao.OAuthError{
	Code:        contract.CodePopupBlocked,
	Description: "The browser blocked the login window. Call the function inside a click, and ask the user to allow popups.",
}

var errPopupClosed = &kakao.OAuthError{
	Code:        contract.CodePopupClosed,
	Description: "The user closed the login window before the login was complete.",
}

var errPopupReplaced = &kakao.OAuthError{
	Code:        contract.CodePopupClosed,
	Description: "Another login took the place of this one.",
}

// errOpenerPolicy ends a login whose answer cannot reach this page.
var errOpenerPolicy = &kakao.OAuthError{
	Code:        contract.CodeOpenerPolicy,
	Description: "The Cross-Origin-Opener-Policy of this page keeps the answer of the login window from it, because the token server is on another origin.",
}

var errPopupTimeout = &kakao.OAuthError{
	Code:        contract.CodePopupTimeout,
	Description: "The login window gave no answer for ten minutes.",
}

// errLoginTimeout ends a login in KakaoTalk that nobody finished.
var errLoginTimeout = &kakao.OAuthError{
	Code:        contract.CodeTimeout,
	Description: "Account login timed out. Please login again.",
}

// In milliseconds: how often the window is looked at, how long an answer may
// still be on its way after the window has closed, or after the user has come
// back to this page from a window that only looks closed, which is longer than a
// glance, and when to give up.
const (
	popupPoll    = 100
	popupGrace   = 250
	returnGrace  = 5_000
	popupTimeout = 10 * 60_000
)

// maxAstray is how often a window may be seen at the relay page's address without
// the relay page, which takes a moment to load.
const maxAstray = 15

// The steps of a login in a popup.
const (
	opensWindow    step = "opens the window"
	waitsForAnswer step = "waits for the answer"
	asksForPolicy  step = "asks whether this page has an opener policy"
	waitsForReturn step = "waits for the user to come back to the page"
	looksForFocus  step = "looks whether the user has come back"
	waitsForLast   step = "waits for an answer that may be on its way"
)

// popupLogin is a login through a popup. Where KakaoTalk takes the login over,
// or its in-app browser would lose the popup, the code is polled for as well.
type popupLogin struct {
	progress
	secrets
	window int
	// lost tells that the window cannot answer, or closes by itself, because
	// the login goes on in KakaoTalk.
	lost bool
	poll poll
	// left tells whether the window was ever seen anywhere but on the empty
	// page that each window starts with.
	left      bool
	away      bool // when it was looked at last
	astray    int  // how often it was seen at the relay page's address without the relay page
	probe     probe
	cameBack  bool // while it was looked whether the user has
	cut       bool // it read as closed while the user was elsewhere, and may be alive
	policed   bool // this page's opener policy cuts it off
	deadline  int
	timer     int
	listening bool
}

// login logs in through a popup, or, if the page has a redirect URI of its own,
// by leading this window to the consent page. Its settings name the prompt of
// Auth.loginForm (login) and Auth.autoLogin (none).
func (m *Machine) login(e *Event) {
	in := e.settings()
	switch {
	case in.isSilent() && !m.app.browser.Talk:
		m.settleCall(e.Number, false, "answer", "object", "fields", "", "error", contract.CodeAutoLogin,
			"error_description", autoLoginOnly, "error_code", "400", "status", "error")
	case !m.hasRandom(e.Number, randomForLogin):
	case in.RedirectURI != "" && in.RedirectURI != m.app.callbackURI():
		m.loginInWindow(e)
	default:
		m.loginInPopup(e)
	}
}

// hasRandom reports whether the event brings enough random bytes. A call
// without them is dropped: nothing may be guessed instead.
func (m *Machine) hasRandom(call, n int) bool {
	if len(m.random) >= n {
		return true
	}
	m.dropped++
	m.forgetCall(call)
	return false
}

// handsOver reports whether a login goes to KakaoTalk.
func (m *Machine) handsOver(in *Settings) bool {
	return in.ThroughTalk && in.prompt() == "" && m.app.browser.LogsInTalk()
}

func (m *Machine) loginInPopup(e *Event) {
	in := e.settings()
	f := &popupLogin{}
	m.begin(f, "login", e.Number, authLife)
	handoff := m.handsOver(in)
	var request *authorizeRequest
	f.secrets, request = m.newSecrets(contract.PopupFlow, m.app.origin, in)
	f.lost = handoff || m.app.browser.LosesPopups() && in.prompt() != "login"
	features := popupFeatures(e)
	if f.lost {
		f.kind, f.transaction = talkKind, m.newTransaction()
		request.transaction = f.transaction
		request.extra = []kakao.Pair{isPopup(true)}
	}
	address := request.url(m.app.platform)
	if handoff {
		address, features = m.handoff(request, address), talkFeatures
	}
	f.step = opensWindow
	m.dropLingering()
	m.newRecord(f, &f.secrets, e.get("href"))
	f.window = m.openPopup(f, address, features)
}

// talkFeatures are the window features of a popup that leads to KakaoTalk.
const talkFeatures = "width=380, height=520, scrollbars=yes"

// popupFeatures puts a window of the legacy SDK's size where the shim found the
// middle of the screen.
func popupFeatures(e *Event) string {
	return "width=480,height=700,left=" + e.get("left") + ",top=" + e.get("top") + ",scrollbars=yes,resizable=1"
}

// openPopup opens the window of f, in place of another one. It opens inside the
// user's click, before anything waits, so that popup blockers let it pass.
func (m *Machine) openPopup(f flow, address, features string) int {
	if before, ok := m.flow(m.popup); ok {
		before.handle(m, &Event{Type: replaced})
	}
	m.shutPopup(m.window, false)
	m.popup = f.at().number
	m.window = m.ask(f, DoOpen, "address", address, "name", "_blank", "features", features)
	return m.window
}

// shutPopup closes a popup, if it is open, and ends all listening to it; heard
// tells that the relay page has told its answer.
func (m *Machine) shutPopup(window int, heard bool) {
	if window == 0 {
		return
	}
	m.do(DoShut, "window", text(window), "heard", flag(heard))
	if m.window == window {
		m.window = 0
	}
}

func (f *popupLogin) handle(m *Machine, e *Event) {
	switch {
	case f.poll.owns(e):
		f.polled(m, e)
	case e.Type == Opened && f.step == opensWindow && e.Number == f.window:
		f.opened(m)
	case isUnopened(e) && f.step == opensWindow && e.Number == f.window:
		f.window, m.window = 0, 0
		f.ends(m, errPopupBlocked)
	case f.isClaim(e):
		m.claims(&f.secrets, e)
	case f.probe.owns(e):
		if f.probe.handle(m, f, e) {
			f.endsWithout(m, "it gave no answer of a token server")
		}
	case e.Type == Heard && f.listening && e.Number == f.window:
		f.heard(m, e)
	case e.Type == Timer && e.Number == f.deadline:
		f.deadline = 0
		f.ends(m, errPopupTimeout)
	case e.Type == Timer && e.Number == f.timer:
		f.looked(m, e)
	case isAnswer(e) && f.step == asksForPolicy && e.Number == f.timer:
		f.policy(m, e)
	case e.Type == Focus:
		f.focus(m)
	case e.Type == replaced:
		f.ends(m, errPopupReplaced)
	case isSaved(e):
	default:
		m.drop(e)
	}
}

// isUnopened reports whether the window did not open.
func isUnopened(e *Event) bool { return e.Type == Blocked || e.Type == Failed }

func (f *popupLogin) opened(m *Machine) {
	m.do(DoListen, "window", text(f.window), "channel", contract.StateChannel(f.state), "as", "relay")
	f.listening = true
	f.step = waitsForAnswer
	m.claim(f, &f.secrets)
	if f.lost { // the polling has its own end
		f.poll.window = f.window
		f.poll.start(m, f, f.transaction)
		return
	}
	f.deadline = m.ask(f, DoTimer, "ms", text(popupTimeout))
	f.probe.ask(m, f)
	f.watch(m, popupPoll, waitsForAnswer)
}

// heard takes an answer of the relay page: one that came through the channel
// that only this login's state names, or, from a relay page on another origin
// or storage partition, a window message from that exact origin and from the
// window that we opened.
func (f *popupLogin) heard(m *Machine, e *Event) {
	ours := e.has("ours") && e.get("origin") == originOf(m.app.server)
	if e.get("via") != "channel" && !ours {
		return
	}
	f.close(m, true)
	m.complete(f, &f.secrets, e)
}

// watch looks at the window after that many milliseconds, in that step.
func (f *popupLogin) watch(m *Machine, milliseconds int, next step) {
	f.step = next
	f.timer = m.ask(f, DoTimer, "ms", text(milliseconds), "window", text(f.window), "callback", m.app.callbackURI())
}

// looked decides about a window. One that reads as closed was either closed by
// the user, or a Cross-Origin-Opener-Policy, ours or one of the consent page,
// has cut the tie to it, and it is alive: then its answer still reaches us
// through the channel, and only the user's return to this page tells that there
// will be none.
func (f *popupLogin) looked(m *Machine, e *Event) {
	switch {
	case f.step == waitsForLast:
		f.endsClosed(m)
	case f.step == looksForFocus && e.has("focused"):
		f.watch(m, popupGrace, waitsForLast)
	case f.step == looksForFocus && f.cameBack:
		f.cameBack = false
		f.watch(m, returnGrace, looksForFocus)
	case f.step == looksForFocus:
		f.step = waitsForReturn
	case e.has("astray") && f.astray >= maxAstray:
		f.endsWithout(m, "its page for answers is another page")
	case !e.has("closed"):
		f.astray++
		if !e.has("astray") {
			f.astray = 0
		}
		// Once is not enough: for a moment a window that an opener policy cuts
		// off reads as one that shows another page.
		f.left = f.left || f.away && e.has("away")
		f.away = e.has("away")
		f.watch(m, popupPoll, waitsForAnswer)
	case f.left:
		f.closed(m, e)
	default:
		f.step = asksForPolicy
		f.timer = m.ask(f, DoFetch, "as", "policy", "method", "HEAD", "url", "", "body", "", "form", "",
			"timeout", text(policyTimeout), "headers", "")
	}
}

// policyTimeout is how long this page's headers may take, in milliseconds.
const policyTimeout = 5_000

// policy takes what this page was served with. A page cannot see its own
// headers, so it asks for them again; without an answer it takes the policy for
// given.
func (f *popupLogin) policy(m *Machine, e *Event) {
	policy := e.get("policy")
	if e.Type == Failed || policy != "" && policy != "unsafe-none" {
		f.cut, f.policed = true, policy != "" && !strings.HasPrefix(policy, "same-origin-allow-popups")
		f.step = waitsForReturn
		return
	}
	f.closed(m, e)
}

// closed is called when the window is closed, if the user is on this page.
func (f *popupLogin) closed(m *Machine, e *Event) {
	if e.has("focused") {
		f.watch(m, popupGrace, waitsForLast)
	} else {
		f.cut = true
		f.step = waitsForReturn
	}
}

// endsClosed ends the login because its window is closed, as far as this page can
// see. A user who has only looked here may still complete it in a window that is
// cut off: then its answer is taken, although the call has ended.
func (f *popupLogin) endsClosed(m *Machine) {
	switch {
	case f.policed && !m.app.relayIsOurs():
		m.do(DoWarn, "text", errOpenerPolicy.Description)
		f.ends(m, errOpenerPolicy)
	case f.cut:
		f.close(m, false)
		m.settle(f, false, failure(errPopupClosed)...)
		m.tellLogin(&f.secrets, errPopupClosed)
		m.linger(&f.secrets)
		m.end(f)
	default:
		f.ends(m, errPopupClosed)
	}
}

func (f *popupLogin) focus(m *Machine) {
	switch f.step {
	case waitsForReturn:
		f.watch(m, returnGrace, looksForFocus)
	case looksForFocus:
		f.cameBack = true
	}
}

// polled takes the end of the polling.
func (f *popupLogin) polled(m *Machine, e *Event) {
	switch f.poll.handle(m, f, e) {
	case pollAnswered:
		f.close(m, false)
		if isNetwork(e) {
			m.showNetworkError(f, &f.secrets)
			return
		}
		m.complete(f, &f.secrets, withState(e, f.state))
	case pollTimedOut:
		m.forgetTokenAfter(errLoginTimeout, &f.secrets)
		f.ends(m, errLoginTimeout)
	}
}

// withState is an answer of the polling, whose transaction only this page knows,
// as one of the relay.
func withState(e *Event, state string) *Event {
	data := []string{"state", state}
	if e.get("outcome") == "ok" {
		data = append(data, "code", e.get("code"))
	} else {
		data = append(data, e.Data...)
	}
	return &Event{Type: e.Type, Data: data}
}

// endsWithout ends the login because there is no token server. Developers see it
// in the console too.
func (f *popupLogin) endsWithout(m *Machine, why string) {
	e := &kakao.OAuthError{
		Code:        contract.CodeServerUnavailable,
		Description: "The token server at " + m.app.server + " cannot be used: " + why + ". Check its address (init option server, or data-server), and that it allows " + m.app.origin + ".",
	}
	m.do(DoWarn, "text", e.Description)
	f.ends(m, e)
}

func (f *popupLogin) ends(m *Machine, e *kakao.OAuthError) {
	f.close(m, false)
	m.settle(f, false, failure(e)...)
	m.conclude(&f.secrets, e)
	m.end(f)
}

func (f *popupLogin) stop(m *Machine) {
	f.close(m, false)
	m.leaveRecord(&f.secrets)
	m.end(f)
}

// close ends the window, and all listening.
func (f *popupLogin) close(m *Machine, heard bool) {
	f.poll.stop(m)
	for _, timer := range []int{f.deadline, f.timer, f.probe.timer} {
		if timer != 0 {
			m.do(DoCancel, "timer", text(timer))
		}
	}
	m.shutPopup(f.window, heard)
	f.deadline, f.timer, f.window, f.probe = 0, 0, 0, probe{}
	if m.popup == f.number {
		m.popup = 0
	}
}

func isPopup(popup bool) kakao.Pair { return kakao.Pair{Name: "is_popup", Value: boolText(popup)} }

// newTransaction makes the ID under which a code is polled for.
func (m *Machine) newTransaction() string {
	return TransactionID(m.take(randomForTransaction), m.app.key)
}

// handoff is the address that has KakaoTalk show request; web is the one for
// phones without it.
func (m *Machine) handoff(request *authorizeRequest, web string) string {
	params := jsonObject(`"is_popup":true`, request.params())
	inTalk := request.with(request.prompt, isPopup(true))
	return Handoff{
		InTalk: inTalk.url(m.app.platform), Params: params, Web: web,
		AppKey: m.app.key, RedirectURI: request.redirectURI, State: request.state, Agent: m.app.agent,
	}.Link(m.app.browser)
}

// hasNone reports whether a prompt asks for no dialog.
func hasNone(prompt string) bool { return strings.Contains(prompt, "none") }
