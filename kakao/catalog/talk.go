package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

// TalkCalls are the calls of KakaoTalk that pages make after a login: profile,
// friends, messages and channels, by the names of SDK v1 and v2. They are outside
// Kakao Login, so that the Go client has none of them.
func TalkCalls() []Call {
	return []Call{
		TalkProfile, Friends, FriendsV1,
		SendMemo, SendScrapMemo, SendDefaultMemo,
		SendMessage, SendScrapMessage, SendDefaultMessage,
		Channels, ChannelsV1, PlusFriends,
	}
}

// Scopes of the calls of KakaoTalk.
// Source: Kakao Talk Social > REST API, Kakao Talk Message > REST API, Kakao
// Talk Channel > REST API.
const (
	ScopeFriends     = "friends"
	ScopeTalkMessage = "talk_message"
	ScopeChannels    = "plusfriends"
)

// Bounds of the calls of KakaoTalk.
// Source: Kakao Talk Social > REST API, Kakao Talk Message > REST API.
const (
	MaxFriends          = 100 // of one page
	DefaultFriends      = 10
	MaxMessageReceivers = 5
)

// TemplateTypes are the values of object_type of a default template.
// Source: Kakao Talk Message > Message template.
var TemplateTypes = []string{"feed", "list", "location", "commerce", "text", "calendar"}

// ErrNotTalkUser refuses a user who has no KakaoTalk.
var ErrNotTalkUser = Error{Status: 400, Code: -501, Doc: "The user does not use Kakao Talk."}

const (
	socialSource  = "Kakao Talk Social > REST API"
	messageSource = "Kakao Talk Message > REST API"
	channelSource = "Kakao Talk Channel > REST API"
)

// TalkProfile reads the user's profile at KakaoTalk.
var TalkProfile = Call{
	Name: "TalkProfile", Title: "Retrieve Kakao Talk profile",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/api/talk/profile", Auth: []Auth{ByUserToken},
	ForceSecure: true,
	Params:      []Param{{Name: "secure_resource", Type: Boolean, Default: "false", Doc: "Whether addresses of pictures are https."}},
	Fields: []Field{
		{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "nickName", Consent: forNickname, Doc: "Nickname at KakaoTalk."},
		{Name: "profileImageURL", Consent: forImage, Doc: "Address of the picture in 640x640 pixels."},
		{Name: "thumbnailURL", Consent: forImage, Doc: "Address of the picture in 110x110 pixels."},
		{Name: "countryISO", Doc: "Country of the user; deprecated."},
	},
	Errors:     []Error{ErrToken, ErrNotTalkUser},
	Repeatable: true,
	Source:     socialSource + " > Retrieve Kakao Talk profile",
	Notes:      []string{"One version of the document spells profileImageUrl and thumbnailUrl; its samples and the SDKs read profileImageURL and thumbnailURL."},
}

var friendParams = []Param{
	{Name: "offset", Type: Integer, Default: "0", Doc: "How many friends to skip."},
	{Name: "limit", Type: Integer, Min: 1, Max: MaxFriends, Default: "10", Doc: "How many friends to answer with."},
	{Name: "order", OneOf: []string{"asc", "desc"}, Default: "asc", Doc: "Direction of the order."},
	{Name: "friend_order", OneOf: []string{"favorite", "nickname"}, Default: "favorite", Doc: "What comes first: favorites, or nicknames in order."},
	{Name: "secure_resource", Type: Boolean, Default: "false", Doc: "Whether addresses of pictures are https."},
}

var friendFields = []Field{
	{Name: "elements", Type: Object, List: true, Doc: "Friends who are linked with the app and agreed to be in such lists.", Fields: []Field{
		{Name: "id", Type: Long, Doc: "Service user ID."},
		{Name: "uuid", Required: true, Doc: "ID of the friend for messages."},
		{Name: "favorite", Type: Boolean, Doc: "Whether the friend is a favorite."},
		{Name: "profile_nickname", Doc: "Nickname."},
		{Name: "profile_thumbnail_image", Doc: "Address of the small picture."},
	}},
	{Name: "total_count", Type: Integer, Required: true, Doc: "How many friends there are."},
	{Name: "favorite_count", Type: Integer, Doc: "How many of them are favorites."},
	{Name: "before_url", Doc: "The page before; none on the first."},
	{Name: "after_url", Doc: "The page after; none on the last."},
}

