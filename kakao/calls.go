package kakao

// The calls of the SDK and what each of them takes.
// Source: JavaScript SDK v1 (legacy) reference, and its observed behaviour.
var (
	CallLogin             = Call{"Auth.login", loginParams}
	CallCreateLoginButton = Call{"Auth.createLoginButton", append([]Param{
		{Name: "container", Kind: Container, Required: true},
		{Name: "lang", OneOf: []string{"kr", "en"}, Default: "kr"},
		{Name: "size", OneOf: []string{"small", "medium", "large"}, Default: "medium"},
	}, loginParams...)}
	CallAuthorize = Call{"Auth.authorize", append([]Param{
		{Name: "isPopup", Kind: Boolean, Default: "false"},
		{Name: "prompts"},
		{Name: "reauthenticate", Kind: Boolean, Default: "false"},
		{Name: "autoLogin", Kind: Boolean, Default: "false"},
		{Name: "throughSyncplugin", Kind: Boolean, Default: "true"},
		{Name: "loginHint"},
	}, commonAuthParams...)}
	CallRequest = Call{"API.request", []Param{
		{Name: "url", Required: true, OneOf: endpointPaths()},
		{Name: "data", Kind: Object, Default: "{}"},
		{Name: "success", Kind: Function, Default: "null"},
		{Name: "fail", Kind: Function, Default: "null"},
		{Name: "always", Kind: Function, Default: "null"},
	}}
)

var (
	commonAuthParams = []Param{
		{Name: "throughTalk", Kind: Boolean, Default: "true"},
		{Name: "success", Kind: Function, Default: "null"},
		{Name: "fail", Kind: Function, Default: "null"},
		{Name: "always", Kind: Function, Default: "null"},
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
