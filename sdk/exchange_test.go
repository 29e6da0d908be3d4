package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// again asks for the code of call 2 once more, as StrictMode has a page do.
func (d *driver) again(call int) []Command {
	return d.tell(&Event{Type: CallIssue, Number: call, Data: []string{"code", "c2", "redirectUri", "u"}})
}

// refuse answers a request with an error of the token server.
func (d *driver) refuse(c Command, stored string) []Command {
	return d.tell(&Event{
		Type: Answer, Flow: c.Flow, Number: c.Number, Stored: stored,
		Data: []string{"status", "400", "error", "invalid_grant", "error_code", "KOE320"},
	})
}

// settled reports whether a call ended, and how.
func settled(commands []Command, call int) (ended, ok bool) {
	for _, c := range commands {
		if c.Do == DoSettle && c.Data[1] == text(call) {
			return true, c.Data[3] == "1"
		}
	}
	return false, false
}

func (d *driver) mustSettle(commands []Command, call int, want bool) {
	d.t.Helper()
	if ended, ok := settled(commands, call); !ended || ok != want {
		d.t.Errorf("call %d: ended %t with %t, want %t; %s", call, ended, ok, want, d)
	}
}

func TestTheSameCodeTwiceAtOnceIsOneExchange(t *testing.T) {
	d := started(t)
	first := d.exchange(2)
	if out := d.again(3); len(out) != 0 {
		t.Fatalf("the second call does %v", out)
	}
	out := d.answer(first, granted...)
	d.mustSettle(out, 2, true)
	d.mustSettle(out, 3, true)
	if d.tokens.current == nil {
		t.Error("there is no token")
	}
}

func TestTheSameCodeAgainAfterACleanupJoinsTheExchange(t *testing.T) {
	d := started(t)
	first := d.exchange(2)
	dropped := d.tell(&Event{Type: CallAuthCleanup})
	d.must(dropped, DoDrop, "call\n2")
	d.again(3)
	out := d.answer(first, granted...)
	d.mustSettle(out, 3, true)
	if ended, _ := settled(out, 2); ended || d.tokens.current == nil {
		t.Errorf("the call before the cleanup ended (%t), or there is no token: %s", ended, d)
	}
}

func TestAnExchangeThatACleanupEndedSetsNoToken(t *testing.T) {
	d := started(t)
	first := d.exchange(2)
	d.tell(&Event{Type: CallAuthCleanup})
	d.answer(first, granted...)
	d.mustHaveNoToken()
	if d.String() != "no token" {
		t.Errorf("left over: %s", d)
	}
}

func TestAnotherCodeIsNotJoined(t *testing.T) {
	d := started(t)
	d.exchange(2)
	d.exchange(3) // which finds its own request
	d.must(d.tell(&Event{Type: CallIssue, Number: 4, Data: []string{"code", "c2", "redirectUri", "u", "codeVerifier", "v"}}),
		DoFetch, contract.PathToken)
}

func TestASpentCodeLeavesTheTokenThatItBrought(t *testing.T) {
	d := started(t)
	d.answer(d.exchange(2), granted...)
	again := d.must(d.again(3), DoFetch, contract.PathToken)
	d.mustSettle(d.refuse(again, ""), 3, false)
	if d.tokens.current == nil {
		t.Error("the token of this code is gone")
	}
}

func TestAnErrorLeavesATokenThatWasSetSince(t *testing.T) {
	for name, set := range map[string]func(d *driver){
		"by the page": func(d *driver) {
			d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "mine", "persist", "1"}})
		},
		"by another call": func(d *driver) { d.answer(d.exchange(9), granted...) },
		"by another tab": func(d *driver) {
			d.tell(&Event{Type: News, Data: []string{
				contract.TokenStatus, contract.TokenSet, contract.TokenValue, "0.0.theirs", contract.TokenPersist, "1",
			}})
		},
	} {
		d := started(t)
		d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "old", "persist", "1"}})
		failing := d.exchange(2)
		set(d)
		d.refuse(failing, "")
		if d.tokens.current == nil {
			t.Errorf("a token set %s is gone", name)
		}
	}
	d := started(t)
	d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "old", "persist", "1"}})
	d.refuse(d.exchange(2), "")
	d.mustHaveNoToken() // as in the legacy SDK
}

func TestAnErrorTakesOverWhatAnotherTabHasStored(t *testing.T) {
	d := started(t)
	d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "old", "persist", "1"}})
	failing := d.exchange(2)
	d.refuse(failing, "0.0.theirs")
	if d.tokens.current == nil || d.tokens.current.value != "theirs" {
		t.Errorf("the token of the other tab is not taken over: %s", d)
	}
}

// A logout that came while the exchange waited for what init began: the code is
// not spent for nothing.
func TestAnExchangeThatWaitedThroughALogoutIsNotSent(t *testing.T) {
	d := newTab(t)
	asked := d.must(d.outcome(Locked, d.findsAgain()), DoFetch, contract.PathRefresh)
	d.mustHaveNothing(d.again(2), DoFetch)
	d.happens(&Event{Type: CallLogout, Number: 3})
	out := d.outcome(Answer, asked, "status", "401", "error", contract.CodeLoginRequired)
	d.mustHaveNothing(out, DoFetch)
	d.mustSettle(out, 2, false)
	d.must(out, DoSettle, contract.CodeStateMismatch)
}
