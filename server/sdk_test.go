package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// testSDK is a built SDK; kakao.mjs comes with a compressed sibling.
func testSDK() fstest.MapFS {
	script := []byte(strings.Repeat("Kakao.init();\n", 100))
	return fstest.MapFS{
		"kakao.js":      {Data: script},
		"kakao.mjs":     {Data: script},
		"kakao.mjs.br":  {Data: []byte("sibling")},
		"kakao.wasm":    {Data: []byte("\x00asm")},
		"index.d.ts":    {Data: []byte("export {};\n")},
		"README.md":     {Data: []byte("not part of it")},
		"sub/chunk.mjs": {Data: script},
	}
}

func TestSDKFiles(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.SDK = testSDK() })
	script := string(testSDK()["kakao.js"].Data)
	for _, test := range []struct{ file, accept, encoding, contentType, content string }{
		{"kakao.js", "", "", "text/javascript; charset=utf-8", script},
		{"kakao.js", "gzip, deflate, br, zstd", "br", "text/javascript; charset=utf-8", script},
		{"kakao.js", "gzip;q=1.0, br;q=0", "gzip", "text/javascript; charset=utf-8", script},
		{"kakao.js", "BR ; q=0.5", "br", "text/javascript; charset=utf-8", script},
		{"kakao.js", "identity", "", "text/javascript; charset=utf-8", script},
		{"kakao.mjs", "br", "br", "text/javascript; charset=utf-8", "sibling"},
		{"sub/chunk.mjs", "", "", "text/javascript; charset=utf-8", script},
		{"kakao.wasm", "br", "", "application/wasm", "\x00asm"}, // does not get smaller
		{"index.d.ts", "", "", "application/typescript; charset=utf-8", "export {};\n"},
	} {
		r := h.request("GET", "/sdk/"+kakao.Version+"/"+test.file, "")
		if test.accept != "" {
			r.Header.Set("Accept-Encoding", test.accept)
		}
		res := h.send(r)
		content := readAll(t, res)
		if test.content != "sibling" {
			content = decompress(t, res.Header.Get("Content-Encoding"), content)
		}
		for name, want := range map[string]string{
			"Content-Encoding": test.encoding, "Content-Type": test.contentType, "Vary": "Accept-Encoding",
			"Cache-Control":               "public, no-cache",
			"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "X-Content-Type-Options": "nosniff",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s as %q: %s is %q, want %q", test.file, test.accept, name, got, want)
			}
		}
		if res.StatusCode != http.StatusOK || content != test.content {
			t.Errorf("%s as %q: %d %q", test.file, test.accept, res.StatusCode, content)
		}
		r.Header.Set("If-None-Match", res.Header.Get("ETag"))
		if again := h.send(r); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", test.file, again.StatusCode)
		}
	}
}

func decompress(t *testing.T, encoding, content string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(content)
	switch encoding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSDKMisses(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.SDK = testSDK() })
	for path, want := range map[string]string{
		"/sdk/9.9.9/kakao.js":                          "has version " + kakao.Version,
		"/sdk/" + kakao.Version + "-0123456789ab/x.js": "has version " + kakao.Version,
		"/sdk/":                                         "has version " + kakao.Version,
		"/sdk/" + kakao.Version:                         "no such file",
		"/sdk/" + kakao.Version + "/README.md":          "no such file",
		"/sdk/" + kakao.Version + "/kakao.mjs.br":       "no such file",
		"/sdk/" + kakao.Version + "/../../etc/passwd":   "no such file",
		"/sdk/" + kakao.Version + "/%2e%2e/%2e%2e/x.js": "no such file",
		"/sdk/" + kakao.Version + "//kakao.js":          "no such file",
	} {
		status, body := h.do("GET", path, "")
		expectError(t, status, body, 404, "invalid_request", "")
		if said, _ := body["error_description"].(string); !strings.Contains(said, want) {
			t.Errorf("%s: %q", path, said)
		}
	}
}

func TestOnlyTheAddressWithTheHashIsKeptForEver(t *testing.T) {
	changed := testSDK()
	changed["kakao.wasm"] = &fstest.MapFile{Data: []byte("\x00asm again")}
	smaller := testSDK()
	delete(smaller, "sub/chunk.mjs")
	paths := make(map[string]bool)
	for _, files := range []fstest.MapFS{testSDK(), changed, smaller} {
		h := newHarness(t, func(c *Config) { c.SDK = files })
		path := h.SDKPath("kakao.js")
		if !strings.HasPrefix(path, "/kakao/sdk/"+kakao.Version+"-") || paths[path] {
			t.Errorf("%s does not stand for its files alone", path)
		}
		paths[path] = true
		res := h.send(h.request("GET", strings.TrimPrefix(path, "/kakao"), ""))
		if caching := res.Header.Get("Cache-Control"); res.StatusCode != http.StatusOK || caching != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %d, Cache-Control %q", path, res.StatusCode, caching)
		}
	}
}

func TestSDKIntegrity(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.SDK = testSDK() })
	status, body := h.do("GET", "/sdk/integrity.json", "")
	files, _ := body["files"].(map[string]any)
	sum := sha512.Sum384(testSDK()["kakao.js"].Data)
	if status != 200 || body["version"] != kakao.Version || body["path"] != h.SDKPath("") || len(files) != 5 ||
		files["kakao.js"] != "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("got %d %v", status, body)
	}
}

func TestNoSDK(t *testing.T) {
	h := newHarness(t)
	if status, _ := h.do("GET", "/sdk/"+kakao.Version+"/kakao.js", ""); status != 404 {
		t.Errorf("got %d", status)
	}
	if status, body := h.do("GET", "/sdk/integrity.json", ""); status != 200 || len(body["files"].(map[string]any)) != 0 {
		t.Errorf("got %d %v", status, body)
	}
}
