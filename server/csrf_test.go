package server

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/contract"
)

// csrfDefences say what keeps other sites from having a visitor's browser change
// something, route by route.
var csrfDefences = map[string]string{
	"/token":               ofPages,
	"/refresh":             ofPages,
	"/logout":              ofPages,
	"/logout/account":      ofUsers,
	"/logout/callback":     ofUsers,
	"/webhooks/unlink":     ofKakao,
	"/webhooks/account":    ofKakao,
	"/session/token":       ofPages,
	"/begin":               ofBeacons,
	"/auth":                ofProxies,
	"/auth/":               ofProxies,
	"/session":             readsOnly,
	"/callback":            readsOnly,
	contract.PathJWKS:      readsOnly,
	contract.PathDiscovery: readsOnly,
	"/callback.js":         readsOnly,
	"/callback.css":        readsOnly,
	"/sdk/integrity.json":  readsOnly,
	"/sdk/":                readsOnly,
	"":                     readsOnly,
}

const (
	// ofPages: only a page of an allowed origin may ask, which shows it by its
	// origin and by sending what no form can.
	ofPages = "origin, Sec-Fetch-Site, and the header of pages against forms"
	// ofBeacons: only a page of an allowed origin may ask, which shows it by its
	// origin, for an address of that origin; see TestBeginIsForPagesAlone.
	ofBeacons = "origin, Sec-Fetch-Site, and the origin of what it says"
	// ofUsers: a browser navigates there, by its user's own wish and with a state
	// that no other browser has; see TestLogoutOfAccountIsTheUsersOwnWish and
	// TestLogoutCallbackChecksTheState.
	ofUsers = "Sec-Fetch headers, Referer and state"
	// ofKakao: no cookie counts, the caller shows that it is Kakao; see
	// TestUnlinkWebhook and TestRule08SecurityEventTokens.
	ofKakao = "admin key or signature"
	// ofProxies: it tells who is asking, and only to a proxy, which does not hear it
	// of what other sites have a browser send; see
	// TestAuthRefusesUnsafeRequestsOfForeignPages.
	ofProxies = "address, origin and Sec-Fetch-Site"
	// readsOnly: it takes GET alone, and changes nothing.
	readsOnly = "changes nothing"
)

// forgeries are what another site can have a browser send. Each change is made
// to a request that would pass; where it leaves the header of pages, that alone
// is not what refuses it.
var forgeries = map[string]http.Header{
	"another site":                       {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
	"another site in disguise":           {"Origin": {testOrigin}, "Sec-Fetch-Site": {"cross-site"}, contract.PageHeader: nil, "Content-Type": {"text/plain"}},
	"a sibling host":                     {"Origin": {"https://evil.example.com"}, "Sec-Fetch-Site": {"same-site"}},
	"a sandboxed frame":                  {"Origin": {"null"}, "Sec-Fetch-Site": {"cross-site"}},
	"another site without Origin":        {"Origin": nil, "Sec-Fetch-Site": {"cross-site"}},
	"a sibling host without Origin":      {"Origin": nil, "Sec-Fetch-Site": {"same-site"}},
	"a name pointed at the server":       {"Origin": {"https://evil.example"}},
	"plain http of the same host":        {"Origin": {"http://app.example.com"}, "Sec-Fetch-Site": {"cross-site"}},
	"two origins":                        {"Origin": {testOrigin, "https://evil.example"}},
	"an older browser":                   {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": nil},
	"an older browser, sandboxed":        {"Origin": {"null"}, "Sec-Fetch-Site": nil},
	"a form of an old browser":           {"Origin": nil, "Sec-Fetch-Site": nil, contract.PageHeader: nil, "Content-Type": {"application/x-www-form-urlencoded"}},
	"an upload of an old browser":        {"Origin": nil, "Sec-Fetch-Site": nil, contract.PageHeader: nil, "Content-Type": {"multipart/form-data; boundary=x"}},
	"JSON in a form of an old browser":   {"Origin": nil, "Sec-Fetch-Site": nil, contract.PageHeader: nil, "Content-Type": {"text/plain"}},
	"a form that is hard to read":        {"Origin": nil, "Sec-Fetch-Site": nil, contract.PageHeader: nil, "Content-Type": {"text/plain; ="}},
	"a form on the page itself":          {contract.PageHeader: nil, "Content-Type": {"application/x-www-form-urlencoded"}},
	"a beacon of the page itself":        {contract.PageHeader: nil, "Content-Type": {"text/plain;charset=UTF-8"}},
	"the header with another value":      {contract.PageHeader: {"0"}},
	"the header twice":                   {contract.PageHeader: {"1", "1"}},
	"the header from another site":       {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}, "Content-Type": {"text/plain"}},
	"a link that was typed in, they say": {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"none"}},
}

