package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/idn"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// Validate returns every mistake in the configuration but those in SDK, whose
// files [New] reads: what New would return for it, without making a server.
func (c Config) Validate() error {
	_, err := c.withDefaults().check()
	return err
}

// check returns PublicURL taken apart and every mistake in the configuration,
// joined into one error, each named by its field.
func (c Config) check() (publicURL, error) {
	at, err := parsePublicURL(c.PublicURL)
	errs := []error{
		field("PublicURL", err),
		field("RESTAPIKey", checkKey(c.RESTAPIKey)),
		field("AppID", c.checkAppID()),
		field("AdminKey", checkOptionalKey(c.AdminKey)),
		field("Platform.Auth", checkOrigin(c.Platform.Auth)),
		field("Platform.API", checkOrigin(c.Platform.API)),
		field("ForwardedHeader", inKorean(web.CheckForwardedHeader(c.ForwardedHeader), "X-Forwarded-For 또는 Forwarded여야 합니다")),
		field("TokenAlgorithm", inKorean(signing.CheckAlgorithm(c.TokenAlgorithm), "RS256 또는 EdDSA여야 합니다")),
		field("NotifyURL", c.checkNotifyURL()),
		field("SameSite", c.checkSameSite()),
		field("UpstreamTimeout", checkPositive(c.UpstreamTimeout)),
		field("SessionIdle", checkPositive(c.SessionIdle)),
		field("SessionLifetime", checkPositive(c.SessionLifetime)),
	}
	errs = append(errs, each("JavaScriptKeys", c.JavaScriptKeys, checkKey)...)
	errs = append(errs, each("AllowedOrigins", c.AllowedOrigins, checkOrigin)...)
	errs = append(errs, each("AllowedHosts", c.AllowedHosts, checkHostName)...)
	errs = append(errs, each("RedirectURIs", c.RedirectURIs, checkRedirectURI)...)
	errs = append(errs, each("NotifySecrets", c.NotifySecrets, checkNotifySecret)...)
	errs = append(errs, each("TrustedProxies", c.TrustedProxies, checkTrustedProxy)...)
	if err == nil {
		pages := web.Origins(append([]string{at.origin}, c.AllowedOrigins...))
		errs = append(errs, c.checkReturnAddresses()...)
		errs = append(errs, each("TokenAudiences", c.TokenAudiences, func(a TokenAudience) error { return checkTokenAudience(a, pages) })...)
	}
	if c.StrictTransportSecurity != 0 {
		errs = append(errs, field("StrictTransportSecurity", checkPositive(c.StrictTransportSecurity)))
	}
	if c.Partitioned && err == nil && !at.secure {
		errs = append(errs, field("Partitioned", expected("expected an https PublicURL, because browsers take Partitioned cookies only with Secure; switch it off on loopback",
			"공개 URL이 https여야 합니다. 브라우저는 Secure가 없는 Partitioned 쿠키를 받지 않습니다. 루프백에서는 이 옵션을 끄세요")))
	}
	return at, errors.Join(errs...)
}

// each applies a check to every entry of a list.
func each[T any](name string, entries []T, check func(T) error) []error {
	errs := make([]error, 0, len(entries))
	for i, entry := range entries {
		errs = append(errs, field(fmt.Sprintf("%s[%d]", name, i), check(entry)))
	}
	return errs
}

// checkTrustedProxy accepts the network of a proxy.
func checkTrustedProxy(network netip.Prefix) error {
	return inKorean(web.CheckPrefix(network), "10.0.0.0/8, 192.0.2.1/32와 같은 프록시의 네트워크여야 하고, 호스트 비트는 0이어야 합니다")
}

// checkKey accepts an app key. It does not repeat the key, which may be a
// secret pasted into the wrong place.
func checkKey(key string) error {
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return expected("expected the key from the Kakao developers console (App > Platform key), without spaces; it is empty or holds other characters",
			"카카오디벨로퍼스 콘솔의 [앱] > [플랫폼 키]에서 복사한 키를 공백 없이 넣어야 합니다. 비어 있거나 다른 문자가 섞여 있습니다")
	}
	return nil
}

// checkOptionalKey accepts an app key, or none.
func checkOptionalKey(key string) error {
	if key == "" {
		return nil
	}
	return checkKey(key)
}

// appIDForm is what an app ID looks like.
var appIDForm = regexp.MustCompile(`^[0-9]{1,19}$`)

