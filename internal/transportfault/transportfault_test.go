package transportfault_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
)

// Every failure has a kind that says what happened and nothing of what it quotes.
func TestKindsRepeatNothing(t *testing.T) {
	const secret = "secret-71c2"
	for want, causes := range map[string][]error{
		"the caller has given up":    {context.Canceled},
		"time-out":                   {context.DeadlineExceeded, os.ErrDeadlineExceeded, &net.DNSError{Name: secret, IsTimeout: true}},
		"the host name is not found": {&net.DNSError{Err: secret, Name: secret}},
		"connection refused":         {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}},
		"connection reset":           {&net.OpError{Op: "read", Err: syscall.ECONNRESET}},
		"network unreachable":        {syscall.ENETUNREACH},
		"host unreachable":           {syscall.EHOSTUNREACH},
		"connection closed":          {net.ErrClosed, io.EOF, io.ErrUnexpectedEOF, syscall.EPIPE},
		"certificate":                {&tls.CertificateVerificationError{Err: errors.New(secret)}, x509.HostnameError{Host: secret, Certificate: &x509.Certificate{}}, x509.UnknownAuthorityError{}},
		"speaks no TLS":              {tls.RecordHeaderError{Msg: secret}},
		"refuses TLS":                {tls.AlertError(40)},
		"the connection failed":      {&net.OpError{Op: "write", Err: errors.New(secret)}},
		transportfault.Malformed:     {errors.New(secret), fmt.Errorf("malformed HTTP response %q", secret)},
	} {
		for _, cause := range causes {
			err := transportfault.New(&url.Error{Op: "Post", URL: "https://kauth.kakao.com/?code=" + secret, Err: cause})
			if said := fmt.Sprintf("%v %s %+v", err, err.Error(), error(err)); !strings.Contains(said, want) || strings.Contains(said, secret) {
				t.Errorf("%T: got %q, want something about %q", cause, said, want)
			}
			if !errors.Is(err, cause) {
				t.Errorf("%T is not matched", cause)
			}
		}
	}
}
