package sdk

import "strconv"

// Command is one thing that the SDK wants done.
type Command struct {
	// Do says what; see the constants below.
	Do string
	// Flow and Number are the command's own. Its outcome carries both; where
	// Number is 0, nobody waits for one. Numbers are never used again.
	Flow, Number int
	// Data are names and values in turn.
	Data []string
}

// What a command may ask for. A window, a timer and a lock are known by the
// number of the command that made them.
const (
	// DoReturn ends the page's call with a value: that of "value", or null
	// without one. For [CallRules] and [CallCheck] it is a list.
	DoReturn = "return"
	// DoThrow ends the page's call with a KakaoError: code, param, hint, message.
	DoThrow = "throw"
	// DoSettle ends call, with ok by success. The answer is what answer names:
	// "value", what the event brought; "object", one made of the members of that
	// which pick names and of the names and values after "fields", with the
	// event's value under the name as, and hint where no listing shows it;
	// "kept", what DoKeep has kept; "true"; or "unknown", the API's unknown error.
	DoSettle = "settle"
	// DoKeep keeps what the event brought until call ends.
	DoKeep = "keep"
	// DoDrop leaves call without an end.
	DoDrop = "drop"
	// DoClosed ends call as one whose window the user has closed, DoReject for
	// its promise alone; see Auth.selectShippingAddress.
	DoClosed = "closed"
	DoReject = "reject"

	// DoOpen opens a window: address, name, features. Until DoShut, what is
	// heard about it comes as [Heard]: from its channel, with via "channel", or
	// as a window message, with origin and, if it is this window's, ours.
	DoOpen = "open"
	// DoListen listens to window's channel, and to window messages as relay or
	// address say; also where another page of this tab has opened the window.
	DoListen = "listen"
	// DoShut closes window, unless keep is set, and ends listening to it; with
	// heard it tells the relay page first that its answer was heard.
	DoShut = "shut"
	// DoSubmit sends a form to target by POST: action, target, then after
	// "fields" names and values.
	DoSubmit = "submit"
	// DoBeacon sends a form by POST without waiting for an answer, also from a
	// page that leaves: url, then after "fields" names and values.
	DoBeacon = "beacon"
	// DoFrame adds a hidden frame, which goes with window: window, name, src.
	DoFrame = "frame"
	// DoNavigate leads this window to address.
	DoNavigate = "navigate"

	// DoFetch sends a request: method, url, body, timeout in milliseconds,
	// cookies if they go along, keepalive if it outlives the page, form if the files of that call do, header names
	// and values after "headers". The answer is read as the kind that as names:
	// api, token, code or policy. Every answer has its status; see the
	// interpreter for what else.
	DoFetch = "fetch"
	// DoTimer waits for ms milliseconds and, with window, looks at it then; see
	// [Timer]. callback is the relay page's address.
	DoTimer = "timer"
	// DoCancel ends timer.
	DoCancel = "cancel"
	// DoLock asks for the Web Lock of that name. The outcome has the text under
	// key in sessionStorage as entry, that under last in localStorage as last;
	// waited; and free in a browser without locks.
	DoLock = "lock"
	// DoUnlock releases lock.
	DoUnlock = "unlock"

	// DoSave writes text to key in area: localStorage or sessionStorage.
	DoSave = "save"
	// DoRemove removes key from area.
	DoRemove = "remove"
	// DoParse reads text as JSON.
	DoParse = "parse"
	// DoJoin joins the channel of that name, from which [News] come, and has
	// the browser's events told; entry is the token's key in localStorage, last
	// the one that says what ended or began last, and held that of
	// sessionStorage for a token that is nowhere.
	DoJoin = "join"
	// DoLeave undoes it.
	DoLeave = "leave"
	// DoPost tells the others in that channel.
	DoPost = "post"
	// DoAnnounce fires the event kakao:token at the page: status, expires_in.
	DoAnnounce = "announce"
	// DoTellLogin fires the event kakao:login at the page, after the callbacks
	// that were settled before: kind, status, error, error_description.
	DoTellLogin = "tellLogin"
	// DoWarn tells the page's developer.
	DoWarn = "warn"
	// DoBridge asks KakaoTalk's in-app browser for a login: query.
	DoBridge = "bridge"
)

// do adds a command whose outcome nobody waits for.
func (m *Machine) do(what string, data ...string) {
	m.out = append(m.out, Command{Do: what, Data: data})
}

// ask adds a command of a flow and returns its number.
func (m *Machine) ask(f flow, what string, data ...string) int {
	n := m.next()
	m.out = append(m.out, Command{Do: what, Flow: f.at().number, Number: n, Data: data})
	return n
}

// next returns a number that was never used before.
func (m *Machine) next() int {
	m.last++
	return m.last
}

func text(n int) string { return strconv.Itoa(n) }

// flag is a fact that holds or, as an empty text, does not.
func flag(holds bool) string {
	if holds {
		return "1"
	}
	return ""
}
