package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/rs/cors"

	"github.com/kakaowasm/kakaowasm/contract"
)

// preflightSeconds is how long a browser may remember a CORS preflight.
const preflightSeconds = 600

// Origins is the allow-list of page origins, the server's own first.
type Origins []string

// Allows reports whether a page of this origin may call, by exact comparison.
func (o Origins) Allows(origin string) bool { return slices.Contains(o, origin) }

// CORS is the CORS middleware: pages of the allowed origins may call with
// credentials and read the answer. Other origins get no CORS header at all.
func (o Origins) CORS() func(http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc:  o.Allows,
		AllowedMethods:   []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:   []string{"Content-Type", contract.PageHeader},
		ExposedHeaders:   []string{"Retry-After", RequestIDHeader},
		AllowCredentials: true,
		MaxAge:           preflightSeconds,
	}).Handler
}

// Foreign returns what tells unsafe requests of other origins.
// CrossOriginProtection judges by Sec-Fetch-Site and lets a page through whose
// origin has the host that the request names; the exact comparison before it also
// refuses the host names that an attacker points at this server (DNS rebinding),
// "null", and plain http pages of an https host. Both say nothing of a browser
// that sends neither header; see NotByForm.
func (o Origins) Foreign() (func(*http.Request) bool, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range o {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return func(r *http.Request) bool {
		return IsUnsafe(r.Method) && !o.allowsAll(r.Header.Values("Origin")) || protection.Check(r) != nil
	}, nil
}

// Protect refuses unsafe requests of other origins.
func (o Origins) Protect(refuse func(http.ResponseWriter, *http.Request)) (func(http.Handler) http.Handler, error) {
	foreign, err := o.Foreign()
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if foreign(r) {
				refuse(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// allowsAll reports whether every origin in the list is allowed.
func (o Origins) allowsAll(sent []string) bool {
	return !slices.ContainsFunc(sent, func(origin string) bool { return !o.Allows(origin) })
}

// IsSecure reports whether an address is https, or http on loopback (RFC 9700,
// section 2.6).
func IsSecure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && contract.IsLoopbackHost(u.Hostname())
}
