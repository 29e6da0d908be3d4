package web

import "net/http"

// securityHeaders are on every answer; an endpoint that needs another value
// replaces it. Nothing is kept by caches, taken for another type, framed, or
// embedded by other origins, and no address reaches another site as a Referer.
var securityHeaders = values(map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
})

// SetSecurityHeaders sets the headers that are on every answer.
func SetSecurityHeaders(h http.Header) {
	for name, value := range securityHeaders {
		h[name] = value // Shared by all answers: Set puts another in its place, Add a copy.
	}
}

// values are the values of headers under canonical names, without space to grow in.
func values(of map[string]string) map[string][]string {
	all := make(map[string][]string, len(of))
	for name, value := range of {
		all[http.CanonicalHeaderKey(name)] = []string{value}
	}
	return all
}
