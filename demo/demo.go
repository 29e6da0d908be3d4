package demo

import (
	"embed"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// Mode says which platform the page talks to. The page shows it at its top.
type Mode string

const (
	// ModeEmulator is the local emulator: made-up people, no network.
	ModeEmulator Mode = "emulator"
	// ModeKakao is the real Kakao, with real accounts.
	ModeKakao Mode = "kakao"
)

// Options are the settings of the page.
type Options struct {
	// AppKey is the JavaScript key given to Kakao.init. It is public.
	AppKey string
	// Mode is the platform that the page says it talks to.
	Mode Mode
	// Platform holds the two hosts. The page may connect to Platform.API and
	// show pictures of either.
	Platform kakao.Platform
	// ServerBase is the base path of the token server on the page's own
	// origin, such as "/kakao".
	ServerBase string
	// SDK is the address of the SDK's script.
	SDK string
	// Terms are the titles of the app's service terms, which no call of Kakao's
	// tells; without one a tag is shown.
	Terms []Term
	// Steps are the requests that the page cannot see by itself; nil means that
	// nobody records them.
	Steps *Steps
	// OpenerPolicy is sent as Cross-Origin-Opener-Policy. Empty sends none.
	OpenerPolicy string
}

// Term is the title of service terms in both languages of the page.
type Term struct {
	Tag string `json:"tag"`
	Ko  string `json:"ko"`
	En  string `json:"en"`
}

//go:embed index.html
var indexHTML string

//go:embed static
var static embed.FS

// index is the page: index.html, in which ${Name} stands for one of the parts.
func index(opts Options) string {
	parts := indexParts(opts)
	return os.Expand(indexHTML, func(name string) string {
		part := parts[name]
		if part == nil {
			return "" // such as the hosts of the real Kakao, which the SDK knows by itself
		}
		var b strings.Builder
		_ = part.Render(&b) // a builder takes everything
		return b.String()
	})
}

// indexParts are the parts of the page that depend on the options: texts, which
// are escaped, attributes and elements.
func indexParts(opts Options) map[string]g.Node {
	p := opts.Platform
	parts := map[string]g.Node{
		"AppKey": g.Text(opts.AppKey), "Mode": g.Text(string(opts.Mode)), "ServerBase": g.Text(opts.ServerBase), "SDK": g.Text(opts.SDK),
		"API": g.Text(p.API), "Auth": g.Text(p.Auth),
		"Terms": g.Text(asJSON(opts.Terms)), "Calls": g.Text(asJSON(explorerCalls())), // for the scripts
		"Platform": h.Code(g.Text(p.Auth)),
	}
	if opts.Steps != nil {
		parts["Steps"] = h.Data("steps", "/steps")
	}
	if opts.Mode == ModeEmulator {
		parts["AuthHost"], parts["APIHost"] = h.Data("auth-host", p.Auth), h.Data("api-host", p.API)
		parts["Platform"] = g.Group{
			h.A(h.Href(p.Auth+"/"), g.Text(p.Auth)), g.Text(" · "),
			h.A(h.Href(p.Auth+"/console"), h.Data("t", "mode.console")),
		}
	}
	return parts
}

// Handler serves the page at "/" and its files beside it, and answers 404 to
// everything else. The token server must be mounted at ServerBase of the same
// origin.
func Handler(opts Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		serveIndex(w, opts)
	})
	if opts.Steps != nil {
		mux.Handle("GET /steps", opts.Steps)
	}
	mux.HandleFunc("GET /{file}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, static, "static/"+r.PathValue("file"))
	})
	return withHeaders(headers(opts), mux)
}

func serveIndex(w http.ResponseWriter, opts Options) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, index(opts)) // an error means that the client is gone
}

// asJSON writes lists of texts: nothing can fail.
func asJSON[T any](list []T) string {
	text, _ := json.Marshal(append([]T{}, list...)) // none is [], not null
	return string(text)
}

// headers are sent with every answer, errors included.
func headers(opts Options) map[string]string {
	sent := map[string]string{
		"Cache-Control":           "no-cache",
		"Content-Security-Policy": contentSecurityPolicy(opts.Platform),
		"Referrer-Policy":         "strict-origin-when-cross-origin",
		"X-Content-Type-Options":  "nosniff",
	}
	if opts.OpenerPolicy != "" {
		sent["Cross-Origin-Opener-Policy"] = opts.OpenerPolicy
	}
	return sent
}

// contentSecurityPolicy forbids everything that the page does not need. There
// is no inline script or style; WebAssembly needs 'wasm-unsafe-eval'.
func contentSecurityPolicy(p kakao.Platform) string {
	// API requests go to the one, a login in KakaoTalk is polled for at the other.
	hosts := strings.Join(slices.Compact([]string{p.Auth, p.API}), " ")
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		"img-src 'self' data: https: " + hosts,
		"connect-src 'self' " + hosts,
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}

func withHeaders(headers map[string]string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}
