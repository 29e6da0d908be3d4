package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

// Parameters of KakaoStory.
var (
	storyID      = Param{Name: "id", Required: true}
	storyContent = Param{Name: "content", Page: PageParam{Check: StoryContent}}
	storyImages  = Param{Name: "image_url_list", List: true, Encoding: JSON, Required: true, Page: PageParam{Check: UploadedImages}}
	storyLink    = Param{Name: "link_info", Type: Map, Encoding: JSON, Required: true}
	storyOptions = []Param{
		{Name: "permission", OneOf: []string{"A", "F", "M"}, Page: PageParam{ChecksValues: true}},
		{Name: "enable_share", Type: Boolean},
		{Name: "android_exec_param"},
		{Name: "ios_exec_param"},
		{Name: "android_market_param"},
		{Name: "ios_market_param"},
	}
)

// storyCalls are the calls of KakaoStory.
func storyCalls() []Call {
	return []Call{
		pageCall(kakao.Get, "/v1/api/story/profile", ByUserToken, Param{Name: "secure_resource", Type: Boolean}),
		pageCall(kakao.Get, "/v1/api/story/isstoryuser", ByUserToken),
		pageCall(kakao.Get, "/v1/api/story/mystory", ByUserToken, storyID),
		pageCall(kakao.Get, "/v1/api/story/mystories", ByUserToken, Param{Name: "last_id"}),
		pageCall(kakao.Get, "/v1/api/story/linkinfo", ByUserToken, Param{Name: "url", Required: true}),
		storyPost("note", storyContent.required()),
		storyPost("photo", storyImages, storyContent),
		storyPost("link", storyLink, storyContent),
		upload(pageCall(kakao.Post, "/v1/api/story/upload/multi", ByUserToken)),
		pageCall(kakao.Delete, "/v1/api/story/delete/mystory", ByUserToken, storyID),
	}
}

// storyPost is the call that posts a note, a photo or a link.
func storyPost(what string, params ...Param) Call {
	return pageCall(kakao.Post, "/v1/api/story/post/"+what, ByUserToken, append(params, storyOptions...)...)
}
