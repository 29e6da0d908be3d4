package authority

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

func TestNamesOutsideTheConstraintsAreRefused(t *testing.T) {
	tests := []struct {
		name  string
		names []string
	}{
		{"no name", nil},
		{"another domain", []string{"evil.example"}},
		{"another domain among allowed ones", []string{"kapi.kakao.com", "evil.example"}},
		{"a domain that ends like Kakao's", []string{"evilkakao.com"}},
		{"a domain that begins like Kakao's", []string{"kakao.com.evil.example"}},
		{"an address of another machine", []string{"192.0.2.1"}},
		{"an IPv6 address of another machine", []string{"2001:db8::1"}},
		{"an unspecified address", []string{"0.0.0.0"}},
		{"an empty name", []string{""}},
		{"a name with a port", []string{"kapi.kakao.com:8443"}},
	}
	a := newAuthority(t)
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := a.TLSConfig(tc.names...); err == nil || !strings.Contains(err.Error(), "kakao.com") {
				t.Errorf("%q: %v; want an error that says which names will do", tc.names, err)
			}
		})
	}
}

// certificateAt is what a client sees at the given time; the client checks it
// with the same clock.
func certificateAt(t *testing.T, a *Authority, server *tls.Config) *x509.Certificate {
	t.Helper()
	state, err := handshake(t, server, &tls.Config{RootCAs: a.Pool(), ServerName: "localhost", Time: a.now})
	if err != nil {
		t.Fatal(err)
	}
	return state.PeerCertificates[0]
}

func TestCertificateIsRenewedInALongRun(t *testing.T) {
	const day = 24 * time.Hour
	clock := newClock()
	a := newAuthority(t, WithClock(clock.now))
	names := []string{"localhost"}
	server := serverConfig(t, a, names...)
	names[0] = "changed.example" // the caller's slice is the caller's
	steps := []struct {
		name    string
		after   time.Duration
		renewed bool
	}{
		{"on the same day", time.Hour, false},
		{"shortly before two thirds of the validity", 59 * day, false},
		{"after two thirds of the validity", day, true},
		{"directly after", time.Minute, false},
		{"long after everything has expired", 400 * day, true},
	}
	last := certificateAt(t, a, server)
	for _, step := range steps {
		clock.advance(step.after)
		current := certificateAt(t, a, server)
		if renewed := !current.Equal(last); renewed != step.renewed {
			t.Errorf("%s: renewed %t", step.name, renewed)
		}
		if lifetime := current.NotAfter.Sub(current.NotBefore); lifetime > 90*day {
			t.Errorf("%s: valid for %s", step.name, lifetime)
		}
		last = current
	}
}

func TestCertificateEndsWithItsAuthority(t *testing.T) {
	clock := newClock()
	a := newAuthority(t, WithClock(clock.now))
	server := serverConfig(t, a, "localhost")
	end := a.issuer.certificate.NotAfter

	clock.Time = end.Add(-time.Hour)
	if got := certificateAt(t, a, server).NotAfter; !got.Equal(end) {
		t.Errorf("certificate ends at %s, the authority at %s", got, end)
	}
	clock.advance(2 * time.Hour)
	if _, err := server.GetCertificate(nil); err == nil || !strings.Contains(err.Error(), end.Format(time.DateOnly)) {
		t.Errorf("%v; want an error that names the end of the authority", err)
	}
}

func TestCertificateIsValidForAClockThatIsBehind(t *testing.T) {
	a := newAuthority(t)
	server := serverConfig(t, a, "localhost")
	behind := func() time.Time { return time.Now().Add(-30 * time.Minute) }
	if _, err := handshake(t, server, &tls.Config{RootCAs: a.Pool(), ServerName: "localhost", Time: behind}); err != nil {
		t.Error(err)
	}
}

func TestChainEndsWithTheRoot(t *testing.T) {
	a := newAuthority(t)
	state, err := handshake(t, serverConfig(t, a, "localhost"), &tls.Config{RootCAs: a.Pool(), ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	sent := state.PeerCertificates
	if len(sent) != 3 || !sent[1].Equal(a.issuer.certificate) || !sent[2].Equal(a.issuer.root) {
		t.Errorf("%d certificates; want the server's, the issuer's and the root", len(sent))
	}
}
