package kapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// talkUser refuses users without KakaoTalk, and those who have not agreed to all
// that the call needs.
func (c *apiCall) talkUser(scopes ...string) *apiError {
	if c.user.Talk.None {
		return refuse(catalog.ErrNotTalkUser, "given account is not connected to any talk user.")
	}
	for _, scope := range scopes {
		if c.app.Scope(scope) == nil {
			return refuse(catalog.ErrDisabled,
				"["+c.app.Name+"] App disabled ["+scope+"] scopes for ["+c.apiType()+"] API on developers.kakao.com. Enable it first.")
		}
	}
	missing := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return c.linked.AgreedToAny(scope) })
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

// talkProfile is GET /v1/api/talk/profile.
func (a *Server) talkProfile(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(); refusal != nil {
		return nil, refusal
	}
	answer := account.Members{"id": c.userID(), "countryISO": "KR"}
	if c.linked.AgreedToAny("profile", "profile_nickname") {
		answer["nickName"] = c.user.TalkNickname()
	}
	if c.linked.AgreedToAny("profile", "profile_image") {
		answer["profileImageURL"], answer["thumbnailURL"] = account.ImageURLs(c.user, c.platform, true)
	}
	return answer, nil
}
