package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Talk is a user at KakaoTalk: whom they know there, and which channels they
// follow.
type Talk struct {
	// None tells that the account has no KakaoTalk: its calls are refused with
	// -501.
	None bool `json:"none,omitempty"`
	// Nickname is that of the KakaoTalk profile, which may be another one than
	// that of the Kakao Account. Left out, it is the same.
	Nickname string `json:"nickname,omitempty"`
	// Friends are other accounts of the platform.
	Friends []Friend `json:"friends,omitempty"`
	// Channels are relations to channels; a channel that is not here has none.
	Channels []ChannelRelation `json:"channels,omitempty"`
}

func (t Talk) clone() Talk {
	t.Friends, t.Channels = slices.Clone(t.Friends), slices.Clone(t.Channels)
	return t
}

// validate names what is wrong with t, whose place in the configuration c is
// given.
func (t Talk) validate(place string, m *mistakes, c Config) {
	seen := uniqueness{}
	for i, friend := range t.Friends {
		at := fmt.Sprintf("%s.friends[%d].user", place, i)
		if !slices.ContainsFunc(c.Users, func(u User) bool { return u.ID == friend.User }) {
			m.add(at, "there is no user %d", friend.User)
		}
		seen.check(m, "friend", strconv.FormatInt(friend.User, 10), at)
	}
	for i, relation := range t.Channels {
		at := fmt.Sprintf("%s.channels[%d]", place, i)
		if !slices.Contains(catalog.ChannelRelations, relation.Relation) {
			m.add(at+".relation", "%q must be ADDED, BLOCKED or NONE", relation.Relation)
		}
		if relation.PublicID == "" {
			m.add(at+".channel_public_id", "is required")
		}
		seen.check(m, "channel", relation.PublicID, at+".channel_public_id")
	}
}

// talkUser refuses users without KakaoTalk, and those who have not agreed to all
// that the call needs.
func (c *apiCall) talkUser(scopes ...string) *apiError {
	if c.user.Talk.None {
		return refuse(catalog.ErrNotTalkUser, "given account is not connected to any talk user.")
	}
	for _, scope := range scopes {
		if c.app.scope(scope) == nil {
			return refuse(catalog.ErrDisabled,
				"["+c.app.Name+"] App disabled ["+scope+"] scopes for ["+c.apiType()+"] API on developers.kakao.com. Enable it first.")
		}
	}
	missing := without(scopes, func(scope string) bool { return c.linked.agreedToAny(scope) })
	if len(missing) == 0 {
		return nil
	}
	refusal := refuse(catalog.ErrConsent, "insufficient scopes.")
	refusal.APIType, refusal.RequiredScopes = c.apiType(), missing
	refusal.AllowedScopes = slices.Sorted(maps.Keys(c.linked.Scopes))
	return refusal
}

// apiType is how Kakao's errors name a call: TALK_MEMO_SEND for
// /v2/api/talk/memo/send. Source: observed in errors that developers report.
func (c *apiCall) apiType() string {
	_, name, _ := strings.Cut(c.call.Path, "/api/")
	return strings.ToUpper(strings.ReplaceAll(name, "/", "_"))
}

// talkNickname is what KakaoTalk calls a user.
func (u *User) talkNickname() string {
	if u.Talk.Nickname != "" {
		return u.Talk.Nickname
	}
	return u.Nickname
}

// agreedToAny reports whether one of some consent items was agreed to.
func (c connection) agreedToAny(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool { _, agreed := c.Scopes[scope]; return agreed })
}

// talkProfile is GET /v1/api/talk/profile.
func (a *restAPI) talkProfile(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(); refusal != nil {
		return nil, refusal
	}
	answer := members{"id": c.userID(), "countryISO": "KR"}
	if c.linked.agreedToAny("profile", "profile_nickname") {
		answer["nickName"] = c.user.talkNickname()
	}
	if c.linked.agreedToAny("profile", "profile_image") {
		answer["profileImageURL"], answer["thumbnailURL"] = imageURLs(c.user, c.platform, true)
	}
	return answer, nil
}
