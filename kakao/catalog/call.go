package catalog

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// Host is one of the two hosts of a Kakao platform.
type Host uint8

// The hosts. Source: Kakao Login > REST API.
const (
	KAuth Host = iota // the authorization server
	KAPI              // the REST API
)

// Origin is the host's origin on a platform, without a trailing slash.
func (h Host) Origin(p kakao.Platform) string {
	if h == KAuth {
		return p.Auth
	}
	return p.API
}

// Auth is a way in which a call is authorized.
type Auth uint8

// The ways. Source: Kakao Login > REST API, column Authorization.
const (
	ByNobody    Auth = iota // public
	ByApp                   // client_id among the parameters, with client_secret where the call knows it
	ByUserToken             // a user's access token, as "Bearer" (RFC 6750, section 2.1)
	ByAdminKey              // the app's admin key, as "KakaoAK"; for servers only
	ByAppKey                // the app's JavaScript key, as "KakaoAK"
)

// Scheme is the scheme of the Authorization header, "" if there is none.
func (a Auth) Scheme() string {
	switch a {
	case ByUserToken:
		return "Bearer"
	case ByAdminKey, ByAppKey:
		return "KakaoAK"
	}
	return ""
}

// Type is the type of a parameter or of a member of an answer. The names are
// those of Kakao's documents.
type Type uint8

// The types. Integer and Long are both whole numbers; a Long needs 64 bits, as
// service user IDs do, and must never pass through a float64.
const (
	String Type = iota
	Boolean
	Integer
	Long
	Datetime // RFC 3339, in UTC
	Object   // a JSON object with known members
	Map      // a JSON object whose names the app chose
)

// Encoding is how a parameter is written into a query or form, before it is
// percent-encoded.
type Encoding uint8

// The encodings.
const (
	Plain  Encoding = iota
	JSON            // as JSON text
	Commas          // items separated by commas, without spaces
)

// Param is one parameter of a request.
type Param struct {
	Name string
	Type Type
	// List tells that the parameter holds any number of values of Type.
	List     bool
	Encoding Encoding
	// AlsoCommas tells that a list goes as JSON, but that Kakao's text describes
	// it as separated by commas: who plays Kakao reads both.
	AlsoCommas bool
	Required   bool
	// Nested tells that the members of a Map may be any JSON.
	Nested bool
	// Secret marks what must appear in no log and no error.
	Secret bool
	// Fixed is the only value that the parameter takes; "" means any.
	Fixed string
	// With names another parameter, without which this one is left out.
	With string
	// OneOf lists the accepted values, of a list the accepted items; nil means
	// any.
	OneOf []string
	// Min and Max bound a number; 0 means no bound. MaxItems bounds a list.
	Min, Max int64
	MaxItems int
	// Default is what Kakao assumes where the parameter is left out.
	Default string
	// Page is what a page's SDK makes of the parameter.
	Page PageParam
	// Doc is one sentence or two for people.
	Doc string
}

// Field is one member of an answer, or one parameter of a redirect.
type Field struct {
	Name string
	Type Type
	// List tells that the member is an array of Type.
	List bool
	// Required tells that every answer holds the member.
	Required bool
	// Secret marks what must appear in no log and no error.
	Secret bool
	// Consent lists the consent items that open the member; the user must have
	// agreed to one of them. Empty if none is needed.
	Consent []string
	OneOf   []string
	// Fields are the members of an Object.
	Fields []Field
	Doc    string
}

// Error is an answer that refuses a call. An error of the REST API has a Code,
// one of the authorization server a Name.
type Error struct {
	// Status is the HTTP status; 0 where the error comes with a redirect.
	Status int
	// Code is the "code" of the REST API, such as -401.
	Code int
	// Name is the "error" of RFC 6749 section 5.2, KOE its "error_code".
	Name, KOE string
	Doc       string
}

// Call is one call of the platform.
type Call struct {
	// Name is that of the Go client's method.
	Name string
	// Title is for people.
	Title string
	// Methods are the HTTP methods; the first is the one to take.
	Methods []string
	Host    Host
	Path    string
	// Auth lists who may call; one of them is enough.
	Auth []Auth
	// Params are the parameters, without those that an admin key adds: see
	// [Call.ParamsFor].
	Params []Param
	// TakesFiles tells that the request is a multipart form of files.
	TakesFiles bool
	// ForceSecure tells that a page's SDK sends secure_resource as true, whatever
	// the page says.
	ForceSecure bool
	// Redirect tells that the browser is led to the call's address and that
	// Fields are parameters of the address to which it returns. Otherwise the
	// answer is a JSON object with Fields.
	Redirect bool
	// BareList names the member whose array may stand alone in place of the
	// object; "" if none.
	BareList string
	Fields   []Field
	Errors   []Error
	// Repeatable tells that the call changes nothing, so that a failed one may
	// be made again.
	Repeatable bool
	Source     string
	// Notes say what the documents leave open or contradict.
	Notes []string
}

// targetParams name the user that a call with an admin key is about.
// Source: Kakao Login > REST API, "Service app admin key".
var targetParams = []Param{
	{Name: "target_id_type", Required: true, Fixed: "user_id", Doc: "Kind of the ID in target_id."},
	{Name: "target_id", Type: Long, Required: true, Doc: "Service user ID of the user whom the call is about."},
}

// Targets reports whether the call is about the user of an access token and,
// with an admin key, about the user whom target_id names.
func (c Call) Targets() bool {
	return slices.Contains(c.Auth, ByUserToken) && slices.Contains(c.Auth, ByAdminKey)
}

// ParamsFor are the parameters of the call for one way of authorization: with
// an admin key, those that name the user come first.
func (c Call) ParamsFor(auth Auth) []Param {
	if auth == ByAdminKey && c.Targets() {
		return append(slices.Clone(targetParams), c.Params...)
	}
	return c.Params
}

// Param returns the parameter of that name, false if the call has none.
func (c Call) Param(name string) (Param, bool) {
	i := slices.IndexFunc(c.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return Param{}, false
	}
	return c.Params[i], true
}

// ClientType names the type of the Go client (kakao/rest) whose method c.Name
// makes the call with that authorization.
func (c Call) ClientType(auth Auth) string {
	switch {
	case auth == ByApp:
		return "AppClient"
	case auth == ByUserToken:
		return "UserClient"
	case auth == ByAdminKey && c.Targets():
		return "TargetClient"
	case auth == ByAdminKey:
		return "AdminClient"
	}
	return "Client"
}

// Calls are all calls of Kakao Login, in the order of docs/api.md.
func Calls() []Call {
	return []Call{
		Authorize, AutoLogin, RequestConsent, RequestTerms, PollCode, Exchange, Refresh, LogoutOfAccount,
		Logout, Unlink, TokenInfo,
		Me, UpdateProfile, Signup, UserIDs, AppUsers, ShippingAddresses,
		Scopes, RevokeScopes, ServiceTerms, RevokeServiceTerms, UpgradeServiceTerms, ServiceTermsV1,
		Discovery, JWKS, UserInfo, IDTokenInfo,
	}
}

// Find returns the call of a Kakao Login path. Several calls share the path of
// the authorization endpoint and of the token endpoint: the first is returned.
func Find(path string) (Call, bool) {
	for _, c := range Calls() {
		if c.Path == path {
			return c, true
		}
	}
	return Call{}, false
}
