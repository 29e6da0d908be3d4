package config

import (
	"cmp"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Scope is a consent item of an app. Source: Kakao Login > Utilize > Scopes.
type Scope struct {
	// ID is what the scope parameter names, such as "account_email".
	ID string `json:"id"`
	// Name is shown on the consent page. Left out, it is Kakao's for the
	// scopes that Kakao defines.
	Name language.Text `json:"display_name,omitzero"`
	// Required items cannot be declined or revoked.
	Required bool `json:"required,omitempty"`
	// InUse items are asked for only by a request that names them, and cannot be
	// declined there. Source: Kakao Login > FAQ, "Consent during use".
	InUse bool `json:"in_use,omitempty"`
	// Type is "PRIVACY" for personal information, which is the default, or
	// "SERVICE" for a permission.
	Type string `json:"type,omitempty"`
}

// ServiceTerm is one of an app's own terms of service. Source: Kakao Login >
// REST API > Retrieving consent details for service terms.
type ServiceTerm struct {
	// Tag is what the service_terms parameter names.
	Tag string `json:"tag"`
	// Title is shown on the consent page.
	Title language.Text `json:"title"`
	// Required terms cannot be declined or revoked.
	Required bool `json:"required,omitempty"`
	// RegisteredAt is when the app added the terms. Left out, it is when the
	// platform learned of them.
	RegisteredAt time.Time `json:"registered_at,omitzero"`
}

// WithDefaults returns a copy of s with the name and the type that Kakao gives to
// its own consent items.
func (s Scope) WithDefaults() Scope {
	known := knownScope(s.ID)
	if s.Name == (language.Text{}) {
		s.Name = known.Name
	}
	s.Type = cmp.Or(s.Type, known.Type)
	return s
}

// Fixed reports whether an item of the consent page cannot be declined.
func (s Scope) Fixed() bool { return s.Required || s.InUse }

// Scope is the consent item of the app with an ID, or nil.
func (a *App) Scope(id string) *Scope {
	i := slices.IndexFunc(a.Scopes, func(s Scope) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &a.Scopes[i]
}

// ScopeOpenID asks for an ID token (OpenID Connect Core 1.0, section 3.1.2.1). It is
// no consent item.
const ScopeOpenID = "openid"

// Types of consent items. Source: Kakao Login > REST API > Retrieving consent
// details.
const (
	scopePrivacy = "PRIVACY"
	scopeService = "SERVICE"
)

// KnownScopes are the consent items that Kakao defines, in the order in which the
// console offers them. Source: Kakao Login > Utilize > Scopes.
var KnownScopes = []Scope{
	{ID: "profile_nickname", Name: language.Text{Ko: "닉네임", En: "Nickname", Ja: "ニックネーム", Zh: "昵称"}, Type: scopePrivacy},
	{ID: "profile_image", Name: language.Text{Ko: "프로필 사진", En: "Profile image", Ja: "プロフィール画像", Zh: "头像"}, Type: scopePrivacy},
	{ID: "profile", Name: language.Text{Ko: "프로필 정보(닉네임/프로필 사진)", En: "Profile Info(nickname/profile image)", Ja: "プロフィール情報(ニックネーム/プロフィール画像)", Zh: "个人资料(昵称/头像)"}, Type: scopePrivacy},
	{ID: "account_email", Name: language.Text{Ko: "카카오계정(이메일)", En: "Email", Ja: "カカオアカウント(メールアドレス)", Zh: "Kakao 账号(邮箱)"}, Type: scopePrivacy},
	{ID: "name", Name: language.Text{Ko: "이름", En: "Name", Ja: "氏名", Zh: "姓名"}, Type: scopePrivacy},
	{ID: "gender", Name: language.Text{Ko: "성별", En: "Gender", Ja: "性別", Zh: "性别"}, Type: scopePrivacy},
	{ID: "age_range", Name: language.Text{Ko: "연령대", En: "Age range", Ja: "年齢層", Zh: "年龄段"}, Type: scopePrivacy},
	{ID: "birthday", Name: language.Text{Ko: "생일", En: "Birthday", Ja: "誕生日", Zh: "生日"}, Type: scopePrivacy},
	{ID: "birthyear", Name: language.Text{Ko: "출생 연도", En: "Birth year", Ja: "生まれた年", Zh: "出生年份"}, Type: scopePrivacy},
	{ID: "phone_number", Name: language.Text{Ko: "카카오계정(전화번호)", En: "Phone number", Ja: "カカオアカウント(電話番号)", Zh: "Kakao 账号(手机号)"}, Type: scopePrivacy},
	{ID: "account_ci", Name: language.Text{Ko: "CI(연계정보)", En: "CI(Connecting Information)", Ja: "CI(連係情報)", Zh: "CI(关联信息)"}, Type: scopePrivacy},
	{ID: "shipping_address", Name: language.Text{Ko: "배송지정보", En: "Shipping information", Ja: "配送先情報", Zh: "收货地址"}, Type: scopePrivacy},
	{ID: "friends", Name: language.Text{Ko: "카카오 서비스 내 친구목록", En: "Friends list in Kakao services", Ja: "カカオサービスの友だちリスト", Zh: "Kakao 服务好友列表"}, Type: scopePrivacy},
	{ID: "talk_message", Name: language.Text{Ko: "카카오톡 메시지 전송", En: "Send message in KakaoTalk", Ja: "カカオトークのメッセージ送信", Zh: "发送 KakaoTalk 消息"}, Type: scopeService},
	{ID: catalog.ScopeChannels, Name: language.Text{Ko: "카카오톡 채널 추가 상태 및 내역", En: "Kakao Talk Channel addition status and details", Ja: "カカオトークチャンネルの追加状態と履歴", Zh: "KakaoTalk 频道添加状态及记录"}, Type: scopePrivacy},
}

// knownScope is the consent item of Kakao's with an ID, or one without a name.
func knownScope(id string) Scope {
	i := slices.IndexFunc(KnownScopes, func(s Scope) bool { return s.ID == id })
	if i < 0 {
		return Scope{Type: scopePrivacy}
	}
	return KnownScopes[i]
}
