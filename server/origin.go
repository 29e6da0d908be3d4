package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rs/cors"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/internal/idn"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// defaultPorts are the ports that browsers leave out of an origin.
var defaultPorts = map[string]string{"https": "443", "http": "80"}

// preflightSeconds is how long a browser may remember a CORS preflight.
const preflightSeconds = 600

// checkOrigin accepts an origin written as browsers serialise it (RFC 6454,
// section 6.2), over https or on loopback.
func checkOrigin(raw string) error {
	if ascii, err := idn.ToASCII(raw); err == nil && ascii != raw {
		return expected("expected the origin as browsers send it, %s, got %q",
			"브라우저가 보내는 형식의 오리진 %s이어야 하는데 %q입니다", ascii, raw)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != raw || strings.Contains(raw, "*") {
		return expected("expected an origin such as https://app.example.com, without path, trailing slash or wildcard, got %q",
			"https://app.example.com과 같이 경로, 끝의 /, 와일드카드가 없는 오리진이어야 하는데 %q입니다", raw)
	}
	if err := checkTransport(u); err != nil {
		return err
	}
	if u.Host != strings.ToLower(u.Host) || strings.HasSuffix(u.Host, ":") || u.Port() == defaultPorts[u.Scheme] {
		return expected("expected the origin as browsers send it, in lower case and without a default port, got %q",
			"브라우저가 보내는 형식의 오리진(소문자, 기본 포트 생략)이어야 하는데 %q입니다", raw)
	}
	return nil
}

// checkTransport accepts https, and http on loopback (RFC 9700, section 2.6).
func checkTransport(u *url.URL) error {
	if u.Scheme == "https" || u.Scheme == "http" && contract.IsLoopbackHost(u.Hostname()) {
		return nil
	}
	return expected("expected https, or http on 127.0.0.1 or localhost, got %q",
		"https이거나, 127.0.0.1 또는 localhost의 http여야 하는데 %q입니다", u.Scheme+"://"+u.Host)
}

// origins is the allow-list of page origins, the server's own first.
type origins []string

// allows reports whether a page of this origin may call, by exact comparison.
func (o origins) allows(origin string) bool { return slices.Contains(o, origin) }

// cors is the CORS middleware: pages of the allowed origins may call with
// credentials and read the answer. Other origins get no CORS header at all.
func (o origins) cors() func(http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc:  o.allows,
		AllowedMethods:   []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:   []string{"Content-Type", contract.PageHeader},
		ExposedHeaders:   []string{"Retry-After", requestIDHeader},
		AllowCredentials: true,
		MaxAge:           preflightSeconds,
	}).Handler
}

// foreign returns what tells unsafe requests of other origins.
// CrossOriginProtection judges by Sec-Fetch-Site and lets a page through whose
// origin has the host that the request names; the exact comparison before it also
// refuses the host names that an attacker points at this server (DNS rebinding),
// "null", and plain http pages of an https host. Both say nothing of a browser
// that sends neither header; see notByForm.
func (o origins) foreign() (func(*http.Request) bool, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range o {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return func(r *http.Request) bool {
		return isUnsafe(r.Method) && !o.allowsAll(r.Header.Values("Origin")) || protection.Check(r) != nil
	}, nil
}

// protect refuses unsafe requests of other origins.
func (o origins) protect(refuse func(http.ResponseWriter, *http.Request)) (func(http.Handler) http.Handler, error) {
	foreign, err := o.foreign()
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if foreign(r) {
				refuse(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// formTypes are the media types that a form or a beacon can send to another
// origin without asking it first (Fetch Standard, CORS-safelisted request-header).
var formTypes = []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

// notByForm refuses unsafe requests that a form or a beacon can make, in a browser
// too that does not say where they come from. The SDK shows that it is none by
// [contract.PageHeader], which counts if it is right; a program that is no browser
// need not know the header, as long as what it sends is no form.
func notByForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, isShown := r.Header[contract.PageHeader]
		good := slices.Equal(shown, []string{contract.PageHeaderValue}) || !isShown && !isForm(r)
		switch {
		case !isUnsafe(r.Method) || good:
			next.ServeHTTP(w, r)
		case isShown:
			web.WriteFailure(w, errOtherContract)
		default:
			web.WriteFailure(w, errForm)
		}
	})
}

// isForm reports whether the media type of a request may be that of a form. One
// that cannot be read is: browsers are less strict about them.
func isForm(r *http.Request) bool {
	return r.Header.Get("Content-Type") != "" && (web.MediaType(r) == "" || slices.Contains(formTypes, web.MediaType(r)))
}

// errForm is the failure of an unsafe request that a form of another site could
// have made.
var errForm = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code:        contract.CodeAccessDenied,
	Description: "expected the header " + contract.PageHeader + ": " + contract.PageHeaderValue + ", which the SDK sends, or at least no media type of a form; it keeps forms of other sites out",
}}

// errOtherContract is the failure of a request by an SDK that speaks another version
// of the contract between SDK and token server.
var errOtherContract = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code: contract.CodeAccessDenied,
	Description: "expected the header " + contract.PageHeader + ": " + contract.PageHeaderValue + " once, and something else came: " +
		"SDK and token server are of versions that do not go together; this server is of " + kakao.Version + ", install the SDK of that version",
}}

// allowsAll reports whether every origin in the list is allowed.
func (o origins) allowsAll(sent []string) bool {
	return !slices.ContainsFunc(sent, func(origin string) bool { return !o.allows(origin) })
}

// isUnsafe reports whether a method may change state (RFC 9110, section 9.2.1).
func isUnsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// refuseOrigin answers and logs a request from an origin that is not allowed.
func (s *Server) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	f := *errForeignOrigin
	if s.at.isOtherLoopback(r.Header.Get("Origin")) {
		f.Description = otherLoopback
	}
	s.fail(w, r, &f)
}

// errForeignOrigin is the failure of a request from an origin that is not allowed.
var errForeignOrigin = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code:        contract.CodeAccessDenied,
	Description: "the page's origin is not allowed; add it to the server's allowed origins exactly as the browser sends it in Origin",
}}

// otherLoopback is what is wrong with a page on localhost and a server on 127.0.0.1,
// or the other way round.
const otherLoopback = "the page and the server have different names of this machine, such as localhost and 127.0.0.1, which browsers hold for two sites: no cookie passes between them; open the page under the name that the server's public URL has"

// isOtherLoopback reports whether an origin and the server are both on this machine,
// under names that a browser holds for different sites.
func (p publicURL) isOtherLoopback(origin string) bool {
	u, err := url.Parse(origin)
	own := p.hostname()
	return err == nil && contract.IsLoopbackHost(own) && contract.IsLoopbackHost(u.Hostname()) && own != u.Hostname()
}
