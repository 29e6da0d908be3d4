package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// Limits of the HTTP servers.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 45 * time.Second
	idleTimeout       = 2 * time.Minute
	shutdownGrace     = 30 * time.Second
	maxHeaderBytes    = 64 << 10
)

// A login that waits for another one with its code, and then asks Kakao again
// after a failure, takes as long as so many calls to Kakao, and some more for the
// store. Whoever lets Kakao take longer must let answers take longer, too, or they
// never arrive.
const (
	callsOfAnAnswer = 4
	answerGrace     = 5 * time.Second
)

// boundServer is an HTTP server with the port it has.
type boundServer struct {
	*http.Server
	listener net.Listener
}

// listen takes the port of addr. The caller's error names addr and the option
// that chooses another.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, errorf("already in use by another program")
	}
	return listener, err
}

// httpOrigin is the origin of what listens on addr, as browsers write it:
// without the default port.
func httpOrigin(addr string) string {
	return "http://" + strings.TrimSuffix(addr, ":80")
}

// localOrigin is where this machine reaches what listens on an address, which may
// stand for all of its addresses.
func localOrigin(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip, parsed := netip.ParseAddr(host); err == nil && (host == "" || parsed == nil && ip.IsUnspecified()) {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	return httpOrigin(addr)
}

func newHTTPServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
}

// serveAll serves until parent is done or one server fails, and then shuts all
// down, letting running requests finish for a while.
func serveAll(parent context.Context, servers []boundServer) error {
	ctx, stop := context.WithCancelCause(parent)
	defer stop(nil)
	for _, s := range servers {
		go func() {
			if err := s.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
				stop(fmt.Errorf("%s: %w", s.listener.Addr(), err))
			}
		}()
	}
	<-ctx.Done()
	var cause error
	if parent.Err() == nil { // Nobody asked to stop: a server failed.
		cause = context.Cause(ctx)
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	for _, s := range servers {
		cause = errors.Join(cause, s.Shutdown(grace))
	}
	return cause
}
