package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// noRedirectURI is what goes to Kakao where the page names no redirect URI: the
// code is polled for, or nobody gets it.
const noRedirectURI = "JS-SDK"

// The steps of an authorization.
const (
	asksBridge   step = "asks KakaoTalk for a login without leaving the page"
	polls        step = "polls for the code"
	savesSecrets step = "saves what the return takes"
)

// authorization is one call that leads to the consent page in this window, in a
// popup or in KakaoTalk, and whose code goes to the page's redirect URI or, if
// that is the token server's callback, is exchanged by the SDK.
type authorization struct {
	progress
	in      *Settings
	request *authorizeRequest
	secrets secrets // empty if the page's back end exchanges the code
	// handoff tells that KakaoTalk is asked to show the consent page.
	handoff bool
	script  bool // going to the redirect URI would run it as a script
	bridge  bool // KakaoTalk's in-app browser offers a login without leaving the page
	window  int
	poll    poll
	// features are those of the popup.
	features string
	saving   int // entries that are being saved
}

// authorize leads to the consent page. Where the page names a redirect URI of
// its own, its back end exchanges the code and the request is the legacy one;
// where it names the token server's callback, the SDK completes the login. It
// returns false where the legacy function did.
func (m *Machine) authorize(e *Event) {
	in := e.settings()
	ours := in.RedirectURI == m.app.callbackURI()
	if in.isSilent() && !m.app.browser.Talk {
		if ours {
			in.RedirectURI = "" // nobody there can read the answer
		}
		m.respond(e.Number, in, e.has("script"), true, "",
			"error", contract.CodeAutoLogin, "error_description", "NOT_SUPPORTED_BROWSER")
		m.do(DoReturn, "value", "false")
		return
	}
	if !m.hasRandom(e.Number, randomForLogin) {
		return
	}
	m.dropPolling()
	if ours && in.IsPopup {
		m.loginInPopup(e)
		return
	}
	f := &authorization{}
	m.begin(f, "authorize", e.Number, authLife)
	m.polling = f
	f.in, f.script, f.bridge, f.features = in, e.has("script"), e.has("bridge"), popupFeatures(e)
	// The legacy SDK hands over from every WebView. A login that is completed here
	// does so only where the app is known to open KakaoTalk.
	f.handoff = in.ThroughTalk && !in.asksForLogin() && m.app.browser.AuthorizesInTalk() && (!ours || !m.app.browser.WebView)
	if ours {
		f.beginRedirect(m, e.get("href"))
		return
	}
	f.request = m.newRequest(in)
	f.request.transaction = m.newTransaction()
	if f.request.redirectURI == "" {
		f.request.redirectURI = noRedirectURI
	}
	f.lead(m)
}

// loginInWindow leads this window to the consent page. The page's back end
// exchanges the code.
func (m *Machine) loginInWindow(e *Event) {
	request := m.newRequest(e.settings())
	request.extra = []kakao.Pair{{Name: "origin", Value: m.app.origin}}
	web := request.url(m.app.platform)
	if !m.handsOver(e.settings()) {
		m.forgetCall(e.Number)
		m.do(DoNavigate, "address", web)
		return
	}
	m.dropPolling()
	f := &authorization{in: e.settings(), handoff: true}
	m.begin(f, "login in this window", e.Number, authLife)
	m.polling = f
	request.transaction = m.newTransaction()
	f.request = request
	m.do(DoNavigate, "address", m.handoff(request, web))
	f.startPolling(m)
}

// dropPolling ends the polling of an earlier Auth.authorize.
func (m *Machine) dropPolling() {
	if f := m.polling; f != nil {
		f.poll.stop(m)
		m.polling = nil
		m.giveUpRecord(&f.secrets)
		m.end(f)
	}
}

// lead brings the user to the consent page.
func (f *authorization) lead(m *Machine) {
	if f.bridge && f.usesPlugin(m) && !f.in.IsPopup && !strings.Contains(f.request.prompt, "cert") {
		// KakaoTalk may log in without a dialog.
		f.step = asksBridge
		m.ask(f, DoBridge, "query", f.request.with("none", isPopup(false)).query())
		return
	}
	f.send(m)
}

// usesPlugin reports whether a channel's home opens the login over itself.
func (f *authorization) usesPlugin(m *Machine) bool {
	return f.in.ThroughSyncplugin && m.app.browser.ChannelHome
}

// send opens the consent page, and polls for the code where it may come back
// another way than through this window.
func (f *authorization) send(m *Machine) {
	switch {
	case f.usesPlugin(m):
		plugin := f.request.with(f.request.prompt, isPopup(true), kakao.Pair{Name: "approval_window_type", Value: "v4_bizplugin"})
		m.do(DoNavigate, "address", PluginLink(plugin.query()))
	case f.in.IsPopup:
		f.step = opensWindow
		f.window = m.openPopup(f, f.address(m), f.features)
		return
	default:
		m.do(DoNavigate, "address", f.address(m))
		if !f.handoff {
			m.end(f)
			return
		}
	}
	f.startPolling(m)
}