// Row 14: the table of defences names every route, and no other.
func TestEveryRouteHasADefenceAgainstCSRF(t *testing.T) {
	table, err := newHarness(t, withBackEnds, func(c *Config) { c.AppID, c.AdminKey = "1", "admin-key" }).table()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(table)), slices.Sorted(maps.Keys(csrfDefences))); diff != "" {
		t.Errorf("csrfDefences are not those of the routes (-routes +defences):\n%s", diff)
	}
}

// Row 14: what changes something takes no forged request, of which nothing
// remains but the refusal; the same request of the page passes.
func TestForgedRequestsChangeNothing(t *testing.T) {
	for path, defence := range csrfDefences {
		if defence != ofPages {
			continue
		}
		h := newHarness(t, withBackEnds)
		h.login()
		calls := maps.Clone(h.kakao.calls)
		for name, change := range forgeries {
			r := h.request("POST", path, tokenRequestBody(nil))
			maps.Copy(r.Header, change)
			maps.DeleteFunc(r.Header, func(_ string, values []string) bool { return values == nil })
			res := h.send(r)
			if res.StatusCode != http.StatusForbidden || len(res.Cookies()) != 0 {
				t.Errorf("%s by %s: %d with cookies %v", path, name, res.StatusCode, res.Cookies())
			}
		}
		if diff := cmp.Diff(calls, h.kakao.calls); diff != "" {
			t.Errorf("%s: Kakao was asked:\n%s", path, diff)
		}
		if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
			t.Errorf("%s: the session ended", path)
		}
		if res := h.send(h.request("POST", path, tokenRequestBody(nil))); res.StatusCode >= 300 {
			t.Errorf("%s: the page's own request got %d", path, res.StatusCode)
		}
	}
}

// Row 14: a program that is no browser, and has a session by right, needs no
// headers of browsers and none of pages.
func TestProgramsNeedNoHeaderOfPages(t *testing.T) {
	for path, body := range map[string]string{"/token": tokenRequestBody(nil), "/refresh": "", "/session/token": "", "/logout": ""} {
		h := newHarness(t, withBackEnds)
		h.login()
		r := h.request("POST", path, body)
		for _, name := range []string{"Origin", "Sec-Fetch-Site", contract.PageHeader} {
			r.Header.Del(name)
		}
		if body == "" {
			r.Header.Del("Content-Type")
		}
		if res := h.send(r); res.StatusCode >= 300 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// Row 14: what takes GET alone changes nothing, whoever has it asked.
func TestReadingChangesNothing(t *testing.T) {
	h := newHarness(t, withBackEnds, func(c *Config) { c.SDK = testSDK() })
	h.login()
	calls := maps.Clone(h.kakao.calls)
	for path, defence := range csrfDefences {
		if defence != readsOnly {
			continue
		}
		for name, change := range forgeries {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"} {
				r := h.request(method, path, "")
				maps.Copy(r.Header, change)
				res := h.send(r)
				if len(res.Cookies()) != 0 || res.StatusCode == http.StatusNoContent {
					t.Errorf("%s %s by %s: %d with cookies %v", method, path, name, res.StatusCode, res.Cookies())
				}
			}
		}
		res := h.send(h.request("PATCH", path, ""))
		if allow := res.Header.Get("Allow"); strings.TrimPrefix(allow, "GET") != "" {
			t.Errorf("%s takes %s", path, allow)
		}
	}
	if diff := cmp.Diff(calls, h.kakao.calls); diff != "" {
		t.Errorf("Kakao was asked:\n%s", diff)
	}
	if _, session := h.do("GET", "/session", ""); session["authenticated"] != true {
		t.Error("the session ended")
	}
}

// An SDK of another contract hears which version goes with this server.
func TestAnSDKOfAnotherContractIsToldWhatToInstall(t *testing.T) {
	h := newHarness(t)
	r := h.request("POST", "/token", tokenRequestBody(nil))
	r.Header.Set(contract.PageHeader, "2")
	res := h.send(r)
	var refusal struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(res.Body).Decode(&refusal); err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusForbidden || refusal.Error != contract.CodeAccessDenied || !strings.HasSuffix(refusal.Description, "install the SDK of that version") {
		t.Errorf("%d %+v", res.StatusCode, refusal)
	}
}
