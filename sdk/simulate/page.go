package simulate

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/sdk"
)

// page is a page that runs the SDK: the part of npm/.
type page struct {
	w          *World
	tab        *tab
	machine    *sdk.Machine
	gone       bool
	frozen     bool // in the back/forward cache
	ready      bool // between init and cleanup
	missesNews bool // was away from its channel
	loaded     int  // the moment

	lastCall   int
	latest     int // the last number of a command
	calls      map[int]*call
	windows    map[int]*opened
	telling    int   // how many events are being told, one inside the other
	cancelled  []int // timers that were cancelled meanwhile
	timers     map[int]*task
	locks      map[int]func()
	entry      string
	last       string
	held       string
	joined     bool
	channel    *subscription
	depth      int            // how deep page code is inside of commands
	holds      string         // the token that it has, as far as its commands tell
	leads      bool           // a command leads the window away
	keepsPopup bool           // of a call of Auth.authorize whose polling has timed out, or was dropped
	authorized int            // when Auth.authorize was called last
	cleaned    map[string]int // when a cleanup was called last
}

// call is a call of the page that answers later.
type call struct {
	page    *page
	number  int
	kind    string
	began   int
	at      int64
	settled int
	ok      bool
	dropped bool
	code    string // the error that it failed with
	atOnce  bool
}

// frame is the running call of the page.
type frame struct {
	call  int
	value *string
	threw string
}

func newFrame(call int) *frame { return &frame{call: call} }

// do makes a call of the page. One that answers later has a kind.
func (p *page) do(kind string, settings *sdk.Settings, later, atOnce bool, data ...string) {
	number := 0
	if later {
		p.lastCall++
		number = p.lastCall
		p.calls[number] = &call{page: p, number: number, kind: kind, began: p.w.tick(), at: p.w.now, atOnce: atOnce}
		p.w.judge.began(p.calls[number])
	}
	if kind == sdk.CallAuthorize || kind == sdk.CallLogin {
		p.authorized = p.calls[number].began
	}
	if isLogin(kind) && len(p.w.logins) <= p.w.random { // the code of an earlier call has its login
		*p.w.loginAt(p.w.random) = p.calls[number]
	}
	p.w.note(p, "calls "+kind, "")
	f := newFrame(number)
	p.tell(&sdk.Event{Type: kind, Number: number, Settings: settings, Data: data}, f)
	if f.threw != "" {
		delete(p.calls, number)
		p.w.judge.broken(kind + " throws: " + f.threw)
	}
}

// isLogin reports whether a call of that kind may end with a token.
func isLogin(kind string) bool {
	return kind == sdk.CallLogin || kind == sdk.CallAuthorize || kind == sdk.CallIssue
}

// init is Kakao.init.
func (p *page) init(fragment string) {
	p.takeAnswer(fragment)
	p.ready = true
	p.holds = valueOfEntry(p.w.localOf(p.tab.origin).get(contract.StorageKey(AppKey)))
	href := p.tab.origin + "/"
	data := []string{
		"appKey", AppKey, "lang", "ko", "device", "", "origin", p.tab.origin, "href", href, "top", "1",
		"restoreSession", mark(p.w.traits.restores), "userAgent", p.w.traits.userAgent, "touchPoints", "0", "extraKey", "",
		"server.href", ServerURL, "server.origin", AppOrigin, "server.protocol", "https:", "server.hostname", "app.example.test",
		"authHost.href", AuthHost, "authHost.origin", AuthHost, "authHost.protocol", "https:", "authHost.hostname", "kauth.kakao.com",
		"apiHost.href", APIHost, "apiHost.origin", APIHost, "apiHost.protocol", "https:", "apiHost.hostname", "kapi.kakao.com",
		"legacyKey", "", "entries", "",
	}
	for area, s := range map[string]*storage{"localStorage": p.w.localOf(p.tab.origin), "sessionStorage": p.tab.session} {
		for i, key := range s.keys {
			data = append(data, area, key, s.texts[i])
		}
	}
	p.do(sdk.CallInit, nil, true, false, data...)
}

// takeAnswer is that of npm/answer.js.
func (p *page) takeAnswer(fragment string) {
	answer, _ := url.PathUnescape(strings.TrimPrefix(fragment, contract.ResultFragment))
	_, after, _ := strings.Cut(answer, `"state":"`)
	state, _, found := strings.Cut(after, `"`)
	if found && p.tab.session.get(contract.LoginKey+state) != "" {
		p.tab.session.set(contract.ResultKey+state, answer)
	}
}

