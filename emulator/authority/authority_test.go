package authority

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// kakaoNames is what the emulator answers for.
var kakaoNames = []string{"kauth.kakao.com", "kapi.kakao.com", "localhost", "127.0.0.1", "::1"}

// fakeClock is set by hand.
type fakeClock struct{ time.Time }

func newClock() *fakeClock {
	return &fakeClock{time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) now() time.Time           { return c.Time }
func (c *fakeClock) advance(by time.Duration) { c.Time = c.Add(by) }

func newAuthority(t *testing.T, opts ...Option) *Authority {
	t.Helper()
	a, err := New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func serverConfig(t *testing.T, a *Authority, names ...string) *tls.Config {
	t.Helper()
	config, err := a.TLSConfig(names...)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// serve answers every request with the host that it was sent to, and returns
// the address to connect to.
func serve(t *testing.T, config *tls.Config) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Seen-Host", r.Host)
	})}
	done := make(chan error, 1)
	go func() { done <- server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), <-done); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// clientOf trusts the authority alone and resolves every name to address.
func clientOf(t *testing.T, a *Authority, address string, http2 bool) *http.Client {
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: a.Pool()},
		ForceAttemptHTTP2: http2,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestClientsOfEveryNameAreServed(t *testing.T) {
	a := newAuthority(t)
	address := serve(t, serverConfig(t, a, kakaoNames...))
	protocols := []struct {
		name  string
		http2 bool
	}{{"HTTP/2.0", true}, {"HTTP/1.1", false}}
	for _, protocol := range protocols {
		for _, host := range []string{"kauth.kakao.com", "kapi.kakao.com", "localhost", "127.0.0.1", "[::1]"} {
			t.Run(protocol.name+" "+host, func(t *testing.T) {
				response, err := clientOf(t, a, address, protocol.http2).Get("https://" + host + "/")
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				got := []string{response.Proto, response.Header.Get("Seen-Host")}
				if diff := cmp.Diff([]string{protocol.name, host}, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// handshake connects over memory. The client's error is returned, since it is
// the client that has to agree.
func handshake(t *testing.T, server, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	near, far := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = tls.Server(far, server).Handshake()
		_ = far.Close()
	}()
	conn := tls.Client(near, client)
	err := conn.Handshake()
	_ = near.Close()
	<-done
	return conn.ConnectionState(), err
}

func TestClientWithoutServerNameIsServed(t *testing.T) {
	a := newAuthority(t)
	server := serverConfig(t, a, kakaoNames...)
	asked := false
	get := server.GetCertificate
	server.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked = hello.ServerName == ""
		return get(hello)
	}
	// An IP address is no server name (RFC 6066, section 3) and is not sent.
	state, err := handshake(t, server, &tls.Config{RootCAs: a.Pool(), ServerName: "127.0.0.1"})
	if err != nil || !asked {
		t.Fatalf("handshake without a server name %t: %v", asked, err)
	}
	if err := state.PeerCertificates[0].VerifyHostname("kauth.kakao.com"); err != nil {
		t.Error(err)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	a := newAuthority(t)
	client := &tls.Config{RootCAs: a.Pool(), ServerName: "localhost", MinVersion: tls.VersionTLS10}
	for version, accepted := range map[uint16]bool{
		tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true,
	} {
		client.MaxVersion = version
		if _, err := handshake(t, serverConfig(t, a, "localhost"), client); (err == nil) != accepted {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
}

func TestClientsOfEitherHTTPAreUnderstood(t *testing.T) {
	a := newAuthority(t)
	for _, protocol := range []string{"h2", "http/1.1"} {
		client := &tls.Config{RootCAs: a.Pool(), ServerName: "localhost", NextProtos: []string{protocol}}
		state, err := handshake(t, serverConfig(t, a, "localhost"), client)
		if err != nil || state.NegotiatedProtocol != protocol {
			t.Errorf("%s: negotiated %q, %v", protocol, state.NegotiatedProtocol, err)
		}
	}
}

func TestClientOfAnotherAuthorityRefuses(t *testing.T) {
	server := serverConfig(t, newAuthority(t), "localhost")
	_, err := handshake(t, server, &tls.Config{RootCAs: newAuthority(t).Pool(), ServerName: "localhost"})
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		t.Errorf("%v; authorities must not be told apart by their subjects only", err)
	}
}

func TestAuthorityInMemoryHasNoFile(t *testing.T) {
	if file := newAuthority(t).CertificateFile(); file != "" {
		t.Errorf("certificate file %q", file)
	}
}
