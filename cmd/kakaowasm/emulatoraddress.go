package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/kakaowasm/kakaowasm/contract"
)

// emulatorClient is the client of a platform that is an emulator in a network of
// containers: browsers know it by an origin on loopback, which from here leads
// nowhere, and its requests go to an address instead. The rule that plain http is
// for loopback stands as it is: what this carries in the clear are the secrets of
// an emulator. It is nil without an address.
func (o *AppOptions) emulatorClient() (*http.Client, error) {
	if o.EmulatorAddress == "" {
		return nil, nil
	}
	if _, port, err := net.SplitHostPort(o.EmulatorAddress); err != nil || port == "" {
		return nil, errorf("expected a host with a port, such as kakao:8481, got %q", o.EmulatorAddress)
	}
	var known []string
	for _, origin := range []string{o.AuthOrigin, o.APIOrigin} {
		u, err := url.Parse(origin)
		if origin == "" {
			continue
		}
		if err != nil || u.Scheme != "http" || !contract.IsLoopbackHost(u.Hostname()) {
			return nil, errorf("expected the origins of an emulator as browsers on this machine know it, such as http://localhost:8481, got %q; it is for nothing else", origin)
		}
		known = append(known, addressOf(u))
	}
	if known == nil {
		return nil, errorf("expected the emulator's origin as browsers know it, too, such as --auth-origin http://localhost:8481")
	}
	return &http.Client{Transport: dialInstead(known, o.EmulatorAddress)}, nil
}

// addressOf is where a client connects to for a plain http origin.
func addressOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// dialInstead connects to another address than known ones.
func dialInstead(known []string, address string) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, asked string) (net.Conn, error) {
		if slices.Contains(known, asked) {
			asked = address
		}
		return dial(ctx, network, asked)
	}
	return transport
}
