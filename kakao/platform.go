package kakao

// Platform names the two hosts of a Kakao platform by their origins, without
// a trailing slash.
type Platform struct {
	// Auth is the origin of the authorization server, which is also the
	// issuer of its ID tokens (OpenID Connect Core 1.0, section 2).
	Auth string
	// API is the origin of the REST API.
	API string
}

// Production is Kakao's own platform.
// Source: Kakao Login > REST API.
var Production = Platform{
	Auth: "https://kauth.kakao.com",
	API:  "https://kapi.kakao.com",
}

// Paths of the authorization server, to be appended to [Platform.Auth].
// Source: Kakao Login > REST API, and OpenID Connect Discovery 1.0 section 4.
const (
	PathAuthorize = "/oauth/authorize"
	PathToken     = "/oauth/token"
	PathJWKS      = "/.well-known/jwks.json"
	PathDiscovery = "/.well-known/openid-configuration"
	// PathCode and PathNetworkError are the SDK's: where it polls for a code,
	// and where it leads a page whose polling Kakao has ended.
	PathCode         = "/apiweb/code.json"
	PathNetworkError = "/error/network"
)

// AppsOrigin is the origin of Kakao's shipping-address windows.
// Source: JavaScript SDK v1 (legacy) reference > Kakao.Auth.selectShippingAddress.
const AppsOrigin = "https://apps.kakao.com"

// The methods of the REST API's calls.
const (
	Get    = "GET"
	Post   = "POST"
	Delete = "DELETE"
)
