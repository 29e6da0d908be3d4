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
