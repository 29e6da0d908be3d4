package web

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/go-chi/httprate"
)

// NetworkOf is what counts as one client of an address: an IPv4 address, or a
// network of IPv6, of which everybody has as many addresses as they like.
func NetworkOf(address string) string { return httprate.CanonicalizeIP(address) }

// siteBits is the length of the prefix that one customer is given at most (RFC
// 6177).
const siteBits = 48

// SiteOf is the site of an IPv6 address; "" for IPv4. A customer has up to 65,536
// networks of one.
func SiteOf(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil || !addr.Is6() || addr.Is4In6() {
		return ""
	}
	site, err := addr.WithZone("").Prefix(siteBits)
	if err != nil {
		return ""
	}
	return site.String()
}

// RateLimit is the middleware that allows so many requests per minute, in a sliding
// one, to each that have the same key, and has refuse answer the others. Requests
// without a key pass; so do all below zero.
func RateLimit(perMinute int, key func(*http.Request) string, refuse http.HandlerFunc) func(http.Handler) http.Handler {
	if perMinute < 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	limiter := httprate.NewRateLimiter(perMinute, time.Minute,
		httprate.WithResponseHeaders(httprate.ResponseHeaders{}),
		httprate.WithLimitHandler(refuse),
	)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if k := key(r); k != "" && limiter.RespondOnLimit(w, r, k) {
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
