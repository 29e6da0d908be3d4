package simulate

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/sdk"
)

// Run plays: the user, the pages and the browser do that many things, among
// which what is due happens; then everything comes to rest, and the SDK is
// cleaned up everywhere. It returns the rule that was broken, "" if none.
func (w *World) Run(length int) string {
	for range length {
		if w.judge.fault != "" {
			return w.judge.fault
		}
		w.act()
	}
	w.rest()
	w.cleanUp()
	return w.judge.fault
}

// choose is Pick, but 0 once the world comes to rest.
func (w *World) choose(what string, n int) int {
	if w.hurried {
		return 0
	}
	return w.choices.Pick(what, n)
}

// act does one thing.
func (w *World) act() {
	n := w.choices.Pick("next", 32)
	switch {
	case n < 10:
		w.step(1 << 62)
	case n < 12:
		w.wait(400)
	case n < 13:
		w.waitLong()
	case n < 17:
		w.actInWindow()
	case n < 22:
		w.actOnTab()
	default:
		if t := w.pickTab(); t.page != nil {
			t.page.act()
		} else if !t.closed {
			w.comeBack(t)
		}
	}
}

// waitLong lets seconds or hours pass. Nobody leaves a window open for hours: a
// page looks at it ten times a second.
func (w *World) waitLong() {
	n := w.choices.Pick("how long", 4)
	if n == 3 {
		for _, v := range w.openWindows() {
			v.closed = true
		}
	}
	w.wait([]int64{5_000, 11_000, 31_000, tokenLifetime * 1000}[n])
}

func (w *World) pickTab() *tab { return w.tabs[w.choices.Pick("tab", len(w.tabs))] }

// actInWindow does something with a popup.
func (w *World) actInWindow() {
	open := w.openWindows()
	if len(open) == 0 {
		w.step(1 << 62)
		return
	}
	v := open[w.choices.Pick("window", len(open))]
	switch w.choices.Pick("in the window", 7) {
	case 0, 1, 2:
		w.note(nil, "the user agrees in the window", "")
		w.decide(v, true)
	case 3:
		w.note(nil, "the user refuses in the window", "")
		w.decide(v, false)
	case 4:
		w.note(nil, "the user closes the window", "")
		v.closed = true
	case 5:
		w.note(nil, "the window is cut off from its opener", "")
		v.severed = true
	case 6:
		w.note(nil, "somebody leads the window to the relay page with a code of another login", "")
		w.forged = w.tick()
		_, query := w.far.Decide(w, fmt.Sprintf(issueAddress, 0), true)
		state := contract.FlowState(contract.PopupFlow, make([]byte, contract.RandomSize), v.opener.tab.origin)
		w.relay(v, "state="+url.QueryEscape(state)+"&"+query)
	}
}

// maxTabs is how many tabs a run has at most.
const maxTabs = 4

// actOnTab does something with a tab.
func (w *World) actOnTab() {
	t := w.pickTab()
	switch n := w.choices.Pick("with the tab", 10); {
	case n == 0 || n == 1:
		w.note(nil, "the user looks at a tab", "")
		w.focus(t)
	case n == 2:
		w.focus(nil)
	case n == 3 && len(w.tabs) < maxTabs:
		w.newTab(AppOrigin, newSession(w.now))
	case n == 4 && len(w.tabs) < maxTabs:
		origin, session := []string{AppOrigin, ShopOrigin}[w.choices.Pick("origin", 2)], t.session.copied()
		if origin != t.origin {
			session = newSession(w.now)
		}
		w.newTab(origin, session)
	case t.closed:
	case t.page == nil:
		w.comeBack(t)
	case n == 5:
		w.leave(t, true, false)
		w.load(t, "")
	case n == 6:
		w.note(t.page, "is discarded", "")
		w.leave(t, false, false)
	case n == 7:
		w.leave(t, true, true)
	case n == 9:
		w.clear(t)
	case len(w.tabs) > 1:
		w.close(t)
	}
}

// comeBack brings a tab back that is elsewhere: with the answer of Kakao, if it
// is there, or without.
func (w *World) comeBack(t *tab) {
	if t.away == "" || w.choose("comes back", 4) == 3 {
		w.goBack(t)
		return
	}
	redirectURI, query := w.far.Decide(w, t.away, w.choose("agrees", 4) != 3)
	if redirectURI != ServerURL+"/callback" {
		w.goBack(t)
		return
	}
	w.discard(t.cached)
	t.cached = nil
	w.relayRedirect(t, query)
}

// act makes a call of the page.
func (p *page) act() {
	w := p.w
	n := w.choices.Pick("call", 21)
	if !p.ready {
		p.w.run(func() { p.init("") })
		return
	}
	w.run(func() { p.callNumber(n) })
}

// callNumber is one of the calls that a page may make.
func (p *page) callNumber(n int) {
	switch {
	case n < 4:
		p.login()
	case n < 7:
		p.do(sdk.CallLogout, nil, true, false)
	case n < 9:
		p.do(sdk.CallRequest, nil, true, false, "url", "/v2/user/me", "form", "", "data", "")
	case n < 10:
		p.do(sdk.CallStatus, nil, true, true)
	case n < 11:
		p.do(sdk.CallRenew, nil, false, false)
	case n < 13:
		p.authorize()
	case n < 14:
		p.setToken()
	case n < 15:
		p.address()
	case n < 16:
		p.w.judge.cleanedUp(p, sdk.CallAuthCleanup)
		p.do(sdk.CallAuthCleanup, nil, false, false)
	case n < 17:
		p.w.judge.cleanedUp(p, sdk.CallAPICleanup)
		p.do(sdk.CallAPICleanup, nil, false, false)
	case n < 18:
		p.cleanup()
	case n == 20:
		p.issue()
	default:
		p.do(sdk.CallRequest, nil, true, false, "url", "/v2/user/me", "form", "", "data", "")
	}
}

