package catalog

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/kakao"
)

var (
	clientID = Param{Name: "client_id", Required: true, Doc: "REST API key of the app; the SDK sends the JavaScript key."}
	state    = Param{Name: "state", Secret: true, Doc: "Random value that comes back with the answer, against forged answers."}
)

// Prompts are the values of the prompt parameter.
// Source: Kakao Login > REST API > Getting authorization code.
var Prompts = []string{"login", "none", "create", "select_account"}

// Languages are the languages of the consent page.
// Source: Kakao Login > FAQ > Can I set the language applied to Consent screen?
var Languages = []string{"ko", "en", "ja", "zh"}

// codeAnswer is what comes to the redirect URI. Source: Kakao Login > REST API
// > Getting authorization code; RFC 6749 sections 4.1.2 and 4.1.2.1.
var codeAnswer = []Field{
	{Name: "code", Secret: true, Doc: "Authorization code, for one token request."},
	{Name: "error", Doc: "Why there is no code."},
	{Name: "error_description", Doc: "The same for people."},
	{Name: "state", Secret: true, Doc: "The state of the request; refuse the answer if it differs."},
}

// Authorize leads the browser to Kakao's login and consent pages.
var Authorize = Call{
	Name: "AuthorizeURL", Title: "Get an authorization code",
	Methods: []string{kakao.Get}, Host: KAuth, Path: kakao.PathAuthorize, Auth: []Auth{ByApp},
	Params: []Param{
		clientID,
		{Name: "redirect_uri", Required: true, Doc: "Where the answer goes. Kakao compares it with those registered, character by character."},
		{Name: "response_type", Required: true, Fixed: "code", Doc: "Kind of the answer."},
		{Name: "scope", List: true, Encoding: Commas, Doc: "Consent items to ask for. With OpenID Connect it must name openid, or there is no ID token."},
		{Name: "prompt", List: true, Encoding: Commas, OneOf: Prompts, Doc: "login: ask for the password again. none: show no page, which is auto-login. create: begin with the sign-up of a Kakao Account. select_account: offer the accounts of the browser."},
		{Name: "login_hint", Doc: "What the login page shows in its ID field: e-mail address, phone number or Kakao Mail ID."},
		{Name: "service_terms", List: true, Encoding: Commas, Doc: "Tags of the service terms to ask for. Kakao Sync only; without the parameter all are asked for."},
		state,
		{Name: "nonce", Secret: true, Doc: "Random value that comes back in the ID token, against replay. OpenID Connect only."},
		{Name: "lang", OneOf: Languages, Doc: "Language of the pages; otherwise that of the browser."},
		{Name: "code_challenge", Doc: "PKCE: the base64url SHA-256 of the code verifier (RFC 7636, section 4.2)."},
		{Name: "code_challenge_method", Fixed: "S256", With: "code_challenge", Doc: "How the challenge was made."},
	},
	Redirect: true, Fields: codeAnswer,
	Errors: []Error{ErrDenied, ErrScope, ErrRedirectURI, ErrClient},
	Source: "Kakao Login > REST API > Getting authorization code; RFC 6749 section 4.1.1; RFC 7636 section 4.3; OpenID Connect Core 1.0 section 3.1.2.1",
	Notes: []string{
		"The reference describes neither PKCE nor lang in this place: S256 is in the discovery document, lang in the FAQ.",
		"auth_type and its value reauthenticate are deprecated; prompt takes their place.",
	},
}

// AutoLogin is Authorize without any page.
var AutoLogin = variant(Authorize, Call{
	Name: "AutoLoginURL", Title: "Log in automatically in KakaoTalk",
	Errors: []Error{ErrConsentRequired, ErrLoginRequired, ErrInteraction},
	Source: "Kakao Login > REST API > Auto-login from Kakao Talk",
	Notes:  []string{"The reference lists fewer parameters here; the others are those of the same address."},
}, func(p *Param) {
	if p.Name == "prompt" {
		*p = Param{Name: "prompt", List: true, Encoding: Commas, Required: true, Fixed: "none", Doc: "Show no page: where one would be needed, answer with an error."}
	}
})

