package server

import (
	"net/http"
	"net/url"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// authHeaders are the headers in which GET /auth says who is asking. Every 202
// carries all of them, empty ones too: a proxy that copies them then overwrites
// what a client has sent under these names itself.
//
// There is no X-Auth-Request-Preferred-Username, by which other programs log
// users in: a Kakao nickname is whatever its user likes, another user's too.
var authHeaders = map[string]func(*session.Login) string{
	"X-Auth-Request-User":     func(l *session.Login) string { return l.UserID },
	"X-Auth-Request-Scope":    func(l *session.Login) string { return l.Scope },
	"X-Auth-Request-Nickname": func(l *session.Login) string { return url.PathEscape(l.Nickname) },
	"X-Auth-Request-Email":    func(l *session.Login) string { return url.PathEscape(l.Email) },
}

// auth answers GET /auth, which a reverse proxy asks before it passes a request
// on (nginx auth_request, Caddy forward_auth, Traefik ForwardAuth, Envoy
// ext_authz): 202 with who is asking in headers, or 401. It knows it from the
// session alone, and reads that from the store each time, so that a logout
// counts at once on every instance.
func (s *Server) auth(w http.ResponseWriter, r *http.Request) error {
	found, err := s.sessions.FindKnown(r.Context(), s.cookies.sessionID(r))
	if err != nil {
		return err
	}
	if err := s.sessions.Use(r.Context(), found); err != nil {
		return err
	}
	answer, values := w.Header(), make([]string, 0, len(authHeaders))
	for name, value := range authHeaders {
		values = append(values, value(&found.Login))
		answer[name] = values[len(values)-1:][:1:1]
	}
	w.WriteHeader(yesTo(r))
	return nil
}

// yesTo is the status that lets a request through: 202, or 200 for Envoy, to
// which every other status is a refusal.
func yesTo(r *http.Request) int {
	if r.Pattern == authBelow {
		return http.StatusOK
	}
	return http.StatusAccepted
}

// proxiesOnly puts auth behind what it needs: it answers reverse proxies, counts
// by proxy, because the requests of all users come from there, and refuses what
// a page of another site has a browser do.
func (s *Server) proxiesOnly(auth endpoint) (http.Handler, error) {
	foreign, err := s.pages.Foreign()
	if err != nil {
		return nil, err
	}
	answer := func(w http.ResponseWriter, r *http.Request) error {
		if foreign(asForwarded(r)) {
			return errForeignPage
		}
		return auth(w, r)
	}
	counted := s.limitBy(s.cfg.ProxyRequestsPerMinute, s.proxies.Peer, errTooManyFromProxy)(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := answer(w, r); err != nil {
				s.fail(w, r, err)
			}
		}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.proxies.IsProxy(r) {
			s.fail(w, r, errNoProxy)
			return
		}
		counted.ServeHTTP(w, r)
	}), nil
}

// methodHeaders are where proxies write the method of the request that they ask
// about: Traefik and Caddy in the first, and nginx, which has none of its own, in
// either.
var methodHeaders = []string{"X-Forwarded-Method", "X-Original-Method"}

// asForwarded is the request that a proxy asks about, as far as it matters here:
// a copy with its method. Of several methods, which a client may have added to,
// an unsafe one counts. Envoy sends the method itself, to a path below /auth;
// where another proxy says none, it is "", and that is unsafe.
//
// A WebSocket handshake is a GET that no CORS holds back, and a browser sends
// the cookie along: it is unsafe, too.
func asForwarded(r *http.Request) *http.Request {
	var methods []string
	for _, name := range methodHeaders {
		methods = append(methods, r.Header.Values(name)...)
	}
	if r.Pattern == authBelow {
		methods = append(methods, r.Method)
	}
	asked := r.WithContext(r.Context())
	asked.Method = ""
	for _, method := range methods {
		if asked.Method = method; web.IsUnsafe(method) {
			break
		}
	}
	if r.Header.Get("Sec-Websocket-Key") != "" {
		asked.Method = ""
	}
	return asked
}

// Failures of GET /auth.
var (
	errNoProxy = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
		Code: contract.CodeAccessDenied, Description: "only a reverse proxy may ask here, and this address is none; name the proxy's network among the trusted proxies",
	}}
	errForeignPage = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
		Code: contract.CodeAccessDenied, Description: "the request comes from a page of another site, or the proxy does not say its method; have the proxy send it in X-Forwarded-Method or X-Original-Method, or add the page's origin to the server's allowed origins",
	}}
	errTooManyFromProxy = tooMany("too many requests from this proxy; wait as long as Retry-After says")
)
