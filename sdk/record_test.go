package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// tabDriver is a tab whose pages come and go: it keeps what they save.
type tabDriver struct {
	*driver
	session, local map[string]string
}

func newTab(t *testing.T) *tabDriver {
	tab := &tabDriver{&driver{t: t, now: 1_800_000_000_000}, map[string]string{}, map[string]string{}}
	tab.load()
	return tab
}

// load loads another page, whose init has the number 1.
func (d *tabDriver) load(facts ...string) []Command {
	d.Machine = Machine{}
	return d.starts(facts...)
}

// starts calls init, whose number is 1.
func (d *tabDriver) starts(facts ...string) []Command {
	data := append([]string{
		"appKey", "key", "origin", "https://a.test", "href", "https://a.test/", "top", "1",
		"server.href", "https://a.test/kakao", "server.origin", "https://a.test", "server.protocol", "https:",
		"authHost.href", "https://auth.test", "authHost.protocol", "https:",
		"apiHost.href", "https://api.test", "apiHost.protocol", "https:",
	}, facts...)
	for i := 0; i+1 < len(facts); i += 2 { // the later of two facts is not read
		at := slices.Index(data, facts[i])
		data[at+1] = facts[i+1]
	}
	data = append(data, "entries", "")
	for area, entries := range map[string]map[string]string{local: d.local, session: d.session} {
		for key, entry := range entries {
			data = append(data, area, key, entry)
		}
	}
	return d.happens(&Event{Type: CallInit, Number: 1, Data: data})
}

// happens tells of an event, and keeps what is saved.
func (d *tabDriver) happens(e *Event) []Command {
	commands := d.tell(e)
	for _, c := range commands {
		area := d.session
		if len(c.Data) > 1 && c.Data[1] == local {
			area = d.local
		}
		switch c.Do {
		case DoSave:
			area[c.Data[3]] = c.Data[5]
		case DoRemove:
			delete(area, c.Data[3])
		}
	}
	return commands
}

func (d *tabDriver) outcome(kind string, c Command, facts ...string) []Command {
	return d.happens(&Event{Type: kind, Flow: c.Flow, Number: c.Number, Data: facts})
}

var randomBytes = strings.Repeat("a", randomForLogin)

// redirects begins a redirect login, and returns its state.
func (d *tabDriver) redirects() string {
	d.t.Helper()
	d.happens(&Event{
		Type: CallAuthorize, Number: 2, Settings: &Settings{RedirectURI: "https://a.test/kakao/callback", PersistAccessToken: true},
		Data: []string{"random", randomBytes, "href", "https://a.test/page#part"},
	})
	return d.state()
}

// opens begins a login in a popup, and returns the command that opened it.
func (d *tabDriver) opens() Command {
	d.t.Helper()
	commands := d.happens(&Event{
		Type: CallLogin, Number: 2, Settings: &Settings{PersistAccessToken: true}, Data: []string{"random", randomBytes, "href", "https://a.test/"},
	})
	open := d.must(commands, DoOpen, "")
	d.outcome(Opened, open)
	return open
}

// state is that of the only record.
func (d *tabDriver) state() string {
	d.t.Helper()
	for key := range d.session {
		if state, ok := strings.CutPrefix(key, contract.LoginKey); ok {
			return state
		}
	}
	d.t.Fatalf("there is no record in %v", d.session)
	return ""
}

// relays leaves the answer of the relay page.
func (d *tabDriver) relays(state string) {
	d.session[contract.ResultKey+state] = `{"state":"` + state + `","code":"c"}`
}

// claims grants the lock that a page asks for, and reads the answer as the shim
// does; it returns the exchange.
func (d *tabDriver) claims(commands []Command) Command {
	d.t.Helper()
	lock := d.must(commands, DoLock, contract.LoginKey)
	parse := d.must(d.outcome(Locked, lock, "entry", d.session[lock.Data[3]]), DoParse, "")
	return d.must(d.outcome(Parsed, parse, "state", d.state(), "code", "c"), DoFetch, contract.PathToken)
}

func (d *tabDriver) mustHaveNothing(commands []Command, what ...string) {
	d.t.Helper()
	for _, c := range commands {
		if slices.Contains(what, c.Do) {
			d.t.Errorf("it does %v", c)
		}
	}
}

