package demo

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// GuidesPath is where the demo shows the guides. The site is built for it
// (site/.vitepress/config.mjs).
const GuidesPath = "/docs/"

// Guides serves the site that `make docs` builds, below [GuidesPath]. Addresses
// have no .html. Where files holds no site, it says how to build one.
func Guides(files fs.FS) http.Handler {
	return http.StripPrefix(strings.TrimSuffix(GuidesPath, "/"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-cache")
		name := guideFile(files, r.URL.Path)
		switch {
		case name == "":
			guideNotFound(w, files)
		case path.Ext(name) == ".html":
			serveGuide(w, files, name, http.StatusOK)
		default:
			if strings.HasPrefix(name, "assets/") { // their names hold a hash of their bytes
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			http.ServeFileFS(w, r, files, name)
		}
	}))
}

// guideFile is the file of an address, empty if there is none.
func guideFile(files fs.FS, address string) string {
	name := strings.TrimPrefix(path.Clean(address), "/")
	for _, candidate := range []string{name, name + ".html", path.Join(name, "index.html")} {
		if !fs.ValidPath(candidate) {
			continue
		}
		if info, err := fs.Stat(files, candidate); err == nil && info.Mode().IsRegular() {
			return candidate
		}
	}
	return ""
}

func guideNotFound(w http.ResponseWriter, files fs.FS) {
	const page = "404.html"
	if guideFile(files, page) == "" {
		http.Error(w, "the guides are not built: run make docs, and open "+GuidesPath+" again", http.StatusNotFound)
		return
	}
	serveGuide(w, files, page, http.StatusNotFound)
}

func serveGuide(w http.ResponseWriter, files fs.FS, name string, status int) {
	page, err := fs.ReadFile(files, name)
	if err != nil {
		http.Error(w, "the guides cannot be read: run make docs, and open "+GuidesPath+" again", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", guidePolicy(string(page)))
	w.WriteHeader(status)
	_, _ = w.Write(page) // an error means that the client is gone
}

// inlineScript is a script of a built page that stands in the page. They choose
// the colours before anything is drawn.
var inlineScript = regexp.MustCompile(`(?s)<script(?: id="[\w-]*")?>(.*?)</script>`)

// guidePolicy allows the scripts of a page by their hashes (CSP Level 3, section
// 2.3.1). Colours of code are styles in attributes.
func guidePolicy(page string) string {
	scripts := "script-src 'self'"
	for _, found := range inlineScript.FindAllStringSubmatch(page, -1) {
		hash := sha256.Sum256([]byte(found[1]))
		scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", scripts, "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self'",
		"connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; ")
}
