package simulate

import (
	"strconv"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/sdk"
)

// The pages of the world. The token server is on the origin of the first; the
// second is another allowed origin.
const (
	AppOrigin  = "https://app.example.test"
	ShopOrigin = "https://shop.example.test"
	ServerURL  = AppOrigin + "/kakao"
	AuthHost   = "https://kauth.kakao.com"
	APIHost    = "https://kapi.kakao.com"
	AppKey     = "0123456789abcdef0123456789abcdef"
)

// tab is a tab of the browser.
type tab struct {
	number  int
	origin  string
	session *storage
	page    *page  // nil while the tab is elsewhere, or discarded
	cached  *page  // in the back/forward cache
	away    string // the address where the tab is while it has no page of ours
	closed  bool
	code    string // that the page's redirect URI received
	login   int    // its number
}

// The login of another app of the same origin, which every tab has under way.
const (
	otherState    = "p.another-app.aHR0cHM6Ly9hcHAuZXhhbXBsZS50ZXN0"
	otherVerifier = "verifier-of-another-app"
	otherCode     = "code-of-another-app"
)

// newSession is a sessionStorage with the login of the other app.
func newSession(now int64) *storage {
	s := newStorage()
	s.set(contract.LoginKey+otherState, strconv.FormatInt(now, 10)+" popup "+otherVerifier+"   another_owner  0 ")
	s.set(contract.ResultKey+otherState, `{"state":"`+otherState+`","code":"`+otherCode+`"}`)
	return s
}

// newTab opens a tab, and loads the page in it.
func (w *World) newTab(origin string, session *storage) *tab {
	t := &tab{number: len(w.tabs) + 1, origin: origin, session: session}
	w.tabs = append(w.tabs, t)
	w.load(t, "")
	return t
}

// load loads the page in a tab, with that fragment in its address.
func (w *World) load(t *tab, fragment string) {
	p := &page{
		w: w, tab: t, machine: &sdk.Machine{}, loaded: w.tick(),
		calls: map[int]*call{}, windows: map[int]*opened{}, timers: map[int]*task{}, locks: map[int]func(){}, cleaned: map[string]int{},
	}
	t.page, t.away = p, ""
	w.note(p, "loads", fragment)
	w.run(func() { p.init(fragment) })
}

// leave ends the page of a tab: told tells whether it hears pagehide, cached
// whether it goes into the back/forward cache.
func (w *World) leave(t *tab, told, cached bool) {
	p := t.page
	if p == nil {
		return
	}
	if told {
		w.note(p, "pagehide", "")
		w.run(func() { p.pageEvent(sdk.PageHide) })
	}
	t.page = nil
	if cached && !p.holdsLock() {
		w.discard(t.cached)
		t.cached, p.frozen, p.missesNews = p, true, true
		return
	}
	w.discard(p)
}

// discard ends a page for good.
func (w *World) discard(p *page) {
	if p == nil || p.gone {
		return
	}
	p.gone = true
	w.releaseAll(p)
	kept := w.subs[:0]
	for _, s := range w.subs {
		if s.page != p {
			kept = append(kept, s)
		}
	}
	w.subs = kept
}

// goBack brings a tab back to its page.
func (w *World) goBack(t *tab) {
	if t.cached == nil {
		w.load(t, "")
		return
	}
	t.page, t.cached = t.cached, nil
	p := t.page
	t.away, p.frozen = "", false
	w.note(p, "comes back from the back/forward cache", "")
	w.run(func() {
		p.pageEvent(sdk.PageShow)
		p.looks()
	})
}

// clear leaves the pages of a tab's origin, which then keep nothing, and loads the
// page in it: the browser has cleared what was not used for some days.
func (w *World) clear(t *tab) {
	w.note(nil, "the browser clears the storage", t.origin)
	for _, other := range w.tabs {
		if other.origin == t.origin {
			w.leave(other, true, false)
			w.discard(other.cached)
			other.cached = nil
			*other.session = *newSession(w.now)
		}
	}
	delete(w.local, t.origin)
	w.cleared = w.tick()
	w.load(t, "")
}

// close closes a tab.
func (w *World) close(t *tab) {
	w.leave(t, true, false)
	w.discard(t.cached)
	t.cached, t.closed = nil, true
}

// focus brings the user to a tab; nil to none of ours.
func (w *World) focus(t *tab) {
	w.focused = t
	if t == nil || t.page == nil {
		return
	}
	p := t.page
	w.run(p.looks)
	for _, number := range p.windowNumbers() {
		if o := p.windows[number]; o != nil && o.relay {
			w.run(func() { p.tell(&sdk.Event{Type: sdk.Focus}, newFrame(0)) })
		}
	}
}
