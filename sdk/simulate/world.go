package simulate

import (
	"fmt"
	"strings"
)

// Choices decides what the world leaves open.
type Choices interface {
	// Pick returns one of the numbers below n. 0 stands for what is plainest.
	Pick(what string, n int) int
}

// Start is when every run begins, in milliseconds since 1970.
const Start = 1_800_000_000_000

// World is one browser, its user, and what the network leads to.
type World struct {
	choices Choices
	far     Far
	traits  traits

	now     int64
	moment  int // counts everything that happens, to tell what came first
	tasks   []*task
	micro   []func()
	tabs    []*tab
	focused *tab
	windows []*window
	local   map[string]*storage // by origin
	subs    []*subscription
	locks   map[string]*webLock // by origin and name
	cookie  string              // of the token server

	logins  []*call         // every login that the page began, by the number in its state
	tokens  map[string]int  // the login that each token is of, by that number
	foreign map[string]bool // the tokens that came with an ID token of another login
	random  int
	// When a page called Auth.setAccessToken last, when an answer was forged, and
	// when the storage was cleared.
	tokenSet, forged, cleared int
	hurried                   bool // the network neither loses nor delays any more
	judge                     judge
	history                   []happening
}

// traits are what a whole run shares.
type traits struct {
	noChannels, noLocks, storageFull, calm bool
	policy                                 bool // the pages have an opener policy, which cuts popups off
	restores                               bool // they want a session found again
	userAgent                              string
}

// happening is one line of the list that a failing run prints.
type happening struct {
	at   int64
	tab  int
	what string
	more string
}

// task is something that happens later.
type task struct {
	at   int64
	page *page // with which it goes; nil if with none
	run  func()
}

// New makes a world with one tab, whose page has called Kakao.init.
func New(choices Choices, far Far) *World {
	w := &World{
		choices: choices, far: far, now: Start,
		local: map[string]*storage{}, locks: map[string]*webLock{}, tokens: map[string]int{}, foreign: map[string]bool{},
	}
	w.judge = judge{w: w, heardBy: map[string]heard{}, ended: map[string]int{}, dead: map[string]bool{}}
	w.traits = w.drawTraits()
	w.focused = w.newTab(AppOrigin, newSession(w.now))
	return w
}

var userAgents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
	"Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile",
	"Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile KAKAOTALK 11.0.0",
}

func (w *World) drawTraits() traits {
	n := w.choices.Pick("traits", 16)
	return traits{
		noChannels: n&1 != 0, noLocks: n&2 != 0, storageFull: n == 4 || n == 7, calm: n < 8,
		userAgent: userAgents[max(0, w.choices.Pick("browser", 9)-5)],
		policy:    w.choices.Pick("opener policy", 8) == 7,
		restores:  w.choices.Pick("finds sessions again", 4) == 3,
	}
}

// tick returns a moment later than every one before.
func (w *World) tick() int {
	w.moment++
	return w.moment
}

// note writes a line of the run's list.
func (w *World) note(p *page, what, more string) {
	tab := 0
	if p != nil {
		tab = p.tab.number
	}
	w.history = append(w.history, happening{w.now, tab, what, more})
}

// Report is the list of what has happened, one event a line: the time since the
// start, the tab, the event.
func (w *World) Report() string {
	var b strings.Builder
	for _, h := range w.history {
		fmt.Fprintf(&b, "%10.3f s  ", float64(h.at-Start)/1000)
		if h.tab != 0 {
			fmt.Fprintf(&b, "tab %d: ", h.tab)
		}
		fmt.Fprintf(&b, "%s %s\n", h.what, h.more)
	}
	return b.String()
}

// loginAt is the place of the login with that number.
func (w *World) loginAt(number int) **call {
	for len(w.logins) <= number {
		w.logins = append(w.logins, nil)
	}
	return &w.logins[number]
}

// Fault is the first rule that the run has broken, "" if none.
func (w *World) Fault() string { return w.judge.fault }

// after has run happen that many milliseconds later, unless page is gone then.
func (w *World) after(milliseconds int64, page *page, run func()) *task {
	t := &task{at: w.now + milliseconds, page: page, run: run}
	w.tasks = append(w.tasks, t)
	return t
}

// next is the task that is due first, of those that can run now.
func (w *World) next() (at int) {
	at = -1
	for i, t := range w.tasks {
		if t.page != nil && t.page.frozen {
			continue
		}
		if at < 0 || t.at < w.tasks[at].at {
			at = i
		}
	}
	return at
}

// step runs the task that is due first, if it is within the time.
func (w *World) step(until int64) bool {
	i := w.next()
	if i < 0 || w.tasks[i].at > until {
		return false
	}
	t := w.tasks[i]
	w.tasks = append(w.tasks[:i], w.tasks[i+1:]...)
	w.now = max(w.now, t.at)
	if t.run == nil || t.page != nil && t.page.gone {
		return true
	}
	w.run(t.run)
	return true
}

// run runs one task of the browser, and its microtasks.
func (w *World) run(task func()) {
	task()
	for len(w.micro) > 0 {
		first := w.micro[0]
		w.micro = w.micro[1:]
		first()
	}
}

// wait lets that many milliseconds pass.
func (w *World) wait(milliseconds int64) {
	until := w.now + milliseconds
	for w.judge.fault == "" && w.step(until) {
	}
	w.now = max(w.now, until)
}
