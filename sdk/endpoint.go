package sdk

import "github.com/kakaowasm/kakaowasm/kakao"

// Credential is what a call of the REST API is authorized with.
type Credential uint8

const (
	// UserToken is the user's access token, as "Bearer".
	UserToken Credential = iota
	// AppKey is the app's JavaScript key, as "KakaoAK".
	AppKey
)

// Endpoint is one call of the REST API that a page may make. Sources:
// JavaScript SDK v1 (legacy) reference > API.request, Kakao Login > REST API.
type Endpoint struct {
	Method     string
	Path       string
	Params     []Param
	Credential Credential
	// ForceSecure sends secure_resource as true, whatever the page says.
	ForceSecure bool
	// TakesFiles tells that the request is one of files.
	TakesFiles bool
}

// Parameters that several calls share.
var (
	secureResource = Param{Name: "secure_resource", Kind: Boolean}
	scopes         = Param{Name: "scopes", Kind: Array}
	templateID     = Param{Name: "template_id", Kind: Integer}
	templateArgs   = Param{Name: "template_args", Kind: Object}
	requestURL     = required("request_url", String)
	linkVersion    = required("link_ver", String)
	targetAppKey   = Param{Name: "target_app_key"}
	receiverUUIDs  = required("receiver_uuids", Array)
	receiverIDType = Param{Name: "receiver_id_type", Required: true, Default: `"uuid"`}
	imageURL       = required("image_url", String)
	storyID        = required("id", String)
	friends        = []Param{
		{Name: "offset", Kind: Integer},
		{Name: "limit", Kind: Integer},
		{Name: "order"},
		{Name: "friend_order"},
		secureResource,
	}
	storyPost = []Param{
		{Name: "content", Kind: Content},
		{Name: "permission", OneOf: []string{"A", "F", "M"}},
		{Name: "enable_share", Kind: Boolean},
		{Name: "android_exec_param"},
		{Name: "ios_exec_param"},
		{Name: "android_market_param"},
		{Name: "ios_market_param"},
	}
)

func required(name string, kind Kind) Param { return Param{Name: name, Kind: kind, Required: true} }

