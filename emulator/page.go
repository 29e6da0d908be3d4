package emulator

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

const (
	// pathAssets is where what belongs to the pages is, apart from Kakao's paths.
	pathAssets = "/emulator/"
	pathStyle  = pathAssets + "style.css"
	pathScript = pathAssets + "consent.js"
)

//go:embed web
var web embed.FS

// pages are the templates; phrase and text take the language from the caller,
// so that one set of parsed templates serves every language.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"phrase": func(l language, key string) string { return phrases[key].in(l) },
	"text":   func(l language, t Text) string { return t.in(l) },
	"avatar": func(u User) string { return avatarPath(u.ID, thumbnailSize) },
	"fix":    advice,
}).ParseFS(web, "web/*.html"))

// pagePolicy has no form-action on purpose: Chromium applies it to every
// redirect that follows a form, and where the app's callback redirects to is
// the app's business. The pages hold no user-written markup that a form could
// be smuggled into. frame-ancestors keeps the consent page from being framed.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"

// showPage renders a page. It sets no Cross-Origin-Opener-Policy: a popup must
// keep its opener, as at Kakao.
func (e *World) showPage(w http.ResponseWriter, status int, l language, name string, data map[string]any) {
	data["Lang"] = l
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name+".html", data); err != nil {
		e.log.Error("page not rendered", "page", name, "error", err)
		http.Error(w, "page not rendered", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Language", string(l))
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("Referrer-Policy", "same-origin")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w)
}

// showError shows an error that must not be redirected.
func (e *World) showError(w http.ResponseWriter, r *http.Request, refusal *oauthError) {
	e.logRefusal(r, refusal)
	refusal.explainTo(w.Header())
	e.showPage(w, refusal.status, pageLanguage(r), "error", map[string]any{
		"Error": refusal.OAuthError, "Explained": refusal.explained(),
	})
}

// assetTypes are the files that pages load, by extension.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
}

// serveAsset serves a style sheet or a script of the pages: those of the console
// lie in a folder of their own.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	kind := assetTypes[path.Ext(r.URL.Path)]
	content, err := fs.ReadFile(web, "web"+strings.TrimPrefix(r.URL.Path, "/emulator"))
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

// consolePage is the page of the console; its script does the rest. It speaks
// Korean and English.
func (e *World) consolePage(w http.ResponseWriter, r *http.Request) {
	l, other := english, korean
	if pageLanguage(r) == korean {
		l, other = korean, english
	}
	e.showPage(w, http.StatusOK, l, "console", map[string]any{"Other": other})
}
