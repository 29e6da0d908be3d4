package main

import "github.com/kakaowasm/kakaowasm/kakao/catalog"

// graded is what this package knows of a call beyond the catalogue: the Korean
// title, how far the emulator plays it, and what is simpler. A call that the
// catalogue gives no title has both here.
type graded struct {
	ko, en string
	grade  Grade
	note   catalog.Text
}

// Notes that several calls share.
var (
	templateNote = catalog.Text{
		En: "The message arrives in the console. Any `template_id` is taken, because message templates are made at Kakao Developers.",
		Ko: "메시지는 콘솔에서 볼 수 있습니다. 메시지 템플릿은 카카오디벨로퍼스에서 만들기 때문에 `template_id`는 어떤 값이든 받습니다.",
	}
	scrapNote = catalog.Text{
		En: "The message arrives in the console. The page is not fetched.",
		Ko: "메시지는 콘솔에서 볼 수 있습니다. 페이지를 실제로 스크랩하지는 않습니다.",
	}
	defaultNote = catalog.Text{
		En: "The message arrives in the console. The template must have the members that its type needs; lengths are not checked, and nothing is drawn.",
		Ko: "메시지는 콘솔에서 볼 수 있습니다. 템플릿 종류별 필수 항목은 확인하지만 길이는 확인하지 않고, 말풍선으로 그리지도 않습니다.",
	}
	refusedNote = catalog.Text{En: "Answers 403 with code -3.", Ko: "403과 코드 -3으로 응답합니다."}
)

