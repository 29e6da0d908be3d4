package sdk

// Event is one thing that happens to the SDK: a call of the page, the outcome
// of a command, or something that the browser tells every page.
type Event struct {
	// Type says what happened; see the constants below.
	Type string
	// Flow and Number are those of the command whose outcome this is; both are
	// 0 otherwise. A call of the page that answers later has its own Number, by
	// which it is settled.
	Flow, Number int
	// Now is the browser's clock in milliseconds since 1970.
	Now int64
	// Stored is the entry of the access token in localStorage, "" if there is
	// none. Other tabs may have written it.
	Stored string
	// Data are further facts: names and values in turn.
	Data []string
	// Settings are those of a call that takes them; nil stands for none.
	Settings *Settings
}

// Calls of the page. Those marked with a star are settled later.
const (
	CallRules          = "rules"          // name
	CallCheck          = "check"          // name of the call, then key, tag and text of each setting
	CallInit           = "init"           // * see [Machine.init]
	CallCleanup        = "cleanup"        //
	CallAuthCleanup    = "authCleanup"    //
	CallAPICleanup     = "apiCleanup"     //
	CallLogin          = "login"          // * random, left, top
	CallAuthorize      = "authorize"      // * random, left, top, href, script, bridge
	CallIssue          = "issue"          // * code, redirectUri, codeVerifier
	CallAddress        = "address"        // * random, path, addressId
	CallLogout         = "logout"         // *
	CallStatus         = "status"         // *
	CallRequest        = "request"        // * url, form, then names and texts of the parameters after "data"
	CallRenew          = "renew"          //
	CallGetAccessToken = "getAccessToken" //
	CallSetAccessToken = "setAccessToken" // token, unless it is null; persist
)

// Outcomes of commands.
const (
	Opened  = "opened"  // the window is open
	Blocked = "blocked" // the browser opened no window
	Heard   = "heard"   // a message about a window: see [DoOpen]
	Timer   = "timer"   // with closed, away, focused, and astray at the relay page's address without it, where the timer watches a window
	Answer  = "answer"  // an HTTP answer: see [DoFetch]
	Failed  = "failed"  // the browser did not carry the command out, or there was no answer
	Locked  = "locked"  // with waited where somebody else had the lock before
	Bridge  = "bridge"  // the members of KakaoTalk's answer
	Parsed  = "parsed"  // the members of a JSON object that are strings
	Saved   = "saved"   // key
)

// What the browser tells.
const (
	PageShow = "pageshow" // also where the page comes from the back/forward cache
	Look     = "look"     // others may have changed the storage: last and held are what DoJoin names
	PageHide = "pagehide"
	Focus    = "focus"
	News     = "news" // of another tab: status, token, persist, since
)

// Internal events: what one flow does to another.
const (
	replaced = "replaced" // another popup takes the place of this flow's
	resumed  = "resumed"  // what the flow waited for is done
)

func (e *Event) settings() *Settings {
	if e.Settings == nil {
		return &Settings{}
	}
	return e.Settings
}

// get returns the value of a fact, "" if the event does not hold it.
func (e *Event) get(name string) string {
	value, _ := e.lookup(name)
	return value
}

// has reports whether the event holds a fact that is not empty.
func (e *Event) has(name string) bool { return e.get(name) != "" }

func (e *Event) lookup(name string) (string, bool) {
	for i := 0; i+1 < len(e.Data); i += 2 {
		if e.Data[i] == name {
			return e.Data[i+1], true
		}
	}
	return "", false
}
