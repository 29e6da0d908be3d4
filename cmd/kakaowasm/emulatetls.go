package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/emulator/authority"
)

// listenTLS opens the port at which the emulator goes by Kakao's names, with
// certificates of an authority of its own.
func (c *EmulateCmd) listenTLS(ctx context.Context) (net.Listener, error) {
	dir, err := c.tlsDir()
	if err != nil {
		return nil, err
	}
	certificates, err := authority.Open(dir)
	if err != nil {
		return nil, err
	}
	config, err := certificates.TLSConfig(append(emulator.Hosts(), "localhost", "127.0.0.1", "::1")...)
	if err != nil {
		return nil, err
	}
	listener, err := listenEmulator(ctx, "--tls-addr", c.TLSAddr, c.AllowRemote)
	if err != nil {
		return nil, err
	}
	printf(os.Stdout, "Answering as %s over TLS at %s; clients must trust %s\n",
		strings.Join(emulator.Hosts(), ", "), listener.Addr(), certificates.CertificateFile())
	return tls.NewListener(listener, config), nil
}

// tlsDir is where the authority is kept.
func (c *EmulateCmd) tlsDir() (string, error) {
	if c.TLSDir != "" {
		return c.TLSDir, nil
	}
	home, err := os.UserConfigDir()
	if err != nil {
		return "", errors.Join(errorf("--tls-dir: there is no configuration folder; name one for the certificate authority"), err)
	}
	return filepath.Join(home, "kakaowasm", "tls"), nil
}