// gradedCalls has a row for each call of the catalogue, by its name, or by its path
// where it has none.
var gradedCalls = map[string]graded{
	"AuthorizeURL": {ko: "인가 코드 요청"},
	"AutoLoginURL": {ko: "카카오톡에서 자동 로그인", grade: Emulated, note: catalog.Text{
		En: "`prompt=none` goes by the browser's session at the emulator, in every browser; at Kakao it goes by the account of the KakaoTalk in whose browser the page is.",
		Ko: "`prompt=none`은 어느 브라우저에서든 에뮬레이터의 로그인 세션을 따릅니다. 카카오에서는 페이지를 연 카카오톡의 계정을 따릅니다.",
	}},
	"ConsentURL": {ko: "추가 항목 동의 받기"},
	"TermsURL":   {ko: "서비스 약관 선택해 동의 받기"},
	"PollCode": {ko: "인가 코드 폴링", grade: Emulated, note: catalog.Text{
		En: "Answers what the SDK was seen to read, and no more.",
		Ko: "SDK가 읽는 것으로 관찰된 항목만 응답합니다.",
	}},
	"Exchange":            {ko: "토큰 요청"},
	"Refresh":             {ko: "토큰 갱신"},
	"LogoutURL":           {ko: "카카오계정과 함께 로그아웃"},
	"Logout":              {ko: "로그아웃"},
	"Unlink":              {ko: "연결 해제"},
	"TokenInfo":           {ko: "토큰 정보 조회"},
	"Me":                  {ko: "사용자 정보 조회"},
	"UpdateProfile":       {ko: "사용자 정보 저장"},
	"Signup":              {ko: "수동 연결"},
	"UserIDs":             {ko: "사용자 목록 조회"},
	"AppUsers":            {ko: "여러 사용자 정보 조회"},
	"ShippingAddresses":   {ko: "배송지 조회"},
	"Scopes":              {ko: "동의 내역 조회"},
	"RevokeScopes":        {ko: "동의 철회"},
	"ServiceTerms":        {ko: "서비스 약관 동의 내역 조회"},
	"RevokeServiceTerms":  {ko: "서비스 약관 동의 철회"},
	"UpgradeServiceTerms": {ko: "서비스 약관 동의 처리"},
	"ServiceTermsV1":      {ko: "서비스 약관 동의 내역 조회(v1)"},
	"Discovery":           {ko: "OIDC: 메타데이터 조회"},
	"JWKS":                {ko: "OIDC: 공개키 목록 조회"},
	"UserInfo":            {ko: "OIDC: 사용자 정보 조회"},
	"IDTokenInfo":         {ko: "OIDC: ID 토큰 정보 조회"},

	"TalkProfile":        {ko: "카카오톡 프로필 조회"},
	"Friends":            {ko: "친구 목록 조회"},
	"FriendsV1":          {ko: "친구 목록 조회(옛 경로)"},
	"SendMemo":           {ko: "나에게 사용자 정의 템플릿으로 보내기", grade: Emulated, note: templateNote},
	"SendScrapMemo":      {ko: "나에게 스크랩 메시지 보내기", grade: Emulated, note: scrapNote},
	"SendDefaultMemo":    {ko: "나에게 기본 템플릿으로 보내기", grade: Emulated, note: defaultNote},
	"SendMessage":        {ko: "친구에게 사용자 정의 템플릿으로 보내기", grade: Emulated, note: templateNote},
	"SendScrapMessage":   {ko: "친구에게 스크랩 메시지 보내기", grade: Emulated, note: scrapNote},
	"SendDefaultMessage": {ko: "친구에게 기본 템플릿으로 보내기", grade: Emulated, note: defaultNote},
	"Channels":           {ko: "카카오톡 채널 관계 조회"},
	"ChannelsV1":         {ko: "카카오톡 채널 관계 조회(v1)"},
	"PlusFriends":        {ko: "카카오톡 채널 관계 조회(플러스친구)"},

	"/v2/api/kakaolink/talk/template/validate": absent("Share with a custom template", "사용자 정의 템플릿으로 공유"),
	"/v2/api/kakaolink/talk/template/scrap":    absent("Share a scraped page", "스크랩한 페이지 공유"),
	"/v2/api/kakaolink/talk/template/default":  absent("Share with a default template", "기본 템플릿으로 공유"),
	"/v2/api/talk/message/image/upload":        absent("Upload an image for sharing", "공유할 이미지 업로드"),
	"/v2/api/talk/message/image/delete":        absent("Delete an uploaded image", "업로드한 이미지 삭제"),
	"/v2/api/talk/message/image/scrap":         absent("Scrape an image for sharing", "공유할 이미지 스크랩"),

	"/v1/api/story/profile":        absent("KakaoStory profile", "카카오스토리 프로필 조회"),
	"/v1/api/story/isstoryuser":    absent("Whether the user has KakaoStory", "카카오스토리 사용자 여부 확인"),
	"/v1/api/story/mystory":        absent("One story", "내스토리 하나 조회"),
	"/v1/api/story/mystories":      absent("Stories", "내스토리 목록 조회"),
	"/v1/api/story/linkinfo":       absent("Scrape a link", "링크 정보 조회"),
	"/v1/api/story/post/note":      absent("Post a note", "글 쓰기"),
	"/v1/api/story/post/photo":     absent("Post photos", "사진 올리기"),
	"/v1/api/story/post/link":      absent("Post a link", "링크 올리기"),
	"/v1/api/story/upload/multi":   absent("Upload images", "이미지 업로드"),
	"/v1/api/story/delete/mystory": absent("Delete a story", "내스토리 삭제"),
}

// absent is a call that the emulator refuses as one that the app may not use.
func absent(en, ko string) graded {
	return graded{en: en, ko: ko, grade: Absent, note: refusedNote}
}

// callKey finds the row of a call.
func callKey(c catalog.Call) string {
	if c.Name == "" {
		return c.Path
	}
	return c.Name
}

// callSections are the calls of the catalogue in the order of the document.
func callSections() []callSection {
	return []callSection{
		{catalog.Text{En: "Calls of Kakao Login", Ko: "카카오 로그인 API"}, catalog.Calls()},
		{catalog.Text{En: "Calls of KakaoTalk", Ko: "카카오톡 API"}, catalog.TalkCalls()},
		{catalog.Text{En: "Calls that only the JavaScript SDK makes", Ko: "JavaScript SDK만 호출하는 API"}, catalog.SDKCalls()},
	}
}

// callSection is a group of calls.
type callSection struct {
	title catalog.Text
	calls []catalog.Call
}
