package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// checkOrigin refuses pages of other sites than the app registered, in a request
// to the platform at some origin.
func checkOrigin(a *config.App, r *http.Request) *apiError {
	origin := r.Header.Get("Origin")
	if origin == "" || origin == web.RequestOrigin(r) || a.AllowsOrigin(origin) {
		return nil
	}
	return domainMismatch(origin)
}

func domainMismatch(origin string) *apiError {
	return refuse(catalog.ErrToken, "domain mismatched! caller="+web.Shorten(origin)+". check out registered web domains.")
}

// errForeignPage refuses a page that no app has registered. Kakao documents no
// error for it.
var errForeignPage = newOAuthError(http.StatusForbidden, "access_denied", "", "Pages of this origin may not call: register it as a site domain of the app.")

// checkPage refuses pages of other sites than an app registered at the
// authorization server. An unknown app is refused elsewhere.
func checkPage(d *registry.Directory, r *http.Request, clientID string) *oauthError {
	app := d.AppsByKey[clientID]
	if app == nil || checkOrigin(app, r) == nil {
		return nil
	}
	return errForeignPage.describing("The origin " + web.Shorten(r.Header.Get("Origin")) + " is not registered: add it to the site domains of the app.")
}

// pageGuard keeps the pages of strangers out.
type pageGuard struct {
	answers
	registry *registry.Registry
	// platform says by which origins a request knows the emulator.
	platform func(*http.Request) kakao.Platform
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
		if isAuth(r) {
			g.writeOAuthError(w, r, errForeignPage)
			return
		}
		g.writeAPIError(w, r, domainMismatch(r.Header.Get("Origin")))
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
