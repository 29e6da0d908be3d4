package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

func TestRenewBefore(t *testing.T) {
	for lifetime, want := range map[int]int{43199: 300, 3000: 300, 600: 60, 10: 1, 0: 0} {
		if got := RenewBefore(lifetime); got != want {
			t.Errorf("RenewBefore(%d) = %d, want %d", lifetime, got, want)
		}
	}
}

// A tab whose SDK is a version older does not say since when there is a login. A
// reload finds it even so.
func TestATokenOfAnOlderTabOutlivesAReload(t *testing.T) {
	d := newTab(t)
	held := contract.HeldKey("key")
	d.session[held] = text(int(d.now))
	renew := func(commands []Command) {
		t.Helper()
		asked := d.must(d.outcome(Locked, d.must(commands, DoLock, contract.RenewLock("key"))), DoFetch, contract.PathRefresh)
		d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...)
	}
	renew(d.load())
	began := d.session[held]
	d.happens(&Event{Type: News, Data: []string{
		contract.TokenStatus, contract.TokenRenewed, contract.TokenValue, text(int(d.now+3600_000)) + ".3600.theirs",
	}})
	if d.tokens.current.value != "theirs" {
		t.Fatal("the news are dropped")
	}
	renew(d.happens(&Event{Type: CallRenew, Number: 2}))
	if d.session[held] != began {
		t.Errorf("the entry for a reload is %q, was %q", d.session[held], began)
	}
}

// renews has the page ask for a renewal, and returns the lock.
func (d *driver) renews() Command {
	d.t.Helper()
	return d.must(d.tell(&Event{Type: CallRenew, Number: 9}), DoLock, contract.RenewLock("key"))
}

// locked grants a lock; stored is what localStorage holds for the token by then.
func (d *driver) locked(lock Command, stored string, facts ...string) []Command {
	return d.tell(&Event{Type: Locked, Flow: lock.Flow, Number: lock.Number, Stored: stored, Data: facts})
}

func TestARenewalUnderWayIsJoined(t *testing.T) {
	d := started(t)
	d.loggedIn()
	d.renews()
	if c, ok := find(d.tell(&Event{Type: CallRenew, Number: 10}), DoLock, ""); ok {
		t.Errorf("a second one begins: %v", c)
	}
}

func TestATokenThatAnotherTabHasRenewedIsTaken(t *testing.T) {
	d := started(t)
	d.loggedIn()
	out := d.locked(d.renews(), "1900000000000.3600.theirs")
	if c, ok := find(out, DoFetch, ""); ok {
		t.Errorf("it is renewed again: %v", c)
	}
	d.must(out, DoUnlock, "")
	d.mustHaveToken("theirs")
}

func TestATabThatHadToWaitForTheLockWaitsForTheNews(t *testing.T) {
	d := started(t)
	d.loggedIn()
	kept := d.tokens.current.encode()
	waits := d.locked(d.renews(), kept, "waited", "1")
	if c, ok := find(waits, DoFetch, ""); ok {
		t.Fatalf("it asks at once: %v", c)
	}
	timer := d.must(waits, DoTimer, text(newsTimeout))
	d.must(d.tell(&Event{Type: Timer, Flow: timer.Flow, Number: timer.Number, Stored: kept}), DoFetch, contract.PathRefresh)
}

// Another tab has logged out, whose news did not come: where there are no channels.
func TestARenewalOfATokenThatIsGoneFromTheStorageIsDropped(t *testing.T) {
	d := started(t)
	d.loggedIn()
	asked := d.must(d.locked(d.renews(), d.tokens.current.encode()), DoFetch, contract.PathRefresh)
	d.answer(asked, "access_token", "fresh", "expires_in", "3600") // with nothing stored
	d.mustHaveNoToken()
}
