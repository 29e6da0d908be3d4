package config

import (
	"net/url"
	"slices"

	"github.com/kakaowasm/kakaowasm/contract"
)

// AllowsOrigin reports whether pages of an origin may act for the app: those of
// its site domains, and where it has registered none, those of this machine and
// of its redirect URIs. Any other page is a stranger, which must not log in as
// somebody just because the developer visits it.
func (a *App) AllowsOrigin(origin string) bool {
	if len(a.SiteDomains) > 0 {
		return slices.Contains(a.SiteDomains, origin)
	}
	page, err := url.Parse(origin)
	if err != nil || page.Host == "" {
		return false
	}
	return contract.IsLoopbackHost(page.Hostname()) || slices.ContainsFunc(a.RedirectURIs, func(uri string) bool { return originOfURI(uri) == origin })
}

func originOfURI(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}
