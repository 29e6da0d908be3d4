package contract

// prefix begins the name of everything that the SDK keeps in a browser.
const prefix = "kakaowasm:"

// Entries of sessionStorage. What follows each name is the state of a login.
const (
	// LoginKey names the record of a login that the SDK completes by itself. It is
	// also the name of the Web Lock of whoever goes on with that login.
	LoginKey = prefix + "login:"
	// ReturnKey names the address of the page that began it, for the relay page.
	ReturnKey = prefix + "return:"
	// ResultKey names the answer to it: what the relay page leaves on its own
	// origin, or what came another way.
	ResultKey = prefix + "result:"
)

// ResultFragment begins the fragment in which the relay page leaves its answer
// to a page on another origin: a JSON object of the members in message.go, percent-encoded.
const ResultFragment = "#kakaowasm="

// StorageKey names the access token of an app in localStorage, and the channel
// on which its tabs tell each other of each change.
func StorageKey(appKey string) string { return prefix + appKey }

// HeldKey names the sessionStorage entry that says, without holding a token,
// that the token server has a login of this tab whose token a reload would lose.
// Its value is when that login began, in milliseconds since 1970.
func HeldKey(appKey string) string { return StorageKey(appKey) + ":held" }

// LastKey names the localStorage entry that says what ended or began last, and
// since when an answer to an older login does not count: [LoggedIn] or
// [LoggedOut], then the moment in milliseconds since 1970, and after a space the
// state of that login.
func LastKey(appKey string) string { return StorageKey(appKey) + ":last" }

// What the entry of [LastKey] begins with.
const (
	LoggedIn  = "in."
	LoggedOut = "out."
)

// RenewLock names the Web Lock under which one tab renews the token of an app.
func RenewLock(appKey string) string { return StorageKey(appKey) + ":renew" }
