package demo_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kakaowasm/kakaowasm/demo"
)

func TestGuides(t *testing.T) {
	built := demo.Guides(fstest.MapFS{
		"index.html":         {Data: []byte("first page")},
		"sdk.html":           {Data: []byte(`<script id="dark">document</script><script src="/docs/app.js"></script>`)},
		"en/index.html":      {Data: []byte("English")},
		"404.html":           {Data: []byte("no such page")},
		"assets/app.1234.js": {Data: []byte("script")},
	})
	for address, want := range map[string]struct {
		status int
		body   string
	}{
		"/docs/":                   {http.StatusOK, "first page"},
		"/docs/sdk":                {http.StatusOK, "document"},
		"/docs/sdk.html":           {http.StatusOK, "document"},
		"/docs/en/":                {http.StatusOK, "English"},
		"/docs/en":                 {http.StatusOK, "English"},
		"/docs/assets/app.1234.js": {http.StatusOK, "script"},
		"/docs/none":               {http.StatusNotFound, "no such page"},
		"/docs/assets":             {http.StatusNotFound, "no such page"},
		"/docs/../sdk":             {http.StatusOK, "document"},
		"/docs/%2e%2e/%2e%2e/x":    {http.StatusNotFound, "no such page"},
		"/docs/a%00b":              {http.StatusNotFound, "no such page"},
		"/docs/a%5Cb":              {http.StatusNotFound, "no such page"},
	} {
		got := get(built, address)
		if got.Code != want.status || !strings.Contains(got.Body.String(), want.body) {
			t.Errorf("%s: %d %q, want %d %q", address, got.Code, got.Body, want.status, want.body)
		}
		if !strings.Contains(got.Header().Get("X-Content-Type-Options"), "nosniff") {
			t.Errorf("%s: the type may be guessed", address)
		}
	}
}

// A page's own scripts run, and no others.
func TestGuidesAllowTheirScriptsOnly(t *testing.T) {
	page := demo.Guides(fstest.MapFS{"index.html": {Data: []byte(`<script id="dark">document</script><script type="module" src="x.js"></script>`)}})
	const hash = "'sha256-Q8wj+lK4e0zB0CtbEUFUFR1q3dsXyf3cBrAn+pniQAg='" // of "document"
	policy := get(page, "/docs/").Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self' "+hash+";") {
		t.Errorf("policy %q", policy)
	}
}

func TestGuidesThatAreNotBuiltSayWhatToDo(t *testing.T) {
	if got := get(demo.Guides(fstest.MapFS{}), "/docs/sdk"); got.Code != http.StatusNotFound || !strings.Contains(got.Body.String(), "run make docs") {
		t.Errorf("%d %q", got.Code, got.Body)
	}
}

func TestGuidesCacheWhatNeverChanges(t *testing.T) {
	built := demo.Guides(fstest.MapFS{"index.html": {}, "assets/app.1234.js": {}})
	for address, want := range map[string]string{"/docs/": "no-cache", "/docs/assets/app.1234.js": "public, max-age=31536000, immutable"} {
		if got := get(built, address).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func get(handler http.Handler, address string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, address, nil))
	return recorder
}
