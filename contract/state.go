package contract

import (
	"encoding/base64"
	"strings"
)

// Flow is the way in which the answer of an authorization request travels back
// to the page that asked.
type Flow byte

const (
	// PopupFlow answers to the window that opened a popup.
	PopupFlow Flow = 'p'
	// RedirectFlow answers by leading the same window back to its page.
	RedirectFlow Flow = 'r'
)

// RandomSize is the number of random bytes in a state, a code verifier and a
// nonce: 256 bits, twice what RFC 6819 section 5.1.4.2.2 asks for. As a
// verifier its base64url form has the 43 characters that RFC 7636 section 4.1
// demands at least.
const RandomSize = 32

// FlowState makes the state parameter of an authorization request: the flow,
// random bytes that nobody can guess, and where the relay page may send the
// answer. For a popup that is the page's origin, for a redirect the page's
// address; the relay sends it there only if its server allows the origin.
func FlowState(flow Flow, random []byte, returnTo string) string {
	return string(flow) + "." + EncodeRandom(random) + "." + EncodeRandom([]byte(returnTo))
}

// RandomOf returns the random part of a state that [FlowState] has made; "" if it
// cannot have made it.
func RandomOf(state string) string {
	flow, rest, _ := strings.Cut(state, ".")
	random, _, _ := strings.Cut(rest, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(random)
	// By its writing too: decoding passes over line ends.
	if err != nil || len(decoded) != RandomSize || len(random) != base64.RawURLEncoding.EncodedLen(RandomSize) ||
		flow != string(PopupFlow) && flow != string(RedirectFlow) {
		return ""
	}
	return random
}

// EncodeRandom writes bytes in the alphabet that states, verifiers and nonces
// share: base64url without padding (RFC 4648, section 5).
func EncodeRandom(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
