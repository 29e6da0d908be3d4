package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// popupDriver is a tab with a login whose window is open at Kakao.
type popupDriver struct {
	*tabDriver
	open, watch Command
}

func openedPopup(t *testing.T, facts ...string) *popupDriver {
	t.Helper()
	d := &popupDriver{tabDriver: newTab(t)}
	d.load(facts...)
	d.again(2)
	return d
}

// again begins a login whose call has that number.
func (d *popupDriver) again(call int) []Command {
	d.t.Helper()
	commands := d.happens(&Event{
		Type: CallLogin, Number: call, Settings: &Settings{PersistAccessToken: true}, Data: []string{"random", randomBytes, "href", "https://a.test/"},
	})
	d.open = d.must(commands, DoOpen, "")
	d.watch = d.must(d.outcome(Opened, d.open), DoTimer, text(popupPoll))
	return commands
}

// looks has the timer look at the window.
func (d *popupDriver) looks(facts ...string) []Command {
	d.now += Number(d.watch.Data[1])
	commands := d.outcome(Timer, d.watch, facts...)
	if next, ok := find(commands, DoTimer, "ms"); ok {
		d.watch = next
	}
	return commands
}

// isCutOff has the window leave its first page and then read as closed while the
// user is there.
func (d *popupDriver) isCutOff() {
	d.looks("away", "1")
	d.looks("away", "1")
	d.mustHaveNothing(d.looks("closed", "1"), DoSettle, DoTimer)
}

// returns has the user come back to the page, and stay there.
func (d *popupDriver) returns() []Command {
	d.t.Helper()
	d.watch = d.must(d.happens(&Event{Type: Focus}), DoTimer, text(returnGrace))
	d.mustHaveNothing(d.looks("closed", "1", "focused", "1"), DoSettle)
	return d.looks("closed", "1", "focused", "1")
}

// answers has the relay page answer where the machine has listened last.
func (d *popupDriver) answers(listen Command, facts ...string) []Command {
	return d.happens(&Event{
		Type: Heard, Flow: listen.Flow, Number: int(Number(listen.Data[1])),
		Data: append([]string{"via", "channel", contract.MessageState, d.state()}, facts...),
	})
}

func TestAGlanceBackDoesNotEndALogin(t *testing.T) {
	const glance = 3_000
	if returnGrace <= glance {
		t.Fatalf("a user who looks at the page for %d ms has returned", returnGrace)
	}
	d := openedPopup(t)
	d.isCutOff()
	for range 3 {
		d.watch = d.must(d.happens(&Event{Type: Focus}), DoTimer, text(returnGrace))
		d.mustHaveNothing(d.looks("closed", "1"), DoSettle, DoTimer) // gone again
	}
	asked := d.must(d.happens(&Event{
		Type: Heard, Flow: d.open.Flow, Number: d.open.Number, Data: []string{"via", "channel", contract.MessageState, d.state(), contract.MessageCode, "c"},
	}), DoFetch, contract.PathToken)
	d.must(d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...), DoSettle, "call\n2\nok\n1")
}

func TestALateAnswerCompletesALoginThatEndedAsClosed(t *testing.T) {
	d := openedPopup(t)
	d.isCutOff()
	ended := d.returns()
	d.must(ended, DoSettle, contract.CodePopupClosed)
	d.must(ended, DoTellLogin, contract.CodePopupClosed)
	if d.records() != 2 {
		t.Fatalf("the record is gone: %v", d.session)
	}
	asked := d.must(d.answers(d.must(ended, DoListen, "relay"), contract.MessageCode, "c"), DoFetch, contract.PathToken)
	done := d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...)
	d.must(done, DoTellLogin, "success")
	d.mustHaveNothing(done, DoSettle) // the call has ended
	if d.tokens.current == nil || d.records() != 0 || len(d.flows) != 0 {
		t.Errorf("%s; %v", d, d.session)
	}
}

func TestALateAnswerAfterALogoutIsDropped(t *testing.T) {
	d := openedPopup(t)
	d.isCutOff()
	listen, state := d.must(d.returns(), DoListen, "relay"), d.state()
	d.happens(&Event{Type: CallLogout, Number: 3})
	late := d.happens(&Event{
		Type: Heard, Flow: listen.Flow, Number: int(Number(listen.Data[1])), Data: []string{"via", "channel", contract.MessageState, state, contract.MessageCode, "c"},
	})
	d.mustHaveNothing(late, DoFetch, DoSettle)
	d.mustHaveNoToken()
}

