package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// A site that the developer visits begins a login that the automatic login
// answers, and wants the code that waits for the page of the legacy SDK, and the
// token.
func TestASiteThatTheDeveloperVisitsGetsNothing(t *testing.T) {
	p := start(t)
	if err := p.AutoLogin(4210000001); err != nil {
		t.Fatal(err)
	}
	b := p.browser()
	b.authorize("client_id", emulator.DemoJavaScriptKey, "redirect_uri", "JS-SDK", "auth_tran_id", "t")
	query := url.Values{"client_id": {emulator.DemoJavaScriptKey}, "auth_tran_id": {"t"}}
	stranger := []string{"Origin", "https://evil.example"}
	for name, headers := range map[string][]string{
		"by fetch":         stranger,
		"as an image":      {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"},
		"from a sandbox":   {"Origin", "null"},
		"from a neighbour": {"Origin", "http://localhost.evil.example:3000"},
	} {
		for _, request := range []struct {
			method, path string
			query        url.Values
		}{
			{http.MethodGet, kakao.PathCode, query},
			{http.MethodPost, kakao.PathToken, nil},
			{http.MethodGet, pathMe, nil},
			{http.MethodGet, kakao.PathDiscovery, nil},
			{http.MethodGet, kakao.PathAuthorize, nil},
			{http.MethodPost, "/oauth/login", nil},
		} {
			got := p.call(request.method, request.path, "", request.query, headers...)
			want := http.StatusForbidden
			if request.path == pathMe {
				want = http.StatusUnauthorized
			}
			if got.status != want || got.text("code") != "" {
				t.Errorf("%s, %s %s: %d %s", name, request.method, request.path, got.status, got.raw)
			}
		}
	}
	if got := p.call(http.MethodGet, kakao.PathCode, "", query, "Origin", "http://localhost:3000"); got.text("status") != "ok" {
		t.Errorf("a page of the developer's own: %s", got.raw)
	}
	if got := b.do(http.MethodGet, p.url+kakao.PathAuthorize, nil); got.status != http.StatusUnauthorized {
		t.Errorf("a program: %d", got.status)
	}
}

func TestPagesOfAnAppMayNotActForAnother(t *testing.T) {
	p := start(t, secondApp, func(c *emulator.Config) {
		c.Apps[0].SiteDomains = []string{"https://one.example"}
		c.Apps[1].SiteDomains = []string{"https://other.example"}
	})
	query := url.Values{"client_id": {emulator.DemoJavaScriptKey}, "auth_tran_id": {"t"}}
	for origin, status := range map[string]int{"https://one.example": 200, "https://other.example": 403, "http://localhost:3000": 403} {
		if got := p.call(http.MethodGet, kakao.PathCode, "", query, "Origin", origin); got.status != status {
			t.Errorf("%s polls: %d %s, want %d", origin, got.status, got.raw, status)
		}
		form := url.Values{"grant_type": {"refresh_token"}, "client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret}, "refresh_token": {"x"}}
		want := map[int]string{200: "KOE322", 403: ""}[status]
		if got := p.call(http.MethodPost, kakao.PathToken, "", form, "Origin", origin); got.text("error_code") != want || (got.status == http.StatusForbidden) != (status == 403) {
			t.Errorf("%s asks for tokens: %d %s", origin, got.status, got.raw)
		}
	}
}

// TestStrangersDoNotFillTheMemory sends more than is kept. What a state saves is
// what the memory holds.
func TestStrangersDoNotFillTheMemory(t *testing.T) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback))
	if err != nil {
		t.Fatal(err)
	}
	flood := func(requests, bytes int) int {
		for range requests {
			w := httptest.NewRecorder()
			e.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8481"+kakao.PathAuthorize+"?"+url.Values{
				"response_type": {"code"}, "client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {callback}, "nonce": {strings.Repeat("n", bytes)},
			}.Encode(), nil))
			if w.Code >= http.StatusBadRequest {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		}
		state, err := e.State()
		if err != nil {
			t.Fatal(err)
		}
		return len(state)
	}
	full := flood(12_000, 0)
	if after := flood(2_000, 0); after > full+full/10 || after > 12<<20 {
		t.Errorf("12,000 requests leave %d bytes, 14,000 leave %d", full, after)
	}
	if after := flood(300, 100<<10); after > 40<<20 {
		t.Errorf("300 requests of 100 KB leave %d bytes", after)
	}
	if err := e.AutoLogin(4210000001); err != nil {
		t.Fatal(err)
	}
	if after := flood(12_000, 10<<10); after > 80<<20 {
		t.Errorf("12,000 automatic logins with a nonce of 10 KB leave %d bytes", after)
	}
	if calls := e.Calls(""); len(calls) > 1000 {
		t.Errorf("%d calls are remembered", len(calls))
	}
}
