// Package mistake is what is wrong with something that was sent or written: at
// which place, and in English or Korean. Whoever checks a value collects a [List]
// of them, so that all are named at once.
package mistake

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Mistake is one thing that is wrong with what was registered.
type Mistake struct {
	// place is the member, such as "apps[0].redirect_uris[1]".
	Place  string
	format string
	args   []any
}

func (m *Mistake) Error() string { return "emulator: " + m.Place + ": " + m.Problem(language.English) }

// Problem says what is wrong, in Korean or English.
func (m *Mistake) Problem(l language.Tag) string {
	format := m.format
	if ko, translated := koreanProblems[format]; translated && l == language.Korean {
		format = ko
	}
	return fmt.Sprintf(format, m.args...)
}

// List collects what is wrong with a configuration.
type List []error

// New is a mistake at a place. format is a key of the translations, and
// args are its values.
func New(place, format string, args ...any) error { return &Mistake{place, format, args} }

// Add collects one mistake more, see [New].
func (m *List) Add(place, format string, args ...any) {
	*m = append(*m, &Mistake{place, format, args})
}

// Join collects the mistakes that an error is made of.
func (m *List) Join(err error) {
	joined, several := err.(interface{ Unwrap() []error })
	switch {
	case several:
		for _, single := range joined.Unwrap() {
			m.Join(single)
		}
	case err != nil:
		*m = append(*m, err)
	}
}

// Replaced changes the places of the mistakes that an error is made of.
func Replaced(err error, place func(string) string) error {
	var all, moved List
	all.Join(err)
	for _, single := range all {
		var m *Mistake
		if !errors.As(single, &m) {
			return err
		}
		moved = append(moved, &Mistake{place(m.Place), m.format, m.args})
	}
	return errors.Join(moved...)
}

// elementOf is an element of a list, or a member, with what follows it.
var elementOf = regexp.MustCompile(`^(\w+)(\[\d+\])?\.?`)

// Within tells mistakes as seen from an element: "apps[1].name" is "name" from
// within "apps". Those elsewhere stay where they are.
func Within(element string, err error) error {
	if element == "" {
		return err
	}
	return Replaced(err, func(place string) string {
		if found := elementOf.FindStringSubmatch(place); found != nil && found[1] == element {
			return place[len(found[0]):]
		}
		return place
	})
}

