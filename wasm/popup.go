//go:build js

package main

import (
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

var errPopupBlocked = &kakao.OAuthError{
	Code:        "popup_blocked",
	Description: "The browser blocked the login window. Call the function inside a click, and ask the user to allow popups.",
}

var errPopupClosed = &kakao.OAuthError{
	Code:        "popup_closed",
	Description: "The user closed the login window before the login was complete.",
}

var errPopupReplaced = &kakao.OAuthError{
	Code:        "popup_closed",
	Description: "Another login took the place of this one.",
}

var errPopupTimeout = &kakao.OAuthError{
	Code:        "popup_timeout",
	Description: "The login window gave no answer for ten minutes.",
}

// How often the window is looked at, how long an answer may still be on its way
// after the window has closed, or after the user has come back to this page from
// a window that only looks closed, and when to give up.
const (
	popupPoll    = 100 * time.Millisecond
	popupGrace   = 250 * time.Millisecond
	returnGrace  = 2 * time.Second
	popupTimeout = 10 * time.Minute
)

// popup is the window of one login.
type popup struct {
	s      *sdk
	server string // origin of the relay page
	window *window
	// left tells whether the window was ever seen anywhere but on the empty
	// page that each window starts with.
	left bool
	// lost tells that the window cannot answer, or closes by itself, because
	// the login goes on in KakaoTalk: its code is polled for.
	lost    bool
	answers chan js.Value
	over    chan *kakao.OAuthError // the polling ended without an answer
	done    bool                   // nobody waits for an answer any more
	focused chan struct{}
	stops   []func()
}

// openPopup opens the window of a login.
func (s *sdk) openPopup(address, features, state string) *popup {
	p := &popup{
		s:       s,
		server:  originOf(s.server),
		answers: make(chan js.Value, 1),
		over:    make(chan *kakao.OAuthError, 1),
		focused: make(chan struct{}, 1),
	}
	var opened bool
	if p.window, opened = s.openWindow(address, features); !opened {
		return p
	}
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

// hear takes an answer of the relay page: one that came through the channel that
// only this login's state names, or one that hearMessage lets through.
func (p *popup) hear(data js.Value) {
	if data.Type() != js.TypeObject || data.Get("kakaowasm").Type() != js.TypeNumber {
		return
	}
	p.take(jsbridge.Keep(data))
}

// take hands an answer to the login that waits for it.
func (p *popup) take(answer js.Value) {
	if p.done {
		jsbridge.Release(answer)
		return
	}
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
	if jsbridge.Text(event, "origin") != p.server || !source.Equal(p.window.value) {
		return
	}
	data := event.Get("data")
	defer jsbridge.Release(data)
	p.hear(data)
}

// answer waits for the relay's or the polling's answer, the end of the window,
// or cleanup.
func (p *popup) answer(life <-chan struct{}) (js.Value, *kakao.OAuthError) {
	if p.window == nil {
		return js.Undefined(), errPopupBlocked
	}
	deadline := time.After(popupTimeout)
	closed := make(chan struct{})
	stop := make(chan struct{})
	defer close(stop)
	if p.lost {
		deadline = nil // the polling has its own
	} else {
		go p.watch(closed, stop)
	}
	select {
	case answer := <-p.answers:
		return answer, nil
	case e := <-p.over:
		return js.Undefined(), e
	case <-p.window.replaced:
		return js.Undefined(), errPopupReplaced
	case <-life:
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
		if !p.window.isClosed() {
			p.left = p.left || p.hasLeft()
			continue
		}
		if p.reallyClosed(stop) {
			close(closed)
		}
		return
	}
}

// hasLeft reports whether the window shows anything but its first, empty page.
// Reading the address of a page of another origin throws.
func (p *popup) hasLeft() bool {
	location, err := jsbridge.Get(p.window.value, "location")
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
		case <-time.After(returnGrace):
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
	p.done = true
	for _, stop := range p.stops {
		stop()
	}
	select {
	case second := <-p.answers: // by the other of the two ways
		jsbridge.Release(second)
	default:
	}
	p.s.closeWindow(p.window)
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
