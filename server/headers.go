package server

import (
	"net/http"
	"strconv"
	"time"
)

// securityHeaders are on every answer; an endpoint that needs another value
// replaces it. Nothing is kept by caches, taken for another type, framed, or
// embedded by other origins, and no address reaches another site as a Referer.
var securityHeaders = map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// secure sets the headers that are on every answer.
func (s *Server) secure(h http.Header) {
	for name, value := range securityHeaders {
		h.Set(name, value)
	}
	if s.at.secure && s.cfg.StrictTransportSecurity > 0 {
		h.Set("Strict-Transport-Security", "max-age="+strconv.Itoa(int(s.cfg.StrictTransportSecurity/time.Second)))
	}
}
