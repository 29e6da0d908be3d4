package web

import (
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// formTypes are the media types that a form or a beacon can send to another
// origin without asking it first (Fetch Standard, CORS-safelisted request-header).
var formTypes = []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

// NotByForm refuses unsafe requests that a form or a beacon can make, in a browser
// too that does not say where they come from. The SDK shows that it is none by
// [contract.PageHeader], which counts if it is right; a program that is no browser
// need not know the header, as long as what it sends is no form.
func NotByForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, isShown := r.Header[contract.PageHeader]
		good := slices.Equal(shown, []string{contract.PageHeaderValue}) || !isShown && !isForm(r)
		switch {
		case !IsUnsafe(r.Method) || good:
			next.ServeHTTP(w, r)
		case isShown:
			WriteFailure(w, errOtherContract)
		default:
			WriteFailure(w, errForm)
		}
	})
}

// isForm reports whether the media type of a request may be that of a form. One
// that cannot be read is: browsers are less strict about them.
func isForm(r *http.Request) bool {
	return r.Header.Get("Content-Type") != "" && (MediaType(r) == "" || slices.Contains(formTypes, MediaType(r)))
}

// errForm is the failure of an unsafe request that a form of another site could
// have made.
var errForm = &Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code:        contract.CodeAccessDenied,
	Description: "expected the header " + contract.PageHeader + ": " + contract.PageHeaderValue + ", which the SDK sends, or at least no media type of a form; it keeps forms of other sites out",
}}

// errOtherContract is the failure of a request by an SDK that speaks another version
// of the contract between SDK and token server.
var errOtherContract = &Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
	Code: contract.CodeAccessDenied,
	Description: "expected the header " + contract.PageHeader + ": " + contract.PageHeaderValue + " once, and something else came: " +
		"SDK and token server are of versions that do not go together; this server is of " + kakao.Version + ", install the SDK of that version",
}}

// OfAnOrigin refuses requests that do not say of which origin they are. The
// origin itself is checked before.
func OfAnOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get("Origin") == "" {
			WriteFailure(w, errForm)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsUnsafe reports whether a method may change state (RFC 9110, section 9.2.1).
func IsUnsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}
