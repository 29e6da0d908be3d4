package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// findsAgain loads a page that wants its session found again, and returns the
// lock that the renewal asks for.
func (d *tabDriver) findsAgain() Command {
	d.t.Helper()
	return d.must(d.load("restoreSession", "1"), DoLock, contract.RenewLock("key"))
}

// isFound loads such a page, and answers with the token of its session.
func (d *tabDriver) isFound() {
	d.t.Helper()
	asked := d.must(d.outcome(Locked, d.findsAgain()), DoFetch, contract.PathRefresh)
	d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...)
}

func (d *tabDriver) asksNothing(commands []Command) {
	d.t.Helper()
	d.mustHaveNothing(commands, DoLock, DoFetch)
}

func TestASessionIsFoundAgainIfThePageWantsThat(t *testing.T) {
	d := newTab(t)
	lock := d.findsAgain()
	status := d.happens(&Event{Type: CallStatus, Number: 2})
	request := d.happens(&Event{Type: CallRequest, Number: 3, Data: []string{"url", "/v2/user/me"}})
	d.mustHaveNothing(append(status, request...), DoSettle, DoFetch)
	asked := d.must(d.outcome(Locked, lock), DoFetch, contract.PathRefresh)
	sent := d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...)
	for _, c := range sent {
		if c.Do == DoFetch && c.Data[len(c.Data)-3] != "Bearer t" {
			t.Errorf("it asks without the token: %v", c)
		}
	}
	d.must(sent, DoAnnounce, contract.TokenRenewed)
	d.must(sent, DoFetch, "/v2/user/me")
	if _, kept := d.local[contract.StorageKey("key")]; kept {
		t.Error("the token is kept, although nobody knows whether its login was to be")
	}
}

func TestASessionIsNotLookedForByItself(t *testing.T) {
	d := newTab(t)
	d.asksNothing(d.load())
}

func TestAGuestIsAskedForOnce(t *testing.T) {
	d := newTab(t)
	lock := d.findsAgain()
	d.happens(&Event{Type: CallStatus, Number: 2})
	asked := d.must(d.outcome(Locked, lock), DoFetch, contract.PathRefresh)
	out := d.outcome(Answer, asked, "status", "401", "error", contract.CodeLoginRequired)
	d.mustHaveNothing(out, DoFetch, DoWarn, DoAnnounce)
	d.mustSettle(out, 2, true)
	d.must(out, DoSettle, "not_connected")
	d.asksNothing(d.happens(&Event{Type: Look}))
}

// What a page removes does not come back with the next page, until a login.
func TestASessionThatThePageEndedIsNotFoundAgain(t *testing.T) {
	for name, ends := range map[string]func(d *tabDriver){
		"null":      func(d *tabDriver) { d.happens(&Event{Type: CallSetAccessToken}) },
		"undefined": func(d *tabDriver) { d.happens(&Event{Type: CallSetAccessToken, Data: []string{"token", ""}}) },
		"logout": func(d *tabDriver) {
			d.outcome(Answer, d.must(d.happens(&Event{Type: CallLogout, Number: 3}), DoFetch, contract.PathLogout), "status", "204")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTab(t)
			d.isFound()
			ends(d)
			delete(d.session, contract.HeldKey("key"))
			d.asksNothing(d.load("restoreSession", "1"))
			d.relays(d.redirects())
			d.outcome(Answer, d.claims(d.load("restoreSession", "1")), append([]string{"status", "200"}, granted...)...)
			delete(d.local, contract.StorageKey("key"))
			d.findsAgain()
		})
	}
}

func TestARemovalStopsTheSessionFromBeingFound(t *testing.T) {
	for _, data := range [][]string{nil, {"token", "", "persist", ""}} {
		d := newTab(t)
		asked := d.must(d.outcome(Locked, d.findsAgain()), DoFetch, contract.PathRefresh)
		d.happens(&Event{Type: CallSetAccessToken, Data: data})
		d.mustHaveNothing(d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...), DoPost, DoAnnounce)
	}
}

// The browser may clear what this SDK noted of the removal, but not the token
// server's cookie: its session ends too.
func TestARemovalEndsTheSessionThatWouldBeFoundAgain(t *testing.T) {
	d := newTab(t)
	d.isFound()
	removal := d.happens(&Event{Type: CallSetAccessToken})
	ended := d.must(removal, DoFetch, contract.PathLogout)
	d.must(removal, DoFetch, "keepalive\n1\n")
	d.happens(&Event{Type: CallSetAccessToken, Data: []string{"token", "of the page", "persist", "1"}})
	d.happens(&Event{Type: PageHide})
	if d.tokens.current == nil {
		t.Error("the token that the page has set since is gone")
	}
	d.mustHaveNothing(d.happens(&Event{Type: CallIssue, Number: 4, Data: []string{"code", "c", "redirectUri", "u"}}), DoFetch)
	d.must(d.outcome(Answer, ended, "status", "204"), DoFetch, contract.PathToken)
}

func TestARemovalLeavesTheSessionOfOtherPages(t *testing.T) {
	d := newTab(t)
	d.asksNothing(d.happens(&Event{Type: CallSetAccessToken}))
}

// The end of a session that does not count would end one that begins meanwhile.
func TestALoginWaitsForTheEndOfARejectedOne(t *testing.T) {
	d := newTab(t)
	d.happens(&Event{Type: CallLogin, Number: 2, Settings: &Settings{Scope: "openid"}, Data: []string{"random", randomBytes, "href", "https://a.test/"}})
	open := d.must(d.out, DoOpen, "")
	d.outcome(Opened, open)
	asked := d.must(d.outcome(Heard, open, "via", "channel", "state", d.state(), "code", "c"), DoFetch, contract.PathToken)
	ended := d.must(d.outcome(Answer, asked, append([]string{"status", "200", "id_token", "i", "nonce", "another"}, granted...)...), DoFetch, contract.PathLogout)
	d.mustHaveNothing(d.happens(&Event{Type: CallIssue, Number: 4, Data: []string{"code", "c", "redirectUri", "u"}}), DoFetch)
	d.must(d.outcome(Answer, ended, "status", "204"), DoFetch, contract.PathToken)
}

// A page whose code calls cleanup while it is being left, and that comes back from
// the back/forward cache, is not told of that.
func TestAPageThatCleansUpAsItLeavesMayStartAgain(t *testing.T) {
	d := newTab(t)
	d.happens(&Event{Type: PageHide})
	d.happens(&Event{Type: CallCleanup})
	d.starts()
	asked := d.exchange(2)
	d.mustSettle(d.answer(asked, "status", "400", "error", "invalid_grant"), 2, false)
}