// Endpoints are all of them.
var Endpoints = []Endpoint{
	{Method: kakao.Post, Path: "/v1/user/signup", Params: []Param{{Name: "properties", Kind: Object}}},
	{Method: kakao.Post, Path: "/v1/user/unlink"},
	{Method: kakao.Get, Path: "/v2/user/me", Params: []Param{{Name: "property_keys", Kind: Array}, secureResource}},
	{Method: kakao.Post, Path: "/v1/user/logout"},
	{Method: kakao.Post, Path: "/v1/user/update_profile", Params: []Param{required("properties", Object)}},
	{Method: kakao.Get, Path: "/v1/user/access_token_info"},
	{Method: kakao.Get, Path: "/v2/user/scopes", Params: []Param{scopes}},
	{Method: kakao.Post, Path: "/v2/user/revoke/scopes", Params: []Param{required("scopes", Array)}},
	{Method: kakao.Get, Path: "/v1/user/service/terms", Params: []Param{{Name: "extra"}}},
	{Method: kakao.Get, Path: "/v2/user/service_terms", Params: []Param{{Name: "result"}, {Name: "tags"}}},
	{Method: kakao.Post, Path: "/v2/user/revoke/service_terms", Params: []Param{required("tags", String)}},
	{Method: kakao.Post, Path: "/v2/user/upgrade/service_terms", Params: []Param{required("tags", String)}},
	{Method: kakao.Get, Path: "/v1/oidc/userinfo"},
	{Method: kakao.Get, Path: "/v1/user/shipping_address", Params: []Param{
		{Name: "address_id", Kind: Integer},
		{Name: "from_updated_at", Kind: Integer},
		{Name: "page_size", Kind: Integer},
	}},
	{Method: kakao.Get, Path: "/v1/api/talk/profile", Params: []Param{secureResource}, ForceSecure: true},
	{Method: kakao.Get, Path: "/v1/api/talk/friends", Params: friends, ForceSecure: true},
	{Method: kakao.Get, Path: "/v1/friends", Params: friends, ForceSecure: true},
	{Method: kakao.Get, Path: "/v1/api/talk/channels", Params: []Param{{Name: "channel_public_ids", Kind: Array}}},
	{Method: kakao.Get, Path: "/v1/api/talk/plusfriends", Params: []Param{{Name: "plus_friend_public_ids", Kind: Array}}},
	{Method: kakao.Post, Path: "/v2/api/talk/memo/send", Params: []Param{required("template_id", Integer), templateArgs}},
	{Method: kakao.Post, Path: "/v2/api/talk/memo/scrap/send", Params: []Param{requestURL, templateID, templateArgs}},
	{Method: kakao.Post, Path: "/v2/api/talk/memo/default/send", Params: []Param{required("template_object", Template)}},
	{Method: kakao.Post, Path: "/v1/api/talk/friends/message/send", Params: []Param{
		required("template_id", Integer), receiverUUIDs, receiverIDType, templateArgs,
	}},
	{Method: kakao.Post, Path: "/v1/api/talk/friends/message/scrap/send", Params: []Param{
		requestURL, receiverUUIDs, receiverIDType, templateID, templateArgs,
	}},
	{Method: kakao.Post, Path: "/v1/api/talk/friends/message/default/send", Params: []Param{
		required("template_object", Template), receiverUUIDs, receiverIDType,
	}},
	{Method: kakao.Get, Path: "/v2/api/kakaolink/talk/template/validate", Params: []Param{
		linkVersion, required("template_id", Integer), templateArgs, targetAppKey,
	}, Credential: AppKey},
	{Method: kakao.Get, Path: "/v2/api/kakaolink/talk/template/scrap", Params: []Param{
		linkVersion, requestURL, templateID, templateArgs, targetAppKey,
	}, Credential: AppKey},
	{Method: kakao.Get, Path: "/v2/api/kakaolink/talk/template/default", Params: []Param{
		linkVersion, required("template_object", Object), targetAppKey,
	}, Credential: AppKey},
	{Method: kakao.Post, Path: "/v2/api/talk/message/image/upload", Params: []Param{
		required("file", Object),
	}, Credential: AppKey, TakesFiles: true},
	{Method: kakao.Delete, Path: "/v2/api/talk/message/image/delete", Params: []Param{imageURL}, Credential: AppKey},
	{Method: kakao.Post, Path: "/v2/api/talk/message/image/scrap", Params: []Param{imageURL}, Credential: AppKey},
	{Method: kakao.Get, Path: "/v1/api/story/profile", Params: []Param{secureResource}},
	{Method: kakao.Get, Path: "/v1/api/story/isstoryuser"},
	{Method: kakao.Get, Path: "/v1/api/story/mystory", Params: []Param{storyID}},
	{Method: kakao.Get, Path: "/v1/api/story/mystories", Params: []Param{{Name: "last_id"}}},
	{Method: kakao.Get, Path: "/v1/api/story/linkinfo", Params: []Param{required("url", String)}},
	{Method: kakao.Post, Path: "/v1/api/story/post/note", Params: append([]Param{required("content", Content)}, storyPost[1:]...)},
	{Method: kakao.Post, Path: "/v1/api/story/post/photo", Params: append([]Param{required("image_url_list", KageURLs)}, storyPost...)},
	{Method: kakao.Post, Path: "/v1/api/story/post/link", Params: append([]Param{required("link_info", Object)}, storyPost...)},
	{Method: kakao.Post, Path: "/v1/api/story/upload/multi", TakesFiles: true},
	{Method: kakao.Delete, Path: "/v1/api/story/delete/mystory", Params: []Param{storyID}},
}

// FindEndpoint returns the endpoint at path.
func FindEndpoint(path string) (Endpoint, bool) {
	for _, e := range Endpoints {
		if e.Path == path {
			return e, true
		}
	}
	return Endpoint{}, false
}

// Call is e as a call of the SDK, with its own parameters.
func (e Endpoint) Call() Call { return Call{"API.request - " + e.Path, e.Params} }

func endpointPaths() []string {
	paths := make([]string, len(Endpoints))
	for i, e := range Endpoints {
		paths[i] = e.Path
	}
	return paths
}
