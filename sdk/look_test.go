package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// looks has the page look at the storage again.
func (d *driver) looks(stored, last string) []Command {
	return d.tell(&Event{Type: Look, Stored: stored, Data: []string{"last", last}})
}

func (d *driver) announced(commands []Command) string {
	if c, ok := find(commands, DoAnnounce, ""); ok {
		return c.Data[1]
	}
	return ""
}

func TestAPageThatMissedWhatOtherTabsDidSeesIt(t *testing.T) {
	const stored = "1900000000000.21600.theirs"
	for name, test := range map[string]struct {
		own          string // the token that it has, as localStorage holds it
		stored, last string
		want, token  string
	}{
		"a login":            {"", stored, contract.LoggedIn + "1800000000500", contract.TokenSet, "theirs"},
		"another login":      {"1850000000000.21600.mine", stored, contract.LoggedIn + "1800000000500", contract.TokenSet, "theirs"},
		"a renewal":          {"1850000000000.21600.mine", stored, "", contract.TokenRenewed, "theirs"},
		"a logout":           {"1850000000000.21600.mine", "", contract.LoggedOut + "1800000000500", contract.TokenRemoved, ""},
		"a removal":          {"1850000000000.21600.mine", "", "", contract.TokenRemoved, ""},
		"nothing":            {stored, stored, "", "", "theirs"},
		"nothing, no token":  {"", "", "", "", ""},
		"a logout of nobody": {"", "", contract.LoggedOut + "1800000000500", "", ""},
	} {
		d := started(t)
		if test.own != "" {
			d.tell(&Event{Type: News, Data: []string{
				contract.TokenStatus, contract.TokenSet, contract.TokenValue, test.own, contract.TokenPersist, "1", contract.TokenSince, "1800000000100",
			}})
		}
		out := d.looks(test.stored, test.last)
		if got := d.announced(out); got != test.want {
			t.Errorf("%s: announced %q, want %q", name, got, test.want)
		}
		token := ""
		if d.tokens.current != nil {
			token = d.tokens.current.value
		}
		if token != test.token {
			t.Errorf("%s: token %q, want %q", name, token, test.token)
		}
		if out := d.looks(test.stored, test.last); len(out) != 0 {
			t.Errorf("%s: a second look does %v", name, out)
		}
	}
}

func TestATokenThatTheBrowserDidNotStoreStays(t *testing.T) {
	d := started(t)
	d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "mine", "persist", "1"}})
	if out := d.looks("", ""); len(out) != 0 {
		t.Errorf("it does %v", out)
	}
}

// A token that is not kept in localStorage has nothing to find there, but a
// logout ends it.
func TestALogoutElsewhereEndsATokenInMemory(t *testing.T) {
	for name, test := range map[string]struct{ last, want string }{
		"a logout": {contract.LoggedOut + "1900000000000", contract.TokenRemoved}, "nothing": {"", ""}, "an older logout": {contract.LoggedOut + "5", ""},
	} {
		d := started(t)
		d.tell(&Event{Type: CallSetAccessToken, Data: []string{"token", "mine"}})
		if d.tokens.current != nil {
			d.tokens.current.began = d.now
		}
		if got := d.announced(d.looks("", test.last)); got != test.want {
			t.Errorf("%s: announced %q, want %q", name, got, test.want)
		}
	}
}

func TestNewsOfATokenThatWasFoundAreNotToldTwice(t *testing.T) {
	const stored = "1900000000000.21600.theirs"
	d := started(t)
	if got := d.announced(d.looks(stored, "")); got != contract.TokenSet {
		t.Fatalf("announced %q", got)
	}
	out := d.tell(&Event{Type: News, Stored: stored, Data: []string{
		contract.TokenStatus, contract.TokenSet, contract.TokenValue, stored, contract.TokenPersist, "1", contract.TokenSince, "1800000000100",
	}})
	if got := d.announced(out); got != "" || d.tokens.current.began != 1800000000100 {
		t.Errorf("announced %q, began %d", got, d.tokens.current.began)
	}
}

// A login of a later page of the tab that keeps nothing is taken up again when the
// user goes back, as a reload would; once, and not after a logout.
func TestAPageThatComesBackTakesUpASessionOfItsTab(t *testing.T) {
	d := newTab(t)
	looks := func(held, last string) []Command {
		return d.happens(&Event{Type: Look, Data: []string{"held", held, "last", last}})
	}
	d.mustHaveNothing(looks("", ""), DoLock)
	d.mustHaveNothing(looks("1800000000100", contract.LoggedOut+"1800000000200"), DoLock)
	lock := d.must(looks("1800000000300", ""), DoLock, contract.RenewLock("key"))
	d.mustHaveNothing(looks("1800000000300", ""), DoLock)
	asked := d.must(d.outcome(Locked, lock), DoFetch, contract.PathRefresh)
	d.must(d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...), DoAnnounce, contract.TokenRenewed)
	d.mustHaveNothing(looks("1800000000300", ""), DoLock)
}
