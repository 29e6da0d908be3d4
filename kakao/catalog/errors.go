package catalog

// Errors that any call of the REST API may answer with.
// Source: REST API > Error code (formerly Response code), part "Common", and
// Kakao Login > Troubleshooting.
var (
	ErrInternal = Error{Status: 400, Code: -1, Doc: "Kakao failed inside. It passes: try again, and keep the token."}
	ErrArgument = Error{Status: 400, Code: -2, Doc: "A required parameter is missing, or a value has the wrong type or range."}
	ErrDisabled = Error{Status: 403, Code: -3, Doc: "The app has not switched on what the call needs, or the thing cannot be done."}
	ErrBlocked  = Error{Status: 403, Code: -4, Doc: "The account is blocked, or may not do this."}
	ErrNoRight  = Error{Status: 403, Code: -5, Doc: "The app has no permission for the call."}
	ErrService  = Error{Status: 400, Code: -7, Doc: "The service is under maintenance or has trouble inside."}
	ErrHeader   = Error{Status: 400, Code: -8, Doc: "A header of the request is wrong."}
	ErrEnded    = Error{Status: 400, Code: -9, Doc: "The call is no longer offered."}
	ErrQuota    = Error{Status: 400, Code: -10, Doc: "The app has used up its quota."}

	ErrNotLinked     = Error{Status: 400, Code: -101, Doc: "The user is not linked with the app."}
	ErrAlreadyLinked = Error{Status: 400, Code: -102, Doc: "The user is linked with the app already."}
	ErrNoAccount     = Error{Status: 400, Code: -103, Doc: "There is no such Kakao Account, or it sleeps."}
	ErrProperty      = Error{Status: 400, Code: -201, Doc: "The app has no user property of that name."}
	ErrToken         = Error{Status: 401, Code: -401, Doc: "The access token or app key is wrong, expired or ended: refresh the token, or log in again."}
	ErrConsent       = Error{Status: 403, Code: -402, Doc: "The user has not agreed to required_scopes: ask for consent."}
)

// CommonErrors may be the answer to any call of the REST API.
var CommonErrors = []Error{
	ErrInternal, ErrArgument, ErrDisabled, ErrBlocked, ErrNoRight, ErrService, ErrHeader, ErrEnded, ErrQuota,
	ErrNotLinked, ErrNoAccount, ErrToken, ErrConsent,
}

// Errors of the authorization server.
// Source: Kakao Login > Troubleshooting, Kakao Login > REST API > Auto-login,
// RFC 6749 sections 4.1.2.1 and 5.2.
var (
	ErrDenied          = Error{Name: "access_denied", Doc: "The user declined."}
	ErrLoginRequired   = Error{Name: "login_required", Doc: "Auto-login: nobody is logged in."}
	ErrConsentRequired = Error{Name: "consent_required", Doc: "Auto-login: the user must agree first."}
	ErrInteraction     = Error{Name: "interaction_required", Doc: "Auto-login: the user must act."}
	ErrScope           = Error{Name: "invalid_scope", KOE: "KOE205", Doc: "A scope is no consent item of the app."}
	ErrRedirectURI     = Error{Status: 400, Name: "invalid_request", KOE: "KOE006", Doc: "The redirect URI is not registered. Shown to the user, not redirected."}
	ErrClient          = Error{Status: 401, Name: "invalid_client", KOE: "KOE101", Doc: "There is no app of that client_id."}
	ErrClientSecret    = Error{Status: 401, Name: "invalid_client", KOE: "KOE010", Doc: "The client secret is missing or wrong."}
	ErrMismatch        = Error{Status: 400, Name: "invalid_grant", KOE: "KOE303", Doc: "The redirect URI is not that of the authorization request."}
	ErrCode            = Error{Status: 400, Name: "invalid_grant", KOE: "KOE320", Doc: "The code is unknown, expired or used up."}
	ErrNoRefreshToken  = Error{Status: 400, Name: "invalid_grant", KOE: "KOE319", Doc: "The refresh token is missing."}
	ErrRefreshToken    = Error{Status: 400, Name: "invalid_grant", KOE: "KOE322", Doc: "The refresh token is unknown or expired: the user must log in again."}
	ErrTooMany         = Error{Status: 400, Name: "invalid_request", KOE: "KOE237", Doc: "Too many token requests. It passes."}
	ErrIDToken         = Error{Status: 400, Name: "invalid_token", KOE: "KOE400", Doc: "The ID token is malformed."}
)