func (d *tabDriver) records() (n int) {
	for key := range d.session {
		if strings.HasPrefix(key, contract.LoginKey) || strings.HasPrefix(key, contract.ReturnKey) || strings.HasPrefix(key, contract.ResultKey) {
			n++
		}
	}
	return n
}

func TestALoginIsWrittenDownBeforeItsWindowOpens(t *testing.T) {
	d := newTab(t)
	commands := d.happens(&Event{Type: CallLogin, Number: 2, Settings: &Settings{}, Data: []string{"random", randomBytes, "href", "https://a.test/x"}})
	save := slices.IndexFunc(commands, func(c Command) bool { return c.Do == DoSave && strings.HasPrefix(c.Data[3], contract.LoginKey) })
	open := slices.IndexFunc(commands, func(c Command) bool { return c.Do == DoOpen })
	if save < 0 || open < save {
		t.Errorf("saved at %d, opened at %d", save, open)
	}
	if d.session[contract.ReturnKey+d.state()] != "https://a.test/x" {
		t.Error("the relay page cannot know the way back")
	}
	if strings.Contains(d.String(), d.state()) || strings.Contains(d.String(), contract.EncodeRandom([]byte(randomBytes)[:32])) {
		t.Errorf("String tells a secret: %s", d)
	}
}

// StrictMode: the first init is cleaned up while it exchanges, the second one
// asks again, for the same verifier, and is the one that hears.
func TestTheSecondInitHearsOfARedirect(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	first := d.claims(d.load())
	d.happens(&Event{Type: CallCleanup})
	again := d.claims(d.load())
	if first.Data[7] != again.Data[7] {
		t.Errorf("the second asks for %q, the first for %q", again.Data[7], first.Data[7])
	}
	commands := d.outcome(Answer, again, append([]string{"status", "200"}, granted...)...)
	d.must(commands, DoSettle, "call\n1\nok\n1")
	d.must(commands, DoTellLogin, "redirect\nstatus\nsuccess")
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}
	d.mustHaveNothing(d.load(), DoFetch, DoSettle, DoTellLogin, DoLock)
}

// A cleanup at once, before the lock is there, is StrictMode's.
func TestACleanupBeforeTheClaimLeavesTheLogin(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	d.happens(&Event{Type: CallCleanup})
	d.must(d.outcome(Locked, lock, "entry", d.session[lock.Data[3]]), DoUnlock, "")
	d.claims(d.load())
}

func TestAReloadInTheMiddleOfAKakaoTalkLoginGoesOnPolling(t *testing.T) {
	d := newTab(t)
	const phone = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile"
	d.load("userAgent", phone)
	d.happens(&Event{
		Type: CallLogin, Number: 2, Settings: &Settings{ThroughTalk: true, PersistAccessToken: true},
		Data: []string{"random", randomBytes, "href", "https://a.test/"},
	})
	lock := d.must(d.load("userAgent", phone), DoLock, contract.LoginKey)
	wait := d.must(d.outcome(Locked, lock, "entry", d.session[lock.Data[3]]), DoTimer, "1000")
	ask := d.must(d.outcome(Timer, wait), DoFetch, "auth_tran_id")
	asked := d.must(d.outcome(Answer, ask, "status", "200", "outcome", "ok", "code", "c"), DoFetch, contract.PathToken)
	commands := d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...)
	d.must(commands, DoSettle, "call\n1\nok\n1")
	d.must(commands, DoTellLogin, "talk\nstatus\nsuccess")
}

func TestAReloadUnderAnOpenPopupHearsItsAnswer(t *testing.T) {
	d := newTab(t)
	d.opens()
	state := d.state()
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	listen := d.must(d.outcome(Locked, lock, "entry", d.session[lock.Data[3]]), DoListen, contract.StateChannel(state))
	heard := &Event{Type: Heard, Flow: listen.Flow, Number: 0, Data: []string{"via", "channel", "state", state, "code", "c"}}
	commands := d.happens(heard)
	d.must(commands, DoShut, "heard\n1")
	d.must(commands, DoFetch, contract.PathToken)
}

// Frames share the storage of their top, windows get a copy of it, and other
// apps may be on the same origin.
func TestOnlyATopLevelInitOfTheSameAppResumesALogin(t *testing.T) {
	for name, facts := range map[string][]string{
		"in a frame":                 {"top", ""},
		"another app key":            {"appKey", "other"},
		"another token server":       {"server.href", "https://a.test/other"},
		"another authorization host": {"authHost.href", "https://emulator.test"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTab(t)
			d.relays(d.redirects())
			d.mustHaveNothing(d.load(facts...), DoLock, DoFetch, DoRemove, DoSettle, DoTellLogin, DoNavigate)
		})
	}
}

