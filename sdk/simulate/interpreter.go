package simulate

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/sdk"
)

// answers are the members of an answer that Go hears of; see npm/interpreter.js.
var answers = []string{
	contract.MessageState, contract.MessageCode, contract.MessageError, contract.MessageErrorDescription,
	contract.MessageErrorCode, contract.MessageHint,
}

// value is the value of a name in a command.
func value(c *sdk.Command, name string) string {
	for i := 0; i+1 < len(c.Data); i += 2 {
		switch c.Data[i] {
		case name:
			return c.Data[i+1]
		case "fields", "headers":
			return ""
		}
	}
	return ""
}

// rest is the list that ends a command.
func rest(c *sdk.Command) []string {
	for i := 0; i+1 < len(c.Data); i += 2 {
		if c.Data[i] == "fields" || c.Data[i] == "headers" {
			return c.Data[i+2:]
		}
	}
	return nil
}

func integer(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// carryOut does what npm/interpreter.js does with a command.
func (p *page) carryOut(c *sdk.Command, f *frame) {
	if p.carryOutCall(c, f) || p.carryOutWindow(c, f) || p.carryOutTab(c, f) {
		return
	}
	switch c.Do {
	case sdk.DoFetch:
		p.pageCode(c.Do)
		p.fetch(c)
	case sdk.DoTimer:
		p.wait(c)
	case sdk.DoCancel:
		p.cancelled = append(p.cancelled, integer(value(c, "timer")))
		if t := p.timers[integer(value(c, "timer"))]; t != nil {
			t.run = nil
		}
		delete(p.timers, integer(value(c, "timer")))
	case sdk.DoLock:
		p.lock(value(c, "name"), c.Number, func(waited bool) {
			data := []string{
				"waited", mark(waited), "free", mark(p.w.traits.noLocks), "entry", p.tab.session.get(value(c, "key")),
				"last", p.w.localOf(p.tab.origin).get(value(c, "last")),
			}
			p.tell(&sdk.Event{Type: sdk.Locked, Flow: c.Flow, Number: c.Number, Data: data}, newFrame(0))
		})
	case sdk.DoUnlock:
		if release := p.locks[integer(value(c, "lock"))]; release != nil {
			release()
		}
		delete(p.locks, integer(value(c, "lock")))
	case sdk.DoBridge:
		p.bridge(c)
	case sdk.DoWarn:
	default:
		p.w.judge.broken("a command that nobody knows: " + c.Do)
	}
}

// fails tells that a command failed.
func (p *page) fails(c *sdk.Command, f *frame) {
	if c.Number != 0 {
		p.tell(&sdk.Event{Type: sdk.Failed, Flow: c.Flow, Number: c.Number, Data: []string{"key", value(c, "key")}}, f)
	}
}

// carryOutCall carries out what concerns a call of the page.
func (p *page) carryOutCall(c *sdk.Command, f *frame) bool {
	switch c.Do {
	case sdk.DoReturn:
		f.value = nil
		for i := 0; i+1 < len(c.Data); i += 2 {
			if c.Data[i] == "value" {
				f.value = &c.Data[i+1]
			}
		}
	case sdk.DoThrow:
		f.threw = value(c, "message")
	case sdk.DoSettle:
		p.endCall(c, f, func(l *call) {
			l.ok = value(c, "ok") != ""
			l.code = member(rest(c), "error")
			p.keepsPopup = p.keepsPopup || l.kind == sdk.CallAuthorize && l.code == contract.CodeTimeout
		})
	case sdk.DoKeep:
	case sdk.DoDrop:
		if l := p.calls[integer(value(c, "call"))]; l != nil {
			delete(p.calls, l.number)
			p.w.judge.dropped(l)
		}
	case sdk.DoClosed, sdk.DoReject:
		p.endCall(c, f, func(*call) {})
	case sdk.DoTellLogin:
		p.w.note(p, "tells of the login", value(c, "kind")+" "+value(c, "status")+" "+value(c, "error"))
		p.w.micro = append(p.w.micro, func() { p.pageCode(c.Do) })
	case sdk.DoAnnounce:
		p.w.note(p, "announces the token", value(c, "status"))
		p.pageCode(c.Do)
	default:
		return false
	}
	return true
}

// endCall settles a call: in the running call of the page, or as a microtask.
func (p *page) endCall(c *sdk.Command, f *frame, note func(*call)) {
	l := p.calls[integer(value(c, "call"))]
	if l == nil {
		p.w.judge.broken("a call is settled that is over: " + value(c, "call"))
		return
	}
	delete(p.calls, l.number)
	note(l)
	settle := func() {
		l.settled++
		p.w.note(p, l.kind+" ends", l.code)
		p.w.judge.settled(l)
		p.pageCode(sdk.DoSettle)
	}
	if l.atOnce && f.call == l.number {
		settle()
		return
	}
	p.w.micro = append(p.w.micro, func() {
		if !p.gone {
			settle()
		}
	})
}

// carryOutWindow carries out what concerns windows.
func (p *page) carryOutWindow(c *sdk.Command, f *frame) bool {
	number := integer(value(c, "window"))
	switch c.Do {
	case sdk.DoOpen:
		p.pageCode(c.Do)
		e := &sdk.Event{Type: sdk.Blocked, Flow: c.Flow, Number: c.Number}
		if v := p.openWindow(value(c, "address")); v != nil {
			p.windows[c.Number] = &opened{flow: c.Flow, window: v}
			e.Type = sdk.Opened
		}
		p.w.note(p, "window.open", e.Type)
		p.tell(e, f)
	case sdk.DoListen:
		o := p.windows[number]
		if o == nil {
			o = &opened{flow: c.Flow}
			p.windows[number] = o
		}
		o.relay, o.address = value(c, "as") == "relay", value(c, "as") == "address"
		if o.relay {
			o.channel = p.subscribe(value(c, "channel"), func(message []string) { p.hearChannel(number, message) })
		}
	case sdk.DoShut:
		if o := p.windows[number]; o != nil {
			delete(p.windows, number)
			p.w.unsubscribe(o.channel)
			if value(c, "keep") == "" && o.window != nil && !o.window.severed {
				o.window.closed = true
			}
		}
	case sdk.DoFrame, sdk.DoSubmit, sdk.DoBeacon:
	case sdk.DoNavigate:
		p.navigate(value(c, "address"))
	default:
		return false
	}
	return true
}

// navigate leads the tab away, a moment later.
func (p *page) navigate(address string) {
	p.w.judge.ledAway(p)
	p.w.note(p, "goes to another address", "")
	p.w.after(10, p, func() {
		if p.tab.page == p {
			p.w.leave(p.tab, true, !p.w.hurried && p.w.choices.Pick("back/forward cache", 2) == 1)
			p.tab.away = address
		}
	})
}

// carryOutTab carries out what concerns storage and other tabs.
func (p *page) carryOutTab(c *sdk.Command, f *frame) bool {
	switch c.Do {
	case sdk.DoSave:
		p.pageCode(c.Do)
		p.save(c, f)
	case sdk.DoRemove:
		p.area(c).remove(value(c, "key"))
		p.stored(c)
	case sdk.DoParse:
		p.parse(c, f)
	case sdk.DoJoin:
		p.entry, p.last, p.held, p.joined = value(c, "entry"), value(c, "last"), value(c, "held"), true
		p.channel = p.subscribe(value(c, "name"), p.hearNews)
	case sdk.DoLeave:
		p.w.unsubscribe(p.channel)
		p.channel, p.joined = nil, false
	case sdk.DoPost:
		if p.channel != nil {
			p.w.broadcast(p.channel, p.tab.origin, p.channel.name, c.Data)
		}
	default:
		return false
	}
	return true
}

func (p *page) area(c *sdk.Command) *storage {
	if value(c, "area") == "localStorage" {
		return p.w.localOf(p.tab.origin)
	}
	return p.tab.session
}

// stored fires the event storage in the other pages of the origin.
func (p *page) stored(c *sdk.Command) {
	key := value(c, "key")
	if !p.w.traits.noChannels || value(c, "area") != "localStorage" || key != p.entry && key != p.last {
		return
	}
	for _, t := range p.w.tabs {
		if other := t.page; other != nil && other != p && t.origin == p.tab.origin {
			p.w.after(1, nil, func() {
				if !other.gone && !other.frozen {
					other.looks()
				}
			})
		}
	}
}

func (p *page) save(c *sdk.Command, f *frame) {
	if p.w.traits.storageFull {
		p.area(c).remove(value(c, "key"))
		p.fails(c, f)
		return
	}
	p.area(c).set(value(c, "key"), value(c, "text"))
	p.stored(c)
	if c.Number != 0 {
		p.tell(&sdk.Event{Type: sdk.Saved, Flow: c.Flow, Number: c.Number, Data: []string{"key", value(c, "key")}}, f)
	}
}

func (p *page) parse(c *sdk.Command, f *frame) {
	text := value(c, "text")
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		p.fails(c, f)
		return
	}
	var data []string
	for _, name := range answers {
		if s, ok := object[name].(string); ok {
			data = append(data, name, s)
		}
	}
	p.tell(&sdk.Event{Type: sdk.Parsed, Flow: c.Flow, Number: c.Number, Data: data}, f)
}

