// Package loopback knows the hosts to which plain http may carry credentials,
// because nobody else is on the way.
package loopback

import (
	"net/netip"
	"strings"
)

// IsHost reports whether a host, without its port, can only be this machine.
// Source: RFC 6761, section 6.3 (localhost); RFC 9700, section 2.6 (http on
// loopback).
func IsHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
