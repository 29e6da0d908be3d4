package contract

// The paths of the token server, to be appended to its base address.
const (
	// PathToken exchanges an authorization code (POST).
	PathToken = "/token"
	// PathRefresh renews the access token of the session (POST).
	PathRefresh = "/refresh"
	// PathSession tells whether there is a session (GET).
	PathSession = "/session"
	// PathLogout ends the session (POST).
	PathLogout = "/logout"
	// PathBegin notes that this browser begins a login, for pages on other
	// allowed origins (POST).
	PathBegin = "/begin"
	// PathAuth tells a proxy who is asking (GET).
	PathAuth = "/auth"
	// PathSessionToken gives a signed token about the session (POST).
	PathSessionToken = "/session/token"
	// PathJWKS holds the keys of the tokens of [PathSessionToken] (GET; RFC 7517).
	// PathDiscovery tells where they are (GET; OpenID Connect Discovery 1.0, section 4).
	PathJWKS      = "/.well-known/jwks.json"
	PathDiscovery = "/.well-known/openid-configuration"
	// PathLogoutAccount ends the session and, if the user likes, the one of the
	// Kakao Account; PathLogoutCallback is where Kakao returns to (GET).
	PathLogoutAccount  = "/logout/account"
	PathLogoutCallback = "/logout/callback"
	// PathCallback is the relay page, the built-in redirect URI (GET). Its script
	// and its style are beside it.
	PathCallback       = "/callback"
	PathCallbackScript = "/callback.js"
	PathCallbackStyle  = "/callback.css"
	// PathWebhookUnlink and PathWebhookAccount are what Kakao calls.
	// Source: Kakao Login > Webhook.
	PathWebhookUnlink  = "/webhooks/unlink"
	PathWebhookAccount = "/webhooks/account"
	// PathSDK is the folder of the built SDK, PathSDKIntegrity the list of its
	// SRI values (GET).
	PathSDK          = "/sdk/"
	PathSDKIntegrity = "/sdk/integrity.json"
)

// The fields of the form that [PathBegin] takes: the state of the login, and the
// address of its page.
const (
	BeginState    = "state"
	BeginReturnTo = "return_to"
)

// DefaultBase is the base path of the token server where nobody says otherwise:
// the default of the init option server.
const DefaultBase = "/kakao"
