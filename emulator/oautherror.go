package emulator

import (
	"encoding/json"
	"net/http"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// oauthError is an error object of the authorization server with its status.
type oauthError struct {
	kakao.OAuthError
	status int
}

func newOAuthError(status int, code, koe, description string) *oauthError {
	return &oauthError{kakao.OAuthError{Code: code, KOE: koe, Description: description}, status}
}

// Errors of the authorization server. Source: Kakao Login > Troubleshooting,
// and for prompt=none Kakao Login > REST API > Auto-login.
//
// Where Kakao documents no error code (a wrong method, an outdated page), the
// object has none. It documents none for PKCE either, so a failed check is
// reported like the other mismatch between the two requests, KOE303.
var (
	// Shown on a page, because no redirect URI can be trusted yet.
	errMalformed       = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE001", "The request is malformed: every parameter may appear once, percent-encoded.")
	errNoRedirectURI   = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE001", "Missing required parameter: redirect_uri")
	errClient          = newOAuthError(http.StatusUnauthorized, "invalid_client", "KOE101", "Not exist client_id")
	errRedirectURI     = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE006", "redirect_uri is not registered for this app.")
	errOutdatedPage    = newOAuthError(http.StatusForbidden, "invalid_request", "", "This page is out of date. Start the login again from the service.")
	errWrongURL        = newOAuthError(http.StatusNotFound, "invalid_request", "KOE002", "There is nothing at this address of the authorization server.")
	errMethod          = newOAuthError(http.StatusMethodNotAllowed, "invalid_request", "", "Request method is not supported.")
	errTemporaryOutage = newOAuthError(http.StatusInternalServerError, "server_error", "KOE003", "The ID token could not be signed.")

	// Sent to the redirect URI.
	errNoResponseType      = newOAuthError(http.StatusFound, "invalid_request", "KOE207", "Missing required parameter: response_type")
	errImplicit            = newOAuthError(http.StatusFound, "invalid_request", "KOE202", "Implicit grant is not supported. Use response_type=code.")
	errResponseType        = newOAuthError(http.StatusFound, "invalid_request", "KOE201", "Unsupported response type. Use response_type=code.")
	errScope               = newOAuthError(http.StatusFound, "invalid_scope", "KOE205", "A requested scope is not set as a consent item of this app.")
	errOpenIDOff           = newOAuthError(http.StatusFound, "invalid_scope", "KOE205", "openid was requested, but OpenID Connect is off for this app.")
	errPrompt              = newOAuthError(http.StatusFound, "invalid_request", "KOE204", "Invalid parameter: prompt takes login, none, create, select_account.")
	errChallengeMethod     = newOAuthError(http.StatusFound, "invalid_request", "KOE204", "Invalid parameter: code_challenge_method must be S256.")
	errChallenge           = newOAuthError(http.StatusFound, "invalid_request", "KOE204", "Invalid parameter: code_challenge must be 43 characters of base64url.")
	errTransaction         = newOAuthError(http.StatusFound, "invalid_request", "KOE204", "Invalid parameter: auth_tran_id has at most 60 characters.")
	errLoginRequired       = newOAuthError(http.StatusFound, "login_required", "", "user authentication required.")
	errConsentRequired     = newOAuthError(http.StatusFound, "consent_required", "", "user consent required.")
	errInteractionRequired = newOAuthError(http.StatusFound, "interaction_required", "", "user interaction required.")
	errDenied              = newOAuthError(http.StatusFound, "access_denied", "", "User denied access")

	// Answers of the token endpoint.
	errContentType    = newOAuthError(http.StatusBadRequest, "invalid_request", "", "Content-Type must be application/x-www-form-urlencoded.")
	errForm           = newOAuthError(http.StatusBadRequest, "invalid_request", "", "The form is malformed or too large; every parameter may appear once.")
	errClientSecret   = newOAuthError(http.StatusUnauthorized, "invalid_client", "KOE010", "Bad client credentials")
	errNoGrantType    = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE207", "Missing required parameter: grant_type")
	errGrantType      = newOAuthError(http.StatusBadRequest, "unsupported_grant_type", "KOE310", "Unsupported grant type. Use authorization_code or refresh_token.")
	errNoCode         = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE207", "Missing required parameter: code")
	errTokenNoURI     = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE207", "Missing required parameter: redirect_uri")
	errCode           = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE320", "authorization code not found")
	errURIMismatch    = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "Redirect URI mismatch.")
	errNoVerifier     = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "code_verifier is missing: the authorization request had a code_challenge.")
	errVerifier       = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "code_verifier does not match the code_challenge.")
	errStrayVerifier  = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "code_verifier was sent, but the authorization request had no code_challenge.")
	errNoRefreshToken = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE319", "Not found refresh_token in request")
	errRefreshToken   = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token")
)

// writeOAuthError answers with an error object (RFC 6749, section 5.2).
func (e *Emulator) writeOAuthError(w http.ResponseWriter, r *http.Request, err *oauthError) {
	e.logRefusal(r, err)
	writeJSON(w, err.status, err.OAuthError)
}

func (e *Emulator) logRefusal(r *http.Request, err *oauthError) {
	e.log.Info("refused", "method", r.Method, "path", r.URL.Path, "error", err.Code, "error_code", err.KOE)
}

// writeJSON answers as Kakao does: never cached, with a charset parameter.
func writeJSON(w http.ResponseWriter, status int, body any) {
	header := w.Header()
	header.Set("Content-Type", "application/json;charset=UTF-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The connection is all that can fail here, and nobody is left to tell.
	_ = json.NewEncoder(w).Encode(body)
}
