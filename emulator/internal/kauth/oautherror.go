package kauth

import (
	"net/http"
	"strconv"

	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// oauthError is an error object of the authorization server with its status.
type oauthError struct {
	kakao.OAuthError
	status int
	// mismatch explains the error; nil if there is nothing to compare.
	mismatch *mismatch.Mismatch
}

func newOAuthError(status int, code, koe, description string) *oauthError {
	return &oauthError{OAuthError: kakao.OAuthError{Code: code, KOE: koe, Description: description}, status: status}
}

// describing returns the same error with words that tell more.
func (e *oauthError) describing(description string) *oauthError {
	described := *e
	described.Description = description
	return &described
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
	errLoginOff        = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE004", "Kakao Login is off for this app.")
	errLogoutURI       = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE007", "logout_redirect_uri is not registered for this app.")
	errKeyKind         = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE008", "This kind of app key cannot be used here: take the REST API key or the JavaScript key.")
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
	errMissing        = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE207", "Missing required parameter")
	errTooMany        = newOAuthError(http.StatusBadRequest, "invalid_request", "KOE237", "token request rate limit exceeded")
	errGrantType      = newOAuthError(http.StatusBadRequest, "unsupported_grant_type", "KOE310", "Unsupported grant type. Use authorization_code or refresh_token.")
	errCode           = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE320", "authorization code not found")
	errURIMismatch    = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "Redirect URI mismatch.")
	errNoVerifier     = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "code_verifier is missing: the authorization request had a code_challenge.")
	errVerifier       = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "code_verifier does not match the code_challenge.")
	errStrayVerifier  = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE303", "code_verifier was sent, but the authorization request had no code_challenge.")
	errNoRefreshToken = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE319", "Not found refresh_token in request")
	errRefreshToken   = newOAuthError(http.StatusBadRequest, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token")

	// Answers about ID tokens.
	errIDTokenForm      = newOAuthError(http.StatusBadRequest, "invalid_token", "KOE400", "invalid id_token format")
	errIDTokenIssuer    = newOAuthError(http.StatusBadRequest, "invalid_token", "KOE401", "the issuer of this id_token is not this authorization server")
	errIDTokenSignature = newOAuthError(http.StatusBadRequest, "invalid_token", "KOE402", "the signature of this id_token is invalid")
	errIDTokenExpired   = newOAuthError(http.StatusBadRequest, "invalid_token", "KOE403", "this id_token is already expired")
)

// writeOAuthError answers with an error object (RFC 6749, section 5.2).
func (a answers) writeOAuthError(w http.ResponseWriter, r *http.Request, err *oauthError) {
	a.logRefusal(r, err)
	if err.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer error="+strconv.Quote(err.Code)) // RFC 6749, section 5.2
	}
	err.explainTo(w.Header())
	web.WriteJSON(w, err.status, err.OAuthError)
}

func (a answers) logRefusal(r *http.Request, err *oauthError) {
	a.log.Info("refused", "method", r.Method, "path", r.URL.Path, "error", err.Code, "error_code", err.KOE)
}
