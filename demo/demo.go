package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"

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

var index = template.Must(template.New("index.html").Parse(indexHTML))

// page is what index.html is rendered with.
type page struct {
	Options
	// AuthHost and APIHost are empty for the real Kakao, whose hosts the SDK
	// knows by itself.
	AuthHost, APIHost string
	// TitledTerms and Calls are JSON for the scripts.
	TitledTerms, Calls string
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
	p := page{Options: opts, TitledTerms: asJSON(opts.Terms), Calls: asJSON(explorerCalls())}
	if opts.Mode == ModeEmulator {
		p.AuthHost, p.APIHost = opts.Platform.Auth, opts.Platform.API
	}
	var b bytes.Buffer
	if err := index.Execute(&b, p); err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w)
}

// asJSON writes lists of texts: nothing can fail.
func asJSON[T any](list []T) string {
	text, _ := json.Marshal(append([]T{}, list...)) // none is [], not null
	return string(text)
}

// headers are sent with every answer, errors included.
func headers(opts Options) map[string]string {
	h := map[string]string{
		"Cache-Control":           "no-cache",
		"Content-Security-Policy": contentSecurityPolicy(opts.Platform),
		"Referrer-Policy":         "strict-origin-when-cross-origin",
		"X-Content-Type-Options":  "nosniff",
	}
	if opts.OpenerPolicy != "" {
		h["Cross-Origin-Opener-Policy"] = opts.OpenerPolicy
	}
	return h
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
