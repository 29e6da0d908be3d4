package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// browse opens an address as a person does.
func (b *browser) browse(path string) page {
	b.t.Helper()
	b.header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
	b.header.Set("Accept-Language", "en")
	return b.do(http.MethodGet, b.url+path, nil)
}

func TestTheFrontDoorShowsAllThatAnAppNeeds(t *testing.T) {
	p := start(t)
	shown := p.browser().browse("/")
	for _, want := range []string{
		p.url + "</code>", p.url + "/.well-known/openid-configuration", emulator.DemoRESTAPIKey, emulator.DemoJavaScriptKey,
		emulator.DemoClientSecret, emulator.DemoAdminKey, callback, "하늘보리", `href="/console"`, `href="/console/api/openapi.json"`, "docs/emulator.md",
	} {
		if shown.status != http.StatusOK || !strings.Contains(shown.body, want) {
			t.Errorf("%d: %q is not on the page", shown.status, want)
		}
	}
	if calls := p.Calls(""); len(calls) != 0 {
		t.Errorf("the journal is of calls to Kakao: %v", calls)
	}
	program := p.call(http.MethodGet, "/", "", nil)
	wantAPIRefusal(t, program, http.StatusNotFound, -2, "does not exist")
}

func TestOneClickLogsTheBrowserIn(t *testing.T) {
	p := start(t)
	b := p.browser()
	b.browse("/")
	after := b.do(http.MethodPost, p.url+"/oauth/emulator/login", url.Values{"user": {dohyun}})
	if after.status != http.StatusOK || !strings.Contains(after.body, "logged in as <strong>도토리현") {
		t.Errorf("%d %s", after.status, after.body)
	}
	if next := b.authorize(); !strings.Contains(next.body, "도토리현") || !strings.Contains(next.body, "/oauth/consent") {
		t.Errorf("the next login asks who it is:\n%s", next.body)
	}
	if gone := b.do(http.MethodPost, p.url+"/oauth/emulator/login", url.Values{"user": {"1"}}); gone.status != http.StatusForbidden {
		t.Errorf("nobody was logged in with %d", gone.status)
	}
}

func TestOtherSitesCannotLogTheBrowserIn(t *testing.T) {
	p := start(t)
	got := func(headers ...string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/oauth/emulator/login", strings.NewReader("user="+dohyun))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if status := got("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); status != http.StatusForbidden {
		t.Errorf("another site: %d", status)
	}
	if status := got("Sec-Fetch-Site", "same-origin"); status != http.StatusSeeOther {
		t.Errorf("the page itself: %d", status)
	}
}

func TestUnknownPathsGetAPageInABrowser(t *testing.T) {
	p := start(t)
	b := p.browser()
	for _, path := range []string{"/nothing", "/oauth/nothing", "/v2/nothing", "//oauth/token"} {
		shown := b.browse(path)
		if shown.status != http.StatusNotFound || !strings.Contains(shown.body, "nothing at this address") || !strings.Contains(shown.body, `href="/"`) {
			t.Errorf("%s: %d %s", path, shown.status, shown.body)
		}
		if program := p.call(http.MethodGet, path, "", nil); program.status != http.StatusNotFound || len(program.body) == 0 {
			t.Errorf("%s for a program: %d %s", path, program.status, program.raw)
		}
	}
}
