package sdk

import (
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// phoneUA is a phone whose logins go through KakaoTalk.
const phoneUA = androidUA

// Many pages log out with setAccessToken(undefined), which the legacy SDK kept
// as an empty token. It asks nobody, and answers before the call returns.
func TestAnEmptyTokenIsNoLogin(t *testing.T) {
	d := started(t)
	d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "", "persist", "1"}})
	commands := d.tell(&Event{Type: CallStatus, Number: 2})
	d.must(commands, DoSettle, "call\n2\nok\n1\nanswer\nobject\nfields\n\nstatus\nnot_connected")
	if len(commands) != 1 {
		t.Errorf("it does %v", commands)
	}
	d.must(d.tell(&Event{Type: CallGetAccessToken}), DoReturn, "value\n")
}

// An empty token in the storage is none either, once init has found out what
// else there is.
func TestAnEmptyTokenOfInitIsNoLogin(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	d.happens(&Event{Type: CallSetAccessToken, Data: []string{"token", "", "persist", "1"}})
	d.mustHaveNothing(d.happens(&Event{Type: CallStatus, Number: 3}), DoSettle, DoFetch)
	d.must(d.outcome(Locked, lock), DoSettle, "not_connected") // somebody else has heard the answer
}

// answers700 answers a poll with what has Kakao's error page shown.
func (d *tabDriver) answers700(wait Command) []Command {
	d.t.Helper()
	ask := d.must(d.outcome(Timer, wait), DoFetch, "auth_tran_id")
	return d.outcome(Answer, ask, "status", "200", "outcome", "error", "error", "x", "failed", "1", "number", pollNetwork)
}

func TestPollingThatEndsWithTheErrorPageCallsNobody(t *testing.T) {
	login := func(call string, in *Settings) func(*tabDriver) []Command {
		return func(d *tabDriver) []Command {
			in.ThroughTalk = true
			commands := d.happens(&Event{
				Type: call, Number: 2, Settings: in, Data: []string{"random", randomBytes, "href", "https://a.test/"},
			})
			for _, c := range commands {
				switch {
				case c.Do == DoOpen:
					commands = append(commands, d.outcome(Opened, c)...)
				case c.Do == DoSave && c.Number != 0:
					commands = append(commands, d.outcome(Saved, c, "key", c.Data[3])...)
				}
			}
			return commands
		}
	}
	for name, begin := range map[string]func(*tabDriver) []Command{
		"authorize, to the callbacks":          login(CallAuthorize, &Settings{}),
		"authorize, to a redirect URI":         login(CallAuthorize, &Settings{RedirectURI: "https://a.test/own"}),
		"authorize, to the callbacks, a popup": login(CallAuthorize, &Settings{IsPopup: true}),
		"authorize, completed here":            login(CallAuthorize, &Settings{RedirectURI: "https://a.test/kakao/callback"}),
		"login":                                login(CallLogin, &Settings{}),
		"login, to a redirect URI":             login(CallLogin, &Settings{RedirectURI: "https://a.test/own"}),
		"a login that a reload goes on with": func(d *tabDriver) []Command {
			login(CallLogin, &Settings{})(d)
			lock := d.must(d.load("userAgent", phoneUA), DoLock, contract.LoginKey)
			return d.outcome(Locked, lock, "entry", d.session[lock.Data[3]])
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTab(t)
			d.load("userAgent", phoneUA)
			commands := d.answers700(d.must(begin(d), DoTimer, "1000"))
			d.must(commands, DoNavigate, "/error/network")
			d.mustHaveNothing(commands, DoSettle)
			if d.records() != 0 {
				t.Errorf("left over: %v", d.session)
			}
			if says := d.String(); strings.Contains(says, ";") {
				t.Errorf("something is still under way: %s", says)
			}
		})
	}
}

// Kakao's address page says "closed" in plain text.
func TestTheWordClosedOfTheAddressWindowCallsClose(t *testing.T) {
	d := started(t)
	open := d.must(d.tell(&Event{
		Type: CallAddress, Number: 2, Settings: &Settings{}, Data: []string{"random", randomBytes, "path", "/user/address"},
	}), DoOpen, "")
	d.tell(&Event{Type: Opened, Flow: open.Flow, Number: open.Number})
	heard := func(origin string) []Command {
		return d.tell(&Event{Type: Heard, Flow: open.Flow, Number: open.Number, Data: []string{"origin", origin, "closed", "1"}})
	}
	if commands := heard("https://evil.test"); len(commands) != 0 {
		t.Errorf("another origin's word does %v", commands)
	}
	d.must(heard("https://apps.kakao.com"), DoClosed, "call\n2")
	if says := d.String(); strings.Contains(says, ";") {
		t.Errorf("something is still under way: %s", says)
	}
}

// The legacy request goes to an intent from every WebView. A login that is
// completed here stays on the web where the app may not know the intent.
func TestARedirectLoginStaysOnTheWebInAWebView(t *testing.T) {
	for name, test := range map[string]struct{ userAgent, redirectURI, to string }{
		"completed here, in a WebView":         {webViewUA, "https://a.test/kakao/callback", "https://auth.test/oauth/authorize?"},
		"completed here, in Naver":             {webViewUA + " NAVER(inapp)", "https://a.test/kakao/callback", "intent:#Intent;"},
		"completed here, in Chrome":            {androidUA, "https://a.test/kakao/callback", "intent:#Intent;"},
		"of the page's back end, in a WebView": {webViewUA, "https://a.test/own", "intent:#Intent;"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTab(t)
			d.load("userAgent", test.userAgent)
			commands := d.happens(&Event{
				Type: CallAuthorize, Number: 2, Settings: &Settings{RedirectURI: test.redirectURI, ThroughTalk: true},
				Data: []string{"random", randomBytes, "href", "https://a.test/"},
			})
			for _, c := range commands {
				if c.Do == DoSave && c.Number != 0 {
					commands = append(commands, d.outcome(Saved, c, "key", c.Data[3])...)
				}
			}
			d.must(commands, DoNavigate, "address\n"+test.to)
		})
	}
}