// RequestConsent is Authorize for consent items that are still missing.
var RequestConsent = variant(Authorize, Call{
	Name: "ConsentURL", Title: "Ask for additional consent",
	Errors: Authorize.Errors,
	Source: "Kakao Login > REST API > Requesting additional consent",
	Notes:  []string{"The tokens of the code replace the earlier ones."},
}, requires("scope"))

// RequestTerms is Authorize for chosen service terms.
var RequestTerms = variant(Authorize, Call{
	Name: "TermsURL", Title: "Ask for consent to service terms",
	Errors: Authorize.Errors,
	Source: "Kakao Login > REST API > Getting consent to desired service terms",
	Notes:  []string{"Without a tag no terms are shown at all, and the user logs in without agreeing to any."},
}, requires("service_terms"))

// variant is a call at the same address with parameters changed by edit.
func variant(of, c Call, edit func(*Param)) Call {
	c.Methods, c.Host, c.Path, c.Auth, c.Redirect, c.Fields = of.Methods, of.Host, of.Path, of.Auth, of.Redirect, of.Fields
	c.Params = slices.Clone(of.Params)
	for i := range c.Params {
		edit(&c.Params[i])
	}
	return c
}

func requires(name string) func(*Param) {
	return func(p *Param) { p.Required = p.Required || p.Name == name }
}

// PollCode asks for the answer to an authorization request that carried a
// transaction ID.
var PollCode = Call{
	Name: "PollCode", Title: "Poll for an authorization code",
	Methods: []string{kakao.Get}, Host: KAuth, Path: kakao.PathCode, Auth: []Auth{ByApp},
	Params: []Param{
		{Name: "client_id", Required: true, Doc: "The key of the authorization request: the JavaScript key."},
		{Name: "auth_tran_id", Required: true, Secret: true, Doc: "The transaction ID of the authorization request, at most 60 characters."},
		{Name: "ka", Doc: "Agent string of the SDK."},
	},
	Fields: []Field{
		{Name: "status", Required: true, OneOf: []string{"ok", "error"}, Doc: "ok if there is a code."},
		{Name: "code", Secret: true, Doc: "Authorization code. It is handed out once."},
		{Name: "error_code", Doc: "300: no answer yet. 400: refused. 700: show Kakao's network error page."},
		{Name: "error", Doc: "Why there is no code, as for a redirect."},
		{Name: "error_description", Doc: "The same for people."},
	},
	Source: "Observed behaviour of the JavaScript SDK v1, Auth.authorize; Kakao documents it nowhere",
	Notes:  []string{"The SDK asks once a second, 600 times. A repeated request is a new poll, so the client does not repeat it by itself."},
}

var (
	clientSecret = Param{Name: "client_secret", Secret: true, Doc: "Required where the app has its client secret switched on."}
	tokenFields  = []Field{
		{Name: "token_type", Required: true, OneOf: []string{"bearer"}, Doc: "Kind of the token."},
		{Name: "access_token", Required: true, Secret: true, Doc: "Token for calls in the user's name."},
		{Name: "expires_in", Type: Integer, Required: true, Doc: "Life of the access token in seconds."},
		{Name: "refresh_token", Required: true, Secret: true, Doc: "Token that gets new tokens."},
		{Name: "refresh_token_expires_in", Type: Integer, Required: true, Doc: "Life of the refresh token in seconds."},
		{Name: "scope", Doc: "Consent items that the access token opens, separated by spaces."},
		{Name: "id_token", Secret: true, Doc: "ID token, signed with RS256. OpenID Connect only."},
	}
)

// Exchange redeems an authorization code.
var Exchange = Call{
	Name: "Exchange", Title: "Get tokens",
	Methods: []string{kakao.Post}, Host: KAuth, Path: kakao.PathToken, Auth: []Auth{ByApp},
	Params: []Param{
		{Name: "grant_type", Required: true, Fixed: "authorization_code", Doc: "Kind of the grant."},
		clientID,
		{Name: "redirect_uri", Required: true, Doc: "That of the authorization request."},
		{Name: "code", Required: true, Secret: true, Doc: "The authorization code."},
		{Name: "code_verifier", Secret: true, Doc: "PKCE: the secret behind the challenge (RFC 7636, section 4.5). Required if there was a challenge."},
		clientSecret,
	},
	Fields: tokenFields,
	Errors: []Error{ErrClient, ErrClientSecret, ErrMismatch, ErrCode, ErrTooMany},
	Source: "Kakao Login > REST API > Getting tokens; RFC 6749 section 4.1.3; RFC 7636 section 4.5",
	Notes:  []string{"A failed attempt may use the code up, so the client makes one only."},
}

