package web

import (
	"mime"
	"net/http"
)

// MediaType is the media type of a request's body, without its parameters, or ""
// where the request names none or no good one.
func MediaType(r *http.Request) string {
	name, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return name
}
