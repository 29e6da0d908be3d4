package emulator

import (
	"maps"
	"slices"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Types of consent items. Source: Kakao Login > REST API > Retrieving consent
// details.
const (
	scopePrivacy = "PRIVACY"
	scopeService = "SERVICE"
)

// knownScopes are the consent items that Kakao defines, in the order in which the
// console offers them. Source: Kakao Login > Utilize > Scopes.
var knownScopes = []Scope{
	{ID: "profile_nickname", Name: Text{Ko: "닉네임", En: "Nickname", Ja: "ニックネーム", Zh: "昵称"}, Type: scopePrivacy},
	{ID: "profile_image", Name: Text{Ko: "프로필 사진", En: "Profile image", Ja: "プロフィール画像", Zh: "头像"}, Type: scopePrivacy},
	{ID: "profile", Name: Text{Ko: "프로필 정보(닉네임/프로필 사진)", En: "Profile Info(nickname/profile image)", Ja: "プロフィール情報(ニックネーム/プロフィール画像)", Zh: "个人资料(昵称/头像)"}, Type: scopePrivacy},
	{ID: "account_email", Name: Text{Ko: "카카오계정(이메일)", En: "Email", Ja: "カカオアカウント(メールアドレス)", Zh: "Kakao 账号(邮箱)"}, Type: scopePrivacy},
	{ID: "name", Name: Text{Ko: "이름", En: "Name", Ja: "氏名", Zh: "姓名"}, Type: scopePrivacy},
	{ID: "gender", Name: Text{Ko: "성별", En: "Gender", Ja: "性別", Zh: "性别"}, Type: scopePrivacy},
	{ID: "age_range", Name: Text{Ko: "연령대", En: "Age range", Ja: "年齢層", Zh: "年龄段"}, Type: scopePrivacy},
	{ID: "birthday", Name: Text{Ko: "생일", En: "Birthday", Ja: "誕生日", Zh: "生日"}, Type: scopePrivacy},
	{ID: "birthyear", Name: Text{Ko: "출생 연도", En: "Birth year", Ja: "生まれた年", Zh: "出生年份"}, Type: scopePrivacy},
	{ID: "phone_number", Name: Text{Ko: "카카오계정(전화번호)", En: "Phone number", Ja: "カカオアカウント(電話番号)", Zh: "Kakao 账号(手机号)"}, Type: scopePrivacy},
	{ID: "account_ci", Name: Text{Ko: "CI(연계정보)", En: "CI(Connecting Information)", Ja: "CI(連係情報)", Zh: "CI(关联信息)"}, Type: scopePrivacy},
	{ID: "shipping_address", Name: Text{Ko: "배송지정보", En: "Shipping information", Ja: "配送先情報", Zh: "收货地址"}, Type: scopePrivacy},
	{ID: "friends", Name: Text{Ko: "카카오 서비스 내 친구목록", En: "Friends list in Kakao services", Ja: "カカオサービスの友だちリスト", Zh: "Kakao 服务好友列表"}, Type: scopePrivacy},
	{ID: "talk_message", Name: Text{Ko: "카카오톡 메시지 전송", En: "Send message in KakaoTalk", Ja: "カカオトークのメッセージ送信", Zh: "发送 KakaoTalk 消息"}, Type: scopeService},
	{ID: catalog.ScopeChannels, Name: Text{Ko: "카카오톡 채널 추가 상태 및 내역", En: "Kakao Talk Channel addition status and details", Ja: "カカオトークチャンネルの追加状態と履歴", Zh: "KakaoTalk 频道添加状态及记录"}, Type: scopePrivacy},
}

// knownScope is the consent item of Kakao's with an ID, or one without a name.
func knownScope(id string) Scope {
	i := slices.IndexFunc(knownScopes, func(s Scope) bool { return s.ID == id })
	if i < 0 {
		return Scope{Type: scopePrivacy}
	}
	return knownScopes[i]
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
func (a *restAPI) userScopes(c *apiCall) (any, *apiError) {
	only := given[[]string](c, "scopes")
	if unknown := c.unknownScopes(only); len(unknown) > 0 {
		return nil, refuse(catalog.ErrArgument,
			"There is no scopes to get. check out if given scope id("+listOf(unknown)+") is correct again.")
	}
	return c.scopesAnswer(only), nil
}

// revokeScopes is POST /v2/user/revoke/scopes.
func (a *restAPI) revokeScopes(c *apiCall) (any, *apiError) {
	ids := given[[]string](c, "scopes")
	var agreed, fixed []string
	for _, id := range ids {
		if _, ok := c.linked.Scopes[id]; !ok {
			continue
		}
		agreed = append(agreed, id)
		if scope := c.app.scope(id); scope != nil && scope.Required {
			fixed = append(fixed, id)
		}
	}
	switch {
	case len(agreed) == 0 || len(c.unknownScopes(ids)) > 0:
		return nil, refuse(catalog.ErrArgument,
			"There is no scopes to revoke. check out if given scope id("+listOf(ids)+") is correct again.")
	case len(fixed) > 0:
		return nil, refuse(catalog.ErrDisabled,
			listOf(fixed)+" is not revocable. check out if it's set as required on developers.kakao.com")
	}
	a.store.revoke(c.link(), agreed)
	a.webhooks.send(c.directory, c.link(), catalog.EventUserScopeWithdraw, nil)
	for _, id := range agreed {
		delete(c.linked.Scopes, id)
	}
	return c.scopesAnswer(nil), nil
}

// scopesAnswer describes the consent items of the app, or only some, and those
// that the user agreed to while the app had them.
func (c *apiCall) scopesAnswer(only []string) scopesAnswer {
	answer := scopesAnswer{ID: c.userID(), Scopes: []scopeAnswer{}}
	for _, scope := range append(slices.Clone(c.app.Scopes), c.formerScopes()...) {
		if only != nil && !slices.Contains(only, scope.ID) {
			continue
		}
		using := c.app.scope(scope.ID) != nil
		item := scopeAnswer{ID: scope.ID, DisplayName: scope.Name.in(c.language), Type: scope.Type, Using: using}
		if _, item.Agreed = c.linked.Scopes[scope.ID]; item.Agreed {
			revocable := !scope.Required
			item.Revocable = &revocable
		}
		answer.Scopes = append(answer.Scopes, item)
	}
	return answer
}

// formerScopes are what the user agreed to and the app has given up since.
func (c *apiCall) formerScopes() []Scope {
	var former []Scope
	for _, id := range slices.Sorted(maps.Keys(c.linked.Scopes)) {
		if c.app.scope(id) != nil {
			continue
		}
		scope := Scope{ID: id}.withDefaults()
		if scope.Name == (Text{}) { // an item of the app's own
			scope.Name = Text{Ko: id, En: id}
		}
		former = append(former, scope)
	}
	return former
}

func (c *apiCall) unknownScopes(ids []string) []string {
	var unknown []string
	for _, id := range ids {
		if _, agreed := c.linked.Scopes[id]; !agreed && c.app.scope(id) == nil {
			unknown = append(unknown, id)
		}
	}
	return unknown
}
