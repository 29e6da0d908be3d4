package sdk

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// The calls of the SDK that take settings, and what each of them takes.
// Defaults are written in this order. Source: JavaScript SDK v1 (legacy)
// reference, and its observed behaviour.
var (
	callInit = Call{"Kakao.init", append([]Param{
		{Name: "server", Default: `"` + contract.DefaultBase + `"`},
		{Name: "authHost", Default: `"` + kakao.Production.Auth + `"`},
		{Name: "apiHost", Default: `"` + kakao.Production.API + `"`},
		{Name: "idempotent", Kind: Boolean, Default: "false"},
		{Name: "restoreSession", Kind: Boolean, Default: "false"},
	}, callbacks...)}
	callLogin             = Call{"Auth.login", loginParams}
	callLoginForm         = Call{"Auth.loginForm", loginParams}
	callAutoLogin         = Call{"Auth.autoLogin", callbacks}
	callCreateLoginButton = Call{"Auth.createLoginButton", append([]Param{
		{Name: "container", Kind: Container, Required: true},
		{Name: "lang", OneOf: []string{"kr", "en"}, Default: `"kr"`},
		{Name: "size", OneOf: []string{"small", "medium", "large"}, Default: `"medium"`},
	}, loginParams...)}
	callAuthorize = Call{"Auth.authorize", append([]Param{
		{Name: "throughTalk", Kind: Boolean, Default: "true"},
		{Name: "isPopup", Kind: Boolean, Default: "false"},
		{Name: "reauthenticate", Kind: Boolean, Default: "false"},
		{Name: "throughSyncplugin", Kind: Boolean, Default: "true"},
		{Name: "autoLogin", Kind: Boolean},
		{Name: "prompts"},
		{Name: "prompt"}, // the name of SDK v2
		{Name: "loginHint"},
	}, authParams...)}
	callIssueAccessToken = Call{"Auth.issueAccessToken", append([]Param{
		{Name: "code", Required: true},
		{Name: "redirectUri", Required: true},
		{Name: "codeVerifier"},
	}, callbacks...)}
	callSelectShippingAddress = Call{"Auth.selectShippingAddress", addressParams}
	callCreateShippingAddress = Call{"Auth.createShippingAddress", addressParams}
	callUpdateShippingAddress = Call{"Auth.updateShippingAddress", append([]Param{
		{Name: "addressId", Kind: Integer, Required: true},
	}, addressParams...)}
	callRequest = Call{"API.request", append([]Param{
		{Name: "data", Kind: Object, Default: "{}"},
		{Name: "url", Required: true, OneOf: endpointPaths()},
		{Name: "files", Kind: Files},
		{Name: "file", Kind: File}, // accepted and never used
	}, callbacks...)}
)

var (
	callbacks = []Param{
		{Name: "success", Kind: Function, Default: NoFunction},
		{Name: "fail", Kind: Function, Default: NoFunction},
		{Name: "always", Kind: Function, Default: NoFunction},
	}
	authParams = append([]Param{
		{Name: "approvalType", OneOf: []string{"project"}},
		{Name: "scope"},
		{Name: "plusFriendPublicId"},
		{Name: "channelPublicId"},
		{Name: "serviceTerms"},
		{Name: "redirectUri"},
		{Name: "state"},
		{Name: "deviceType", OneOf: []string{"watch", "tv"}},
		{Name: "nonce"},
	}, callbacks...)
	loginParams = append([]Param{
		{Name: "throughTalk", Kind: Boolean, Default: "true"},
		{Name: "persistAccessToken", Kind: Boolean, Default: "true"},
		{Name: "persistRefreshToken", Kind: Boolean, Default: "false"},
	}, authParams...)
	addressParams = append(slices.Clone(callbacks), []Param{
		{Name: "close", Kind: Function, Default: NoFunction},
		{Name: "returnUrl"},
		{Name: "forceMobileLayout", Kind: Boolean, Default: "false"},
		{Name: "enableBackButton", Kind: Boolean, Default: "true"},
	}...)
)

// calls are those that take a settings object.
var calls = []Call{
	callInit, callLogin, callLoginForm, callAutoLogin, callCreateLoginButton, callAuthorize, callIssueAccessToken,
	callSelectShippingAddress, callCreateShippingAddress, callUpdateShippingAddress, callRequest,
}

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
