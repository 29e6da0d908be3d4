package authority

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	leafLifetime = 90 * 24 * time.Hour
	// leafReserve is what is left of a certificate's validity when it is
	// replaced, for clients that keep a connection open.
	leafReserve = leafLifetime / 3
)

// leaf is the certificate of one server, replaced before it expires.
type leaf struct {
	issuer issuer
	now    func() time.Time
	names  []string

	mu      sync.Mutex
	current *tls.Certificate
}

// get is a [tls.Config.GetCertificate].
func (l *leaf) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.current != nil && now.Before(l.current.Leaf.NotAfter.Add(-leafReserve)) {
		return l.current, nil
	}
	renewed, err := l.issue(now)
	if err != nil {
		return nil, err
	}
	l.current = renewed
	return renewed, nil
}

// issue makes a certificate with a new key. What the constraints or the validity
// of the authority forbid is found here instead of by every client.
func (l *leaf) issue(now time.Time) (*tls.Certificate, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	issued, err := sign(l.template(now), l.issuer.certificate, &key.PublicKey, l.issuer.key)
	if err == nil {
		err = l.issuer.verify(issued, now)
	}
	if err != nil {
		return nil, fmt.Errorf("authority: cannot certify %q: names must belong to kakao.com, localhost or loopback addresses, and the authority ends on %s: %w",
			l.names, l.issuer.certificate.NotAfter.Format(time.DateOnly), err)
	}
	// Clients that trust the root need not be sent it, but those that are told
	// the hash of a public key to trust find in it the one of the file.
	chain := [][]byte{issued.Raw, l.issuer.certificate.Raw, l.issuer.root.Raw}
	return &tls.Certificate{Certificate: chain, PrivateKey: key, Leaf: issued}, nil
}

// template describes the certificate. Its subject holds no common name, because
// some clients take that for a host name.
func (l *leaf) template(now time.Time) *x509.Certificate {
	notBefore := now.Add(-clockSkew)
	template := &x509.Certificate{
		Subject:     pkix.Name{Organization: []string{"kakaowasm emulator"}},
		NotBefore:   notBefore,
		NotAfter:    earlier(notBefore.Add(leafLifetime), l.issuer.certificate.NotAfter),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range l.names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return template
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
