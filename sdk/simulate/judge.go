package simulate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/sdk"
)

// judge holds a run against the rules that every run must keep. It remembers the
// first one that was broken.
type judge struct {
	w     *World
	fault string
	// removals are the logouts that are done.
	removals []removal
	// excuses is how many renewals beyond the first of each token may reach
	// Kakao: a page asked for it, lost its token or its answer.
	excuses int
	upcalls int
	calls   []*call
	// ended tells when a page of each origin ended its login itself, if no login
	// was completed since.
	ended map[string]int
	dead  map[string]bool // the tokens that the API refused
	// heardBy tells where and when each login was heard, by its state.
	heardBy map[string]heard
}

type heard struct {
	tab    *tab
	moment int
	at     int64
	failed bool
}

// isSame reports whether a login that is heard again may be heard by a tab and its
// copy in the same instant. That one was completed is in localStorage, which they
// share; that one failed is news.
func (h heard) isSame(again heard) bool { return h.failed && again.failed && again.at-h.at <= tabClock }

// removal ends the logins of an origin that began before it.
type removal struct{ *call }

// tabClock is how exactly tabs can tell what came first, in milliseconds: they
// share a clock, and what begins at once is told apart by further milliseconds.
const tabClock = 10

// before reports whether a call began before another one, as far as tabs can tell.
func (c *call) before(other *call) bool {
	if c.page == other.page {
		return c.began < other.began
	}
	return c.at+tabClock < other.at
}

// reaches reports whether a page hears of a removal: it is the page's own, or
// news of it come through the channel. Those that come while a page is in the
// back/forward cache, or after its cleanup, do not.
func (r removal) reaches(p *page) bool {
	return r.page == p || r.page.tab.origin == p.tab.origin && !p.w.traits.noChannels && !p.missesNews
}

func (j *judge) broken(rule string) {
	if j.fault == "" {
		j.fault = rule
	}
}

func (j *judge) began(c *call) { j.calls = append(j.calls, c) }

// settled takes the end of a call: there is one.
func (j *judge) settled(c *call) {
	if c.settled > 1 || c.dropped {
		j.broken("a call of " + c.kind + " ends twice")
	}
	if c.code == contract.CodeStateMismatch && !j.isOvertaken(c) {
		j.broken("a call of " + c.kind + " is refused as late, but nothing came after it")
	}
	if c.kind == sdk.CallLogout {
		j.removals = append(j.removals, removal{c})
	}
}

// dropped takes a call that the page hears no more of. The reasons are few.
func (j *judge) dropped(c *call) {
	c.dropped = true
	if c.settled > 0 {
		j.broken("a call of " + c.kind + " is dropped that has ended")
	}
	p := c.page
	replaced := c.kind == sdk.CallAuthorize && (p.authorized > c.began || c.began == p.authorized)
	p.keepsPopup = p.keepsPopup || replaced
	switch {
	case c.kind == sdk.CallInit, replaced, p.leads, p.cleaned[lifeOf(c.kind)] > c.began:
	default:
		j.broken("a call of " + c.kind + " is dropped without a reason")
	}
}

// lifeOf names the cleanup that ends a call.
func lifeOf(kind string) string {
	if kind == sdk.CallRequest {
		return sdk.CallAPICleanup
	}
	return sdk.CallAuthCleanup
}

// cleanedUp notes that a page called a cleanup.
func (j *judge) cleanedUp(p *page, which ...string) {
	for _, name := range which {
		p.cleaned[name] = j.w.tick()
	}
}

// ledAway notes that a command leads the window away.
func (j *judge) ledAway(p *page) { p.leads = true }

// lost notes that an answer reached nobody: whoever asks again has a reason.
func (j *judge) lost(r *Request) {
	if strings.HasSuffix(r.URL, contract.PathRefresh) {
		j.excuses++
	}
}

