package authority

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// Authority certifies servers of this machine. Make one with [Open] or [New];
// it is safe for concurrent use and starts no goroutine.
type Authority struct {
	now    func() time.Time
	issuer issuer
	file   string
}

// Option changes how [Open] and [New] build an [Authority].
type Option func(*Authority)

// WithClock replaces the clock that says from when and until when certificates
// are valid. It is called by many goroutines at once. The default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(a *Authority) { a.now = now }
}

// New makes an authority that lives in memory and ends with the process. It is
// meant for tests, whose clients trust [Authority.Pool]. The error is that of
// the system's source of randomness.
func New(opts ...Option) (*Authority, error) {
	a := configure(opts)
	var err error
	a.issuer, err = newIssuer(a.now())
	if err != nil {
		return nil, err
	}
	return a, nil
}

// Open returns the authority that dir keeps, or makes one there that is valid
// for ten years. What clients must trust is in ca.pem, which everybody may read,
// and the key in ca-key.pem, which only its owner may. A dir that is not there
// is made, for its owner only. Processes that open dir at once get the same
// authority, and ca.pem is written again, unchanged, if it alone is missing.
//
// Files that cannot be used are left as they are, and the error says which one
// it is, why, and what to do.
func Open(dir string, opts ...Option) (*Authority, error) {
	a := configure(opts)
	files, err := openDirectory(dir)
	if err != nil {
		return nil, err
	}
	a.file = files.certificate
	a.issuer, err = files.issuer(a.now())
	if err != nil {
		return nil, err
	}
	return a, nil
}

func configure(opts []Option) *Authority {
	a := &Authority{now: time.Now}
	for _, opt := range opts {
		opt(a)
	}
	return a
}

// CertificateFile returns the absolute path of the certificate that clients
// must trust, in PEM, or "" for an authority of [New].
func (a *Authority) CertificateFile() string { return a.file }

// Pool returns a new pool that holds the authority's certificate alone, for
// [tls.Config.RootCAs] of a client.
func (a *Authority) Pool() *x509.CertPool { return a.issuer.pool() }

// TLSConfig returns the configuration of a server that answers for all of
// names: DNS names without port, and IP addresses. One certificate carries them
// all, so that a client that sends no server name (RFC 6066, section 3), or
// another one, gets it too. It is valid for 90 days and is replaced after 60 by
// the next handshake. The protocols are TLS 1.2 and later, with HTTP/2 and
// HTTP/1.1.
//
// Leave Certificates of the result empty: crypto/tls would prefer them for
// clients that send no server name.
//
// The error says that there is no name, or which names the authority must not
// certify.
func (a *Authority) TLSConfig(names ...string) (*tls.Config, error) {
	if len(names) == 0 {
		return nil, errors.New("authority: name at least one host, such as kauth.kakao.com")
	}
	l := &leaf{issuer: a.issuer, now: a.now, names: slices.Clone(names)}
	if _, err := l.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: l.get,
	}, nil
}
