package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

// PageParam is what a page's SDK makes of a parameter beyond its type.
// Source: JavaScript SDK v1 (legacy) reference > API.request, and its observed
// behaviour.
type PageParam struct {
	// Check is what the SDK checks beyond the type.
	Check PageCheck
	// ChecksValues tells that the SDK itself refuses what OneOf does not list.
	ChecksValues bool
	// SendsDefault tells that the SDK sends Default where the page names no value.
	SendsDefault bool
}

// PageCheck is what a page's SDK checks of a parameter beyond its type.
type PageCheck uint8

// The checks.
const (
	TypeOnly        PageCheck = iota
	StoryContent              // 1 to 2048 UTF-16 code units
	UploadedImages            // paths of images that were uploaded, none a full address
	MessageTemplate           // a message template, out of which header images are dropped
)

// PageCalls are the calls that a page may make with Kakao.API.request, in the
// order in which the SDK lists them. The SDK's table (sdk/endpoint_table.go) is
// generated from them.
// Source: JavaScript SDK v1 (legacy) reference > API.request; [Channels] is what
// SDK v2 added.
func PageCalls() []Call {
	calls := []Call{
		Signup, Unlink, Me, Logout, UpdateProfile, TokenInfo, Scopes, RevokeScopes,
		ServiceTermsV1, ServiceTerms, RevokeServiceTerms, UpgradeServiceTerms, UserInfo, ShippingAddresses,
		TalkProfile, Friends, FriendsV1, Channels, ChannelsV1, PlusFriends,
		SendMemo, SendScrapMemo, SendDefaultMemo, SendMessage, SendScrapMessage, SendDefaultMessage,
	}
	return append(calls, SDKCalls()...)
}

// SDKCalls are the calls that only pages make: KakaoTalk Share and KakaoStory.
// They are outside Kakao Login, so that only their requests are described, as
// far as the SDK checks them.
// Source: JavaScript SDK v1 (legacy) reference > API.request.
func SDKCalls() []Call { return append(shareCalls(), storyCalls()...) }

// pageCall completes a call that only pages make.
func pageCall(method, path string, auth Auth, params ...Param) Call {
	return Call{
		Methods: []string{method}, Host: KAPI, Path: path, Auth: []Auth{auth}, Params: params,
		Repeatable: method == kakao.Get,
		Source:     "JavaScript SDK v1 (legacy) reference > API.request",
	}
}

// upload is a call that sends files.
func upload(c Call) Call {
	c.TakesFiles = true
	return c
}

// required is p where a call cannot do without it.
func (p Param) required() Param {
	p.Required = true
	return p
}
