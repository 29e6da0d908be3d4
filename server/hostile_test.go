package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// goodAddress is the address that the hostile ones imitate: the redirect URI of
// the tests' server.
const goodAddress = testPublicURL + "/callback"

// Parts of hostile addresses. Each host is none that a test allows, whatever a
// browser makes of it.
var (
	hostileHosts = []string{
		"evil.example", "EVIL.example", "evil.example:443", "evil.example.", "xn--pp-8ja.example",
		// Around the good name.
		"app.example.com.evil.example", "app.example.com-evil.example", "evil-app.example.com", "evilapp.example.com", "evil.app.example.com",
		"example.com", "com", "app.example.co", "app.example.comm", "pp.example.com", "app-example.com", "app.example.com.", "app.example.com..", ".app.example.com",
		// The name of somebody else in front of the host, or behind it.
		"app.example.com@evil.example", "app.example.com:443@evil.example", "user:password@evil.example", "app.example.com%40evil.example",
		"app.example.com@@evil.example", "app.example.com:@evil.example", "@evil.example", "https:@evil.example",
		"evil.example#@app.example.com", "evil.example?@app.example.com", "evil.example/@app.example.com", `evil.example\@app.example.com`,
		"evil.example#.app.example.com", "evil.example?.app.example.com", "evil.example/.app.example.com", `evil.example\.app.example.com`,
		"evil.example%00.app.example.com", "evil.example%2f.app.example.com", "evil.example%5c.app.example.com", "app.example.com%2eevil.example",
		// Characters that look alike, are left out, or turn the text around.
		"аpp.example.com", "app.examplе.com", "app.example.com。evil.example", "app.example.com．evil.example", "app\u2024example.com.evil.example",
		"app.example.com\u200b.evil.example", "\u202emoc.elpmaxe.ppa", "evil.example／app.example.com", "evil.example＃app.example.com", "evil.example？app.example.com",
		"ⓔvil.example", "evil。example", "ex\u00e4mple.com",
		// Numbers, and ports.
		"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0.0.0.0", "169.254.169.254",
		"[fe80::1%25eth0]", "[app.example.com]", "[::1", "localhost", "localhost.evil.example", "app.localhost",
		"app.example.com:8443", "app.example.com:80", "app.example.com:0", "app.example.com:65536", "app.example.com:443443", "app.example.com:-443", "app.example.com:4 43", "app.example.com:443x",
	}
	// hostileSlashes come before a host. Some are those of a page on the good
	// origin, which makes an address out of less.
	hostileSlashes = []string{
		"https://", "HTTPS://", "https:///", "https:////", `https:\\`, `https:/\`, `https:\/`, "ht\ttps://", "https:\n//", "https:/\r/",
		"\x00https://", " https://", "\u001fhttps://", "http://", "ftp://", "ws://", "wss://",
		"//", "///", `\\`, `/\`, `\/`, "/\t/", "/\n/", "\t//", " //",
	}
	// hostileSchemes run or show what is behind them.
	hostileSchemes = []string{
		"javascript:alert(1)//", "JaVaScRiPt:alert(1)//", "java\tscript:alert(1)//", "java\nscript:alert(1)//", " javascript:alert(1)//", "\x01javascript:alert(1)//",
		"javascript://app.example.com/%0aalert(1)//", "vbscript:msgbox(1)//", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHN2Zz4=", "data://app.example.com/,",
		"file:///etc/passwd#", "file://app.example.com/", "blob:null/", "about:blank#", "about:srcdoc#", "view-source:", "filesystem:", "feed:",
		"intent://app.example.com/#Intent;scheme=https;end;", "kakaolink://", "mailto:", "tel:", "custom+scheme.1-x://app.example.com/",
	}
	// alteredEnds come after the good address, which stays where it is.
	alteredEnds = []string{
		"/", "//", "/.", "/..", "/../", "/../..", "/%2e%2e/", "/%2e%2e%2f", "/..;/", ";x", ";", ".", "..", "%20", " ", "\t", "\n", "\r\n", "\x00", "%00", "%0d%0a", "\x7f", "\u0085", "\u00a0", "\u2028", "\ufeff",
		"?", "?x", "?code=x&state=y", "?next=https://evil.example", "#", "#x", "#code=x", "?#", "%23", "%3f", "%2f", "%5c", `\`, `\..\x`, "//evil.example", "/@evil.example", "@evil.example", ":443", "x", "%",
		",https://evil.example", " https://evil.example", "\r\nLocation: https://evil.example", "\r\n\r\n<script>", "|https://evil.example", "&redirect_uri=https://evil.example",
	}
	// alteredForms are other ways to write the good address, or something on its
	// origin.
	alteredForms = []string{
		"", "/", "https:", "/kakao/callback", "kakao/callback", "evil.example", "?", "#", ".", "..", "%2f%2fevil.example", "%68ttps://evil.example", "https%3a%2f%2fevil.example", "/%09/evil.example", "/%5cevil.example", "/.//evil.example",
		"HTTPS://app.example.com/kakao/callback", "https://APP.EXAMPLE.COM/kakao/callback", "https://app.example.com:443/kakao/callback", "https://app.example.com:/kakao/callback", "https://app.example.com:0443/kakao/callback",
		"https://user@app.example.com/kakao/callback", "https://evil.example@app.example.com/kakao/callback", "https://@app.example.com/kakao/callback", "https://:@app.example.com/kakao/callback",
		"https://app.example.com//kakao/callback", "https://app.example.com/./kakao/callback", "https://app.example.com/x/../kakao/callback", "https://app.example.com/kakao/%63allback", "https://app.example.com/kakao%2fcallback", "https://app.example.com/Kakao/Callback", "https://app.example.com/kakao/callback.js", "https://app.example.com/kakao", "https://app.example.com", "https://app.example.com?x",
		`https:\\app.example.com\kakao\callback`, "https:///app.example.com/kakao/callback", "https:app.example.com", "https:/evil.example", "https:evil.example", "https://app.exa\tmple.com/kakao/callback", "https://app.exa\nmple.com/kakao/callback", "\thttps://app.example.com/kakao/callback", " https://app.example.com/kakao/callback", "\x00https://app.example.com/kakao/callback",
		"https://%61pp.example.com/kakao/callback", "https://app。example。com/kakao/callback", "https://ａｐｐ.example.com/kakao/callback", "https://app.exam\u00adple.com/kakao/callback", "https://app.example.com\t/kakao/callback",
	}
)

// hostileCorpus are addresses that lead away from the origin of goodAddress,
// or nowhere, also where a page of that origin resolves them: whoever lets a
// browser go to one is an open redirector.
func hostileCorpus() []string {
	var all []string
	for _, host := range hostileHosts {
		for _, slashes := range hostileSlashes {
			all = append(all, slashes+host+"/kakao/callback")
		}
		all = append(all, "https://"+host, "https://"+host+"?"+goodAddress, "https://"+host+"#"+goodAddress)
	}
	for _, scheme := range hostileSchemes {
		all = append(all, scheme+goodAddress)
	}
	return append(all, "http://app.example.com/kakao/callback", "http://app.example.com:443/kakao/callback", "https://", "//", "http:")
}

// alteredCorpus are other addresses of the same origin, and other ways to
// write goodAddress: they lead nowhere else, and are not it (RFC 9700, section
// 2.1: compared exactly).
func alteredCorpus() []string {
	altered := slices.Clone(alteredForms)
	for _, end := range alteredEnds {
		altered = append(altered, goodAddress+end)
	}
	return altered
}

// update makes the test of the corpus write it for the tests in JavaScript.
var update = flag.Bool("update", false, "write the corpus of hostile addresses anew")

// The tests of the relay's script read the same addresses from a file. That the
// addresses are what they are said to be is checked there, by a browser's rules.
func TestCorpusOfHostileAddressesIsInItsFile(t *testing.T) {
	const path = "testdata/hostile.json"
	var want bytes.Buffer
	written := json.NewEncoder(&want)
	written.SetIndent("", " ")
	written.SetEscapeHTML(false)
	if err := written.Encode(map[string]any{"good": goodAddress, "hostile": hostileCorpus(), "altered": alteredCorpus()}); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is another corpus (%v); write it with: go test ./server -run TestCorpus -update", path, err)
	}
	if n := len(hostileCorpus()); n < 500 {
		t.Errorf("%d addresses are not several hundred", n)
	}
}

// Rule 6: a code is exchanged for none of them.
func TestRule06HostileRedirectURIsAreRefused(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RequestsPerMinute = -1 })
	for _, address := range append(hostileCorpus(), alteredCorpus()...) {
		status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"redirect_uri": address}))
		if status != http.StatusBadRequest || body["error"] != "invalid_request" {
			t.Errorf("%q: %d %v", address, status, body)
		}
	}
	if n := h.kakao.count(callExchange); n != 0 {
		t.Errorf("Kakao was asked %d times", n)
	}
}

// Rule 6: none of them is an origin that may call.
func TestRule06HostileOriginsAreRefused(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.RequestsPerMinute = -1 })
	h.login()
	for _, address := range append(hostileCorpus(), alteredCorpus()...) {
		for _, origin := range []string{address, strings.TrimSuffix(address, "/kakao/callback")} {
			if origin == testOrigin {
				continue
			}
			for method, path := range map[string]string{"POST": "/logout", "GET": "/session", "OPTIONS": "/refresh"} {
				r := h.request(method, path, "")
				r.Header.Set("Origin", origin)
				r.Header.Set("Access-Control-Request-Method", "POST")
				res := h.send(r)
				if shared := res.Header.Get("Access-Control-Allow-Origin"); shared != "" {
					t.Errorf("%s from %q is shared with %q", method, origin, shared)
				}
				if method == "POST" && res.StatusCode != http.StatusForbidden {
					t.Errorf("%s from %q: %d", method, origin, res.StatusCode)
				}
			}
		}
	}
	if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
		t.Error("one of them logged the user out")
	}
}

// Rule 6: none of them can be configured as an origin, nor as a redirect URI
// unless it is an https address with nothing odd about it.
func TestRule06HostileOriginsCannotBeConfigured(t *testing.T) {
	for _, address := range hostileCorpus() {
		u, err := url.Parse(address)
		odd := err != nil || u.User != nil || u.Scheme != "https" || strings.Contains(address, "#")
		if err := checkRedirectURI(address); odd && err == nil && !contract.IsLoopbackHost(u.Hostname()) {
			t.Errorf("%q is taken as a redirect URI", address)
		}
		if err := checkOrigin(address); err == nil && address != "https://"+u.Host {
			t.Errorf("%q is taken as an origin", address)
		}
	}
}

// Row 1: the emulator, too, sends a browser to what is registered and nowhere
// else, after a login and after a logout.
func TestEmulatorLeadsToRegisteredAddressesOnly(t *testing.T) {
	platform := newPlatform(t)
	if err := platform.Update(func(c *emulator.Config) { c.Apps[0].LogoutRedirectURIs = []string{goodAddress} }); err != nil {
		t.Fatal(err)
	}
	if err := platform.AutoLogin(4210000001); err != nil {
		t.Fatal(err)
	}
	browser := http.Client{Transport: inMemory{platform}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	visit := func(path, parameter, address string) *http.Response {
		t.Helper()
		query := url.Values{"client_id": {emulator.DemoRESTAPIKey}, "response_type": {"code"}, parameter: {address}}
		res, err := browser.Get(emulatorOrigin + path + "?" + query.Encode())
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	if res := visit(kakao.PathAuthorize, "redirect_uri", goodAddress); !strings.HasPrefix(res.Header.Get("Location"), goodAddress+"?code=") {
		t.Fatalf("the good address: %d %q", res.StatusCode, res.Header.Get("Location"))
	}
	for path, parameter := range map[string]string{kakao.PathAuthorize: "redirect_uri", "/oauth/logout": "logout_redirect_uri"} {
		for _, address := range append(hostileCorpus(), alteredCorpus()...) {
			if res := visit(path, parameter, address); res.StatusCode < 400 || res.Header.Get("Location") != "" {
				t.Errorf("%s to %q: %d %q", path, address, res.StatusCode, res.Header.Get("Location"))
			}
		}
	}
}