func (p *page) login() {
	n := p.w.choices.Pick("login", 4)
	settings := &sdk.Settings{PersistAccessToken: n&1 == 0, ThroughTalk: true}
	if n&2 != 0 {
		settings.Scope = "openid"
	}
	p.do(sdk.CallLogin, settings, true, false, "random", p.randomBytes(), "left", "0", "top", "0", "href", p.tab.origin+"/")
}

func (p *page) authorize() {
	n := p.w.choices.Pick("authorize", 4)
	settings := &sdk.Settings{PersistAccessToken: true, ThroughTalk: true, IsPopup: n&1 != 0, ThroughSyncplugin: true}
	if n&2 == 0 {
		settings.RedirectURI = ServerURL + "/callback"
	}
	p.do(sdk.CallAuthorize, settings, true, true,
		"random", p.randomBytes(), "left", "0", "top", "0", "href", p.tab.origin+"/", "script", "",
		"bridge", mark(strings.Contains(p.w.traits.userAgent, "KAKAOTALK")))
}

// issueAddress is where the page's back end would have led the user.
const issueAddress = AuthHost + kakao.PathAuthorize + "?client_id=" + AppKey +
	"&redirect_uri=" + ServerURL + contract.PathCallback + "&response_type=code&state=state-%06d"

// issue is Auth.issueAccessToken for a code that the page's redirect URI received:
// a new one or, as React's StrictMode has a page do, the last one once more. Of
// which call its token is nobody can tell if anything came between them.
func (p *page) issue() {
	w, t := p.w, p.tab
	if t.code == "" || w.choose("code", 3) == 0 {
		w.random++
		_, query := w.far.Decide(w, fmt.Sprintf(issueAddress, w.random), true)
		t.code, t.login = member(messageOf(query), contract.MessageCode), w.random
	} else if l := w.loginAt(t.login); *l != nil && w.judge.isOvertaken(*l) {
		*l = nil
	}
	p.do(sdk.CallIssue, nil, true, false, "code", t.code, "redirectUri", ServerURL+contract.PathCallback, "codeVerifier", "")
}

// setToken is Auth.setAccessToken: with null, with no text, with a token that the
// page has from elsewhere, or with the one that the SDK has.
func (p *page) setToken() {
	w := p.w
	n := w.choices.Pick("token", 6)
	data := []string{"persist", mark(n&1 == 0)}
	switch {
	case n == 5:
		data = append(data, "token", "")
	case n == 4:
		data = append(data, "token", p.token())
	case n > 0:
		w.random++
		data = append(data, "token", tokenMark+"ofPage"+strconv.Itoa(w.random))
	}
	w.tokenSet = w.tick()
	p.do(sdk.CallSetAccessToken, nil, false, false, data...)
}

func (p *page) address() {
	p.do(sdk.CallAddress, &sdk.Settings{}, true, false, "random", p.randomBytes(), "path", "/user/address", "addressId", "")
}

// pageCode is code of the page that runs inside of a command: a replaced
// function, a listener, a callback. It may call the SDK.
// In a replaced localStorage.setItem it only asks, and nothing else runs inside of
// that: a change of the token there would overtake the one that is being written.
func (p *page) pageCode(where string) {
	if p.depth > 1 || p.w.hurried || p.w.traits.calm || !p.ready || p.gone {
		return
	}
	n := p.w.choices.Pick("page code calls", 40)
	if n < 20 {
		return
	}
	before := p.depth
	p.depth++
	if n -= 20; where == sdk.DoSave {
		n = 7 + n%3
		p.depth = 2
	}
	p.callNumber(n)
	p.depth = before
}

// restTime is after how long it is looked again whether everything has come to
// its end, in milliseconds.
const restTime = 90_000

// rest lets everything come to its end: the user closes the windows, looks at
// every tab, and waits.
func (w *World) rest() {
	w.hurried = true
	for range 4 {
		for _, v := range w.openWindows() {
			w.decide(v, false)
			w.wait(100)
			v.closed = true
		}
		for _, t := range w.tabs {
			if t.closed {
				continue
			}
			if t.page == nil {
				w.comeBack(t)
			}
			w.focus(t)
			w.wait(6_000)
		}
	}
	for waited := 0; waited < 8 && w.isBusy(); waited++ {
		w.wait(restTime)
	}
	if w.judge.fault == "" {
		w.judge.atRest()
	}
}

// isBusy reports whether a machine has something under way.
func (w *World) isBusy() bool {
	for _, t := range w.tabs {
		if t.page != nil && strings.Contains(t.page.machine.String(), ";") {
			return true
		}
	}
	return false
}

// cleanUp has every page call Kakao.cleanup.
func (w *World) cleanUp() {
	for _, t := range w.tabs {
		if t.page == nil || w.judge.fault != "" {
			continue
		}
		if t.page.ready {
			w.run(t.page.cleanup)
		}
		w.wait(6_000)
		w.judge.afterCleanup(t.page)
	}
}
