package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// driver tells a machine of events, one millisecond apart.
type driver struct {
	t *testing.T
	Machine
	now int64
}

// started is a machine after Kakao.init.
func started(t *testing.T) *driver {
	d := &driver{t: t, now: 1_800_000_000_000}
	d.tell(&Event{Type: CallInit, Number: 1, Data: []string{
		"appKey", "key", "origin", "https://a.test", "href", "https://a.test/",
		"server.href", "https://a.test/kakao", "server.origin", "https://a.test", "server.protocol", "https:",
		"authHost.href", "https://auth.test", "authHost.protocol", "https:",
		"apiHost.href", "https://api.test", "apiHost.protocol", "https:",
	}})
	return d
}

func (d *driver) tell(e *Event) []Command {
	d.now++
	e.Now = d.now
	return d.Handle(e)
}

// find is the command of that kind whose data hold a text.
func find(commands []Command, do, text string) (Command, bool) {
	for _, c := range commands {
		if c.Do == do && strings.Contains(strings.Join(c.Data, "\n"), text) {
			return c, true
		}
	}
	return Command{}, false
}

func (d *driver) must(commands []Command, do, text string) Command {
	d.t.Helper()
	c, ok := find(commands, do, text)
	if !ok {
		d.t.Fatalf("no command %s with %q among %v", do, text, commands)
	}
	return c
}

// exchange is a login of the page's own code as far as the token server.
func (d *driver) exchange(call int) Command {
	d.t.Helper()
	return d.must(d.tell(&Event{Type: CallIssue, Number: call, Data: []string{"code", "c" + text(call), "redirectUri", "u"}}), DoFetch, contract.PathToken)
}

func (d *driver) answer(c Command, facts ...string) []Command {
	return d.tell(&Event{Type: Answer, Flow: c.Flow, Number: c.Number, Data: append([]string{"status", "200"}, facts...)})
}

var granted = []string{"access_token", "t", "expires_in", "3600"}

func (d *driver) mustHaveNoToken() {
	d.t.Helper()
	if d.tokens.current != nil {
		d.t.Errorf("there is a token of a login that began before the logout: %s", d)
	}
}

// A login whose exchange is under way when the user logs out ends at the server,
// too.
func TestLogoutEndsAnExchangeUnderWay(t *testing.T) {
	d := started(t)
	asked := d.exchange(2)
	logout := d.must(d.tell(&Event{Type: CallLogout, Number: 3}), DoFetch, contract.PathLogout)
	d.answer(logout)
	ending := d.must(d.answer(asked, granted...), DoFetch, contract.PathLogout)
	d.must(d.answer(ending), DoSettle, contract.CodeStateMismatch)
	d.mustHaveNoToken()
}

func TestLogoutOfAnotherTabEndsAnExchangeUnderWay(t *testing.T) {
	d := started(t)
	asked := d.exchange(2)
	d.tell(&Event{Type: News, Data: []string{"status", contract.TokenRemoved, contract.TokenSince, text(int(d.now + 1))}})
	ending := d.must(d.answer(asked, granted...), DoFetch, contract.PathLogout)
	d.must(d.answer(ending), DoSettle, contract.CodeStateMismatch)
	d.mustHaveNoToken()
}

// A removal for another reason than a logout ends no login.
func TestOtherRemovalsLeaveAnExchangeAlone(t *testing.T) {
	d := started(t)
	asked := d.exchange(2)
	d.tell(&Event{Type: News, Data: []string{"status", contract.TokenRemoved}})
	d.answer(asked, granted...)
	if d.tokens.current == nil {
		t.Error("the login has no token")
	}
}

func TestLogoutEndsATokenThatIsRenewedMeanwhile(t *testing.T) {
	d := started(t)
	d.answer(d.exchange(2), granted...)
	lock := d.must(d.tell(&Event{Type: CallRenew}), DoLock, "")
	refresh := d.must(d.tell(&Event{Type: Locked, Flow: lock.Flow, Number: lock.Number}), DoFetch, contract.PathRefresh)
	logout := d.must(d.tell(&Event{Type: CallLogout, Number: 3}), DoFetch, contract.PathLogout)
	d.answer(refresh, "access_token", "t2", "expires_in", "3600")
	d.answer(logout)
	d.mustHaveNoToken()
}

// A failure of an earlier login leaves the token of a later one.
func TestAFailureLeavesTheTokenOfALaterLogin(t *testing.T) {
	d := started(t)
	earlier, later := d.exchange(2), d.exchange(3)
	d.answer(later, granted...)
	d.tell(&Event{Type: Answer, Flow: earlier.Flow, Number: earlier.Number, Data: []string{"status", "400", "error", "invalid_grant"}})
	if d.tokens.current == nil {
		t.Error("the token of the later login is gone")
	}
}

// A logout of another tab leaves the token of a login that began after it, and
// what it took out of the storage comes back.
func TestALateLogoutLeavesALaterLogin(t *testing.T) {
	d := started(t)
	before := d.now
	d.answer(d.exchange(2), granted...)
	commands := d.tell(&Event{Type: News, Data: []string{"status", contract.TokenRemoved, contract.TokenSince, text(int(before))}})
	d.must(commands, DoSave, contract.StorageKey("key"))
	if d.tokens.current == nil {
		t.Error("the token of the later login is gone")
	}
}