func TestAnAnswerWithoutARecordDoesNothing(t *testing.T) {
	d := newTab(t)
	d.relays("r.planted")
	d.session[contract.ReturnKey+"r.planted"] = "https://evil.test/"
	for _, record := range []string{"", "garbage", "1800000000000 redirect v   someoneelse  0 n"} {
		if d.session[contract.LoginKey+"r.planted"] = record; record == "" {
			delete(d.session, contract.LoginKey+"r.planted")
		}
		d.mustHaveNothing(d.load(), DoLock, DoFetch, DoSave, DoRemove, DoSettle, DoTellLogin, DoNavigate)
	}
}

// A page that comes back after more than ten minutes is told so, and one that
// comes back a minute after an exchange began: the server has forgotten it.
func TestAnOldRecordIsNotResumed(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	d.now += recordLife
	commands := d.load()
	d.must(commands, DoSettle, contract.CodeTimeout)
	d.must(commands, DoTellLogin, contract.CodeTimeout)
	d.mustHaveNothing(commands, DoLock, DoFetch)
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}

	d = newTab(t)
	d.relays(d.redirects())
	d.claims(d.load())
	d.now += exchangeLife
	commands = d.load()
	d.must(commands, DoSettle, contract.CodeTimeout)
	d.mustHaveNothing(commands, DoLock, DoFetch)
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}
}

// Two instances that resume at once: the second one waits for the first, and
// removes nothing.
func TestOfTwoInstancesOneExchanges(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	commands := d.outcome(Locked, lock, "waited", "1", "entry", "")
	d.must(commands, DoUnlock, "")
	d.mustHaveNothing(commands, DoFetch, DoRemove, DoSave, DoSettle, DoTellLogin)
}

// A copy of a tab waits for the word of the first one, which may be on its way.
func TestACopyHearsThatTheLoginIsOver(t *testing.T) {
	d := newTab(t)
	state := d.redirects()
	d.relays(state)
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	commands := d.outcome(Locked, lock, "waited", "1", "entry", d.session[lock.Data[3]])
	d.must(commands, DoTimer, text(newsTimeout))
	d.mustHaveNothing(commands, DoFetch, DoParse)
	commands = d.happens(&Event{Type: News, Data: []string{"status", contract.LoginOver, "state", state}})
	d.must(commands, DoUnlock, "")
	d.mustHaveNothing(commands, DoFetch, DoSettle, DoTellLogin)
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}
}

// The lock may be free again just before the word comes: a record that says that
// its exchange has begun makes a copy wait as well.
func TestACopyOfAnExchangeWaitsForItsWord(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	d.claims(d.load())
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	commands := d.outcome(Locked, lock, "entry", d.session[lock.Data[3]])
	d.mustHaveNothing(commands, DoFetch, DoParse)
	d.must(d.outcome(Timer, d.must(commands, DoTimer, text(newsTimeout))), DoParse, "")
}

// Where there are no locks, the number in the record tells that another instance
// has begun, for as long as that one may live.
func TestWithoutLocksTheNumberClaims(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	d.claims(d.load())
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	commands := d.outcome(Locked, lock, "free", "1", "entry", d.session[lock.Data[3]])
	d.mustHaveNothing(commands, DoParse, DoFetch)
	wait := d.must(commands, DoTimer, text(claimPoll))
	d.now += claimLife
	lock = d.must(d.outcome(Timer, wait), DoLock, contract.LoginKey)
	d.must(d.outcome(Locked, lock, "free", "1", "entry", d.session[lock.Data[3]]), DoParse, "")
}

func TestCleanupEndsTheRecordOfAPopup(t *testing.T) {
	d := newTab(t)
	d.opens()
	d.happens(&Event{Type: CallCleanup})
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}
}

func TestALogoutEndsTheRecords(t *testing.T) {
	d := newTab(t)
	d.redirects()
	d.load()
	d.happens(&Event{Type: CallLogout, Number: 3})
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}
}