// address is where the window goes: the consent page or, in a handoff, KakaoTalk.
func (f *authorization) address(m *Machine) string {
	web := f.request.with(f.request.prompt, append([]kakao.Pair{isPopup(f.in.IsPopup)}, f.request.extra...)...)
	if !f.handoff {
		return web.url(m.app.platform)
	}
	if f.in.IsPopup && m.app.browser.IOS {
		web.agent = ""
	}
	return m.handoff(f.request, web.url(m.app.platform))
}

func (f *authorization) startPolling(m *Machine) {
	f.step = polls
	if f.secrets.hasRecord() {
		m.claim(f, &f.secrets)
	}
	f.poll.window, f.poll.mayShut = f.window, !f.handoff
	f.poll.start(m, f, f.request.transaction)
}

func (f *authorization) handle(m *Machine, e *Event) {
	switch {
	case f.poll.owns(e):
		f.polled(m, e)
	case f.secrets.isClaim(e):
		m.claims(&f.secrets, e)
	case f.step == savesSecrets && (e.Type == Saved || e.Type == Failed):
		f.saved(m, e)
	case f.step == asksBridge && (e.Type == Bridge || e.Type == Failed):
		f.bridged(m, e)
	case f.step == opensWindow && e.Type == Opened && e.Number == f.window:
		f.startPolling(m)
	case f.step == opensWindow && isUnopened(e) && e.Number == f.window:
		f.window, m.window = 0, 0
		m.fail(f, errPopupBlocked)
	case e.Type == replaced:
		f.close(m)
		m.fail(f, errPopupReplaced)
	case e.Type == Focus:
	default:
		m.drop(e)
	}
}

// bridged takes KakaoTalk's answer, and opens the plugin if that takes a dialog.
func (f *authorization) bridged(m *Machine, e *Event) {
	silentOnly := hasNone(f.request.prompt)
	switch failed := e.get("error"); {
	case e.Type == Failed: // and the legacy SDK said nothing
		m.end(f)
	case failed == contract.CodeInteractionRequired || failed == contract.CodeConsentRequired && !silentOnly:
		f.send(m)
	default:
		var pick []string
		if e.has("code") {
			pick = append(pick, "code")
		}
		if failed != "" {
			pick = append(pick, "error", "error_description")
		}
		f.finish(m, e, failed != "", pick)
	}
}

// polled takes the end of the polling.
func (f *authorization) polled(m *Machine, e *Event) {
	switch f.poll.handle(m, f, e) {
	case pollTimedOut:
		e = &Event{Type: Answer, Now: e.Now, Data: []string{"error", contract.CodeTimeout, "error_description", "LOGIN_TIMEOUT"}}
		f.window = 0 // the window stays
		f.finish(m, e, true, nil)
	case pollClosed:
		f.close(m)
		m.fail(f, errPopupClosed)
	case pollAnswered:
		f.answered(m, e)
	}
}

func (f *authorization) answered(m *Machine, e *Event) {
	if isNetwork(e) {
		f.close(m)
		m.showNetworkError(f, &f.secrets)
		return
	}
	pick := []string{"code"}
	failed := e.get("outcome") == "error"
	if failed {
		pick = []string{"error", "error_description"}
	}
	f.finish(m, e, failed && e.has("failed"), pick)
}

// finish exchanges the code of a login that the SDK completes, and brings any
// other answer to the page: those of its members that pick names or, without
// pick, all.
func (f *authorization) finish(m *Machine, e *Event, failed bool, pick []string) {
	f.close(m)
	if f.secrets.state != "" {
		m.complete(f, &f.secrets, withState(e, f.secrets.state))
		return
	}
	call := f.call
	f.call = 0
	fields := e.Data
	if pick != nil {
		fields = nil
		for _, name := range pick {
			fields = append(fields, name, e.get(name))
		}
	}
	m.respond(call, f.in, f.script, failed, strings.Join(pick, " "), fields...)
	m.end(f)
}

// respond brings an answer to where the page wants it: to its redirect URI or,
// without one, to its callbacks. An answer without an error is a success. Its
// members are fields; where pick names them, the page gets their values as the
// event brought them.
func (m *Machine) respond(call int, in *Settings, script, failed bool, pick string, fields ...string) {
	var state []string
	if in.State != "" {
		state = []string{"state", in.State}
	}
	if in.RedirectURI == "" || script {
		data := []string{"answer", "object", "pick", pick, "fields", ""}
		if pick == "" {
			data = append(data, fields...)
		}
		m.settleCall(call, !failed, append(data, state...)...)
		return
	}
	fields = append(fields[:len(fields):len(fields)], state...)
	query := make([]kakao.Pair, len(fields)/2)
	for i := range query {
		query[i] = kakao.Pair{Name: fields[i*2], Value: fields[i*2+1]}
	}
	separator := "?"
	if strings.Contains(in.RedirectURI, "?") {
		separator = "&"
	}
	m.forgetCall(call)
	m.do(DoNavigate, "address", in.RedirectURI+separator+kakao.EncodeQuery(query))
}

func (f *authorization) stop(m *Machine) {
	f.close(m)
	m.leaveRecord(&f.secrets)
	m.end(f)
}

func (f *authorization) close(m *Machine) {
	if m.polling == f {
		m.polling = nil
	}
	f.poll.stop(m)
	m.shutPopup(f.window, false)
	f.window = 0
}
