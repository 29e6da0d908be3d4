package emulator

import (
	"net/http"
	"slices"
)

// Types of consent items. Source: Kakao Login > REST API > Retrieving consent
// details.
const (
	scopePrivacy = "PRIVACY"
	scopeService = "SERVICE"
)

// knownScopes are the consent items that Kakao defines. Source: Kakao Login >
// Utilize > Scopes.
var knownScopes = map[string]struct {
	name Text
	kind string
}{
	"profile":          {Text{"프로필 정보(닉네임/프로필 사진)", "Profile Info(nickname/profile image)"}, scopePrivacy},
	"profile_nickname": {Text{"닉네임", "Nickname"}, scopePrivacy},
	"profile_image":    {Text{"프로필 사진", "Profile image"}, scopePrivacy},
	"account_email":    {Text{"카카오계정(이메일)", "Email"}, scopePrivacy},
	"name":             {Text{"이름", "Name"}, scopePrivacy},
	"gender":           {Text{"성별", "Gender"}, scopePrivacy},
	"age_range":        {Text{"연령대", "Age range"}, scopePrivacy},
	"birthday":         {Text{"생일", "Birthday"}, scopePrivacy},
	"birthyear":        {Text{"출생 연도", "Birth year"}, scopePrivacy},
	"phone_number":     {Text{"카카오계정(전화번호)", "Phone number"}, scopePrivacy},
	"shipping_address": {Text{"배송지정보", "Shipping information"}, scopePrivacy},
	"friends":          {Text{"카카오 서비스 내 친구목록", "Friends list in Kakao services"}, scopePrivacy},
	"talk_message":     {Text{"카카오톡 메시지 전송", "Send message in KakaoTalk"}, scopeService},
}

// scopesAnswer lists consent items with what the user decided.
type scopesAnswer struct {
	ID     int64         `json:"id"`
	Scopes []scopeAnswer `json:"scopes"`
}

type scopeAnswer struct {
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	Type        string `json:"type"`
	Using       bool   `json:"using"`
	Agreed      bool   `json:"agreed"`
	Revocable   *bool  `json:"revocable,omitempty"` // only with Agreed
}

// userScopes is GET /v2/user/scopes.
func (e *Emulator) userScopes(c *call) (any, *apiError) {
	only := given[[]string](c, "scopes")
	if unknown := c.app.unknownScopes(only); len(unknown) > 0 {
		return nil, newAPIError(http.StatusBadRequest, codeArgument,
			"There is no scopes to get. check out if given scope id("+listOf(unknown)+") is correct again.")
	}
	return c.scopesAnswer(only), nil
}

// revokeScopes is POST /v2/user/revoke/scopes.
func (e *Emulator) revokeScopes(c *call) (any, *apiError) {
	ids := given[[]string](c, "scopes")
	var agreed, fixed []string
	for _, id := range ids {
		if _, ok := c.linked.scopes[id]; !ok {
			continue
		}
		agreed = append(agreed, id)
		if scope := c.app.scope(id); scope.Required {
			fixed = append(fixed, id)
		}
	}
	switch {
	case len(agreed) == 0 || len(c.app.unknownScopes(ids)) > 0:
		return nil, newAPIError(http.StatusBadRequest, codeArgument,
			"There is no scopes to revoke. check out if given scope id("+listOf(ids)+") is correct again.")
	case len(fixed) > 0:
		return nil, newAPIError(http.StatusForbidden, codeNotRevocable,
			listOf(fixed)+" is not revocable. check out if it's set as required on developers.kakao.com")
	}
	e.store.revoke(c.app, c.user, agreed)
	for _, id := range agreed {
		delete(c.linked.scopes, id)
	}
	return c.scopesAnswer(nil), nil
}

// scopesAnswer describes the consent items of the app, or only some.
func (c *call) scopesAnswer(only []string) scopesAnswer {
	answer := scopesAnswer{ID: c.user.ID, Scopes: []scopeAnswer{}}
	for _, scope := range c.app.Scopes {
		if only != nil && !slices.Contains(only, scope.ID) {
			continue
		}
		item := scopeAnswer{ID: scope.ID, DisplayName: scope.Name.in(c.language), Type: scope.Type, Using: true}
		if _, item.Agreed = c.linked.scopes[scope.ID]; item.Agreed {
			revocable := !scope.Required
			item.Revocable = &revocable
		}
		answer.Scopes = append(answer.Scopes, item)
	}
	return answer
}

func (a *App) unknownScopes(ids []string) []string {
	var unknown []string
	for _, id := range ids {
		if a.scope(id) == nil {
			unknown = append(unknown, id)
		}
	}
	return unknown
}
