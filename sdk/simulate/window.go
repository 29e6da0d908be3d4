package simulate

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
)

// window is a popup that a page has opened.
type window struct {
	opener  *page
	address string
	away    bool // shows another than its first, empty page
	severed bool // cut off from its opener
	closed  bool
}

// opened is a window as its opener knows it.
type opened struct {
	flow    int
	window  *window
	relay   bool // listens to the relay
	address bool // listens to Kakao's address page
	channel *subscription
}

// openWindow is window.open; nil if the browser blocks it.
func (p *page) openWindow(address string) *window {
	w := p.w
	if !w.hurried && w.choices.Pick("popup blocker", 10) == 9 {
		return nil
	}
	v := &window{opener: p, address: address}
	w.windows = append(w.windows, v)
	w.after(50, nil, func() { v.away, v.severed = true, v.severed || w.traits.policy })
	return v
}

// openWindows are those that the user sees.
func (w *World) openWindows() []*window {
	kept := w.windows[:0]
	for _, v := range w.windows {
		if !v.closed {
			kept = append(kept, v)
		}
	}
	w.windows = kept
	return kept
}

// decide is the user's word in a window at Kakao.
func (w *World) decide(v *window, accept bool) {
	redirectURI, query := w.far.Decide(w, v.address, accept)
	if redirectURI != ServerURL+contract.PathCallback {
		return // a code that is polled for, or one of the page's back end
	}
	w.after(20, nil, func() {
		if !v.closed {
			w.relay(v, query)
		}
	})
}

// relay is the relay page in a popup; see server/relay/callback.js.
func (w *World) relay(v *window, query string) {
	message := messageOf(query)
	state := member(message, contract.MessageState)
	w.note(nil, "the relay page answers", "")
	if !w.traits.noChannels {
		w.broadcast(nil, AppOrigin, contract.StateChannel(state), message)
	}
	if p := v.opener; !v.severed && returnOf(state) == p.tab.origin {
		w.after(1, p, func() { p.heardMessage(v, AppOrigin, message) })
	}
	v.closed = true
}

// relayRedirect is the relay page in a tab that comes back from Kakao.
func (w *World) relayRedirect(t *tab, query string) {
	message := messageOf(query)
	state := member(message, contract.MessageState)
	result := jsonOf(message)
	if t.origin == AppOrigin {
		t.session.set(contract.ResultKey+state, result)
		w.load(t, "")
		return
	}
	w.load(t, contract.ResultFragment+strings.ReplaceAll(url.QueryEscape(result), "+", "%20"))
}

// messageOf is what the relay page reads from its address.
func messageOf(query string) []string {
	values, _ := url.ParseQuery(query)
	var message []string
	for _, name := range []string{contract.MessageState, contract.MessageCode, contract.MessageError, contract.MessageErrorDescription} {
		if value := values.Get(name); value != "" {
			message = append(message, name, value)
		}
	}
	return message
}

// returnOf is the origin to which a state says that its answer goes.
func returnOf(state string) string {
	parts := strings.Split(state, ".")
	if len(parts) != 3 {
		return ""
	}
	address, _ := base64.RawURLEncoding.DecodeString(parts[2])
	u, err := url.Parse(string(address))
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// member is the value of a name in a list of names and values.
func member(list []string, name string) string {
	for i := 0; i+1 < len(list); i += 2 {
		if list[i] == name {
			return list[i+1]
		}
	}
	return ""
}

// jsonOf is a JSON object of names and values. The world's texts need no escape.
func jsonOf(list []string) string {
	var b strings.Builder
	for i := 0; i+1 < len(list); i += 2 {
		b.WriteString(map[bool]string{true: "{", false: ","}[i == 0] + `"` + list[i] + `":"` + list[i+1] + `"`)
	}
	return b.String() + "}"
}
