//go:build js

package main

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

var errPopupBlocked = &kakao.OAuthError{
	Code:        "popup_blocked",
	Description: "The browser blocked the login window. Call Auth.login inside a click, and ask the user to allow popups.",
}

var errPopupClosed = &kakao.OAuthError{
	Code:        "popup_closed",
	Description: "The user closed the login window before the login was complete.",
}

var errPopupTimeout = &kakao.OAuthError{
	Code:        "popup_timeout",
	Description: "The login window gave no answer for ten minutes.",
}

// How often the window is looked at, how long an answer may still be on its way
// after the window has closed, and when to give up.
const (
	popupPoll    = 100 * time.Millisecond
	popupGrace   = 500 * time.Millisecond
	popupTimeout = 10 * time.Minute
)

// popup is the window of one login.
type popup struct {
	server string // origin of the relay page
	window js.Value
	opened bool
	// left tells whether the window was ever seen anywhere but on the empty
	// page that each window starts with.
	left    bool
	answers chan js.Value
	focused chan struct{}
	stops   []func()
}

// openPopup opens the window. It runs inside the user's click, before anything
// waits, so that popup blockers let it pass.
func (s *sdk) openPopup(address, state string) *popup {
	p := &popup{
		server:  originOf(s.server),
		answers: make(chan js.Value, 1),
		focused: make(chan struct{}, 1),
	}
	window, err := jsbridge.Call(js.Global(), "open", address, "_blank", s.popupFeatures())
	p.opened = err == nil && !window.IsNull() && !window.IsUndefined()
	if !p.opened {
		return p
	}
	p.window = window
	channel := jsbridge.OpenChannel("kakaowasm:"+state, p.hear)
	p.stops = []func(){
		channel.Close,
		jsbridge.Listen(jsbridge.Global("window"), "message", p.hearMessage),
		jsbridge.Listen(jsbridge.Global("window"), "focus", func(js.Value) {
			select {
			case p.focused <- struct{}{}:
			default:
			}
		}),
	}
	return p
}

// popupFeatures centres the window on the screen, in the legacy size.
func (s *sdk) popupFeatures() string {
	const width, height = 480, 700
	left := s.host.Call("centre", "screenLeft", "innerWidth", width).Int()
	top := s.host.Call("centre", "screenTop", "innerHeight", height).Int()
	return "width=" + strconv.Itoa(width) + ",height=" + strconv.Itoa(height) +
		",left=" + strconv.Itoa(left) + ",top=" + strconv.Itoa(top) + ",scrollbars=yes,resizable=1"
}

// hear takes an answer of the relay page: one that came through the channel that
// only this login's state names, or one that hearMessage lets through.
func (p *popup) hear(data js.Value) {
	if data.Type() != js.TypeObject || data.Get("kakaowasm").Type() != js.TypeNumber {
		return
	}
	answer := jsbridge.Keep(data)
	select {
	case p.answers <- answer:
	default: // one answer settles one login
		jsbridge.Release(answer)
	}
}

// hearMessage takes an answer that no channel carries, from a relay page on
// another origin or storage partition: only from that exact origin, and only
// from the window that we opened.
func (p *popup) hearMessage(event js.Value) {
	source := event.Get("source")
	defer jsbridge.Release(source)
	if jsbridge.Text(event, "origin") != p.server || !source.Equal(p.window) {
		return
	}
	data := event.Get("data")
	defer jsbridge.Release(data)
	p.hear(data)
}

// answer waits for the relay's answer, the end of the window, or cleanup.
func (p *popup) answer(ended <-chan struct{}) (js.Value, *kakao.OAuthError) {
	if !p.opened {
		return js.Undefined(), errPopupBlocked
	}
	deadline := time.After(popupTimeout)
	closed := make(chan struct{})
	stop := make(chan struct{})
	defer close(stop)
	go p.watch(closed, stop)
	select {
	case answer := <-p.answers:
		return answer, nil
	case <-ended:
		return js.Undefined(), errCleanedUp
	case <-deadline:
		return js.Undefined(), errPopupTimeout
	case <-closed:
	}
	select {
	case answer := <-p.answers:
		return answer, nil
	case <-time.After(popupGrace):
		return js.Undefined(), errPopupClosed
	}
}

// watch closes closed once the user has closed the window.
func (p *popup) watch(closed chan<- struct{}, stop <-chan struct{}) {
	ticker := time.NewTicker(popupPoll)
	defer ticker.Stop()
	for {
		<-ticker.C
		if isClosed(stop) {
			return // the window has been released
		}
		if !p.isClosed() {
			p.left = p.left || p.hasLeft()
			continue
		}
		if p.reallyClosed(stop) {
			close(closed)
		}
		return
	}
}

// isClosed reports whether the window reads as closed.
func (p *popup) isClosed() bool {
	closed, err := jsbridge.Get(p.window, "closed")
	return err != nil || closed.Truthy()
}

// hasLeft reports whether the window shows anything but its first, empty page.
// Reading the address of a page of another origin throws.
func (p *popup) hasLeft() bool {
	location, err := jsbridge.Get(p.window, "location")
	if err != nil {
		return true
	}
	defer jsbridge.Release(location)
	href, err := jsbridge.Get(location, "href")
	if err != nil {
		return true
	}
	defer jsbridge.Release(href)
	return href.String() != "about:blank"
}

// reallyClosed decides about a window that reads as closed. Either the user has
// closed it, or a Cross-Origin-Opener-Policy, ours or one of the consent page,
// has cut the tie to it, and it is alive: then its answer still reaches us
// through the channel, and only the user's return to this page tells that there
// will be none.
func (p *popup) reallyClosed(stop <-chan struct{}) bool {
	select {
	case <-p.focused: // an earlier return
	default:
	}
	if (p.left || !p.openerPolicy()) && hasFocus() {
		return !isClosed(stop)
	}
	for {
		select {
		case <-stop:
			return false
		case <-p.focused:
		}
		select {
		case <-stop:
			return false
		case <-time.After(4 * popupGrace):
			if hasFocus() {
				return true
			}
		}
	}
}

// hasFocus reports whether the user is on this page.
func hasFocus() bool {
	document := jsbridge.Global("document")
	defer jsbridge.Release(document)
	return document.Call("hasFocus").Bool()
}

// openerPolicy reports whether this page was served with a
// Cross-Origin-Opener-Policy. A page cannot see its own headers, so it asks for
// them again; without an answer it takes the policy for given.
func (p *popup) openerPolicy() bool {
	location := jsbridge.Global("location")
	defer jsbridge.Release(location)
	policy, err := jsbridge.FetchHeader(jsbridge.Text(location, "href"), "cross-origin-opener-policy")
	return err != nil || policy != "" && policy != "unsafe-none"
}

// close ends the window, if it is still ours, and all listening.
func (p *popup) close() {
	for _, stop := range p.stops {
		stop()
	}
	select {
	case second := <-p.answers: // by the other of the two ways
		jsbridge.Release(second)
	default:
	}
	if p.opened {
		_, _ = jsbridge.Call(p.window, "close")
		jsbridge.Release(p.window)
	}
}

// originOf is the origin of an address: its scheme, host and port.
func originOf(address string) string {
	slashes := 0
	for i := range len(address) {
		if address[i] == '/' {
			if slashes++; slashes == 3 {
				return address[:i]
			}
		}
	}
	return address
}