// sent takes a request of a page. Without channels, tabs see each other's
// renewals in localStorage only: each renews a token in memory for itself.
func (j *judge) sent(p *page, r *Request) {
	kept := valueOfEntry(j.w.localOf(p.tab.origin).get(contract.StorageKey(AppKey)))
	inMemory := kept == "" || kept != p.holds
	found := p.holds == "" // pages of other origins hear nothing of its renewal
	if strings.HasSuffix(r.URL, contract.PathRefresh) && (found || j.w.traits.noChannels && inMemory) {
		j.excuses++
	}
}

// upstream takes a renewal that reaches Kakao. One whose token is young needs a
// reason.
func (j *judge) upstream(d *session) {
	j.upcalls++
	t := d.token
	if t.dead || j.w.now >= t.expires-int64(sdk.RenewBefore(tokenLifetime))*1000 {
		return
	}
	if j.excuses--; j.excuses < 0 {
		j.broken("a renewal reaches Kakao while the token of the session is fresh")
	}
}

// refusedToken notes that the API refused a token, if it knows it. One that is
// dead may go, whoever finds that out.
func (j *judge) refusedToken(t *issued) {
	j.excuses++
	if t != nil {
		j.dead[t.text] = true
	}
}

// handled holds the commands of an event against the rules.
func (j *judge) handled(p *page, e *sdk.Event, commands []sdk.Command, before string) {
	if e.Type == sdk.CallRenew || e.Type == sdk.CallInit {
		j.excuses++
	}
	j.ends(p, e)
	for i := range commands {
		c := &commands[i]
		j.keepsSecrets(c)
		j.finds(p, c, before)
		if c.Number != 0 && c.Number <= p.latest {
			j.broken("a number is used again")
		}
		p.latest = max(p.latest, c.Number)
		if value(c, contract.TokenStatus) == contract.TokenSet && j.w.foreign[valueOfEntry(value(c, contract.TokenValue))] {
			j.broken("a login takes an ID token that was made for another one")
		}
	}
	j.keepsLaterTokens(p, e, commands, before)
	j.hears(p, commands)
}

// ends notes that a page ends its login itself.
func (j *judge) ends(p *page, e *sdk.Event) {
	if e.Type == sdk.CallLogout || e.Type == sdk.CallSetAccessToken && member(e.Data, "token") == "" {
		j.ended[p.tab.origin] = j.w.moment
	}
}

// finds holds that no later page looks for a session that a page has ended.
func (j *judge) finds(p *page, c *sdk.Command, before string) {
	if c.Do == sdk.DoSave && value(c, "key") == contract.LastKey(AppKey) && strings.HasPrefix(value(c, "text"), contract.LoggedIn) {
		delete(j.ended, p.tab.origin)
	}
	ended := j.ended[p.tab.origin]
	finds := c.Do == sdk.DoFetch && before == "" && strings.HasSuffix(value(c, "url"), contract.PathRefresh)
	if finds && ended > j.w.cleared && p.loaded > ended && !j.w.traits.storageFull && j.w.traits.restores {
		j.broken("a session is found again that a page has ended")
	}
}

// hears holds that a login is heard once: where the page's tabs hear of each
// other in time, and one of them at a time goes on with it.
func (j *judge) hears(p *page, commands []sdk.Command) {
	for i := 1; i < len(commands); i++ {
		c := &commands[i]
		state, ok := strings.CutPrefix(value(c, "key"), contract.LoginKey)
		if !ok || c.Do != sdk.DoRemove || commands[i-1].Do != sdk.DoTellLogin { // what is told is removed
			continue
		}
		now := heard{p.tab, j.w.moment, j.w.now, value(&commands[i-1], "status") == "fail"}
		if before, ok := j.heardBy[state]; ok && !before.isSame(now) && p.loaded < before.moment && !p.missesNews && j.w.traits.calm && !j.w.traits.noChannels && !j.w.traits.noLocks {
			j.broken("a login is heard twice")
		}
		j.heardBy[state] = now
	}
}