// checkAppID accepts an app ID, and none where there is no admin key.
func (c Config) checkAppID() error {
	if c.AppID == "" && c.AdminKey != "" {
		return expected("expected the app's number, because there is an AdminKey; find it in the Kakao developers console (App > General)",
			"어드민 키를 쓰려면 앱 ID가 필요합니다. 카카오디벨로퍼스 콘솔의 [앱] > [일반]에서 확인하세요")
	}
	if c.AppID != "" && !appIDForm.MatchString(c.AppID) {
		return expected("expected the app's number from the Kakao developers console (App > General), got something else; is it a key?",
			"카카오디벨로퍼스 콘솔의 [앱] > [일반]에 있는 앱 ID여야 합니다. 키를 넣은 것은 아닌지 확인하세요")
	}
	return nil
}

// checkSameSite accepts Lax and Strict, and only Lax, which is then not used,
// beside Partitioned.
func (c Config) checkSameSite() error {
	switch {
	case c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode:
		return expected("expected Lax or Strict; for pages embedded in other sites set Partitioned",
			"Lax 또는 Strict여야 합니다. 다른 사이트에 삽입되는 페이지라면 Partitioned를 쓰세요")
	case c.SameSite == http.SameSiteStrictMode && c.Partitioned:
		return expected("expected Strict or Partitioned, got both: a Partitioned cookie is for other sites, which Strict keeps it from",
			"Strict와 Partitioned는 함께 쓸 수 없습니다. Partitioned 쿠키는 다른 사이트에서 쓰는 것인데 Strict가 이를 막습니다")
	}
	return nil
}

// checkPositive accepts a duration above zero.
func checkPositive(d time.Duration) error {
	if d <= 0 {
		return expected("expected a duration above zero, got %v",
			"0보다 큰 시간이어야 하는데 %v입니다", d)
	}
	return nil
}

// checkRedirectURI accepts an absolute redirect URI without a fragment
// (RFC 6749, section 3.1.2), over https or on loopback.
func checkRedirectURI(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || strings.Contains(raw, "#") {
		return expected("expected an absolute URL without a fragment, such as https://app.example.com/oauth, got %q",
			"https://app.example.com/oauth와 같이 # 뒤가 없는 전체 URL이어야 하는데 %q입니다", raw)
	}
	return checkTransport(u)
}

// defaultPorts are the ports that browsers leave out of an origin.
var defaultPorts = map[string]string{"https": "443", "http": "80"}

// checkOrigin accepts an origin written as browsers serialise it (RFC 6454,
// section 6.2), over https or on loopback.
func checkOrigin(raw string) error {
	if ascii, err := idn.ToASCII(raw); err == nil && ascii != raw {
		return expected("expected the origin as browsers send it, %s, got %q",
			"브라우저가 보내는 형식의 오리진 %s이어야 하는데 %q입니다", ascii, raw)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != raw || strings.Contains(raw, "*") {
		return expected("expected an origin such as https://app.example.com, without path, trailing slash or wildcard, got %q",
			"https://app.example.com과 같이 경로, 끝의 /, 와일드카드가 없는 오리진이어야 하는데 %q입니다", raw)
	}
	if err := checkTransport(u); err != nil {
		return err
	}
	if u.Host != strings.ToLower(u.Host) || strings.HasSuffix(u.Host, ":") || u.Port() == defaultPorts[u.Scheme] {
		return expected("expected the origin as browsers send it, in lower case and without a default port, got %q",
			"브라우저가 보내는 형식의 오리진(소문자, 기본 포트 생략)이어야 하는데 %q입니다", raw)
	}
	if !idn.IsCanonical(u.Hostname()) {
		return expected("expected a host as browsers write it, such as 127.0.0.1 for 127.1, and no xn-- that stands for nothing, got %q",
			"브라우저가 쓰는 형식의 호스트(예: 127.1이 아니라 127.0.0.1)여야 하고 xn--로 시작하는 이름은 올바른 도메인이어야 하는데 %q입니다", raw)
	}
	return nil
}

// checkTransport accepts https, and http on loopback (RFC 9700, section 2.6).
func checkTransport(u *url.URL) error {
	if web.IsSecure(u) {
		return nil
	}
	return expected("expected https, or http on 127.0.0.1 or localhost, got %q",
		"https이거나, 127.0.0.1 또는 localhost의 http여야 하는데 %q입니다", u.Scheme+"://"+u.Host)
}

// hostNameForm is a host name, or an address without brackets.
var hostNameForm = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,253}$`)

// checkHostName accepts an entry of AllowedHosts.
func checkHostName(name string) error {
	if !hostNameForm.MatchString(name) || strings.Contains(name, ":") && !web.IsAddress(name) {
		return expected("expected a host name such as kakaowasm.internal, without scheme and port, got %q",
			"kakaowasm.internal과 같이 스킴과 포트가 없는 호스트 이름이어야 하는데 %q입니다", name)
	}
	return nil
}
