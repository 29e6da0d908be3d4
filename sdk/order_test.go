package sdk

import (
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// loginEvent is a call of Auth.login or Auth.authorize.
func loginEvent(kind string, call int, in *Settings) *Event {
	return &Event{Type: kind, Number: call, Settings: in, Data: []string{
		"random", strings.Repeat("\u00a5", randomForLogin), "left", "0", "top", "0", "href", "https://a.test/",
	}}
}

// What the legacy SDK did in the calling task is among the commands of the call
// itself.
func TestACallDoesAtOnceWhatItDidInTheLegacySDK(t *testing.T) {
	for name, test := range map[string]struct {
		call *Event
		do   string
		with string
	}{
		"login opens its window":          {loginEvent(CallLogin, 2, &Settings{}), DoOpen, "https://auth.test/oauth/authorize?"},
		"authorize leads the window away": {loginEvent(CallAuthorize, 2, &Settings{RedirectURI: "https://a.test/back"}), DoNavigate, "redirect_uri=https%3A%2F%2Fa.test%2Fback"},
		"authorize opens its window":      {loginEvent(CallAuthorize, 2, &Settings{RedirectURI: "https://a.test/back", IsPopup: true}), DoOpen, "https://auth.test/"},
		"a request is sent":               {&Event{Type: CallRequest, Number: 2, Data: []string{"url", "/v2/user/me", "form", "", "data", ""}}, DoFetch, "https://api.test/v2/user/me"},
		"the address window opens":        {&Event{Type: CallAddress, Number: 2, Data: []string{"random", strings.Repeat("a", randomForLogin), "path", "/user/address"}}, DoOpen, ""},
		"a code is exchanged":             {&Event{Type: CallIssue, Number: 2, Data: []string{"code", "c", "redirectUri", "u"}}, DoFetch, contract.PathToken},
		"a status without a token ends":   {&Event{Type: CallStatus, Number: 2}, DoSettle, "not_connected"},
		"a token is set":                  {&Event{Type: CallSetAccessToken, Data: []string{"token", "t", "persist", "1"}}, DoSave, "0.0.t"},
		"a token is announced":            {&Event{Type: CallSetAccessToken, Data: []string{"token", "t"}}, DoAnnounce, contract.TokenSet},
		"a logout asks the servers":       {&Event{Type: CallLogout, Number: 2}, DoFetch, contract.PathLogout},
	} {
		t.Run(name, func(t *testing.T) {
			d := started(t)
			d.must(d.tell(test.call), test.do, test.with)
		})
	}
}

// A call of the page from inside a command finds the state complete: the flow of
// the outer call is there, before any of its commands was carried out.
func TestACallFromInsideACommandFindsTheStateComplete(t *testing.T) {
	d := started(t)
	outer := d.must(d.tell(loginEvent(CallLogin, 2, &Settings{})), DoOpen, "")
	if says := d.String(); !strings.Contains(says, string(opensWindow)) {
		t.Fatalf("the login is not under way: %s", says)
	}
	inner := d.tell(loginEvent(CallLogin, 3, &Settings{})) // from inside a replaced window.open
	d.must(inner, DoSettle, "call\n2\n")                   // the outer call ends, since the inner one takes its place
	second := d.must(inner, DoOpen, "")
	late := d.tell(&Event{Type: Opened, Flow: outer.Flow, Number: outer.Number})
	d.must(late, DoShut, text(outer.Number))
	d.must(d.tell(&Event{Type: Opened, Flow: second.Flow, Number: second.Number}), DoListen, text(second.Number))
}

// A token that page code sets from inside a login's command is there at once, and
// the login goes on.
func TestACallFromInsideACommandIsHandledAtOnce(t *testing.T) {
	d := started(t)
	opened := d.must(d.tell(loginEvent(CallLogin, 2, &Settings{})), DoOpen, "")
	d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "inside"}})
	d.must(d.tell(&Event{Type: CallGetAccessToken}), DoReturn, "inside")
	d.must(d.tell(&Event{Type: Blocked, Flow: opened.Flow, Number: opened.Number}), DoSettle, contract.CodePopupBlocked)
	d.must(d.tell(&Event{Type: CallGetAccessToken}), DoReturn, "inside")
}