// hasRecordHeard holds that nothing is left of a login that was heard in a tab.
func (j *judge) hasRecordHeard(t *tab) {
	if t.session.get(contract.LoginKey+otherState) == "" || t.session.get(contract.ResultKey+otherState) == "" {
		j.broken("the login of another app is forgotten")
	}
	for _, key := range t.session.keys {
		if state, ok := strings.CutPrefix(key, contract.LoginKey); ok && j.heardBy[state].tab == t {
			j.broken("a record is left of a login that was heard")
		}
	}
}

// keepsLaterTokens holds that no call removes the token of a login that began
// after it.
func (j *judge) keepsLaterTokens(p *page, e *sdk.Event, commands []sdk.Command, before string) {
	announces := func(c sdk.Command) bool { return c.Do == sdk.DoAnnounce }
	if e.Type == sdk.News && slices.ContainsFunc(commands, announces) {
		p.holds = valueOfEntry(e.Data[3])
	}
	removed := false
	for i := range commands {
		switch c := &commands[i]; {
		case c.Do == sdk.DoPost && value(c, contract.TokenStatus) != contract.TokenRemoved &&
			value(c, contract.TokenStatus) != contract.LoginOver:
			p.holds, removed = valueOfEntry(value(c, contract.TokenValue)), false
		case c.Do == sdk.DoAnnounce && value(c, "status") == contract.TokenRemoved:
			p.holds, removed = "", true
		}
	}
	login := j.loginOf(before)
	if !removed || login == nil || j.dead[before] || e.Type == sdk.CallSetAccessToken || j.isLoggedOut(login) {
		return
	}
	for i := range commands {
		if c := &commands[i]; c.Do == sdk.DoSettle {
			if l := p.calls[integer(value(c, "call"))]; l != nil && l.before(login) && l.kind != sdk.CallInit {
				j.broken("a call of " + l.kind + " removes the token of a later login")
			}
		}
	}
}

// isOvertaken reports whether a logout, or another login, may have begun since
// that login, a token has come otherwise, or an answer was forged.
func (j *judge) isOvertaken(login *call) bool {
	if login.kind == sdk.CallInit { // which goes on with one that began earlier
		return true
	}
	return max(j.w.tokenSet, j.w.forged) > login.began || slices.ContainsFunc(j.calls, func(c *call) bool {
		return (c.kind == sdk.CallLogout || isLogin(c.kind)) && c != login && !c.before(login)
	})
}

// isLoggedOut reports whether a logout has begun since that login.
func (j *judge) isLoggedOut(login *call) bool {
	return slices.ContainsFunc(j.calls, func(c *call) bool { return c.kind == sdk.CallLogout && login.before(c) })
}

// valueOfEntry is the token in what localStorage holds.
func valueOfEntry(entry string) string {
	_, after, _ := strings.Cut(entry, ".")
	_, after, _ = strings.Cut(after, ".")
	return after
}

// loginOf is the login that a token is of, nil if it is the page's own.
func (j *judge) loginOf(token string) *call {
	n, known := j.w.tokens[token]
	if !known || n >= len(j.w.logins) {
		return nil
	}
	return j.w.logins[n]
}

// secretPlaces are the commands that may hold each secret.
var secretPlaces = []struct {
	mark    string
	allowed func(c *sdk.Command) bool
}{
	{tokenMark, func(c *sdk.Command) bool {
		switch c.Do {
		case sdk.DoFetch:
			return strings.HasPrefix(value(c, "url"), APIHost) && !strings.Contains(value(c, "url"), tokenMark)
		case sdk.DoSave:
			return value(c, "area") == "localStorage" && value(c, "key") == contract.StorageKey(AppKey)
		}
		return c.Do == sdk.DoPost || c.Do == sdk.DoReturn || c.Do == sdk.DoSubmit
	}},
	{codeMark, func(c *sdk.Command) bool {
		return isExchange(c) || c.Do == sdk.DoParse || c.Do == sdk.DoSave && strings.HasPrefix(value(c, "key"), contract.ResultKey)
	}},
	{verifierMark, func(c *sdk.Command) bool { return isExchange(c) || isRecord(c) }},
	{otherVerifier, func(*sdk.Command) bool { return false }},
	{otherCode, func(*sdk.Command) bool { return false }},
	{nonceMark, func(c *sdk.Command) bool {
		return isExchange(c) || c.Do == sdk.DoOpen || c.Do == sdk.DoNavigate || c.Do == sdk.DoBridge ||
			isRecord(c)
	}},
}

