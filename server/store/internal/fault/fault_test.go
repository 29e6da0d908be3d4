package fault_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store/internal/fault"
)

// Where a connection has failed is said, and nothing that came over it.
func TestConnectionsSayNothingOfAPeer(t *testing.T) {
	for want, cause := range map[string]error{
		"dial tcp 192.0.2.1:6379: connect: connection refused": &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 6379}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"lookup redis.internal: no such host":                  &net.DNSError{Err: "no such host", Name: "redis.internal"},
		"connection reset":                                     &net.OpError{Op: "read", Err: syscall.ECONNRESET},
		"time-out":                                             context.DeadlineExceeded,
		"the answer is not readable":                           errors.New("can't parse"),
	} {
		err := fault.Connection(fmt.Errorf("%w: %q", cause, "hunter2"))
		if err.Error() != want || !errors.Is(err, cause) || strings.Contains(fmt.Sprintf("%+v", err), "hunter2") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
