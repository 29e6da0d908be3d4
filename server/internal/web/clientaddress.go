package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Headers in which reverse proxies pass on where a request came from.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// hopsOf reads a forwarding header, the oldest hop first. What is no address
// need not be left out.
var hopsOf = map[string]func(lines []string) []string{
	XForwardedFor: func(lines []string) []string { return strings.Split(strings.Join(lines, ","), ",") },
	Forwarded:     forwardedHops,
}

// Proxies are the reverse proxies whose word about a request counts.
type Proxies struct {
	Trusted []netip.Prefix
	Header  string // that they write: [XForwardedFor] or [Forwarded]
}

// Trust reports whether a request came straight from a trusted proxy.
func (p Proxies) Trust(r *http.Request) bool {
	addr, ok := parseHop(r.RemoteAddr)
	return ok && p.contain(addr)
}

// Source is from what the address of a client is known.
type Source string

// The sources.
const (
	FromConnection Source = "connection" // nobody else names it
	FromProxy      Source = "proxy"      // a trusted proxy names it
	FromNobody     Source = "missing"    // a trusted proxy does not name it
	FromUntrusted  Source = "untrusted"  // somebody who is no trusted proxy names it
)

// SourceOf is from what the address of a request's client is known.
func (p Proxies) SourceOf(r *http.Request) Source {
	switch named := r.Header.Get(p.Header) != ""; {
	case p.Trust(r) && named:
		return FromProxy
	case p.Trust(r):
		return FromNobody
	case named:
		return FromUntrusted
	}
	return FromConnection
}

// contain reports whether an address is a trusted proxy's.
func (p Proxies) contain(addr netip.Addr) bool {
	return slices.ContainsFunc(p.Trusted, func(prefix netip.Prefix) bool { return prefix.Contains(addr) })
}

// ClientAddress is the address of the client of a request. Each proxy adds the
// address that it was called from on the right, and a client may have written
// anything on the left; so the list is read from the right, and counts only as
// far as trusted proxies have written it. Where a proxy says nothing readable,
// its own address stands for its client.
func (p Proxies) ClientAddress(r *http.Request) string {
	addr, ok := parseHop(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	lines := r.Header.Values(p.Header)
	if len(lines) == 0 {
		return addr.String()
	}
	for _, hop := range slices.Backward(hopsOf[p.Header](lines)) {
		if !p.contain(addr) {
			break
		}
		before, ok := parseHop(strings.TrimSpace(hop))
		if !ok {
			break
		}
		addr = before
	}
	return addr.String()
}

// parseHop reads an address as proxies write it: with or without a port, IPv6
// with or without brackets. An IPv4 address is one also when it is written as
// IPv6, and a zone, which means nothing on another machine, is dropped.
func parseHop(text string) (netip.Addr, bool) {
	if pair, err := netip.ParseAddrPort(text); err == nil {
		return plainAddress(pair.Addr())
	}
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") && strings.Contains(inner, ":") {
		text = strings.TrimSuffix(inner, "]")
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return addr, false
	}
	return plainAddress(addr)
}

// plainAddress is an address without zone, in its shortest form. The unspecified
// address is nobody's.
func plainAddress(addr netip.Addr) (netip.Addr, bool) {
	addr = addr.WithZone("").Unmap()
	return addr, !addr.IsUnspecified()
}

// forwardedPair is one parameter of a Forwarded header and what ends it
// (RFC 7239, section 4).
var forwardedPair = regexp.MustCompile(`^[ \t]*([!#$%&'*+.^_|~0-9A-Za-z-]+)=([!#$%&'*+.^_|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*")[ \t]*(;|,|$)`)

// forwardedHops are the for parameters of Forwarded headers. A line that breaks
// the grammar is a single hop that is no address, all of it: a quotation mark
// that a client leaves open must not hide what a proxy has added.
func forwardedHops(lines []string) []string {
	var hops []string
	for _, line := range lines {
		hops = append(hops, forwardedLine(line)...)
	}
	return hops
}

// forwardedLine are the for parameters of one line, one of each element.
func forwardedLine(line string) []string {
	var hops []string
	element := map[string]string{}
	for rest, end := line, ","; end != ""; {
		pair := forwardedPair.FindStringSubmatch(rest)
		if pair == nil {
			return []string{""}
		}
		name := strings.ToLower(pair[1])
		if _, twice := element[name]; twice {
			return []string{""}
		}
		element[name] = unquote(pair[2])
		rest, end = rest[len(pair[0]):], pair[3]
		if end != ";" {
			hops, element = append(hops, element["for"]), map[string]string{}
		}
	}
	return hops
}

// unquote is the value of a quoted string, or of a token (RFC 9110, section
// 5.6.4). No address needs an escape; one that is there spoils it.
func unquote(value string) string { return strings.Trim(value, `"`) }

// CheckForwardedHeader accepts the headers that can be read.
func CheckForwardedHeader(name string) error {
	if hopsOf[name] == nil {
		return fmt.Errorf("expected %s or %s, got %q", XForwardedFor, Forwarded, name)
	}
	return nil
}

// CheckPrefix accepts a network that is not all of them: whoever trusts every
// address believes what any client writes.
func CheckPrefix(prefix netip.Prefix) error {
	if !prefix.IsValid() || prefix.Bits() == 0 || prefix.Masked() != prefix {
		return fmt.Errorf("expected the network of the proxies, such as 10.0.0.0/8 or 192.0.2.1/32, its host bits zero, got %q", prefix)
	}
	return nil
}

// Peer is the address of whoever has opened the connection.
func (p Proxies) Peer(r *http.Request) string {
	addr, ok := parseHop(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	return addr.String()
}

// IsProxy reports whether a request came from a proxy: a trusted one, or a
// program on this machine.
func (p Proxies) IsProxy(r *http.Request) bool {
	addr, ok := parseHop(r.RemoteAddr)
	return ok && (addr.IsLoopback() || p.contain(addr))
}
