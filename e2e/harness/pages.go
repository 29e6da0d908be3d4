package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

// harness holds the parts under test and what the tests may ask of them.
type harness struct {
	emulator *emulator.Emulator
	tokens   *server.Server
	platform string
	server   string
	origins  []string // those that the token server allows

	refreshes atomic.Int64
	down      atomic.Bool // the token server
	older     atomic.Bool // the token server is one version older
	policy    atomic.Bool // the platform's pages have an opener policy
}

// pages serves the token server and the pages of a site. Each page is a legacy
// page: a script tag, and nothing else; the tests add the rest.
func (h *harness) pages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/kakao/", h.countingServer())
	mux.HandleFunc("GET /{$}", h.page("text/html; charset=utf-8", nil))
	mux.HandleFunc("GET /euc-kr", h.page("text/html; charset=euc-kr", nil))
	mux.HandleFunc("GET /coop", h.page("text/html; charset=utf-8", map[string]string{
		"Cross-Origin-Opener-Policy": "same-origin",
	}))
	mux.HandleFunc("GET /csp", h.page("text/html; charset=utf-8", map[string]string{
		"Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval'",
	}))
	mux.HandleFunc("GET /csp-without-wasm", h.page("text/html; charset=utf-8", map[string]string{
		"Content-Security-Policy": "script-src 'self'",
	}))
	mux.HandleFunc("GET /own-callback", h.page("text/html; charset=utf-8", nil))
	mux.HandleFunc("GET /eager", h.eagerPage)
	mux.HandleFunc("GET /without-hosts", h.pageOf("text/html; charset=utf-8", nil, ""))
	mux.HandleFunc("GET /undeclared/kakao.js", h.undeclaredScript)
	mux.HandleFunc("GET /undeclared", h.undeclaredPage)
	mux.HandleFunc("GET /blank", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>blank</title>")
	})
	return mux
}

func (h *harness) countingServer() http.Handler {
	older := h.olderServer()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/refresh") { // no preflight
			h.refreshes.Add(1)
		}
		if h.down.Load() && r.Method != http.MethodGet {
			panic(http.ErrAbortHandler)
		}
		if h.older.Load() {
			older.ServeHTTP(w, r)
			return
		}
		h.tokens.ServeHTTP(w, r)
	})
}

// platformPages is the platform, whose pages may cut a popup off its opener.
func (h *harness) platformPages() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.policy.Load() {
			w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		}
		h.emulator.ServeHTTP(w, r)
	})
}

const pageHTML = `<!doctype html>
<html lang="ko">
<title>page</title>
<button id="login">login</button>
<div id="container"><i>old</i></div>
<script src="%s/sdk/%s/kakao.js" data-server="%s"%s></script>
`

// eagerPage logs in while it loads, without a click: browsers block its popup.
func (h *harness) eagerPage(w http.ResponseWriter, r *http.Request) {
	h.page("text/html; charset=utf-8", nil)(w, r)
	fmt.Fprintf(w, `<script>
window.heard = [];
Kakao.init(%q);
Kakao.Auth.login({ success: (a) => heard.push(["success", a]), fail: (e) => heard.push(["fail", e]), always: (a) => heard.push(["always", a]) });
</script>`, emulator.DemoJavaScriptKey)
}

// page loads the SDK and leads it to the emulator.
func (h *harness) page(contentType string, headers map[string]string) http.HandlerFunc {
	return h.pageOf(contentType, headers, fmt.Sprintf(` data-auth-host="%s" data-api-host="%[1]s"`, h.platform))
}

// pageOf loads the SDK with attributes that say where Kakao is; with none it is
// where it always is.
func (h *harness) pageOf(contentType string, headers map[string]string, hosts string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		fmt.Fprintf(w, pageHTML, h.server, kakao.Version, h.server, hosts)
	}
}

// undeclaredPage and undeclaredScript are what a plain file server makes of the
// SDK on an EUC-KR site: no character set anywhere but the page's own.
func (h *harness) undeclaredPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=euc-kr")
	fmt.Fprint(w, `<!doctype html><script src="/undeclared/kakao.js"></script>`)
}

func (h *harness) undeclaredScript(w http.ResponseWriter, r *http.Request) {
	request := r.Clone(r.Context())
	request.URL.Path = "/kakao/sdk/" + kakao.Version + "/kakao.js"
	h.tokens.ServeHTTP(undeclared{w}, request)
}

// undeclared drops the character set of an answer's type.
type undeclared struct{ http.ResponseWriter }

func (u undeclared) WriteHeader(status int) {
	u.Header().Set("Content-Type", "text/javascript")
	u.ResponseWriter.WriteHeader(status)
}