// Friends lists friends at KakaoTalk, page by page.
var Friends = Call{
	Name: "Friends", Title: "Retrieve list of friends",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/api/talk/friends", Auth: []Auth{ByUserToken},
	ForceSecure: true,
	Params:      friendParams, Fields: friendFields,
	Errors:     []Error{ErrToken, ErrConsent, ErrArgument, ErrNotTalkUser},
	Repeatable: true,
	Source:     socialSource + " > Retrieve list of friends",
}

// FriendsV1 is the older name of [Friends], which SDK v1 knows as well.
var FriendsV1 = Call{
	Name: "FriendsV1", Title: "Retrieve list of friends (older path)",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/friends", Auth: []Auth{ByUserToken},
	ForceSecure: true,
	Params:      friendParams, Fields: friendFields,
	Errors:     []Error{ErrToken, ErrConsent, ErrArgument, ErrNotTalkUser},
	Repeatable: true,
	Source:     "JavaScript SDK v1 (legacy) reference > API.request",
}

// Parameters of messages.
var (
	messageTemplateID   = Param{Name: "template_id", Type: Long, Doc: "ID of a template of the app's."}
	messageTemplateArgs = Param{Name: "template_args", Type: Map, Encoding: JSON, Nested: true, Doc: "Values of the template's arguments."}
	messageTemplate     = Param{Name: "template_object", Type: Map, Encoding: JSON, Required: true, Nested: true, Page: PageParam{Check: MessageTemplate}, Doc: "A default template: object_type and what belongs to it."}
	messageURL          = Param{Name: "request_url", Required: true, Doc: "Address of the page to make the message from."}
	messageReceivers    = Param{Name: "receiver_uuids", List: true, Encoding: JSON, Required: true, MaxItems: MaxMessageReceivers, Doc: "Friends to send to, by uuid."}
	messageReceiverType = Param{Name: "receiver_id_type", Required: true, Default: "uuid", Page: PageParam{SendsDefault: true}, Doc: "Kind of the receivers' IDs; the REST API does without it."}
	memoFields          = []Field{{Name: "result_code", Type: Integer, Required: true, Doc: "0: the message was sent."}}
	memoErrors          = []Error{ErrToken, ErrConsent, ErrArgument, ErrNotTalkUser}
	messageFields       = []Field{
		{Name: "successful_receiver_uuids", List: true, Doc: "Friends to whom the message was sent."},
		{Name: "failure_info", Type: Object, List: true, Doc: "Why the others did not get it.", Fields: []Field{
			{Name: "code", Type: Integer, Required: true, Doc: "Code of the error."},
			{Name: "msg", Required: true, Doc: "What the error is."},
			{Name: "receiver_uuids", List: true, Required: true, Doc: "Friends whom it concerns."},
		}},
	}
)

// SendMemo sends a message to the user's own chat, from a template of the app's.
var SendMemo = Call{
	Name: "SendMemo", Title: "Send custom message to me",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v2/api/talk/memo/send", Auth: []Auth{ByUserToken},
	Params: []Param{messageTemplateID.required(), messageTemplateArgs}, Fields: memoFields, Errors: memoErrors,
	Source: messageSource + " > Send me with custom template",
}

// SendScrapMemo sends a message about a page to the user's own chat.
var SendScrapMemo = Call{
	Name: "SendScrapMemo", Title: "Send scraped page to me",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v2/api/talk/memo/scrap/send", Auth: []Auth{ByUserToken},
	Params: []Param{messageURL, messageTemplateID, messageTemplateArgs}, Fields: memoFields, Errors: memoErrors,
	Source: messageSource + " > Send me with scraped page",
}

// SendDefaultMemo sends a message to the user's own chat.
var SendDefaultMemo = Call{
	Name: "SendDefaultMemo", Title: "Send default message to me",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v2/api/talk/memo/default/send", Auth: []Auth{ByUserToken},
	Params: []Param{messageTemplate}, Fields: memoFields, Errors: memoErrors,
	Source: messageSource + " > Send me with default template",
}

// SendMessage sends friends a message from a template of the app's.
var SendMessage = Call{
	Name: "SendMessage", Title: "Send custom message to friends",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/api/talk/friends/message/send", Auth: []Auth{ByUserToken},
	Params: []Param{messageTemplateID.required(), messageReceivers, messageReceiverType, messageTemplateArgs}, Fields: messageFields, Errors: memoErrors,
	Source: messageSource + " > Send friends with custom template",
}

