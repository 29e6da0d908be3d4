package web

import (
	"net/http"
	"strconv"
	"time"
)

// What a request may be at most, also where the back end that mounts the server
// has set no limits: bytes of address and headers together, bytes of body, and
// the time that the body may take to arrive. Endpoints that read a body have
// limits of their own below this one.
const (
	MaxHeader   = 32 << 10
	MaxBody     = 64 << 10
	BodyTimeout = 10 * time.Second
)

// LimitBodyTime starts the time limit of a body. It also covers the rest of a
// body that an endpoint does not read, which the HTTP server reads away before
// it answers; once the body has arrived, the HTTP server lifts it. Not every
// writer has deadlines; then there is no limit.
func LimitBodyTime(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(BodyTimeout))
	}
}

// Bounded refuses requests that say that they are too large.
func Bounded(refuse func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if f := tooLarge(r); f != nil {
				refuse(w, r, f)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// tooLarge is the failure of a request that says it is too large; nil otherwise.
func tooLarge(r *http.Request) *Failure {
	if headerSize(r) > MaxHeader {
		return InvalidRequest(http.StatusRequestHeaderFieldsTooLarge, "expected an address and headers of at most "+strconv.Itoa(MaxHeader>>10)+" KB together")
	}
	if r.ContentLength > MaxBody {
		return InvalidRequest(http.StatusRequestEntityTooLarge, "expected a body of at most "+strconv.Itoa(MaxBody>>10)+" KB")
	}
	return nil
}

// headerSize is how many bytes the address and the headers of a request have.
func headerSize(r *http.Request) int {
	size := len(r.RequestURI)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size
}
