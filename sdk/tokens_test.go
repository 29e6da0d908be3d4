package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// news is what another tab tells of a token.
func (d *driver) news(status, entry string, facts ...string) {
	d.tell(&Event{Type: News, Data: append([]string{contract.TokenStatus, status, contract.TokenValue, entry}, facts...)})
}

func (d *driver) mustHaveToken(want string) {
	d.t.Helper()
	if d.tokens.current == nil || d.tokens.current.value != want {
		d.t.Errorf("the token is not %q: %s", want, d)
	}
}

func TestNewsOfARenewalOfAnEarlierLoginAreLate(t *testing.T) {
	d := started(t)
	d.news(contract.TokenSet, "1900000000000.3600.later", contract.TokenPersist, "1", contract.TokenSince, "1800000000500")
	d.news(contract.TokenRenewed, "1900000000000.3600.earlier", contract.TokenPersist, "1", contract.TokenSince, "1800000000400")
	d.mustHaveToken("later")
	d.news(contract.TokenRenewed, "1900000000000.3600.renewed", contract.TokenPersist, "1", contract.TokenSince, "1800000000500")
	d.mustHaveToken("renewed")
}

// persistAccessToken: false keeps the token of a login to tabs that have such a
// login themselves.
func TestATokenInMemoryStaysWithTabsThatHaveOne(t *testing.T) {
	const since = "1900000000000"
	d := started(t)
	d.news(contract.TokenSet, "1900000000000.3600.theirs", contract.TokenSince, since)
	d.mustHaveNoToken()
	d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "of the page"}})
	d.news(contract.TokenSet, "1900000000000.3600.theirs", contract.TokenSince, since)
	d.mustHaveToken("of the page")
	d.answer(d.exchange(2), granted...)
	d.news(contract.TokenSet, "1900000000000.3600.theirs", contract.TokenSince, since)
	d.mustHaveToken("theirs")
}

// The entry for a reload is for tokens that a reload would lose.
func TestOnlyATokenInMemoryLeavesTheEntryForAReload(t *testing.T) {
	for _, persist := range []bool{true, false} {
		d := newTab(t)
		d.tokens.appKey = "key"
		d.setToken(&accessToken{value: "t", expires: d.now + 3600_000, lifetime: 3600, persist: persist, began: 7}, contract.TokenSet)
		held := false
		for _, c := range d.out {
			held = held || c.Do == DoSave && c.Data[1] == session && c.Data[3] == contract.HeldKey("key")
		}
		if held == persist {
			t.Errorf("persist %t: the entry is written (%t)", persist, held)
		}
	}
}
