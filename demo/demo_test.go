package demo

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao"
)

var local = Options{
	AppKey:     "0123456789abcdef",
	Mode:       ModeEmulator,
	Platform:   kakao.Platform{Auth: "http://127.0.0.1:8481", API: "http://127.0.0.1:8481"},
	ServerBase: "/kakao",
	SDK:        "/kakao/sdk/9.8.7-0123456789ab/kakao.js",
}

func get(t *testing.T, opts Options, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	Handler(opts).ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestPageCarriesItsSettings(t *testing.T) {
	production := local
	production.Mode, production.Platform = ModeKakao, kakao.Production
	for _, tc := range []struct {
		name         string
		opts         Options
		want, absent []string
	}{
		{
			"emulator", local,
			[]string{
				`data-app-key="0123456789abcdef"`, `data-mode="emulator"`,
				`<script src="/kakao/sdk/9.8.7-0123456789ab/kakao.js" data-server="/kakao" data-auth-host="http://127.0.0.1:8481" data-api-host="http://127.0.0.1:8481"></script>`,
			},
			nil,
		},
		{
			"the real Kakao", production,
			[]string{`data-mode="kakao"`, `<script src="/kakao/sdk/9.8.7-0123456789ab/kakao.js" data-server="/kakao"></script>`},
			[]string{"data-auth-host", "data-api-host"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(t, tc.opts, http.MethodGet, "/")
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
				t.Fatalf("got %d %s", w.Code, w.Header().Get("Content-Type"))
			}
			for _, s := range tc.want {
				if !strings.Contains(w.Body.String(), s) {
					t.Errorf("the page lacks %s", s)
				}
			}
			for _, s := range tc.absent {
				if strings.Contains(w.Body.String(), s) {
					t.Errorf("the page has %s", s)
				}
			}
		})
	}
}

func TestPageEscapesItsSettings(t *testing.T) {
	opts := local
	opts.AppKey = `"><script>alert(1)</script>`
	if body := get(t, opts, http.MethodGet, "/").Body.String(); strings.Contains(body, "<script>alert") {
		t.Error("the app key reached the page unescaped")
	}
}

func TestPageHasNoInlineScriptOrStyle(t *testing.T) {
	body := get(t, local, http.MethodGet, "/").Body.String()
	for what, pattern := range map[string]string{
		"script without src": `<script(?:[^>]*)>\s*\S[^<]*</script>`,
		"style element":      `<style`,
		"style attribute":    `\sstyle=`,
		"handler attribute":  `\son[a-z]+=`,
		"javascript address": `javascript:`,
	} {
		if found := regexp.MustCompile(pattern).FindString(body); found != "" {
			t.Errorf("%s: %s", what, found)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
			"img-src 'self' data: https: http://127.0.0.1:8481; connect-src 'self' http://127.0.0.1:8481; " +
			"base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		"Referrer-Policy":            "strict-origin-when-cross-origin",
		"X-Content-Type-Options":     "nosniff",
		"Cross-Origin-Opener-Policy": "",
	}
	for _, path := range []string{"/", "/demo.js", "/nothing"} {
		header := get(t, local, http.MethodGet, path).Header()
		for name, value := range want {
			if got := header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
	}
}

func TestOpenerPolicyIsSentWhenAskedFor(t *testing.T) {
	opts := local
	opts.OpenerPolicy = "same-origin"
	if got := get(t, opts, http.MethodGet, "/").Header().Get("Cross-Origin-Opener-Policy"); got != "same-origin" {
		t.Errorf("got %q", got)
	}
}

func TestFilesAndNothingElse(t *testing.T) {
	for _, tc := range []struct {
		method, path string
		status       int
		contentType  string
	}{
		{http.MethodGet, "/demo.js", http.StatusOK, "text/javascript; charset=utf-8"},
		{http.MethodGet, "/demo.css", http.StatusOK, "text/css; charset=utf-8"},
		{http.MethodGet, "/favicon.svg", http.StatusOK, "image/svg+xml"},
		{http.MethodHead, "/", http.StatusOK, "text/html; charset=utf-8"},
		{http.MethodGet, "/nothing", http.StatusNotFound, ""},
		{http.MethodGet, "/static/demo.js", http.StatusNotFound, ""},
		{http.MethodGet, "/demo.go", http.StatusNotFound, ""},
		{http.MethodPost, "/", http.StatusMethodNotAllowed, ""},
	} {
		w := get(t, local, tc.method, tc.path)
		if w.Code != tc.status {
			t.Errorf("%s %s: got %d, want %d", tc.method, tc.path, w.Code, tc.status)
		}
		if got := w.Header().Get("Content-Type"); tc.contentType != "" && got != tc.contentType {
			t.Errorf("%s %s: got %s, want %s", tc.method, tc.path, got, tc.contentType)
		}
	}
}

// TestEveryTextIsInBothLanguages looks up the keys that the page names, and
// compares the two halves of the dictionary.
func TestEveryTextIsInBothLanguages(t *testing.T) {
	source, err := fs.ReadFile(static, "static/text.js")
	if err != nil {
		t.Fatal(err)
	}
	english, korean, ok := strings.Cut(string(source), "\n  ko: {")
	if !ok {
		t.Fatal("text.js has no Korean half")
	}
	en, ko := textKeys(english), textKeys(korean)
	used := map[string]bool{}
	for _, mode := range []Mode{ModeEmulator, ModeKakao} {
		opts := local
		opts.Mode = mode
		body := get(t, opts, http.MethodGet, "/").Body.String()
		for _, m := range regexp.MustCompile(`data-t="([^"]+)"`).FindAllStringSubmatch(body, -1) {
			used[m[1]] = true
		}
	}
	for key := range used {
		if !en[key] {
			t.Errorf("the page names the text %q, which the dictionary lacks", key)
		}
	}
	for key := range en {
		if !ko[key] {
			t.Errorf("%q has no Korean", key)
		}
	}
	for key := range ko {
		if !en[key] {
			t.Errorf("%q has no English", key)
		}
	}
}

func textKeys(source string) map[string]bool {
	keys := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^    '([^']+)':`).FindAllStringSubmatch(source, -1) {
		keys[m[1]] = true
	}
	return keys
}

// TestScriptsNeverWriteMarkup: answers of a platform are text, never HTML.
func TestScriptsNeverWriteMarkup(t *testing.T) {
	scripts, err := fs.Glob(static, "static/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(`)
	for _, name := range scripts {
		source, err := fs.ReadFile(static, name)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.Find(source); found != nil {
			t.Errorf("%s uses %s", name, found)
		}
	}
}
