package authority

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// directory keeps an issuer in two files.
//
// The key file holds the key, its certificate and the root: all of the
// authority. The certificate file repeats the root for clients. The key file is
// published first, so a certificate always has its key, and a key that a crash
// left alone gets the same certificate from the next process. Of processes that
// publish at once one wins, and the others read what it wrote; that takes no
// lock.
type directory struct{ certificate, key string }

func openDirectory(dir string) (directory, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return directory{}, fmt.Errorf("authority: make the directory of the authority: %w", err)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return directory{}, fmt.Errorf("authority: find the directory of the authority: %w", err)
	}
	return directory{
		certificate: filepath.Join(absolute, "ca.pem"),
		key:         filepath.Join(absolute, "ca-key.pem"),
	}, nil
}

// issuer reads the issuer, after writing what is missing.
func (d directory) issuer(now time.Time) (issuer, error) {
	if _, err := os.Lstat(d.certificate); errors.Is(err, fs.ErrNotExist) {
		if err := d.complete(now); err != nil {
			return issuer{}, err
		}
	}
	return d.read(now)
}

// complete writes the files that are missing. The issuer made here counts only
// if there is none yet.
func (d directory) complete(now time.Time) error {
	made, err := newIssuer(now)
	if err != nil {
		return err
	}
	content, err := encodeIssuer(made)
	if err != nil {
		return err
	}
	if err := publish(d.key, 0o600, content); err != nil {
		return err
	}
	kept, err := d.readIssuer()
	if err != nil {
		return err
	}
	return publish(d.certificate, 0o644, encodeCertificate(kept.root))
}

// publish makes the file path unless it exists. A link, unlike a rename, gives
// a complete file its name and never takes the name from another file.
func publish(path string, mode fs.FileMode, content []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("authority: make %s: %w", path, err)
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.Write(content)
	err = errors.Join(err, draft.Chmod(mode), draft.Sync(), draft.Close())
	if err == nil {
		err = os.Link(draft.Name(), path)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("authority: make %s; its file system must be writable and know hard links: %w", path, err)
	}
	return nil
}

// read returns the issuer of both files, if it is in force.
func (d directory) read(now time.Time) (issuer, error) {
	i, err := d.readIssuer()
	if err != nil {
		return issuer{}, err
	}
	content, err := os.ReadFile(d.certificate)
	switch {
	case err != nil:
		return issuer{}, d.unusable(d.certificate, fmt.Errorf("cannot be read: %w", err))
	case !bytes.Equal(content, encodeCertificate(i.root)):
		return issuer{}, d.unusable(d.certificate, fmt.Errorf("is not the certificate that belongs to %s", d.key))
	case now.Before(i.certificate.NotBefore):
		return issuer{}, d.unusable(d.certificate, fmt.Errorf("is not valid before %s; look at the clock", i.certificate.NotBefore.Format(time.RFC3339)))
	case now.After(i.certificate.NotAfter):
		return issuer{}, d.unusable(d.certificate, fmt.Errorf("expired on %s", i.certificate.NotAfter.Format(time.RFC3339)))
	}
	return i, nil
}

// readIssuer returns what the key file holds.
func (d directory) readIssuer() (issuer, error) {
	content, err := os.ReadFile(d.key)
	if err != nil {
		return issuer{}, d.unusable(d.key, fmt.Errorf("cannot be read: %w", err))
	}
	if err := private(d.key); err != nil {
		return issuer{}, d.unusable(d.key, err)
	}
	i, err := decodeIssuer(content)
	if err != nil {
		return issuer{}, d.unusable(d.key, fmt.Errorf("does not hold a key with its certificates: %w", err))
	}
	if !i.genuine() {
		return issuer{}, d.unusable(d.key, errors.New("does not hold an authority that the emulator made, with its constraints"))
	}
	return i, nil
}

// private refuses a key that other users can read. Windows has no such modes.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return fmt.Errorf("is open to other users with mode %04o; take that away with chmod 600", mode)
	}
	return nil
}

// unusable says what is wrong with a file, and the way out.
func (d directory) unusable(path string, problem error) error {
	return fmt.Errorf("authority: %s %w (if that cannot be helped, delete %s and %s: a new authority will be made, which clients must trust anew)",
		path, problem, d.certificate, d.key)
}

// encodeIssuer writes the chain and the key in PEM (RFC 7468, sections 5 and
// 10).
func encodeIssuer(i issuer) ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(i.key)
	if err != nil {
		return nil, fmt.Errorf("authority: encode the key: %w", err)
	}
	return slices.Concat(
		encodeCertificate(i.certificate),
		encodeCertificate(i.root),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	), nil
}

func encodeCertificate(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// decodeIssuer reads what encodeIssuer wrote.
func decodeIssuer(content []byte) (issuer, error) {
	pair, err := tls.X509KeyPair(content, content)
	if err != nil {
		return issuer{}, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || len(pair.Certificate) != 2 {
		return issuer{}, fmt.Errorf("expected an ECDSA key and 2 certificates, found %T and %d", pair.PrivateKey, len(pair.Certificate))
	}
	root, err := x509.ParseCertificate(pair.Certificate[1])
	if err != nil {
		return issuer{}, err
	}
	return issuer{certificate: pair.Leaf, key: key, root: root}, nil
}
