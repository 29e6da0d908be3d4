package contract

// The codes of a KakaoError, the error that a wrong call of the SDK throws.
const (
	CodeNotAnObject          = "not_an_object"
	CodeMissingParameter     = "missing_parameter"
	CodeUnknownParameter     = "unknown_parameter"
	CodeIllegalParameter     = "illegal_parameter"
	CodeAlreadyInitialized   = "already_initialized"
	CodeWebAssemblyForbidden = "webassembly_forbidden"
	CodeNotLoaded            = "not_loaded"
	CodeNoWindow             = "no_window"
	CodeNoOrigin             = "no_origin"
	CodeNoWebAssembly        = "no_webassembly"
	CodeOutOfMemory          = "out_of_memory"
	CodeUnsupportedBrowser   = "unsupported_browser"
	CodeNotStarted           = "not_started" // of the entrances for frameworks
	CodeSDKCrashed           = "sdk_crashed" // also what calls under way fail with
)

// The errors with which the SDK itself ends a login.
const (
	CodePopupBlocked      = "popup_blocked"
	CodePopupClosed       = "popup_closed"
	CodePopupTimeout      = "popup_timeout"
	CodeOpenerPolicy      = "opener_policy"
	CodeTimeout           = "timeout" // of a login whose code is polled for
	CodeAutoLogin         = "auto_login"
	CodeStateMismatch     = "state_mismatch"
	CodeNonceMismatch     = "nonce_mismatch"
	CodeNoCode            = "no_code"
	CodeServerUnavailable = "server_unavailable"
	CodeStorageForbidden  = "storage_forbidden"
)

// The errors of the token server. It passes on those of Kakao beside them.
// Source: RFC 6749, section 5.2; OpenID Connect Core 1.0, section 3.1.2.6.
const (
	CodeInvalidRequest         = "invalid_request"
	CodeInvalidGrant           = "invalid_grant"
	CodeAccessDenied           = "access_denied"
	CodeLoginRequired          = "login_required"
	CodeInvalidIDToken         = "invalid_id_token"
	CodeTemporarilyUnavailable = "temporarily_unavailable"
	CodeServerError            = "server_error"
	CodeInvalidTarget          = "invalid_target" // of PathSessionToken; RFC 8693, section 2.2.2
)

// The errors of the token server's account webhook beside
// [CodeInvalidRequest] and [CodeAccessDenied].
// Source: RFC 8935, section 2.4.
const (
	CodeInvalidKey           = "invalid_key"
	CodeInvalidIssuer        = "invalid_issuer"
	CodeInvalidAudience      = "invalid_audience"
	CodeAuthenticationFailed = "authentication_failed"
)

// Errors that only Kakao gives, and that the SDK and the server know.
// Source: OpenID Connect Core 1.0, section 3.1.2.6; RFC 6749, sections 4.1.2.1
// and 5.2.
const (
	CodeConsentRequired      = "consent_required"
	CodeInteractionRequired  = "interaction_required"
	CodeInvalidClient        = "invalid_client"
	CodeInvalidScope         = "invalid_scope"
	CodeUnauthorizedClient   = "unauthorized_client"
	CodeUnsupportedGrantType = "unsupported_grant_type"
)
