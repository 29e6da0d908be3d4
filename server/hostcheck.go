package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// A name that somebody else owns can be made to lead to this server (DNS rebinding):
// a page at that name is then of the same origin as the server, and reads what it
// answers. So requests must name a host that is the server's own. What names an
// address and no name leads where it says; the operations take it, for kubelets and
// Prometheus call by address.

// hostNameForm is a host name, or an address without brackets.
var hostNameForm = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,253}$`)

// checkHostName accepts an entry of AllowedHosts.
func checkHostName(name string) error {
	if !hostNameForm.MatchString(name) || strings.Contains(name, ":") && !isAddress(name) {
		return expected("expected a host name such as kakaowasm.internal, without scheme and port, got %q",
			"kakaowasm.internal과 같이 스킴과 포트가 없는 호스트 이름이어야 하는데 %q입니다", name)
	}
	return nil
}

// errMisdirected is the failure of a request for another host (RFC 9110, section
// 15.5.20).
var errMisdirected = &web.Failure{Status: http.StatusMisdirectedRequest, OAuthError: kakao.OAuthError{
	Code:        contract.CodeInvalidRequest,
	Description: "the Host header names another host than the server's public URL; have the reverse proxy pass it on as it came, or name the host among the server's allowed hosts",
}}

// isOwnHost reports whether a request names a host of this server: that of its
// public URL, loopback, or one of the allowed ones; the port does not matter.
func (s *Server) isOwnHost(r *http.Request) bool {
	name := hostName(r.Host)
	own := append([]string{s.at.hostname()}, s.cfg.AllowedHosts...)
	return contract.IsLoopbackHost(name) || slices.ContainsFunc(own, func(host string) bool { return strings.EqualFold(host, name) })
}

// hostName is a Host header in lower case without its port, brackets and final dot.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// isAddress reports whether a host is an IP address.
func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// hostname is the host of PublicURL, without a port.
func (p publicURL) hostname() string {
	u, err := url.Parse(p.origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// forOwnHosts refuses requests for hosts of others.
func (s *Server) forOwnHosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.isOwnHost(r) {
			s.fail(w, r, errMisdirected)
			return
		}
		next.ServeHTTP(w, r)
	})
}
