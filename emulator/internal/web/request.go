// Package web is what a request to the platform says of itself, and how its answers
// are written, whichever half of the platform is asked.
package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// HostOf is the name that a request was sent to, without a port, in lower case.
func HostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// RequestOrigin is where a request was sent to.
func RequestOrigin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: strings.ToLower(r.Host)}).String()
}

// Preflight reports whether a browser asks what a page may send. Source: Fetch
// standard, CORS-preflight request.
func Preflight(method string, header http.Header) bool {
	return method == http.MethodOptions && header.Get("Access-Control-Request-Method") != ""
}

// WantsPage reports whether a person in a browser asks, rather than a program.
func WantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// BodyLimit is the largest request body that the platform reads, in bytes.
const BodyLimit = 64 << 10

// MayCall reports whether the page that makes a request is one of the app's, or the
// platform's own. Programs, which name no page, may.
func MayCall(app interface{ AllowsOrigin(origin string) bool }, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == RequestOrigin(r) || app.AllowsOrigin(origin)
}
