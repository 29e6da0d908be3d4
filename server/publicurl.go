package server

import (
	"net/url"
	"path"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
)

// publicURL is PublicURL taken apart.
type publicURL struct {
	origin string // "https://app.example.com"
	base   string // "/kakao", or "" where PublicURL has no path
	secure bool   // whether the scheme is https
}

// callback is the redirect URI that the relay page answers.
func (p publicURL) callback() string { return p.origin + p.base + contract.PathCallback }

// logoutCallback is the logout redirect URI.
func (p publicURL) logoutCallback() string { return p.origin + p.base + contract.PathLogoutCallback }

// parsePublicURL takes PublicURL apart.
func parsePublicURL(raw string) (publicURL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(raw, "?#") {
		return publicURL{}, expected("expected the address at which browsers reach the server, such as https://app.example.com/kakao, got %q",
			"https://app.example.com/kakao와 같이 브라우저가 서버에 접속하는 주소여야 하는데 %q입니다", raw)
	}
	origin := u.Scheme + "://" + u.Host
	if err := checkOrigin(origin); err != nil {
		return publicURL{}, err
	}
	base := strings.TrimSuffix(u.EscapedPath(), "/")
	if base != u.Path && base+"/" != u.Path || base != "" && path.Clean(base) != base {
		return publicURL{}, expected("expected a plain path such as /kakao, got %q",
			"/kakao와 같은 단순한 경로여야 하는데 %q입니다", u.EscapedPath())
	}
	return publicURL{origin: origin, base: base, secure: u.Scheme == "https"}, nil
}

// hostname is the host of PublicURL, without a port.
func (p publicURL) hostname() string {
	u, err := url.Parse(p.origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// otherLoopback is what is wrong with a page on localhost and a server on 127.0.0.1,
// or the other way round.
const otherLoopback = "the page and the server have different names of this machine, such as localhost and 127.0.0.1, which browsers hold for two sites: no cookie passes between them; open the page under the name that the server's public URL has"

// isOtherLoopback reports whether an origin and the server are both on this machine,
// under names that a browser holds for different sites.
func (p publicURL) isOtherLoopback(origin string) bool {
	u, err := url.Parse(origin)
	own := p.hostname()
	return err == nil && contract.IsLoopbackHost(own) && contract.IsLoopbackHost(u.Hostname()) && own != u.Hostname()
}
