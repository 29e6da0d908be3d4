package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"slices"
	"time"
)

const (
	authorityYears = 10
	// clockSkew is how far certificates are dated back, for clients in
	// containers and virtual machines whose clock is behind.
	clockSkew = time.Hour
)

// issuer signs server certificates. It is certified by the root that clients
// trust and carries the constraints, because clients need not heed those of a
// root (RFC 5280, section 6.2), and Java does not.
type issuer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	root        *x509.Certificate
}

// newIssuer makes a root and the issuer below it.
func newIssuer(now time.Time) (issuer, error) {
	return certify(rootTemplate(now), issuerTemplate(now))
}

// certify makes the chain that the templates describe. The key of the root is
// forgotten here: it could certify an issuer without constraints.
func certify(rootTemplate, issuerTemplate *x509.Certificate) (issuer, error) {
	rootKey, err := newKey()
	if err != nil {
		return issuer{}, err
	}
	root, err := sign(rootTemplate, rootTemplate, &rootKey.PublicKey, rootKey)
	if err != nil {
		return issuer{}, fmt.Errorf("authority: certify the root: %w", err)
	}
	key, err := newKey()
	if err != nil {
		return issuer{}, err
	}
	certificate, err := sign(issuerTemplate, root, &key.PublicKey, rootKey)
	if err != nil {
		return issuer{}, fmt.Errorf("authority: certify the issuer: %w", err)
	}
	return issuer{certificate: certificate, key: key, root: root}, nil
}

func rootTemplate(now time.Time) *x509.Certificate {
	template := authorityTemplate("kakaowasm emulator CA (this machine only)", now)
	template.MaxPathLen = 1
	return template
}

func issuerTemplate(now time.Time) *x509.Certificate {
	template := authorityTemplate("kakaowasm emulator issuer (this machine only)", now)
	template.MaxPathLenZero = true
	return template
}

// authorityTemplate is what root and issuer have in common.
func authorityTemplate(name string, now time.Time) *x509.Certificate {
	notBefore := now.Add(-clockSkew)
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             notBefore,
		NotAfter:              notBefore.AddDate(authorityYears, 0, 0),
		BasicConstraintsValid: true,
		IsCA:                  true,
		KeyUsage:              x509.KeyUsageCertSign,
		// Name constraints say nothing about kinds of names that they do not
		// list, such as mail addresses. This excludes what uses those.
		ExtKeyUsage:                 []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         []string{"kakao.com", "localhost"},
		PermittedIPRanges: []*net.IPNet{
			{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)},
			{IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
		},
	}
}

func newKey() (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority: generate a key: %w", err)
	}
	return key, nil
}

// sign makes the certificate that template describes; the serial number is
// random.
func sign(template, parent *x509.Certificate, subject *ecdsa.PublicKey, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, subject, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// verify looks at a server certificate as a client will.
func (i issuer) verify(c *x509.Certificate, now time.Time) error {
	intermediates := x509.NewCertPool()
	intermediates.AddCert(i.certificate)
	_, err := c.Verify(x509.VerifyOptions{Roots: i.pool(), Intermediates: intermediates, CurrentTime: now})
	return err
}

func (i issuer) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(i.root)
	return pool
}

// genuine reports whether the chain has every property of one that this package
// makes. Without a constraint, a stolen key would be worth more than promised.
func (i issuer) genuine() bool {
	return hasProfile(i.root, rootTemplate(i.root.NotBefore)) &&
		hasProfile(i.certificate, issuerTemplate(i.certificate.NotBefore)) &&
		i.root.CheckSignatureFrom(i.root) == nil &&
		i.certificate.CheckSignatureFrom(i.root) == nil
}

// hasProfile compares everything but keys and validity.
func hasProfile(c, want *x509.Certificate) bool {
	return c.Subject.String() == want.Subject.String() &&
		c.IsCA && c.MaxPathLen == want.MaxPathLen &&
		c.KeyUsage == want.KeyUsage &&
		slices.Equal(c.ExtKeyUsage, want.ExtKeyUsage) &&
		c.PermittedDNSDomainsCritical &&
		slices.Equal(c.PermittedDNSDomains, want.PermittedDNSDomains) &&
		slices.EqualFunc(c.PermittedIPRanges, want.PermittedIPRanges, equalNetworks)
}

func equalNetworks(a, b *net.IPNet) bool { return a.String() == b.String() }
