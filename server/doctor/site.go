package doctor

import (
	"context"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// defaultPorts are the ports that browsers leave out of an origin.
var defaultPorts = map[string]string{"https": "443", "http": "80"}

// originRules are what the token server asks of an origin, in order.
var originRules = []struct {
	broken     func(raw string, u *url.URL) bool
	cause, fix catalog.Text
}{
	{
		broken: func(raw string, u *url.URL) bool {
			return u.Host == "" || originOf(u) != raw || strings.Contains(raw, "*")
		},
		cause: catalog.Text{En: "This is no origin: it has a path, a trailing slash or a wildcard, or lacks the scheme.", Ko: "오리진이 아닙니다. 경로, 끝의 슬래시, 와일드카드가 있거나 스킴이 없습니다."},
		fix:   catalog.Text{En: "Write scheme, host and port only, such as https://app.example.com.", Ko: "https://app.example.com처럼 스킴, 호스트, 포트만 씁니다."},
	},
	{
		broken: func(_ string, u *url.URL) bool {
			return u.Scheme != "https" && (u.Scheme != "http" || !contract.IsLoopbackHost(u.Hostname()))
		},
		cause: catalog.Text{En: "Plain http is for loopback only: the session cookie is Secure, and would neither be set nor sent.", Ko: "http는 루프백에서만 쓸 수 있습니다. 세션 쿠키가 Secure여서 저장되지도 전송되지도 않습니다."},
		fix:   catalog.Text{En: "Serve it over https; on this machine, use http://127.0.0.1 or http://localhost.", Ko: "https로 제공합니다. 내 컴퓨터에서는 http://127.0.0.1이나 http://localhost를 씁니다."},
	},
	{
		broken: func(_ string, u *url.URL) bool {
			return u.Host != strings.ToLower(u.Host) || strings.HasSuffix(u.Host, ":") || u.Port() == defaultPorts[u.Scheme]
		},
		cause: catalog.Text{En: "Browsers write an origin in lower case and without the default port; the comparison is exact.", Ko: "브라우저는 오리진을 소문자로, 기본 포트 없이 보냅니다. 비교는 글자 그대로 합니다."},
		fix:   catalog.Text{En: "Write it as location.origin shows it on the page.", Ko: "페이지에서 location.origin이 보여 주는 값을 그대로 씁니다."},
	},
}

// judgeOrigin reports the first rule that an origin breaks.
func judgeOrigin(c Check, raw string) (Finding, bool) {
	u, err := url.Parse(raw)
	if err != nil {
		u = &url.URL{}
	}
	for _, rule := range originRules {
		if rule.broken(raw, u) {
			return wrong(Failure, c, quoted(raw), rule.cause, rule.fix), true
		}
	}
	return Finding{}, false
}

// quoted shows a configured address, whatever is in it, without a password.
func quoted(raw string) catalog.Text {
	if u, err := url.Parse(raw); err == nil && u.User != nil {
		raw = u.Redacted()
	}
	return sayf("%q", "%q", raw)
}

// checkSites judges where server and pages are, without asking anybody.
func (e *examination) checkSites(context.Context) []Finding {
	at, f := e.checkPublicURL()
	findings := []Finding{f}
	for _, origin := range e.AllowedOrigins {
		findings = append(findings, e.checkAllowedOrigin(at, origin))
	}
	for _, uri := range e.RedirectURIs {
		findings = append(findings, e.checkRedirectOrigin(at, uri))
	}
	return findings
}

// checkPublicURL returns where the server is, or nil where that is wrong.
func (e *examination) checkPublicURL() (*url.URL, Finding) {
	u, err := url.Parse(e.PublicURL)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(e.PublicURL, "?#") || !isPlainPath(u) {
		return nil, wrong(Failure, CheckPublicURL, quoted(e.PublicURL),
			catalog.Text{En: "This is no address of a server with a plain path.", Ko: "단순한 경로를 가진 서버 주소가 아닙니다."},
			catalog.Text{En: "Give the address at which browsers reach the token server, such as https://app.example.com/kakao.", Ko: "브라우저에서 토큰 서버에 접속하는 주소를 설정합니다. 예: https://app.example.com/kakao"})
	}
	if f, bad := judgeOrigin(CheckPublicURL, originOf(u)); bad {
		return nil, f
	}
	if e.Partitioned && u.Scheme == "http" {
		return nil, wrong(Failure, CheckPublicURL, sayf("Partitioned, but %s is plain http", "Partitioned를 켰지만 %s이(가) http임", e.PublicURL),
			catalog.Text{En: "Browsers take Partitioned cookies only with Secure, which needs https.", Ko: "브라우저는 Secure가 붙은 Partitioned 쿠키만 받으며, 이는 https에서만 가능합니다."},
			catalog.Text{En: "Serve over https, or switch Partitioned off.", Ko: "https로 제공하거나 Partitioned를 끕니다."})
	}
	return u, ok(CheckPublicURL, sayf("%s", "%s", e.PublicURL))
}

// isPlainPath reports whether a path has no escapes and nothing to clean up.
func isPlainPath(u *url.URL) bool {
	base := strings.TrimSuffix(u.EscapedPath(), "/")
	return base == strings.TrimSuffix(u.Path, "/") && (base == "" || path.Clean(base) == base)
}

// checkAllowedOrigin tells whether the session cookie reaches the server from a
// page of that origin. at is nil where the server's own place is wrong.
func (e *examination) checkAllowedOrigin(at *url.URL, origin string) Finding {
	if f, bad := judgeOrigin(CheckAllowedOrigin, origin); bad {
		return f
	}
	u, _ := url.Parse(origin) // judged above
	switch {
	case at == nil:
		return skipped(CheckAllowedOrigin, sayf("%s: the server address is wrong", "%s: 서버 주소가 잘못됨", origin))
	case sameSite(at, u):
		return ok(CheckAllowedOrigin, sayf("%s, same site as the server", "%s, 서버와 같은 사이트", origin))
	case mixesLoopback(at, u):
		return wrong(Failure, CheckAllowedOrigin, sayf("page at %s, server at %s", "페이지는 %s, 서버는 %s", origin, originOf(at)), mixCause, mixFix)
	case e.Partitioned:
		return ok(CheckAllowedOrigin, sayf("%s, another site, with a Partitioned cookie", "%s, 다른 사이트이며 Partitioned 쿠키 사용", origin))
	}
	return wrong(Failure, CheckAllowedOrigin, sayf("page at %s, server at %s", "페이지는 %s, 서버는 %s", origin, originOf(at)),
		catalog.Text{En: "They are different sites (scheme and registrable domain), and the session cookie is SameSite=Lax: it does not arrive, so that every renewal fails.", Ko: "서로 다른 사이트(스킴과 등록 도메인 기준)입니다. 세션 쿠키가 SameSite=Lax여서 전송되지 않고, 토큰 갱신이 모두 실패합니다."},
		catalog.Text{En: "Put the server under the page's own domain, or switch Partitioned on (--partitioned), which needs https.", Ko: "서버를 페이지와 같은 도메인 아래에 두거나 Partitioned를 켭니다(--partitioned, https 필요)."})
}

var (
	mixCause = catalog.Text{
		En: "To a browser localhost and 127.0.0.1 are different sites: cookie and sessionStorage of one are not there at the other.",
		Ko: "브라우저는 localhost와 127.0.0.1을 서로 다른 사이트로 봅니다. 한쪽의 쿠키와 sessionStorage를 다른 쪽에서 쓸 수 없습니다.",
	}
	mixFix = catalog.Text{
		En: "Use one of the names everywhere: for the page, for the server and in the registered redirect URI.",
		Ko: "페이지, 서버, 등록한 리다이렉트 URI에 모두 같은 이름을 씁니다.",
	}
)

// checkRedirectOrigin tells whether the page at a redirect URI can exchange the
// code that it gets.
func (e *examination) checkRedirectOrigin(at *url.URL, uri string) Finding {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" || u.User != nil || strings.Contains(uri, "#") {
		return wrong(Failure, CheckRedirectOrigin, quoted(uri),
			catalog.Text{En: "A redirect URI is an absolute address without a fragment.", Ko: "리다이렉트 URI는 #이 없는 절대 주소여야 합니다."},
			catalog.Text{En: "Write it as it is registered, such as https://app.example.com/oauth.", Ko: "https://app.example.com/oauth처럼 등록한 값을 그대로 씁니다."})
	}
	origin := originOf(u)
	if f, bad := judgeOrigin(CheckRedirectOrigin, origin); bad {
		return f
	}
	switch {
	case at == nil:
		return skipped(CheckRedirectOrigin, sayf("%s: the server address is wrong", "%s: 서버 주소가 잘못됨", uri))
	case e.mayCall(at, origin):
		return ok(CheckRedirectOrigin, sayf("%s, on an allowed origin", "%s, 허용된 오리진", uri))
	case mixesLoopback(at, u):
		return wrong(Warning, CheckRedirectOrigin, sayf("%s, but the server is at %s", "%s, 그러나 서버는 %s", uri, originOf(at)), mixCause, mixFix)
	}
	return wrong(Warning, CheckRedirectOrigin, sayf("%s, on an origin that is not allowed", "%s, 허용되지 않은 오리진", uri),
		catalog.Text{En: "The page there may not call the token server, so that it cannot exchange its code.", Ko: "이 페이지는 토큰 서버를 호출할 수 없어 인가 코드를 교환하지 못합니다."},
		sayf("Add --allowed-origin %s, unless a back end of its own exchanges the code.", "자체 백엔드에서 코드를 교환하는 것이 아니라면 --allowed-origin %s을(를) 추가합니다.", origin))
}

// mayCall reports whether pages of an origin may call the server.
func (e *examination) mayCall(at *url.URL, origin string) bool {
	return origin == originOf(at) || slices.Contains(e.AllowedOrigins, origin)
}

// originOf is the part of an address that browsers compare.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// sameSite reports whether cookies that are SameSite=Lax go from pages of one
// to the other (RFC 6265bis, section 5.2: scheme and registrable domain).
func sameSite(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && siteOf(a.Hostname()) == siteOf(b.Hostname())
}

// siteOf is the registrable domain of a host, or the host where it has none, as
// an address, localhost or a public suffix itself.
func siteOf(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// mixesLoopback reports whether two names of this machine are taken for one.
func mixesLoopback(a, b *url.URL) bool {
	return contract.IsLoopbackHost(a.Hostname()) && contract.IsLoopbackHost(b.Hostname()) && a.Hostname() != b.Hostname()
}
