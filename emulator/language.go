package emulator

import (
	"net/http"
	"strings"
)

// language is one of the two languages of the pages.
type language string

const (
	korean  language = "ko"
	english language = "en"
)

// pageLanguage is what the lang parameter asks for, else the browser, else
// Korean.
func pageLanguage(r *http.Request) language {
	wanted := strings.Split(r.Header.Get("Accept-Language"), ",")
	wanted = append([]string{r.URL.Query().Get("lang")}, wanted...)
	for _, tag := range wanted {
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), ";")
		primary, _, _ = strings.Cut(primary, "-")
		switch l := language(strings.ToLower(primary)); l {
		case korean, english:
			return l
		}
	}
	return korean
}

// in returns the text in a language.
func (t Text) in(l language) string {
	if l == english {
		return t.En
	}
	return t.Ko
}

// phrases are the fixed texts of the pages.
var phrases = map[string]Text{
	"badge":        {Ko: "에뮬레이터", En: "Emulator"},
	"notice":       {Ko: "이 컴퓨터에서만 동작하는 연습용 페이지입니다. 실제 카카오계정을 입력하지 마세요.", En: "A practice page on this computer only. Do not enter a real Kakao Account."},
	"login.title":  {Ko: "카카오계정 로그인", En: "Kakao Account login"},
	"login.lead":   {Ko: "어떤 계정으로 로그인할까요?", En: "Which account do you want to use?"},
	"login.to":     {Ko: "로그인 후 이동할 서비스", En: "You are signing in to"},
	"login.or":     {Ko: "또는 이메일로", En: "or by e-mail"},
	"login.email":  {Ko: "이메일", En: "E-mail"},
	"login.submit": {Ko: "로그인", En: "Log in"},
	"login.nobody": {Ko: "이 에뮬레이터에 없는 계정입니다. 위 목록의 이메일을 입력해 주세요.", En: "There is no such account here. Enter an address from the list above."},
	"login.noMail": {Ko: "이메일 없음", En: "No e-mail address"},

	"consent.title":    {Ko: "동의하고 계속하기", En: "Agree and continue"},
	"consent.lead":     {Ko: "서비스가 아래 정보를 요청합니다.", En: "This service asks for the following."},
	"consent.link":     {Ko: "카카오계정을 이 서비스와 연결합니다.", En: "Your account will be linked with this service."},
	"consent.all":      {Ko: "모두 동의하기", En: "Agree to all"},
	"consent.items":    {Ko: "개인정보와 접근 권한", En: "Information and permissions"},
	"consent.terms":    {Ko: "서비스 약관", En: "Terms"},
	"consent.required": {Ko: "필수", En: "Required"},
	"consent.optional": {Ko: "선택", En: "Optional"},
	"consent.accept":   {Ko: "동의하고 계속하기", En: "Accept and continue"},
	"cancel":           {Ko: "취소", En: "Cancel"},

	"closed.title": {Ko: "이 창을 닫으셔도 됩니다", En: "You can close this window"},
	"closed.lead":  {Ko: "로그인을 시작한 화면으로 돌아가 주세요.", En: "Go back to where you started the login."},

	"error.title": {Ko: "요청을 처리할 수 없습니다", En: "This request cannot be served"},
	"error.lead":  {Ko: "서비스의 로그인 설정을 확인해 주세요.", En: "Check how the service is set up for login."},
}