// cleanup is Kakao.cleanup.
func (p *page) cleanup() {
	p.ready, p.missesNews = false, true
	p.w.judge.cleanedUp(p, sdk.CallAuthCleanup, sdk.CallAPICleanup)
	p.do(sdk.CallCleanup, nil, false, false)
	if p.depth == 0 {
		p.w.judge.duringCleanup(p)
	}
}

// pageEvent tells of pageshow or pagehide, for those who listen.
func (p *page) pageEvent(kind string) {
	if p.joined {
		p.tell(&sdk.Event{Type: kind}, newFrame(0))
	}
}

// looks tells that other tabs may have changed the storage.
func (p *page) looks() {
	if p.joined {
		p.tell(&sdk.Event{Type: sdk.Look, Data: []string{"last", p.w.localOf(p.tab.origin).get(p.last), "held", p.tab.session.get(p.held)}}, newFrame(0))
	}
}

// tell brings an event to the machine, and carries out what follows.
func (p *page) tell(e *sdk.Event, f *frame) {
	e.Now = p.w.now
	if p.entry != "" {
		e.Stored = p.w.localOf(p.tab.origin).get(p.entry)
	}
	p.w.tick()
	before := p.holds
	commands := p.machine.Handle(e)
	p.w.judge.handled(p, e, commands, before)
	p.telling++
	for i := range commands {
		if p.w.judge.fault == "" {
			p.carryOut(&commands[i], f)
		}
	}
	if p.telling--; p.telling == 0 {
		p.cancelled = p.cancelled[:0]
	}
}

// randomBytes are those of a login, as characters up to 255. What the SDK makes
// of them shows whose it is, and what it is.
func (p *page) randomBytes() string {
	p.w.random++
	var b []byte
	for _, name := range []string{"state", verifierMark, nonceMark} {
		text := fmt.Sprintf("%s-%06d-", name, p.w.random)
		if name == nonceMark { // without a nonce they make a transaction ID, which keeps five bits of each byte
			text = name + "-" + strings.Join(strings.Split(fmt.Sprintf("%06o", p.w.random), ""), "AAA")
		}
		part, _ := base64.RawURLEncoding.DecodeString(text + strings.Repeat("A", 43-len(text)))
		b = append(b, part...)
	}
	for i := range 28 {
		b = append(b, byte((p.w.random>>(i%4*4))&15))
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func (p *page) holdsLock() bool {
	for _, l := range p.w.locks {
		if l.holder != nil && l.holder.page == p {
			return true
		}
	}
	return false
}

func (p *page) windowNumbers() []int { return slices.Sorted(maps.Keys(p.windows)) }

// token is what Kakao.Auth.getAccessToken returns, "" for null.
func (p *page) token() string {
	f := newFrame(0)
	p.tell(&sdk.Event{Type: sdk.CallGetAccessToken}, f)
	if f.value == nil {
		return ""
	}
	return *f.value
}

// heardMessage is a window message.
func (p *page) heardMessage(from *window, origin string, message []string) {
	for _, number := range p.windowNumbers() {
		o := p.windows[number]
		if o == nil || !o.relay {
			continue
		}
		ours := ""
		if o.window == from {
			ours = "1"
		}
		p.tell(&sdk.Event{
			Type: sdk.Heard, Flow: o.flow, Number: number,
			Data: append([]string{"origin", origin, "ours", ours}, message...),
		}, newFrame(0))
	}
}

func (p *page) hearChannel(number int, message []string) {
	if o := p.windows[number]; o != nil {
		p.tell(&sdk.Event{
			Type: sdk.Heard, Flow: o.flow, Number: number, Data: append([]string{"via", "channel"}, message...),
		}, newFrame(0))
	}
}

// hearNews is a message of another tab.
func (p *page) hearNews(message []string) {
	data := []string{
		contract.TokenStatus, member(message, contract.TokenStatus), contract.TokenValue, member(message, contract.TokenValue),
		contract.TokenPersist, member(message, contract.TokenPersist), contract.TokenSince, member(message, contract.TokenSince),
		contract.TokenState, member(message, contract.TokenState),
	}
	p.w.note(p, "hears news", member(message, contract.TokenStatus))
	p.tell(&sdk.Event{Type: sdk.News, Data: data}, newFrame(0))
}
