// Package fault says what may be logged of a failure to reach a store's server. What
// that has answered may quote what it was sent: Redis does so with commands that it
// does not know, with the password in them. Its answers are told by their code.
package fault

import (
	"errors"
	"net"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
)

// said is a failure that says a text of ours in the place of its own.
type said struct {
	text  string
	cause error
}

// New returns a failure that says a text, and matches its cause.
func New(text string, cause error) error { return &said{text, cause} }

// Error says the text.
func (s *said) Error() string { return s.text }

// Unwrap lets [errors.Is] and [errors.As] match the cause.
func (s *said) Unwrap() error { return s.cause }

// Connection returns what may be said of a failure that is no answer: where a
// connection has failed, and how, but nothing that came over it.
func Connection(cause error) error { return New(connection(cause), cause) }

func connection(cause error) string {
	var call *net.OpError
	var name *net.DNSError
	switch kind := transportfault.Kind(cause); {
	case errors.As(cause, &name):
		return name.Error()
	case errors.As(cause, &call) && call.Op == "dial":
		return call.Error()
	case kind == transportfault.Malformed:
		return "the answer is not readable"
	default:
		return kind
	}
}
