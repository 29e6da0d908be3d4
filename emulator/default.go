package emulator

import (
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// Keys of the app in [Default]. They are no secrets and work at no other place.
const (
	DemoRESTAPIKey    = "11111111111111111111111111111111"
	DemoJavaScriptKey = "22222222222222222222222222222222"
	DemoAdminKey      = "33333333333333333333333333333333"
	DemoClientSecret  = "44444444444444444444444444444444"
)

// Default is a platform with one app and four invented users. redirectURIs are
// registered for the app.
func Default(issuer string, redirectURIs ...string) config.Config {
	return config.Config{
		Issuer: issuer,
		Apps: []config.App{{
			Name:          "책방 오후",
			ID:            100001,
			RESTAPIKey:    DemoRESTAPIKey,
			JavaScriptKey: DemoJavaScriptKey,
			AdminKey:      DemoAdminKey,
			ClientSecret:  DemoClientSecret,
			RedirectURIs:  redirectURIs,
			OpenIDConnect: true,
			Scopes: []config.Scope{
				{ID: "profile_nickname", Required: true},
				{ID: "profile_image"},
				{ID: "account_email"},
				{ID: "gender"},
				{ID: "age_range"},
				{ID: "birthday"},
				{ID: "talk_message"},
				{ID: "shipping_address", InUse: true},
				{ID: "friends", InUse: true},
				{ID: "plusfriends", InUse: true},
			},
			UserProperties: []string{"clothing_size"},
			Channels:       []config.Channel{{PublicID: "_afternoon", UUID: "@bookshop-afternoon", Name: "책방 오후"}},
			ServiceTerms: []config.ServiceTerm{
				{Tag: "service_20260101", Title: language.Text{Ko: "서비스 이용약관", En: "Terms of service", Ja: "サービス利用規約", Zh: "服务使用条款"}, Required: true},
				{Tag: "marketing_20260101", Title: language.Text{Ko: "새 책 소식 받기", En: "News about new books", Ja: "新刊のお知らせ", Zh: "新书消息"}},
			},
		}},
		Users: []config.User{
			{
				ID: 4210000001, Email: "haneul@example.com", Nickname: "하늘보리", Name: "윤하늘",
				Gender: "female", AgeRange: "20~29", Birthday: "0412", Birthyear: "1999",
				PhoneNumber: "+82 10-0000-0001",
				ShippingAddresses: []config.ShippingAddress{
					{
						ID: 319, Name: "집", IsDefault: true, UpdatedAt: 1767225600, Type: "NEW",
						BaseAddress: "제주특별자치도 제주시 첨단로 242", DetailAddress: "1층",
						ReceiverName: "윤하늘", ReceiverPhoneNumber1: "010-0000-0001", ZoneNumber: "63309", ZipCode: "690-150",
					},
					{
						ID: 320, Name: "회사", UpdatedAt: 1769904000, Type: "OLD",
						BaseAddress: "제주특별자치도 제주시 영평동 2181", DetailAddress: "3층 책방 오후",
						ReceiverName: "윤하늘", ReceiverPhoneNumber1: "010-0000-0001", ZoneNumber: "63309", ZipCode: "690-150",
					},
				},
				Talk: config.Talk{
					Friends: []config.Friend{{User: 4210000002, Favorite: true}, {User: 4210000003}},
					Channels: []config.ChannelRelation{{
						PublicID: "_afternoon", Relation: "ADDED",
						CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), UpdatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
					}},
				},
			},
			{
				ID: 4210000002, Email: "dohyun@example.com", Nickname: "도토리현", Name: "박도현",
				Gender: "male", AgeRange: "30~39", Birthday: "1130", Birthyear: "1991",
				PhoneNumber: "+82 10-0000-0002",
				Talk:        config.Talk{Friends: []config.Friend{{User: 4210000001}, {User: 4210000003}}},
			},
			{
				ID: 4210000003, Email: "sora@example.com", Nickname: "소라빵", Name: "최소라",
				Gender: "female", AgeRange: "40~49", Birthday: "0708", Birthyear: "1983",
				PhoneNumber: "+82 10-0000-0003",
				Talk:        config.Talk{Friends: []config.Friend{{User: 4210000001}, {User: 4210000002, Blocked: true}}},
			},
			{ID: 4210000004, Nickname: "이메일 없는 온유", Name: "정온유"},
		},
	}
}
