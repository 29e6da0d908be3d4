package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// pageGuard keeps the pages of strangers out.
type pageGuard struct {
	registry *registry.Registry
	// platform says by which origins a request knows the emulator.
	platform func(*http.Request) kakao.Platform
	// half is the part of the platform that a request is for.
	half func(*http.Request) half
}

// onlyKnownPages refuses requests that a page of a site makes which no app has
// registered, on every path but the pages that people are led to. A browser says
// which page it is by Origin, and where it leaves that out, that it is one of
// another site by Sec-Fetch-Site. A preflight does nothing by itself.
func (g *pageGuard) onlyKnownPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if web.Preflight(r.Method, r.Header) || !g.byStranger(r) {
			next.ServeHTTP(w, r)
			return
		}
		// The page's developer reads in it what to register.
		w.Header().Set("Access-Control-Allow-Origin", cmp.Or(r.Header.Get("Origin"), "*"))
		w.Header().Set("Vary", "Origin")
		g.half(r).RefuseStranger(w, r)
	})
}

func (g *pageGuard) byStranger(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate"
	}
	own := []string{web.RequestOrigin(r), g.platform(r).Auth, g.platform(r).API}
	return len(r.Header.Values("Origin")) > 1 || !slices.Contains(own, strings.ToLower(origin)) && !g.registry.Directory().AllowsOrigin(origin)
}
