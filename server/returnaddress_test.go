package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// withShop is a server that another origin may call.
func withShop(c *Config) { c.AllowedOrigins = []string{"https://shop.example.com"} }

// leadsTo begins and ends a logout and returns where it leads, or "" where the
// return address is refused.
func (h *harness) leadsTo(address string) string {
	h.t.Helper()
	begun := h.navigate("/logout/account?"+url.Values{"return_to": {address}}.Encode(), navigation)
	if begun.StatusCode == http.StatusBadRequest {
		return ""
	}
	target, err := begun.Location()
	if err != nil {
		h.t.Fatalf("%q: %s, %v", address, begun.Status, err)
	}
	res := h.navigate("/logout/callback?state="+target.Query().Get("state"), nil, logoutCookie(h, begun))
	return res.Header.Get("Location")
}

func TestLogoutReturnsToAllowedAddresses(t *testing.T) {
	h := newHarness(t, withShop)
	longest := "/" + strings.Repeat("a", maxReturnAddress-len(testOrigin+"/"))
	for asked, want := range map[string]string{
		"/":                                     testOrigin + "/",
		"/bye":                                  testOrigin + "/bye",
		"/a/b/?x=/y?z&w=https://evil.example//": testOrigin + "/a/b/?x=/y?z&w=https://evil.example//",
		"/?":                                    testOrigin + "/?",
		"/%ED%95%98%EB%8A%98":                   testOrigin + "/%ED%95%98%EB%8A%98",
		"/@home":                                testOrigin + "/@home",
		testOrigin:                              testOrigin,
		testOrigin + "/":                        testOrigin + "/",
		testOrigin + "/bye?a=b":                 testOrigin + "/bye?a=b",
		"https://shop.example.com":              "https://shop.example.com",
		"https://shop.example.com/cart":         "https://shop.example.com/cart",
		longest:                                 testOrigin + longest,
	} {
		if got := h.leadsTo(asked); got != want {
			t.Errorf("%q leads to %q, want %q", asked, got, want)
		}
	}
	if got := h.navigate("/logout/account", navigation); got.StatusCode != http.StatusSeeOther {
		t.Errorf("without a return address: %s", got.Status)
	}
	state, cookie := h.beginLogout("")
	if got := h.navigate("/logout/callback?state="+state, nil, cookie).Header.Get("Location"); got != testOrigin+"/" {
		t.Errorf("without a return address it leads to %q", got)
	}
}

