//go:build js

package main

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// addressFeatures are the window features of a shipping-address window.
const addressFeatures = "location=no,resizable=no,status=no,scrollbars=no,width=460,height=608"

// addressWindowName is the window's name: there is one at a time.
const addressWindowName = "shipping_address"

// addressWindow is a window of Kakao's in which the user chooses, adds or
// changes a shipping address.
type addressWindow struct {
	answers  chan js.Value
	replaced chan struct{} // closed when the next one takes its place
	window   js.Value
	frame    js.Value
	stop     func()
}

// addressSettings are the settings of the three calls.
type addressSettings struct {
	ReturnURL         string `js:"returnUrl"`
	ForceMobileLayout bool   `js:"forceMobileLayout"`
	EnableBackButton  bool   `js:"enableBackButton"`
}

// callAddress opens the window at call.path. The access token goes there in the
// body of a form, never in an address. With a return URL it is this window that
// goes there and comes back.
func (s *sdk) callAddress(call js.Value) any {
	settings := call.Get("settings")
	defer jsbridge.Release(settings)
	var in addressSettings
	_ = jsbridge.Bind(settings, &in)
	transaction := s.newTransaction()
	form := []any{
		"app_key", s.appKey,
		"access_token", s.tokens.get().text(),
		"ka", s.agent,
		"trans_id", transaction,
		"mobile_view", strconv.FormatBool(in.ForceMobileLayout),
		"enable_back_button", strconv.FormatBool(in.EnableBackButton),
	}
	if id := jsbridge.Text(call, "addressId"); id != "" {
		form = append(form, "address_id", id)
	}
	action := kakao.AppsOrigin + jsbridge.Text(call, "path")
	if in.ReturnURL != "" {
		submit(action, "_self", append(form, "return_url", in.ReturnURL))
		return nil
	}
	settle := s.settler(call, s.auth)
	w, opened := s.openAddressWindow(transaction)
	if !opened {
		settle.end(false, failure(errPopupBlocked))
		return nil
	}
	submit(action, addressWindowName, form)
	go s.awaitAddress(w, settle, s.auth)
	return nil
}

// submit sends a form, a list of names and values, to a window.
func submit(action, target string, form []any) {
	jsbridge.Host("submit", append([]any{action, target}, form...)...)
}

func (s *sdk) openAddressWindow(transaction string) (*addressWindow, bool) {
	if s.address != nil {
		close(s.address.replaced)
		s.closeAddressWindow(s.address, false)
	}
	window, err := jsbridge.Call(js.Global(), "open", "", addressWindowName, addressFeatures)
	if err != nil || window.IsNull() || window.IsUndefined() {
		return nil, false
	}
	w := &addressWindow{answers: make(chan js.Value, 1), replaced: make(chan struct{}), window: window}
	// The window's page answers through this frame, which it finds by its name.
	w.frame = jsbridge.Host("addFrame", transaction, kakao.AppsOrigin+"/proxy?trans_id="+kakao.Escape(transaction))
	w.stop = jsbridge.Listen(jsbridge.Global("window"), "message", w.hear)
	s.address = w
	return w, true
}

// hear takes an answer from exactly Kakao's origin, and, unlike one of a login,
// from whichever window of it: how Kakao's pages pass it on is theirs to change,
// and it holds no secret.
func (w *addressWindow) hear(event js.Value) {
	if jsbridge.Text(event, "origin") != kakao.AppsOrigin {
		return
	}
	answer, err := jsbridge.Call(jsbridge.Global("JSON"), "parse", jsbridge.Text(event, "data"))
	if err != nil || answer.Type() != js.TypeObject {
		return
	}
	select {
	case w.answers <- answer:
	default: // one answer settles one call
		jsbridge.Release(answer)
	}
}

func (s *sdk) awaitAddress(w *addressWindow, settle settler, life <-chan struct{}) {
	ticker := time.NewTicker(popupPoll)
	defer ticker.Stop()
	for {
		select {
		case answer := <-w.answers:
			s.closeAddressWindow(w, true)
			settle.end(!isAddressError(answer), answer)
			return
		case <-w.replaced:
			settle.end(false, js.Undefined()) // for the promise alone
			return
		case <-life:
			s.closeAddressWindow(w, true)
			settle.drop()
			return
		case <-ticker.C:
		}
		if isClosed(w.replaced) {
			continue // the window has been released
		}
		if closed, err := jsbridge.Get(w.window, "closed"); err != nil || closed.Truthy() {
			s.closeAddressWindow(w, false)
			settle.end(false, js.Null()) // the page has a callback for that
			return
		}
	}
}

// isAddressError reports whether an answer is an error object.
func isAddressError(answer js.Value) bool {
	for _, name := range []string{"code", "error_code", "error"} {
		v := answer.Get(name)
		failed := v.Truthy()
		jsbridge.Release(v)
		if failed {
			return true
		}
	}
	return false
}

func (s *sdk) closeAddressWindow(w *addressWindow, andWindow bool) {
	if s.address != w {
		return // it is closed
	}
	s.address = nil
	w.stop()
	_, _ = jsbridge.Call(w.frame, "remove")
	if andWindow {
		_, _ = jsbridge.Call(w.window, "close")
	}
	jsbridge.Release(w.frame, w.window)
}