// koreanProblems are the problems in Korean, by their English form. They take
// the same values, in the same order.
var koreanProblems = map[string]string{ //nolint:gosec // texts about keys and secrets, none of which they hold
	"%q is not an origin such as https://example.com":   "%q: https://example.com 같은 오리진이 아닙니다",
	"%q is not an origin such as http://127.0.0.1:8481": "%q: http://127.0.0.1:8481 같은 오리진이 아닙니다",
	"must be at least one second":                       "1초 이상이어야 합니다",
	"is the same as %s; every %s must be its own":       "%s의 값과 같습니다. %s 값은 서로 달라야 합니다",
	"is required": "필수 항목입니다",
	"%q is not an absolute http or https address":                              "%q: http 또는 https로 시작하는 전체 주소가 아닙니다",
	"%q must not have a fragment (RFC 6749, section 3.1.2)":                    "%q: #으로 시작하는 부분은 쓸 수 없습니다(RFC 6749 3.1.2절)",
	"%q must use https: plain http is accepted on loopback only":               "%q: https를 써야 합니다. http는 localhost 같은 이 컴퓨터의 주소에만 쓸 수 있습니다",
	"%q must be up to 64 letters, digits, _ and -":                             "%q: 영문자, 숫자, _, -로 64자까지 쓸 수 있습니다",
	"%q follows the profile and cannot be stored":                              "%q: 프로필을 따르는 값이라 저장할 수 없습니다",
	"%q must be GET or POST":                                                   "%q: GET 또는 POST여야 합니다",
	"needs the app's admin_key, with which it is sent":                         "어드민 키로 보내므로 앱에 어드민 키가 있어야 합니다",
	"%q is not one of Kakao's event types":                                     "%q: 카카오의 이벤트 유형이 아닙니다",
	"%q is not a scope id such as account_email":                               "%q: account_email 같은 동의항목 ID가 아닙니다",
	"openid is no consent item; set openid_connect instead":                    "openid는 동의항목이 아닙니다. OpenID Connect를 켜 주세요",
	"give %q a name in ko and en":                                              "%q: 한국어 이름과 영어 이름을 모두 적어 주세요",
	"choose one of required and in_use":                                        "필수 동의와 이용 중 동의 가운데 하나만 고를 수 있습니다",
	"%q must be PRIVACY or SERVICE":                                            "%q: PRIVACY 또는 SERVICE여야 합니다",
	"%q must be a word without comma or space":                                 "%q: 쉼표와 빈칸이 없는 한 단어여야 합니다",
	"give the terms a title in ko and en":                                      "약관 제목을 한국어와 영어로 모두 적어 주세요",
	"is required and positive":                                                 "0보다 큰 수가 필요합니다",
	"there is no user %d":                                                      "사용자 %d이(가) 없습니다",
	"%q must be ADDED, BLOCKED or NONE":                                        "%q: ADDED, BLOCKED, NONE 가운데 하나여야 합니다",
	"must be positive":                                                         "0보다 커야 합니다",
	"%q is not in the form %s":                                                 "%q: %s 형식이 아닙니다",
	"%q must begin with a slash, such as /oauth/token or /v2/*":                "%q: /oauth/token이나 /v2/*처럼 /로 시작해야 합니다",
	"%q may have a star at its end only":                                       "%q: *는 끝에만 쓸 수 있습니다",
	"must be 0, for every request, or more":                                    "모든 요청이면 0, 아니면 0보다 커야 합니다",
	"must not be negative":                                                     "음수일 수 없습니다",
	"%d is not an HTTP status from 200 to 599":                                 "%d: 200부터 599까지의 HTTP 상태 코드가 아닙니다",
	"is required with a body":                                                  "본문을 보내려면 상태 코드가 필요합니다",
	"set one of delay, drop, status, wrong_signature and skew":                 "무엇이 잘못되게 할지 하나 이상 골라 주세요",
	"app %d has no account webhook; register its address first":                "앱 %d에 계정 상태 변경 웹훅이 없습니다. 먼저 주소를 등록해 주세요",
	"%q is not an event type of Kakao's such as " + catalog.EventTokensRevoked: "%q: 카카오의 이벤트 유형이 아닙니다",
	"%q is none of ACCOUNT_DELETE, UNLINK_FROM_APPS and the other referrers":   "%q: ACCOUNT_DELETE, UNLINK_FROM_APPS 같은 연결 해제 경로가 아닙니다",

	// Of seeds and worlds.
	"%q must be up to 63 lower-case letters, digits and hyphens, such as checkout-1": "%q: checkout-1처럼 영문 소문자, 숫자, 하이픈으로 63자까지 쓸 수 있습니다",
	"must be 1 to 100 bytes long":                              "1바이트에서 100바이트까지 쓸 수 있습니다",
	"no user has the number %d":                                "번호가 %d인 사용자가 없습니다",
	"no app has the ID %d":                                     "ID가 %d인 앱이 없습니다",
	"is not an RSA key in PKCS #8 and base64":                  "PKCS #8을 base64로 적은 RSA 키가 아닙니다",
	"user %d is linked with app %d already; keep one link":     "사용자 %d은(는) 이미 앱 %d에 연결되어 있습니다. 연결은 하나만 남겨 주세요",
	"%q is no consent item of app %d":                          "%q: 앱 %d의 동의항목이 아닙니다",
	"app %d has no service terms with the tag %q":              "앱 %d에 태그가 %q인 서비스 약관이 없습니다",
	"%q must be KAUTH or KAPI":                                 "%q: KAUTH 또는 KAPI여야 합니다",
	"%q is no user property of app %d":                         "%q: 앱 %d의 사용자 프로퍼티가 아닙니다",
	"set access_token, refresh_token or both":                  "access_token과 refresh_token 가운데 하나 이상을 적어 주세요",
	"user %d is not linked with app %d; add that to links":     "사용자 %d은(는) 앱 %d에 연결되어 있지 않습니다. links에 연결을 추가해 주세요",
	"must be the REST API key or the JavaScript key of app %d": "앱 %d의 REST API 키나 JavaScript 키여야 합니다",
	"the value %s does not fit":                                "값 %s은(는) 넣을 수 없습니다",
	"is of the type %s, expected a string: put it in quotes":   "유형이 %s입니다. 문자열이 되도록 따옴표로 묶어 주세요",
	"is of the type %s, expected %s":                           "유형이 %s입니다. %s이(가) 필요합니다",
	"is not known; check how it is spelled":                    "알 수 없는 항목입니다. 철자를 확인해 주세요",
	"must be a text, or an object with an id":                  "문자열이거나 id가 있는 객체여야 합니다",
	"%q is not a duration such as 12h, 90s or 60d":             "%q: 12h, 90s, 60d 같은 기간이 아닙니다",
	"%q is not a time such as 2026-01-31T09:00:00Z (RFC 3339)": "%q: 2026-01-31T09:00:00Z 같은 시각(RFC 3339)이 아닙니다",
	"%q is none of %v":                                         "%q: %v 가운데 하나여야 합니다",
}
