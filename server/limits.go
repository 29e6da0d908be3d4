package server

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/go-chi/httprate"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// What a request may be at most, also where the back end that mounts the server
// has set no limits: bytes of address and headers together, bytes of body, and
// the time that the body may take to arrive. Endpoints that read a body have
// limits of their own below this one.
const (
	maxHeader   = 32 << 10
	maxBody     = 64 << 10
	bodyTimeout = 10 * time.Second
)

// limitBodyTime starts the time limit of a body. It also covers the rest of a
// body that an endpoint does not read, which the HTTP server reads away before
// it answers; once the body has arrived, the HTTP server lifts it. Not every
// writer has deadlines; then there is no limit.
func limitBodyTime(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	}
}

// bounded refuses requests that say that they are too large.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := tooLarge(r); f != nil {
			s.fail(w, r, f)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// tooLarge is the failure of a request that says it is too large; nil otherwise.
func tooLarge(r *http.Request) *web.Failure {
	if headerSize(r) > maxHeader {
		return web.InvalidRequest(http.StatusRequestHeaderFieldsTooLarge, "expected an address and headers of at most "+strconv.Itoa(maxHeader>>10)+" KB together")
	}
	if r.ContentLength > maxBody {
		return web.InvalidRequest(http.StatusRequestEntityTooLarge, "expected a body of at most "+strconv.Itoa(maxBody>>10)+" KB")
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

// readsPerChange is how many requests that change nothing are allowed for each
// that may: a page with its files is several, and each costs little.
const readsPerChange = 10

// limit is the middleware that counts requests in a sliding minute, over all
// routes together, and answers 429 above a limit (RFC 6585, section 4). Reading
// is counted apart from the rest, because any page in a browser can make it
// read; what may change something is counted by client address and by session.
func (s *Server) limit() func(http.Handler) http.Handler {
	changes := s.limitBy(s.cfg.RequestsPerMinute, s.countedAddress, errTooManyFromAddress)
	reads := s.limitBy(s.cfg.RequestsPerMinute*readsPerChange, s.countedAddress, errTooManyFromAddress)
	ofSite := s.limitBy(s.cfg.RequestsPerMinute*networksPerSite, s.countedSite, errTooManyFromAddress)
	readsOfSite := s.limitBy(s.cfg.RequestsPerMinute*readsPerChange*networksPerSite, s.countedSite, errTooManyFromAddress)
	ofSession := s.limitBy(s.cfg.SessionRequestsPerMinute, s.cookies.sessionID, errTooManyOfSession)
	return func(next http.Handler) http.Handler {
		change, read := ofSite(changes(ofSession(next))), readsOfSite(reads(next))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isUnsafe(r.Method) {
				change.ServeHTTP(w, r)
				return
			}
			read.ServeHTTP(w, r)
		})
	}
}

// countedAddress is what counts as one client: an IPv4 address, or a network of
// IPv6, of which everybody has as many addresses as they like.
func (s *Server) countedAddress(r *http.Request) string {
	return httprate.CanonicalizeIP(s.cfg.ClientAddress(r))
}

// networksPerSite is how many networks of IPv6 one site may use to the full: a
// customer is given up to 65,536 of them, a /48.
const networksPerSite = 16

// siteBits is the length of the prefix that one customer is given at most (RFC
// 6177).
const siteBits = 48

// countedSite is the site of an IPv6 address; "", which is not counted, for IPv4.
func (s *Server) countedSite(r *http.Request) string {
	addr, err := netip.ParseAddr(s.cfg.ClientAddress(r))
	if err != nil || !addr.Is6() || addr.Is4In6() {
		return ""
	}
	site, err := addr.WithZone("").Prefix(siteBits)
	if err != nil {
		return ""
	}
	return site.String()
}

// limitBy is the middleware that allows so many requests per minute to each that
// have the same key. Requests without a key pass; so do all below zero.
func (s *Server) limitBy(perMinute int, key func(*http.Request) string, refusal *web.Failure) func(http.Handler) http.Handler {
	if perMinute < 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	count := httprate.LimitBy(perMinute, time.Minute,
		func(r *http.Request) (string, error) { return key(r), nil },
		httprate.WithResponseHeaders(httprate.ResponseHeaders{}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, refusal) }),
	)
	return func(next http.Handler) http.Handler {
		counted := count(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if key(r) == "" {
				next.ServeHTTP(w, r)
				return
			}
			counted.ServeHTTP(w, r)
		})
	}
}

// Failures of requests above a rate limit.
var (
	errTooManyFromAddress = tooMany("too many requests from this address; wait as long as Retry-After says")
	errTooManyOfSession   = tooMany("too many requests of this session; wait as long as Retry-After says")
)

// tooMany is the failure of a request above a rate limit. After a minute the
// window has slid past whatever was counted.
func tooMany(description string) *web.Failure {
	return &web.Failure{Status: http.StatusTooManyRequests, RetryAfter: time.Minute, OAuthError: kakao.OAuthError{
		Code: contract.CodeTemporarilyUnavailable, Description: description,
	}}
}
