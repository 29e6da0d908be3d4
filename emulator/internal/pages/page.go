// Package pages is what people see of the platform: the pages of a login and a
// logout, errors, the front door, and the frame of the console with its style and
// scripts. It shows what it is given, and decides nothing.
package pages

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// Files of the pages.
const (
	// PathAssets is where what belongs to the pages is, apart from Kakao's paths.
	PathAssets = "/emulator/"
	PathStyle  = PathAssets + "style.css"
	PathScript = PathAssets + "consent.js"
)

//go:embed web
var files embed.FS

// pagePolicy has no form-action on purpose: Chromium applies it to every
// redirect that follows a form, and where the app's callback redirects to is
// the app's business. The pages hold no user-written markup that a form could
// be smuggled into. frame-ancestors keeps the consent page from being framed.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"

// Show sends a page. It sets no Cross-Origin-Opener-Policy: a popup must
// keep its opener, as at Kakao.
func Show(w http.ResponseWriter, status int, l language.Tag, page g.Node) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Language", string(l))
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("Referrer-Policy", "same-origin")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = page.Render(w) // an error means that the client is gone
}

// assetTypes are the files that pages load, by extension.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
}

// ServeAsset serves a style sheet or a script of the pages: those of the console
// lie in a folder of their own.
func ServeAsset(w http.ResponseWriter, r *http.Request) {
	kind := assetTypes[path.Ext(r.URL.Path)]
	content, err := fs.ReadFile(files, "web"+strings.TrimPrefix(r.URL.Path, "/emulator"))
	if err != nil || kind == "" {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	header.Set("Cache-Control", "no-cache")
	header.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(content)
}
