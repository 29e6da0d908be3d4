package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

// Discovery is the metadata of the OpenID provider.
var Discovery = Call{
	Name: "Discovery", Title: "OIDC: retrieve metadata",
	Methods: []string{kakao.Get}, Host: KAuth, Path: kakao.PathDiscovery, Auth: []Auth{ByNobody},
	Fields: []Field{
		{Name: "issuer", Required: true, Doc: "Issuer of the ID tokens: https://kauth.kakao.com. Refuse the document if it names another."},
		{Name: "authorization_endpoint", Required: true, Doc: "Address of Get an authorization code."},
		{Name: "token_endpoint", Required: true, Doc: "Address of Get tokens and Refresh tokens."},
		{Name: "userinfo_endpoint", Required: true, Doc: "Address of Retrieve user information for OIDC."},
		{Name: "jwks_uri", Required: true, Doc: "Address of the public keys."},
		{Name: "token_endpoint_auth_methods_supported", List: true, Required: true, Doc: "How the client proves itself: client_secret_post."},
		{Name: "subject_types_supported", List: true, Required: true, Doc: "Kinds of sub: public."},
		{Name: "id_token_signing_alg_values_supported", List: true, Required: true, Doc: "Signature of the ID token: RS256."},
		{Name: "request_uri_parameter_supported", Type: Boolean, Required: true, Doc: "Always false."},
		{Name: "response_types_supported", List: true, Required: true, Doc: "Answers of the authorization endpoint: code."},
		{Name: "response_modes_supported", List: true, Required: true, Doc: "How they come: query."},
		{Name: "grant_types_supported", List: true, Doc: "Grants of the token endpoint."},
		{Name: "code_challenge_methods_supported", List: true, Required: true, Doc: "PKCE: S256."},
		{Name: "claims_supported", List: true, Required: true, Doc: "Claims of the ID token."},
	},
	Repeatable: true,
	Source:     "Kakao Login > REST API > OIDC: Retrieving metadata; OpenID Connect Discovery 1.0 section 3",
	Notes:      []string{"The reference calls request_uri_parameter_supported pushed authorization; by OpenID Connect Discovery it is the request_uri parameter."},
}

// JWKS are the public keys that verify ID tokens.
var JWKS = Call{
	Name: "JWKS", Title: "OIDC: get public keys",
	Methods: []string{kakao.Get}, Host: KAuth, Path: kakao.PathJWKS, Auth: []Auth{ByNobody},
	Fields: []Field{
		{Name: "keys", Type: Object, List: true, Required: true, Doc: "The keys.", Fields: []Field{
			{Name: "kid", Required: true, Doc: "ID of the key."},
			{Name: "kty", Required: true, OneOf: []string{"RSA"}, Doc: "Kind of the key."},
			{Name: "alg", Required: true, OneOf: []string{"RS256"}, Doc: "Algorithm that the key is for."},
			{Name: "use", Required: true, OneOf: []string{"sig"}, Doc: "What the key is for: signatures."},
			{Name: "n", Required: true, Doc: "Modulus, base64url."},
			{Name: "e", Required: true, Doc: "Exponent, base64url."},
		}},
	},
	Repeatable: true,
	Source:     "Kakao Login > REST API > OIDC: Getting public key; RFC 7517 section 5; RFC 7518 section 6.3",
	Notes:      []string{"Keep the keys: who asks too often may be blocked."},
}

// UserInfo reads the standard claims of a user.
var UserInfo = Call{
	Name: "UserInfo", Title: "OIDC: retrieve user information",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/oidc/userinfo", Auth: []Auth{ByUserToken},
	Fields: []Field{
		{Name: "sub", Required: true, Doc: "Service user ID, as text. It must be that of the ID token (OpenID Connect Core 1.0, section 5.3.2)."},
		{Name: "name", Consent: []string{"name"}, Doc: "Name."},
		{Name: "nickname", Consent: forNickname, Doc: "Nickname."},
		{Name: "picture", Consent: forImage, Doc: "Address of the small picture."},
		{Name: "email", Consent: forEmail, Doc: "E-mail address."},
		{Name: "email_verified", Type: Boolean, Consent: forEmail, Doc: "Whether the address is verified and valid."},
		{Name: "gender", Consent: []string{"gender"}, OneOf: []string{"FEMALE", "MALE"}, Doc: "Gender, in capitals."},
		{Name: "birthdate", Consent: []string{"birthday", "birthyear"}, Doc: "YYYY-MM-DD; YYYY or 0000-MM-DD if the user agreed to one part."},
		{Name: "phone_number", Consent: []string{"phone_number"}, Doc: "Phone number with country code."},
		{Name: "phone_number_verified", Type: Boolean, Consent: []string{"phone_number"}, Doc: "True wherever there is a phone number."},
	},
	Errors:     []Error{ErrToken},
	Repeatable: true,
	Source:     "Kakao Login > REST API > OIDC: Retrieving user information; OpenID Connect Core 1.0 section 5.3",
}

// IDTokenInfo decodes an ID token, for debugging.
var IDTokenInfo = Call{
	Name: "IDTokenInfo", Title: "OIDC: retrieve ID token information",
	Methods: []string{kakao.Post}, Host: KAuth, Path: "/oauth/tokeninfo", Auth: []Auth{ByNobody},
	Params: []Param{{Name: "id_token", Required: true, Secret: true, Doc: "The ID token to decode."}},
	Fields: []Field{
		{Name: "iss", Required: true, Doc: "Issuer."},
		{Name: "aud", Required: true, Doc: "The app key of the authorization request."},
		{Name: "sub", Required: true, Doc: "Service user ID, as text."},
		{Name: "iat", Type: Integer, Required: true, Doc: "When it was issued, in seconds of Unix time."},
		{Name: "exp", Type: Integer, Required: true, Doc: "When it expires, in seconds of Unix time: together with the access token."},
		{Name: "auth_time", Type: Integer, Required: true, Doc: "When the user logged in, in seconds of Unix time."},
		{Name: "nonce", Secret: true, Doc: "The nonce of the authorization request."},
		{Name: "nickname", Consent: forNickname, Doc: "Nickname."},
		{Name: "picture", Consent: forImage, Doc: "Address of the small picture."},
		{Name: "email", Consent: forEmail, Doc: "E-mail address, if it is valid."},
	},
	Errors:     []Error{ErrIDToken},
	Repeatable: true,
	Source:     "Kakao Login > REST API > OIDC: Retrieving ID token information",
	Notes: []string{
		"For debugging only: Kakao may block other use. Verify ID tokens with the public keys.",
		"The table calls id_token optional; without it the call is about nothing.",
	},
}