// wait sets a timer.
func (p *page) wait(c *sdk.Command) {
	if slices.Contains(p.cancelled, c.Number) {
		return
	}
	number := integer(value(c, "window"))
	p.timers[c.Number] = p.w.after(int64(integer(value(c, "ms"))), p, func() {
		delete(p.timers, c.Number)
		e := &sdk.Event{Type: sdk.Timer, Flow: c.Flow, Number: c.Number}
		if o := p.windows[number]; o != nil {
			e.Data = p.look(o.window)
		}
		p.tell(e, newFrame(0))
	})
}

// look is what a page sees of a window.
func (p *page) look(v *window) []string {
	closed := v.closed || v.severed
	return []string{"closed", mark(closed), "away", mark(!closed && v.away), "focused", mark(p.w.focused == p.tab)}
}

func mark(holds bool) string {
	if holds {
		return "1"
	}
	return ""
}

// fetch sends a request, and tells of its answer.
func (p *page) fetch(c *sdk.Command) {
	r := &Request{
		Method: value(c, "method"), URL: value(c, "url"), Body: value(c, "body"), Headers: rest(c), Origin: p.tab.origin,
	}
	if value(c, "cookies") != "" {
		r.Cookie = p.w.cookie
	}
	if value(c, "as") != "code" {
		p.w.note(p, "asks", r.Method+" "+r.path())
	}
	p.w.judge.sent(p, r)
	p.w.send(p, r, int64(integer(value(c, "timeout"))), func(res *Response) {
		if res == nil {
			p.fails(c, newFrame(0))
			return
		}
		if res.member("error") != "waiting" {
			p.w.note(p, "is answered "+r.path(), strconv.Itoa(res.Status)+" "+res.member("error"))
		}
		p.tell(&sdk.Event{Type: sdk.Answer, Flow: c.Flow, Number: c.Number, Data: p.read(value(c, "as"), res)}, newFrame(0))
	})
}

// read is what Go hears of an answer.
func (p *page) read(kind string, res *Response) []string {
	data := []string{"status", strconv.Itoa(res.Status), "parsed", mark(res.JSON)}
	switch kind {
	case "token", "code":
		return append(data, res.Members...)
	case "policy":
		policy := ""
		if p.w.traits.policy {
			policy = "same-origin"
		}
		return append(data, "policy", policy, "focused", mark(p.w.focused == p.tab))
	}
	return data
}

// bridge is KakaoTalk's in-app browser, which asks the user in a dialog.
func (p *page) bridge(c *sdk.Command) {
	outcome := p.w.choose("KakaoTalk's dialog", 3)
	p.w.after(10, p, func() {
		if outcome == 2 {
			p.fails(c, newFrame(0))
			return
		}
		_, query := p.w.far.Decide(p.w, "?"+value(c, "query"), outcome == 0)
		p.tell(&sdk.Event{Type: sdk.Bridge, Flow: c.Flow, Number: c.Number, Data: messageOf(query)}, newFrame(0))
	})
}
