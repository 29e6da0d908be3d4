package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// A name that somebody else owns can be made to lead to this server (DNS rebinding):
// a page at that name is then of the same origin as the server, and reads what it
// answers. So requests must name a host that is the server's own. What names an
// address and no name leads where it says; the operations take it, for kubelets and
// Prometheus call by address.

// Hosts are the names of the server's hosts beside those of loopback, without ports.
type Hosts []string

// Own reports whether a request names a host of this server; the port does not
// matter.
func (h Hosts) Own(r *http.Request) bool {
	name := hostName(r.Host)
	return contract.IsLoopbackHost(name) || slices.ContainsFunc(h, func(host string) bool { return strings.EqualFold(strings.TrimSuffix(host, "."), name) })
}

// Require refuses requests for hosts of others.
func (h Hosts) Require(refuse func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !h.Own(r) {
				refuse(w, r, errMisdirected)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// RequireNameOrAddress is Require, and lets requests pass that name an address.
func (h Hosts) RequireNameOrAddress(refuse func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		named := h.Require(refuse)(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if IsAddress(hostName(r.Host)) {
				next.ServeHTTP(w, r)
				return
			}
			named.ServeHTTP(w, r)
		})
	}
}

// errMisdirected is the failure of a request for another host (RFC 9110, section
// 15.5.20).
var errMisdirected = &Failure{Status: http.StatusMisdirectedRequest, OAuthError: kakao.OAuthError{
	Code:        contract.CodeInvalidRequest,
	Description: "the Host header names another host than the server's public URL; have the reverse proxy pass it on as it came, or name the host among the server's allowed hosts",
}}

// hostName is a Host header in lower case without its port, brackets and final dot.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// IsAddress reports whether a host is an IP address.
func IsAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