// A logout in another tab, while this one was at Kakao, has left its moment.
func TestAnAnswerAfterALogoutElsewhereIsDropped(t *testing.T) {
	for _, moment := range []string{contract.LoggedOut, contract.LoggedIn} {
		d := newTab(t)
		d.relays(d.redirects())
		d.local[contract.LastKey("key")] = moment + text(int(d.now+1))
		lock := d.must(d.load(), DoLock, contract.LoginKey)
		parse := d.must(d.outcome(Locked, lock, "entry", d.session[lock.Data[3]]), DoParse, "")
		commands := d.outcome(Parsed, parse, "state", d.state(), "code", "c")
		d.must(commands, DoSettle, contract.CodeStateMismatch)
		d.mustHaveNothing(commands, DoFetch)
	}
}

// A logout while a copy of the tab waited for its turn counts, too.
func TestALogoutBeforeTheClaimCounts(t *testing.T) {
	d := newTab(t)
	d.relays(d.redirects())
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	parse := d.must(d.outcome(Locked, lock, "entry", d.session[lock.Data[3]], "last", contract.LoggedOut+text(int(d.now))), DoParse, "")
	d.must(d.outcome(Parsed, parse, "state", d.state(), "code", "c"), DoSettle, contract.CodeStateMismatch)
}

// The event tells of every end, and holds no secret.
func TestEveryEndIsTold(t *testing.T) {
	d := newTab(t)
	open := d.must(d.happens(&Event{Type: CallLogin, Number: 2, Settings: &Settings{}, Data: []string{"random", randomBytes}}), DoOpen, "")
	d.must(d.outcome(Blocked, open), DoTellLogin, contract.CodePopupBlocked)
	open = d.opens()
	state := d.state()
	commands := d.outcome(Heard, open, "via", "channel", "state", state, "error", contract.CodeAccessDenied)
	d.must(commands, DoTellLogin, contract.CodeAccessDenied)
	if told := d.must(commands, DoTellLogin, ""); strings.Contains(strings.Join(told.Data, " "), state) {
		t.Errorf("it tells %v", told)
	}
	asked := d.exchange(4)
	told := d.must(d.answer(asked, granted...), DoTellLogin, "code\nstatus\nsuccess")
	if strings.Contains(strings.Join(told.Data, " "), "t ") {
		t.Errorf("it tells %v", told)
	}
}

// Callbacks come before the event.
func TestTheEventComesAfterTheCallbacks(t *testing.T) {
	d := newTab(t)
	open := d.opens()
	asked := d.must(d.outcome(Heard, open, "via", "channel", "state", d.state(), "code", "c"), DoFetch, contract.PathToken)
	commands := d.outcome(Answer, asked, append([]string{"status", "200"}, granted...)...)
	at := func(do string) int { return slices.IndexFunc(commands, func(c Command) bool { return c.Do == do }) }
	if at(DoSettle) < 0 || at(DoTellLogin) < at(DoSettle) {
		t.Errorf("it does %v", commands)
	}
}

// A WebView without DOM storage: the login goes on for as long as its page lives.
func TestALoginThatCannotBeWrittenDownGoesOnInThisPage(t *testing.T) {
	d := newTab(t)
	commands := d.happens(&Event{
		Type: CallLogin, Number: 2, Settings: &Settings{PersistAccessToken: true}, Data: []string{"random", randomBytes, "href", "https://a.test/"},
	})
	for _, c := range commands {
		if c.Do == DoSave && c.Number != 0 {
			d.outcome(Failed, c, "key", c.Data[3])
		}
	}
	state := d.state()
	d.session = map[string]string{}
	open := d.must(commands, DoOpen, "")
	d.outcome(Opened, open)
	d.must(d.outcome(Heard, open, "via", "channel", "state", state, "code", "c"), DoFetch, contract.PathToken)
}

// The word of another page may come late; what it has noted does not.
func TestALoginThatAnotherPageHasCompletedIsLeft(t *testing.T) {
	d := newTab(t)
	state := d.redirects()
	d.relays(state)
	lock := d.must(d.load(), DoLock, contract.LoginKey)
	began, _, _ := strings.Cut(d.session[contract.LoginKey+state], " ")
	out := d.outcome(Locked, lock, "entry", d.session[lock.Data[3]], "last", contract.LoggedIn+began+" "+state)
	d.mustHaveNothing(out, DoParse, DoFetch, DoSettle, DoTellLogin)
	if d.records() != 0 {
		t.Errorf("left over: %v", d.session)
	}
}
