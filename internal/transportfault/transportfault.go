// Package transportfault names the kind of a failure of an HTTP call. The errors
// of net/http quote what the peer has sent and where the call went, and so may
// hold tokens, codes and secrets; the kinds here are constants, for logs and for
// errors that people see.
package transportfault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"
)

// Malformed is the kind of an answer that is no HTTP: without a status line, with a
// bad header line, length or encoding, or with a Location that is no address.
const Malformed = "the answer is not readable HTTP"

// kinds are what a failure may be, the more particular first.
var kinds = []struct {
	matches func(error) bool
	kind    string
}{
	{is(context.Canceled), "the caller has given up"},
	{isTimeout, "time-out"},
	{as[*net.DNSError], "the host name is not found"},
	{is(syscall.ECONNREFUSED), "connection refused"},
	{is(syscall.ECONNRESET), "connection reset"},
	{is(syscall.EPIPE), "connection closed while sending"},
	{is(syscall.EHOSTUNREACH), "host unreachable"},
	{is(syscall.ENETUNREACH), "network unreachable"},
	{isUntrusted, "the TLS certificate is not trusted for this host"},
	{as[tls.RecordHeaderError], "the peer speaks no TLS"},
	{as[tls.AlertError], "the peer refuses TLS"},
	{is(net.ErrClosed), "connection closed"},
	{isEnd, "connection closed before the end of the answer"},
	{as[*net.OpError], "the connection failed"},
}

// Kind returns what kind of failure an error of [net/http.Client.Do], or of reading
// an answer's body, is. It never repeats a part of the error. What is of no known
// kind came of what the peer has sent: it is [Malformed].
func Kind(err error) string {
	var notMade *NotMadeError
	if errors.As(err, &notMade) {
		return notMade.reason
	}
	for _, known := range kinds {
		if known.matches(err) {
			return known.kind
		}
	}
	return Malformed
}

// NotMadeError is the failure of a call that was not made.
type NotMadeError struct{ reason string }

// NotMade returns the failure of calls that are not made for this reason, which is
// their kind.
func NotMade(reason string) *NotMadeError { return &NotMadeError{reason} }

// Error says why.
func (e *NotMadeError) Error() string { return e.reason }

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func isUntrusted(err error) bool {
	return as[*tls.CertificateVerificationError](err) || as[x509.UnknownAuthorityError](err) ||
		as[x509.HostnameError](err) || as[x509.CertificateInvalidError](err)
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// Error is a failure of an HTTP call that says its kind and nothing else.
type Error struct{ cause error }

// New returns the failure that an error of an HTTP call is.
func New(cause error) *Error { return &Error{cause} }

// Error says the kind.
func (e *Error) Error() string { return Kind(e.cause) }

// Unwrap lets [errors.Is] and [errors.As] match the cause, such as the errors of
// package context. Its own text may hold what the peer has sent.
func (e *Error) Unwrap() error { return e.cause }