func TestNobodyListensToAWindowThatTheUserHasClosed(t *testing.T) {
	d := openedPopup(t)
	d.looks("away", "1")
	d.looks("away", "1")
	d.mustHaveNothing(d.looks("closed", "1", "focused", "1"), DoSettle) // an answer may be on its way
	ended := d.looks("closed", "1", "focused", "1")
	d.must(ended, DoSettle, contract.CodePopupClosed)
	d.mustHaveNothing(ended, DoListen)
	if d.records() != 0 || len(d.flows) != 0 {
		t.Errorf("%s; %v", d, d.session)
	}
}

func TestANewLoginTakesThePlaceOfOneThatEndedAsClosed(t *testing.T) {
	d := openedPopup(t)
	for call := 3; call < 10; call++ {
		d.isCutOff()
		listen := d.must(d.returns(), DoListen, "relay")
		d.now += recordLife / 100
		d.must(d.again(call), DoShut, "window\n"+listen.Data[1])
		if d.records() != 2 || len(d.flows) != 1 {
			t.Fatalf("login %d: %s; %v", call, d, d.session)
		}
	}
}

func TestListeningEndsWithTheRecord(t *testing.T) {
	d := openedPopup(t)
	d.isCutOff()
	d.returns()
	d.looks() // the last timer is that of the record
	if d.records() != 0 || len(d.flows) != 0 {
		t.Errorf("%s; %v", d, d.session)
	}
}

func TestAnOpenerPolicyIsNamedWhereItKeepsTheAnswerAway(t *testing.T) {
	for _, c := range []struct{ policy, server, want string }{
		{"same-origin", "https://login.a.test", contract.CodeOpenerPolicy},
		{"noopener-allow-popups", "https://login.a.test", contract.CodeOpenerPolicy},
		{"same-origin-allow-popups", "https://login.a.test", contract.CodePopupClosed},
		{"same-origin", "https://a.test", contract.CodePopupClosed},
	} {
		d := openedPopup(t, "server.href", c.server+"/kakao", "server.origin", c.server)
		asked := d.must(d.looks("closed", "1"), DoFetch, "policy")
		d.mustHaveNothing(d.outcome(Answer, asked, "status", "200", "policy", c.policy), DoSettle)
		ended := d.returns()
		d.must(ended, DoSettle, c.want)
		d.must(ended, DoTellLogin, c.want)
		if _, warned := find(ended, DoWarn, "Cross-Origin-Opener-Policy"); warned != (c.want == contract.CodeOpenerPolicy) {
			t.Errorf("%v: warned is %t", c, warned)
		}
	}
}

func TestAWindowMessageCountsFromTheRelayPageOnly(t *testing.T) {
	for _, from := range [][]string{
		{"ours", "1", "origin", "https://evil.test"},
		{"ours", "", "origin", "https://a.test"},
		{"ours", "1", "origin", "https://a.test.evil.test"},
		{"ours", "1", "origin", ""},
	} {
		d := openedPopup(t)
		d.mustHaveNothing(d.outcome(Heard, d.open, append(from, contract.MessageState, d.state(), contract.MessageCode, "c")...), DoFetch, DoSettle, DoShut)
	}
	d := openedPopup(t)
	d.must(d.outcome(Heard, d.open, "ours", "1", "origin", "https://a.test", contract.MessageState, d.state(), contract.MessageCode, "c"), DoFetch, contract.PathToken)
}

func TestALoginThatNobodyFinishesEnds(t *testing.T) {
	d := newTab(t)
	opened := d.opens()
	deadline := Command{Flow: opened.Flow, Number: d.popupLogin().deadline}
	out := d.outcome(Timer, deadline)
	d.must(out, DoSettle, contract.CodePopupTimeout)
	d.must(out, DoShut, text(opened.Number))
	if d.String() != "no token" {
		t.Errorf("left over: %s", d)
	}
}

func (d *driver) popupLogin() *popupLogin {
	d.t.Helper()
	for _, f := range d.flows {
		if f, ok := f.(*popupLogin); ok {
			return f
		}
	}
	d.t.Fatal("no login in a popup is under way")
	return nil
}
