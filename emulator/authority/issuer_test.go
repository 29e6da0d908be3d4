package authority

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"net"
	"testing"
	"time"
)

// forge makes a certificate with a stolen key, whatever template says.
func forge(t *testing.T, stolen issuer, template *x509.Certificate) issuer {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Minute), time.Now().Add(time.Hour)
	certificate, err := sign(template, stolen.certificate, &key.PublicKey, stolen.key)
	if err != nil {
		t.Fatal(err)
	}
	return issuer{certificate: certificate, key: key, root: stolen.root}
}

// chain is what a client verifies with: the root, and the certificates between.
func chain(a *Authority, between ...issuer) x509.VerifyOptions {
	options := x509.VerifyOptions{Roots: a.Pool(), Intermediates: x509.NewCertPool()}
	options.Intermediates.AddCert(a.issuer.certificate)
	for _, i := range between {
		options.Intermediates.AddCert(i.certificate)
	}
	return options
}

func TestStolenKeyCertifiesNothingElse(t *testing.T) {
	tests := []struct {
		name     string
		template x509.Certificate
		usage    x509.ExtKeyUsage
		want     x509.InvalidReason
	}{
		{"another domain", x509.Certificate{DNSNames: []string{"evil.example"}}, x509.ExtKeyUsageServerAuth, x509.CANotAuthorizedForThisName},
		{"another address", x509.Certificate{IPAddresses: []net.IP{net.IPv4(192, 0, 2, 1)}}, x509.ExtKeyUsageServerAuth, x509.CANotAuthorizedForThisName},
		{"a mail address", x509.Certificate{EmailAddresses: []string{"me@evil.example"}}, x509.ExtKeyUsageEmailProtection, x509.IncompatibleUsage},
		{"a client", x509.Certificate{DNSNames: []string{"kapi.kakao.com"}}, x509.ExtKeyUsageClientAuth, x509.IncompatibleUsage},
	}
	a := newAuthority(t)
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			usages := []x509.ExtKeyUsage{tc.usage}
			tc.template.ExtKeyUsage = usages
			options := chain(a)
			options.KeyUsages = usages
			_, err := forge(t, a.issuer, &tc.template).certificate.Verify(options)
			var invalid x509.CertificateInvalidError
			if !errors.As(err, &invalid) || invalid.Reason != tc.want {
				t.Errorf("%v; want reason %d", err, tc.want)
			}
		})
	}
}

func TestStolenKeyMakesNoFurtherAuthority(t *testing.T) {
	a := newAuthority(t)
	further := forge(t, a.issuer, issuerTemplate(time.Now()))
	server := forge(t, further, &x509.Certificate{DNSNames: []string{"kapi.kakao.com"}})
	_, err := server.certificate.Verify(chain(a, further))
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) || invalid.Reason != x509.TooManyIntermediates {
		t.Errorf("%v; want reason %d", err, x509.TooManyIntermediates)
	}
}

// Clients need not heed the constraints of a root, so those of the issuer have
// to do; and the key of the root, which could make another issuer, must not be
// the one that is kept.
func TestKeyThatIsKeptIsConstrainedBelowTheRoot(t *testing.T) {
	i := newAuthority(t).issuer
	if i.key.PublicKey.Equal(i.root.PublicKey) || !i.key.PublicKey.Equal(i.certificate.PublicKey) {
		t.Error("the key that is kept is not the issuer's")
	}
	nameConstraints := asn1.ObjectIdentifier{2, 5, 29, 30} // RFC 5280, section 4.2.1.10
	for _, c := range []*x509.Certificate{i.certificate, i.root} {
		critical := false
		for _, extension := range c.Extensions {
			critical = critical || extension.Id.Equal(nameConstraints) && extension.Critical
		}
		if !critical {
			t.Errorf("%s: name constraints are not critical", c.Subject)
		}
	}
}
