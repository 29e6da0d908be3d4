package kakao

import "slices"

// The calls of the SDK that take settings, and what each of them takes.
// Source: JavaScript SDK v1 (legacy) reference, and its observed behaviour.
var (
	callInit = Call{"Kakao.init", []Param{
		{Name: "server", Default: `"/kakao"`},
		{Name: "authHost", Default: `"` + Production.Auth + `"`},
		{Name: "apiHost", Default: `"` + Production.API + `"`},
		{Name: "idempotent", Kind: Boolean, Default: "false"},
		{Name: "success", Kind: Function, Default: NoFunction},
		{Name: "fail", Kind: Function, Default: NoFunction},
		{Name: "always", Kind: Function, Default: NoFunction},
	}}
	callLogin             = Call{"Auth.login", loginParams}
	callCreateLoginButton = Call{"Auth.createLoginButton", append([]Param{
		{Name: "container", Kind: Container, Required: true},
		{Name: "lang", OneOf: []string{"kr", "en"}, Default: `"kr"`},
		{Name: "size", OneOf: []string{"small", "medium", "large"}, Default: `"medium"`},
	}, loginParams...)}
	callAuthorize = Call{"Auth.authorize", append(slices.Clone(commonAuthParams),
		Param{Name: "isPopup", Kind: Boolean, Default: "false"},
		Param{Name: "reauthenticate", Kind: Boolean, Default: "false"},
		Param{Name: "autoLogin", Kind: Boolean, Default: "false"},
		Param{Name: "throughSyncplugin", Kind: Boolean, Default: "true"},
		Param{Name: "prompts"},
		Param{Name: "loginHint"},
	)}
	callRequest = Call{"API.request", []Param{
		{Name: "data", Kind: Object, Default: "{}"},
		{Name: "url", Required: true, OneOf: endpointPaths()},
		{Name: "files", Kind: Files}, // no address takes files yet; they are ignored
		{Name: "file", Kind: Files},
		{Name: "success", Kind: Function, Default: NoFunction},
		{Name: "fail", Kind: Function, Default: NoFunction},
		{Name: "always", Kind: Function, Default: NoFunction},
	}}
)

var (
	commonAuthParams = []Param{
		{Name: "throughTalk", Kind: Boolean, Default: "true"},
		{Name: "success", Kind: Function, Default: NoFunction},
		{Name: "fail", Kind: Function, Default: NoFunction},
		{Name: "always", Kind: Function, Default: NoFunction},
		{Name: "approvalType", OneOf: []string{"individual", "project"}},
		{Name: "scope"},
		{Name: "plusFriendPublicId"},
		{Name: "channelPublicId"},
		{Name: "serviceTerms"},
		{Name: "redirectUri"},
		{Name: "state"},
		{Name: "deviceType", OneOf: []string{"watch", "tv"}},
		{Name: "nonce"},
	}
	loginParams = append([]Param{
		{Name: "persistAccessToken", Kind: Boolean, Default: "true"},
		{Name: "persistRefreshToken", Kind: Boolean, Default: "false"},
	}, commonAuthParams...)
)

// calls are those that take a settings object.
var calls = []Call{callInit, callLogin, callCreateLoginButton, callAuthorize, callRequest}

// FindCall returns the call of that name, such as "Auth.login" or
// "API.request - /v2/user/me".
func FindCall(name string) (Call, bool) {
	for _, c := range calls {
		if c.Name == name {
			return c, true
		}
	}
	for _, e := range Endpoints {
		if c := e.Call(); c.Name == name {
			return c, true
		}
	}
	return Call{}, false
}
