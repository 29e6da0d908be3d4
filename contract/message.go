package contract

// StateChannel names the BroadcastChannel on which the relay page gives its
// answer to the page that began the login of that state.
func StateChannel(state string) string { return prefix + state }

// The members of the relay page's answer. It goes through [StateChannel] and, to
// a page on another origin, as a window message; after a redirect it waits under
// [ResultKey] or behind [ResultFragment]. The names of the errors are those of
// RFC 6749, section 4.1.2.1, and of Kakao.
const (
	// MessageMark tells that a message is the relay page's. Its value is the
	// number 1.
	MessageMark             = "kakaowasm"
	MessageState            = "state"
	MessageCode             = "code"
	MessageError            = "error"
	MessageErrorDescription = "error_description"
	MessageErrorCode        = "error_code"
	MessageHint             = "hint"
	// MessageHeard is the page's word to the relay page that it has heard, the
	// number 1 beside the mark.
	MessageHeard = "heard"
)

// The members of what tabs tell each other on the channel [StorageKey].
const (
	TokenStatus  = "status"  // one of the statuses below
	TokenValue   = "token"   // the token as localStorage holds it; missing if it was removed
	TokenPersist = "persist" // whether the token is kept in localStorage
	TokenSince   = "since"   // when the login of the token began, or the logout that removed it: milliseconds since 1970
	TokenState   = "state"   // with LoginOver: of which login
)

// The statuses of an access token, in those messages and in the event
// kakao:token of a page.
const (
	TokenSet     = "set"
	TokenRenewed = "renewed"
	TokenRemoved = "removed"
	// LoginOver is in messages only: a login has ended, and was heard.
	LoginOver = "over"
)