// hostileReturnAddresses are return addresses by which somebody might lead a browser
// elsewhere: every way of beginning an address with every host and every ending,
// and some that are like none of these.
func hostileReturnAddresses() []string {
	beginnings := []string{
		"https://", "http://", "HTTPS://", "//", "///", "////", `\\`, `/\`, `\/`, `/\/`, "https:/", "https:", `https:\\`, `https:/\`,
		" //", " https://", "\t//", "/\t/", "/\n/", "\r\n//", "\x00//", "\u00a0//", "\u3000//", "\ufeff//", "\u2028//", "%2f%2f", "%5c%5c",
		"ftp://", "ws://", "blob:https://", "view-source:https://", "feed:", "https://app.example.com@", "https://app.example.com:x@",
		"https://app.example.com%40", "https://app.example.com%2f@", "https://app.example.com\\@", "https://app.example.com#@", "https://app.example.com?@",
		"https://app.example.com.", "https://app.example.com-", "https://app.example.com%00.", "https://app.example.com\x00.", "https://app.example.com\t.",
		"https://app.example.com:443@", "https://app.example.com:", "https://app.example.comevil", "/%09//", "/ /", "/%0d%0a/ \r\nLocation: //", "//app.example.com@",
	}
	hosts := []string{"evil.example", "evil.example:443", "127.0.0.1", "[::1]", "app.example.com.evil.example", "ⓔvil.example", "evil。example", "2130706433"}
	endings := []string{"", "/", "/kakao", "/..;/", "?x", "#x"}
	var all []string
	for _, beginning := range beginnings {
		for _, host := range hosts {
			for _, ending := range endings {
				all = append(all, beginning+host+ending)
			}
		}
	}
	return append(
		// Of these, paths of the own origin are left that only look hostile.
		slices.DeleteFunc(all, func(address string) bool { return isReturnPath(address) && !strings.HasPrefix(address, "//") }),
		"", " ", ".", "..", "bye", "?x", "#", "/#", "/#x", "/a#b", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", "java\tscript:alert(1)",
		"javascript://app.example.com/%0aalert(1)", "javascript:https://app.example.com/", "data:text/html,x", "vbscript:x", "mailto:a@b", "tel:1", "about:blank",
		"file:///etc/passwd", "intent://x#Intent;end", "kakaotalk://x", "/\\evil.example", "/a\\b", "/\\/evil.example", "/<script>", "/\"", "/a b", "/a\tb", "/a\r\nX: y",
		"/%", "/%z", "/%4", "/?%", "/a?%zz", "/한글", "/\xff", "/\x7f", "/{}", "/|", "/^", "/`", "/[]",
		"http://app.example.com/", "https://APP.EXAMPLE.COM/", "https://app.example.com:443/", "https://app.example.com:80/", "https://app.example.com./",
		"https://example.com/", "https://evil.app.example.com/", "https://user@app.example.com/", "https://shop.example.com:8443/", "https://shop.example.com@evil.example/",
		"https://app.example.com?x", "https://app.example.com//evil.example", "https://app.example.com/\\evil.example", "https://app.example.com/#x", "https://app.example.com\\",
		"//", "///", "//app.example.com", "//shop.example.com/", "null", "https://", "https:///", "https://:443/", "/"+strings.Repeat("a", maxReturnAddress-len(testOrigin)),
	)
}

// Rule 2 of RFC 9700: no open redirector, and nobody is logged out by an address
// that is refused.
func TestNoOpenRedirectAfterALogout(t *testing.T) {
	h := newHarness(t, withShop)
	h.login()
	addresses := hostileReturnAddresses()
	if len(addresses) < 1500 {
		t.Errorf("only %d addresses", len(addresses))
	}
	for _, address := range addresses {
		if to := h.leadsTo(address); to != "" {
			t.Errorf("%q leads to %q", address, to)
		}
	}
	for _, address := range hostileCorpus() {
		if to := h.leadsTo(address); to != "" {
			t.Errorf("%q leads to %q", address, to)
		}
	}
	for _, query := range []string{"?return_to=/a&return_to=/b", "?return_to=/a&return_to=https://evil.example/", "?return_to=%zz", "?return_to=/a;b=c"} {
		res := h.navigate("/logout/account"+query, navigation)
		expectError(t, res.StatusCode, decode(t, res), 400, "invalid_request", "")
	}
	if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
		t.Error("a refused address has logged the user out")
	}
}

func FuzzReturnAddress(f *testing.F) {
	h := newHarness(f, withShop, func(c *Config) { c.RequestsPerMinute = -1 })
	for _, address := range slices.Concat(hostileReturnAddresses(), hostileCorpus(), alteredCorpus(), []string{"/bye", testOrigin + "/bye"}) {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		to, err := h.returnAddress([]string{address})
		if err != nil {
			return
		}
		// What a browser takes for the end of a host is a slash for it, too.
		u, err := url.Parse(to)
		if err != nil || !h.pages.Allows(u.Scheme+"://"+u.Host) || u.User != nil || u.Opaque != "" || u.Fragment != "" {
			t.Errorf("%q leads to %q: %v", address, to, err)
		}
		if !strings.HasSuffix(to, address) || strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' || r == '#' }) {
			t.Errorf("%q leads to %q", address, to)
		}
	})
}

// What is on the own origin, however it is written, leads nowhere else.
func TestAlteredReturnAddressesStayOnTheirOrigin(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RequestsPerMinute = -1 })
	for _, address := range alteredCorpus() {
		if to := h.leadsTo(address); to != "" && to != testOrigin && !strings.HasPrefix(to, testOrigin+"/") && !strings.HasPrefix(to, testOrigin+"?") {
			t.Errorf("%q leads to %q", address, to)
		}
	}
}
