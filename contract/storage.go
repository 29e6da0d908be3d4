package contract

// prefix begins the name of everything that the SDK keeps in a browser.
const prefix = "kakaowasm:"

// Entries of sessionStorage. What follows each name is the state of a login.
const (
	// RedirectKey names what a redirect login needs when it comes back.
	RedirectKey = prefix + "redirect:"
	// ReturnKey names the address of the page that began it.
	ReturnKey = prefix + "return:"
	// ResultKey names the answer that the relay page leaves on its own origin.
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
// Its value is [HeldInMemory] or [HeldToPersist].
func HeldKey(appKey string) string { return StorageKey(appKey) + ":held" }

// What the entry of [HeldKey] says: the token was not to be kept, or it was on
// its way.
const (
	HeldInMemory  = "memory"
	HeldToPersist = "persist"
)

// RenewLock names the Web Lock under which one tab renews the token of an app.
func RenewLock(appKey string) string { return StorageKey(appKey) + ":renew" }