// Refresh gets new tokens for a refresh token.
var Refresh = Call{
	Name: "Refresh", Title: "Refresh tokens",
	Methods: []string{kakao.Post}, Host: KAuth, Path: kakao.PathToken, Auth: []Auth{ByApp},
	Params: []Param{
		{Name: "grant_type", Required: true, Fixed: "refresh_token", Doc: "Kind of the grant."},
		clientID,
		{Name: "refresh_token", Required: true, Secret: true, Doc: "The refresh token."},
		clientSecret,
	},
	Fields: optionally(tokenFields, "refresh_token", "refresh_token_expires_in"),
	Errors: []Error{ErrClient, ErrClientSecret, ErrNoRefreshToken, ErrRefreshToken, ErrTooMany},
	Source: "Kakao Login > REST API > Refreshing tokens; RFC 6749 section 6",
	Notes: []string{
		"A new refresh token comes only in the last month of the old one; without one, keep the old.",
		"scope is not in the reference's table of this answer; it is read where it comes.",
	},
}

// optionally are fields of which some need not come.
func optionally(fields []Field, names ...string) []Field {
	fields = slices.Clone(fields)
	for i := range fields {
		if slices.Contains(names, fields[i].Name) {
			fields[i].Required = false
		}
	}
	return fields
}

// LogoutOfAccount leads the browser to the page that ends the session of the
// Kakao Account.
var LogoutOfAccount = Call{
	Name: "LogoutURL", Title: "Log out of service and Kakao Account",
	Methods: []string{kakao.Get}, Host: KAuth, Path: "/oauth/logout", Auth: []Auth{ByApp},
	Params: []Param{
		clientID,
		{Name: "logout_redirect_uri", Required: true, Doc: "Where the browser returns: one of those registered. The service ends its own session there."},
		state,
	},
	Redirect: true,
	Fields:   []Field{{Name: "state", Secret: true, Doc: "The state of the request; refuse the answer if it differs."}},
	Source:   "Kakao Login > REST API > Logout of service and Kakao Account",
}

// idAnswer is the answer of calls that say no more than whom they were about.
var idAnswer = []Field{{Name: "id", Type: Long, Required: true, Doc: "Service user ID."}}

var userOrAdmin = []Auth{ByUserToken, ByAdminKey}

// Logout expires the tokens of a user.
var Logout = Call{
	Name: "Logout", Title: "Log out",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/user/logout", Auth: userOrAdmin, Fields: idAnswer,
	Errors: []Error{ErrToken, ErrNotLinked},
	Source: "Kakao Login > REST API > Logout",
	Notes:  []string{"The session of the Kakao Account in the browser goes on."},
}

// Unlink ends the link between a user and the app.
var Unlink = Call{
	Name: "Unlink", Title: "Unlink",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/user/unlink", Auth: userOrAdmin, Fields: idAnswer,
	Errors: []Error{ErrToken, ErrNotLinked},
	Source: "Kakao Login > REST API > Unlink",
}

// TokenInfo describes an access token.
var TokenInfo = Call{
	Name: "TokenInfo", Title: "Retrieve token information",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/user/access_token_info", Auth: []Auth{ByUserToken},
	Fields: []Field{
		{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "expires_in", Type: Integer, Required: true, Doc: "Rest of the token's life in seconds."},
		{Name: "app_id", Type: Integer, Required: true, Doc: "ID of the app that the token was issued for."},
	},
	Errors:     []Error{ErrInternal, ErrArgument, ErrToken},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving token information",
	Notes:      []string{"expiresInMillis and appId are deprecated; where they still come, they are unknown members."},
}
