// Package recorder remembers what an HTTP handler answers while it passes through.
package recorder

import (
	"bytes"
	"net/http"
)

// Response is a response that passes through. Make one around the writer of a
// request; like that one, it is for one goroutine.
type Response struct {
	http.ResponseWriter
	// Limit is how much of the body is remembered, in bytes.
	Limit int

	status int
	body   bytes.Buffer
}

// Status is that of the response, 0 while nothing was written.
func (r *Response) Status() int { return r.status }

// Body is how the body began, see Limit.
func (r *Response) Body() []byte { return r.body.Bytes() }

// WriteHeader passes the status on. The first that is not provisional counts, as
// for the client.
func (r *Response) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write passes a part of the body on.
func (r *Response) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(p[:min(len(p), r.Limit-r.body.Len())])
	return r.ResponseWriter.Write(p)
}

// Unwrap lets [http.ResponseController] reach the writer behind.
func (r *Response) Unwrap() http.ResponseWriter { return r.ResponseWriter }