// News of a token whose login began before the last logout are late.
func TestLateNewsOfAnEarlierLoginAreDropped(t *testing.T) {
	d := started(t)
	before := d.now
	logout := d.must(d.tell(&Event{Type: CallLogout, Number: 2}), DoFetch, contract.PathLogout)
	d.tell(&Event{Type: News, Data: []string{
		"status", contract.TokenSet, "token", "9999999999999.3600.t", "persist", "1", contract.TokenSince, text(int(before)),
	}})
	d.answer(logout)
	d.mustHaveNoToken()
	if got := d.flows; slices.ContainsFunc(got, func(f flow) bool { return f.at().step == waitsForLogout }) {
		t.Error("a login still waits")
	}
}

// So ends a session that is taken up again while another tab logs out.
func TestLogoutEndsASessionThatIsTakenUpAgain(t *testing.T) {
	d := started(t)
	d.tokens.held = longAgo
	d.renew(nil)
	lock := d.must(d.out, DoLock, "")
	refresh := d.must(d.tell(&Event{Type: Locked, Flow: lock.Flow, Number: lock.Number}), DoFetch, contract.PathRefresh)
	d.tell(&Event{Type: News, Data: []string{"status", contract.TokenRemoved, contract.TokenSince, text(int(d.now))}})
	d.answer(refresh, granted...)
	d.mustHaveNoToken()
}

// So does the entry that this tab stored while the news of a logout were on
// their way: whoever loads next would find it.
func TestALateLogoutRemovesWhatThisTabHasStored(t *testing.T) {
	d := started(t)
	d.tokens.held = longAgo
	d.renew(nil)
	lock := d.must(d.out, DoLock, "")
	refresh := d.must(d.tell(&Event{Type: Locked, Flow: lock.Flow, Number: lock.Number}), DoFetch, contract.PathRefresh)
	d.answer(refresh, granted...)
	kept := *d.tokens.current
	kept.persist = true
	d.setToken(&kept, contract.TokenSet)
	removals := 0
	for _, c := range d.tell(&Event{
		Type: News, Stored: kept.encode(), Data: []string{"status", contract.TokenRemoved, contract.TokenSince, text(int(d.now + 1))},
	}) {
		if c.Do == DoRemove && c.Data[1] == local && c.Data[3] == d.tokens.storageKey() {
			removals++
		}
	}
	d.mustHaveNoToken()
	if removals != 1 {
		t.Errorf("the entry is removed %d times, want once", removals)
	}
}

// requests calls the API.
func (d *driver) requests(call int, url string) Command {
	d.t.Helper()
	return d.must(d.tell(&Event{Type: CallRequest, Number: call, Data: []string{"url", url}}), DoFetch, url)
}

func TestALogoutLetsEarlierRequestsFinish(t *testing.T) {
	d := started(t)
	d.answer(d.exchange(2), granted...)
	unlink := d.requests(3, "/v1/user/unlink")
	out := d.tell(&Event{Type: CallLogout, Number: 4})
	if c, ok := find(out, DoFetch, ""); ok {
		t.Fatalf("it does not wait: %v", c)
	}
	timer := d.must(out, DoTimer, text(requestGrace))
	d.requests(5, "/v2/user/me") // which began later
	out = d.answer(unlink, "status", "200", "parsed", "1")
	d.mustSettle(out, 3, true)
	d.must(out, DoCancel, text(timer.Number))
	logout := d.must(out, DoFetch, contract.PathLogout)
	d.mustSettle(d.answer(logout, "status", "204"), 4, true)
	d.mustHaveNoToken()
}

func TestALogoutWaitsForRequestsForABoundedTime(t *testing.T) {
	d := started(t)
	d.answer(d.exchange(2), granted...)
	d.requests(3, "/v1/user/unlink")
	timer := d.must(d.tell(&Event{Type: CallLogout, Number: 4}), DoTimer, text(requestGrace))
	d.must(d.tell(&Event{Type: Timer, Flow: timer.Flow, Number: timer.Number}), DoFetch, contract.PathLogout)
}

func TestALogoutOfAPageThatLeavesIsAskedForAtOnce(t *testing.T) {
	d := started(t)
	d.answer(d.exchange(2), granted...)
	d.requests(3, "/v1/user/unlink")
	d.tell(&Event{Type: CallLogout, Number: 4})
	asked := d.must(d.tell(&Event{Type: PageHide}), DoFetch, contract.PathLogout)
	if !strings.Contains(strings.Join(asked.Data, "\n"), "keepalive\n1\n") {
		t.Errorf("it ends with the page: %v", asked)
	}
	d.mustHaveNoToken()
}

func TestACleanupDuringALogoutTakesTheToken(t *testing.T) {
	d := started(t)
	d.loggedIn()
	d.must(d.tell(&Event{Type: CallLogout, Number: 3}), DoFetch, contract.PathLogout)
	d.tell(&Event{Type: CallCleanup})
	d.mustHaveNoToken()
}
