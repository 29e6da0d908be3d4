package web

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/rs/cors"
)

// WriteJSON answers as Kakao does: never cached, with a charset parameter.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	header := w.Header()
	header.Set("Content-Type", "application/json;charset=UTF-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The connection is all that can fail here, and nobody is left to tell.
	_ = json.NewEncoder(w).Encode(body)
}

// WithCORS lets web pages call what follows. Every origin may read the answer,
// also that of a refusal: whether an origin may use an app's tokens is decided
// by the app's site domains, see [App.checkOrigin].
func WithCORS(next http.Handler, methods ...string) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: func(string) bool { return true },
		AllowedMethods:  methods,
		AllowedHeaders:  []string{"*"},
		MaxAge:          600,
	}).Handler(next)
}

// AsWritten serves paths as they are: [http.ServeMux] would redirect one such as
// "//oauth/token", and refuse "*" without a word.
func AsWritten(mux *http.ServeMux, otherwise http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clean := path.Clean(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") && clean != "/" {
			clean += "/"
		}
		if clean != r.URL.Path || clean[0] != '/' {
			otherwise(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// Shorten keeps what a caller sent from filling an error message.
func Shorten(s string) string {
	if len(s) > maxReported {
		return strings.ToValidUTF8(s[:maxReported], "") + "..."
	}
	return s
}

// maxReported is how much of a caller's own words an error message repeats, in
// bytes.
const maxReported = 64