// An outcome of what is over is counted, and changes nothing: it only gives its
// window or lock back.
func TestStaleOutcomesOnlyReleaseWhatTheyBring(t *testing.T) {
	for kind, releases := range map[string]string{
		Opened: DoShut, Locked: DoUnlock, Blocked: "", Heard: "", Timer: "", Answer: "", Failed: "", Bridge: "", Parsed: "", Saved: "",
	} {
		t.Run(kind, func(t *testing.T) {
			d := started(t)
			asked := d.must(d.tell(loginEvent(CallLogin, 2, &Settings{})), DoOpen, "")
			d.tell(&Event{Type: CallAuthCleanup})
			before, dropped := d.String(), d.Dropped()
			for _, stale := range []Command{asked, {Flow: 99, Number: 98}, {Flow: asked.Flow, Number: 97}} {
				commands := d.tell(&Event{Type: kind, Flow: stale.Flow, Number: stale.Number, Data: append([]string{
					"code", "c", "via", "channel", "closed", "1",
				}, granted...)})
				switch {
				case releases == "" && len(commands) > 0:
					t.Errorf("it does %v", commands)
				case releases != "" && (len(commands) != 1 || commands[0].Do != releases || commands[0].Data[1] != text(stale.Number)):
					t.Errorf("it does %v, want %s %d alone", commands, releases, stale.Number)
				}
			}
			if d.String() != before || d.Dropped() != dropped+3 {
				t.Errorf("%s became %s, %d dropped", before, d.String(), d.Dropped()-dropped)
			}
		})
	}
}

// A command that the browser did not carry out ends its flow with an error, and
// no other one.
func TestACommandThatThrowsFailsItsOwnFlow(t *testing.T) {
	d := started(t)
	login := d.must(d.tell(loginEvent(CallLogin, 2, &Settings{})), DoOpen, "")
	ask := d.must(d.tell(&Event{Type: CallRequest, Number: 3, Data: []string{"url", "/v2/user/me", "form", "", "data", ""}}), DoFetch, "/v2/user/me")
	d.must(d.tell(&Event{Type: Failed, Flow: ask.Flow, Number: ask.Number}), DoSettle, "unknown")
	d.must(d.tell(&Event{Type: Failed, Flow: login.Flow, Number: login.Number}), DoSettle, contract.CodePopupBlocked)
	if says := d.String(); strings.Contains(says, ";") {
		t.Errorf("something is still under way: %s", says)
	}
}

// Nothing grows: after 10,000 calls of each kind the machine has no more in it
// than after the first.
func TestNothingGrowsOverTenThousandCalls(t *testing.T) {
	d := started(t)
	round := func(i int) {
		login := d.must(d.tell(loginEvent(CallLogin, i, &Settings{})), DoOpen, "")
		opened := d.tell(&Event{Type: Opened, Flow: login.Flow, Number: login.Number})
		state := strings.TrimPrefix(d.must(opened, DoListen, "").Data[3], contract.StateChannel(""))
		asked := d.must(d.tell(&Event{Type: Heard, Flow: login.Flow, Number: login.Number, Data: []string{
			"via", "channel", "state", state, "code", "c",
		}}), DoFetch, contract.PathToken)
		d.answer(asked, granted...)
		request := d.must(d.tell(&Event{Type: CallRequest, Number: i, Data: []string{"url", "/v2/user/me", "form", "", "data", ""}}), DoFetch, "/v2/user/me")
		d.answer(request, "parsed", "1")
		lock := d.must(d.tell(&Event{Type: CallRenew}), DoLock, "")
		renewal := d.must(d.tell(&Event{Type: Locked, Flow: lock.Flow, Number: lock.Number}), DoFetch, contract.PathRefresh)
		d.answer(renewal, granted...)
		d.tell(&Event{Type: Timer, Flow: 12345, Number: i}) // stale
		logout := d.must(d.tell(&Event{Type: CallLogout, Number: i}), DoFetch, contract.PathLogout)
		d.answer(logout)
	}
	round(2)
	flows, capacity := len(d.flows), cap(d.flows)
	for i := range 10_000 {
		round(i + 3)
	}
	if len(d.flows) != flows || cap(d.flows) > 2*capacity+8 || d.renewal != nil || d.window != 0 || d.tokens.timer != 0 {
		t.Errorf("%d flows of %d, window %d, timer %d: %s", len(d.flows), cap(d.flows), d.window, d.tokens.timer, d)
	}
}