// SendScrapMessage sends friends a message about a page.
var SendScrapMessage = Call{
	Name: "SendScrapMessage", Title: "Send scraped page to friends",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/api/talk/friends/message/scrap/send", Auth: []Auth{ByUserToken},
	Params: []Param{messageURL, messageReceivers, messageReceiverType, messageTemplateID, messageTemplateArgs}, Fields: messageFields, Errors: memoErrors,
	Source: messageSource + " > Send friends with scraped page",
}

// SendDefaultMessage sends friends a message.
var SendDefaultMessage = Call{
	Name: "SendDefaultMessage", Title: "Send default message to friends",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/api/talk/friends/message/default/send", Auth: []Auth{ByUserToken},
	Params: []Param{messageTemplate, messageReceivers, messageReceiverType}, Fields: messageFields, Errors: memoErrors,
	Source: messageSource + " > Send friends with default template",
}

// ChannelRelations are the values of a user's relation to a channel.
var ChannelRelations = []string{"ADDED", "BLOCKED", "NONE"}

var channelFields = []Field{
	{Name: "channel_uuid", Required: true, Doc: "ID of the channel for search, such as @example."},
	{Name: "channel_public_id", Required: true, Doc: "ID of the channel's profile, such as _ZeUTxl."},
	{Name: "relation", Required: true, OneOf: ChannelRelations, Doc: "Whether the user has added or blocked the channel."},
	{Name: "created_at", Type: Datetime, Doc: "When the user first added it."},
	{Name: "updated_at", Type: Datetime, Doc: "When the relation last changed."},
}

// Channels tells which of the app's channels the user has added. SDK v2 calls it.
var Channels = Call{
	Name: "Channels", Title: "Check Kakao Talk Channel relationship",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v2/api/talk/channels", Auth: userOrAdmin,
	Params: []Param{
		{Name: "channel_ids", List: true, Encoding: Commas, Doc: "Channels to answer with, by ID of their profile; otherwise all of the app's."},
		{Name: "channel_id_type", Fixed: "channel_public_id", Doc: "Kind of the IDs."},
	},
	Fields: []Field{
		{Name: "user_id", Type: Long, Doc: "Service user ID."},
		{Name: "channels", Type: Object, List: true, Doc: "The channels.", Fields: channelFields},
	},
	Errors:     []Error{ErrToken, ErrConsent, ErrArgument, ErrNotTalkUser},
	Repeatable: true,
	Source:     channelSource + " > Check Kakao Talk Channel relationship",
	Notes:      []string{"One version of the document requires channel_ids; the SDKs leave them out for all channels."},
}

// ChannelsV1 is the older form of [Channels]: channels without a relation are
// left out.
var ChannelsV1 = Call{
	Name: "ChannelsV1", Title: "Check Kakao Talk Channel relationship (v1)",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/api/talk/channels", Auth: userOrAdmin,
	Params: []Param{{Name: "channel_public_ids", List: true, Encoding: JSON, AlsoCommas: true, Doc: "Channels to answer with; otherwise all of the app's."}},
	Fields: []Field{
		{Name: "user_id", Type: Long, Doc: "Service user ID."},
		{Name: "channels", Type: Object, List: true, Doc: "The channels.", Fields: channelFields},
	},
	Errors:     []Error{ErrToken, ErrConsent, ErrArgument, ErrNotTalkUser},
	Repeatable: true,
	Source:     "Kakao Talk Channel > Legacy REST API",
}

// PlusFriends is [ChannelsV1] by the older name of channels.
var PlusFriends = Call{
	Name: "PlusFriends", Title: "Check Kakao Talk Channel relationship (plus friends)",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/api/talk/plusfriends", Auth: userOrAdmin,
	Params: []Param{{Name: "plus_friend_public_ids", List: true, Encoding: JSON, AlsoCommas: true, Doc: "Channels to answer with; otherwise all of the app's."}},
	Fields: []Field{
		{Name: "user_id", Type: Long, Doc: "Service user ID."},
		{Name: "plus_friends", Type: Object, List: true, Doc: "The channels.", Fields: []Field{
			{Name: "plus_friend_uuid", Required: true, Doc: "ID of the channel for search."},
			{Name: "plus_friend_public_id", Required: true, Doc: "ID of the channel's profile."},
			{Name: "relation", Required: true, OneOf: ChannelRelations, Doc: "Whether the user has added or blocked the channel."},
			{Name: "updated_at", Type: Datetime, Doc: "When the relation last changed."},
		}},
	},
	Errors:     []Error{ErrToken, ErrConsent, ErrArgument, ErrNotTalkUser},
	Repeatable: true,
	Source:     "JavaScript SDK v1 (legacy) reference > API.request",
}
