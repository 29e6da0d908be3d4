// Package idn turns internationalised domain names in addresses into the form that
// browsers send.
package idn

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// ToASCII returns an absolute URL or an origin with its host in ASCII, as browsers
// write it: https://쇼핑몰.한국 is https://xn--352bl7khqr.xn--3e0b707e. What is ASCII
// already, or has no host, is returned as it is. The error says that the host is no
// domain name (RFC 5891, as UTS #46 maps it).
func ToASCII(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || isASCII(u.Hostname()) {
		return address, nil //nolint:nilerr // What is no URL is for the caller to refuse.
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil {
		return "", fmt.Errorf("expected a domain name, got %q", u.Hostname())
	}
	return strings.Replace(address, u.Hostname(), host, 1), nil
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > '~' })
}
