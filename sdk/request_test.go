package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// says answers a command with what facts say alone.
func (d *driver) says(c Command, facts ...string) []Command {
	return d.tell(&Event{Type: Answer, Flow: c.Flow, Number: c.Number, Data: facts})
}

// refused is a request that the API answers with 401; it returns the renewal that
// follows.
func (d *driver) refused(call int) (refresh Command) {
	d.t.Helper()
	request := d.requests(call, "/v2/user/me")
	lock := d.must(d.says(request, "status", "401", "parsed", "1"), DoLock, contract.RenewLock("key"))
	return d.must(d.tell(&Event{Type: Locked, Flow: lock.Flow, Number: lock.Number}), DoFetch, contract.PathRefresh)
}

func (d *driver) loggedIn() {
	d.t.Helper()
	d.answer(d.exchange(2), granted...)
	d.mustHaveToken("t")
}

func TestARefusedRequestIsRepeatedOnce(t *testing.T) {
	d := started(t)
	d.loggedIn()
	refresh := d.refused(3)
	again := d.must(d.answer(refresh, "access_token", "fresh", "expires_in", "3600"), DoFetch, "Bearer fresh")
	out := d.says(again, "status", "401", "parsed", "1")
	d.mustSettle(out, 3, false)
	if c, ok := find(out, DoLock, ""); ok {
		t.Errorf("it is repeated again: %v", c)
	}
	d.mustHaveToken("fresh")
}

func TestALoginThatIsOverTakesItsTokenAndNoOther(t *testing.T) {
	for _, replaced := range []bool{false, true} {
		d := started(t)
		d.loggedIn()
		refresh := d.refused(3)
		if replaced {
			d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "of the page"}})
		}
		out := d.says(refresh, "status", "401", "error", contract.CodeLoginRequired)
		d.mustSettle(out, 3, false)
		if replaced {
			d.mustHaveToken("of the page")
		} else {
			d.mustHaveNoToken()
		}
	}
}
