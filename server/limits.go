package server

import (
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

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
			if web.IsUnsafe(r.Method) {
				change.ServeHTTP(w, r)
				return
			}
			read.ServeHTTP(w, r)
		})
	}
}

// networksPerSite is how many networks of IPv6 one site may use to the full.
const networksPerSite = 16

// countedAddress is what counts as the client of a request.
func (s *Server) countedAddress(r *http.Request) string { return web.NetworkOf(s.cfg.ClientAddress(r)) }

// countedSite is the site of the client of a request, where it counts, too.
func (s *Server) countedSite(r *http.Request) string { return web.SiteOf(s.cfg.ClientAddress(r)) }

// limitBy is [web.RateLimit] with a refusal that is logged.
func (s *Server) limitBy(perMinute int, key func(*http.Request) string, refusal *web.Failure) func(http.Handler) http.Handler {
	return web.RateLimit(perMinute, key, func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, refusal) })
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
