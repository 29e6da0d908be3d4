//go:build js

package main

import (
	"strconv"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
)

// window is a popup that the SDK opened. There is one at a time: a second
// closes the first.
type window struct {
	value    js.Value
	replaced chan struct{} // closed when another window takes its place
}

// talkFeatures are the window features of a popup that leads to KakaoTalk.
const talkFeatures = "width=380, height=520, scrollbars=yes"

// openWindow opens a popup; false means that the browser blocked it. It runs
// inside the user's click, before anything waits, so that popup blockers let it
// pass.
func (s *sdk) openWindow(address, features string) (*window, bool) {
	if s.window != nil {
		close(s.window.replaced)
		s.closeWindow(s.window)
	}
	value, err := jsbridge.Call(js.Global(), "open", address, "_blank", features)
	if err != nil || value.IsNull() || value.IsUndefined() {
		return nil, false
	}
	s.window = &window{value, make(chan struct{})}
	return s.window, true
}

// closeWindow closes w, once.
func (s *sdk) closeWindow(w *window) {
	if w == nil || w.value.IsUndefined() {
		return
	}
	_, _ = jsbridge.Call(w.value, "close")
	jsbridge.Release(w.value)
	w.value = js.Undefined()
	if s.window == w {
		s.window = nil
	}
}

// isClosed reports whether the window reads as closed, or has been closed here.
func (w *window) isClosed() bool {
	if w.value.IsUndefined() {
		return true
	}
	closed, err := jsbridge.Get(w.value, "closed")
	return err != nil || closed.Truthy()
}

// popupFeatures puts the window in the middle of the screen, in the size and by
// the formula of the legacy SDK.
func (s *sdk) popupFeatures() string {
	const width, height = 480, 700
	return "width=" + strconv.Itoa(width) + ",height=" + strconv.Itoa(height) +
		",left=" + s.centre("screenLeft", "width", width) + ",top=" + s.centre("screenTop", "height", height) +
		",scrollbars=yes,resizable=1"
}

// centre is where a window of that length begins to stand in the middle of the
// screen. It may have a fraction of a half.
func (s *sdk) centre(offset, side string, length int) string {
	text := jsbridge.Host("centre", offset, side, length)
	defer jsbridge.Release(text)
	return text.String()
}
