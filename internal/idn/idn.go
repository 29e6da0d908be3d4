// Package idn turns internationalised domain names in addresses into the form that
// browsers send.
package idn

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
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

// IsCanonical reports whether browsers write a host as it is, in lower case and
// without brackets: an address in its one form (127.1 is 127.0.0.1 to them), and no
// label that begins with xn-- and stands for nothing.
// Source: WHATWG URL, sections 3.5 (ends in a number) and 3.6 (serializing).
func IsCanonical(host string) bool {
	if strings.Contains(host, ":") || endsInNumber(host) {
		address, err := netip.ParseAddr(host)
		return err == nil && address.Zone() == "" && (address.String() == host || address.Is4In6())
	}
	for label := range strings.SplitSeq(host, ".") {
		if !strings.HasPrefix(label, "xn--") {
			continue
		}
		if ascii, err := idna.Lookup.ToASCII(label); err != nil || ascii != label {
			return false
		}
	}
	return true
}

// number is what makes of a host an address, as its last label.
var number = regexp.MustCompile(`^([0-9]+|0x[0-9a-f]*)$`)

func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return number.MatchString(host[strings.LastIndexByte(host, '.')+1:])
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > '~' })
}