func isRecord(c *sdk.Command) bool {
	return c.Do == sdk.DoSave && value(c, "area") == "sessionStorage" && strings.HasPrefix(value(c, "key"), contract.LoginKey)
}

func isExchange(c *sdk.Command) bool {
	return c.Do == sdk.DoFetch && value(c, "url") == ServerURL+contract.PathToken
}

// keepsSecrets holds that a secret is in no command that is not meant for it.
func (j *judge) keepsSecrets(c *sdk.Command) {
	for _, text := range c.Data {
		for i := range secretPlaces {
			if s := &secretPlaces[i]; strings.Contains(text, s.mark) && !s.allowed(c) {
				j.broken(s.mark + " is in a command " + c.Do)
			}
		}
	}
}

// atRest holds the world against the rules when nothing is under way any more.
func (j *judge) atRest() {
	for _, c := range j.calls {
		if !c.page.gone && !c.page.frozen && c.settled == 0 && !c.dropped {
			j.broken("a call of " + c.kind + " has no end: " + c.page.machine.String())
		}
	}
	for _, t := range j.w.tabs {
		if t.page != nil {
			j.pageAtRest(t.page)
		}
		j.hasRecordHeard(t)
	}
}

func (j *judge) pageAtRest(p *page) {
	says := p.machine.String()
	windows := 0
	if p.keepsPopup { // until the next one
		windows = 1
	}
	if len(p.windows) > windows || len(p.locks) > 0 || len(p.timers) > 1 {
		j.broken(fmt.Sprintf("left over: %d windows, %d locks, %d timers; %s", len(p.windows), len(p.locks), len(p.timers), says))
	}
	if strings.Contains(says, ";") {
		j.broken("something is still under way: " + says)
	}
	for i := range secretPlaces {
		if strings.Contains(says, secretPlaces[i].mark) {
			j.broken("String tells a secret: " + says)
		}
	}
	login := j.loginOf(p.token())
	for _, r := range j.removals {
		// A redirect login of a page that is gone hears of a logout by what it
		// has noted in the storage.
		if login != nil && r.began > j.w.cleared && (!login.page.gone || !p.w.traits.storageFull) && r.reaches(p) && r.reaches(login.page) && login.before(r.call) {
			j.broken("after a logout there is a token of a login that began before it")
		}
	}
}

// duringCleanup holds that a cleanup leaves no timer and no window; a request or
// a claim may be under way.
func (j *judge) duringCleanup(p *page) {
	if len(p.windows)+len(p.timers) > 0 {
		j.broken(fmt.Sprintf("left over by the cleanup: %d windows, %d timers; %s", len(p.windows), len(p.timers), p.machine.String()))
	}
}

// afterCleanup holds that nothing is left over of a page after its cleanup.
func (j *judge) afterCleanup(p *page) {
	if len(p.windows)+len(p.locks)+len(p.timers) > 0 || p.joined || p.channel != nil {
		j.broken(fmt.Sprintf("left over after cleanup: %d windows, %d locks, %d timers; %s",
			len(p.windows), len(p.locks), len(p.timers), p.machine.String()))
	}
	for i, key := range p.tab.session.keys {
		n, ok := loginNumber(key)
		if ok && strings.HasPrefix(key, contract.LoginKey) && strings.Contains(p.tab.session.texts[i], " popup ") && (*j.w.loginAt(n)).page == p {
			j.broken("a record is left of a popup whose page was cleaned up")
		}
	}
}
