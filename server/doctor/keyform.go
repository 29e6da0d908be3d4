package doctor

import (
	"context"
	"regexp"
	"slices"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Forms of keys: Kakao's app keys are 32 hexadecimal digits, and an app ID, which
// stands above them in the console, is a short number.
var (
	keyForm   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	appIDForm = regexp.MustCompile(`^[0-9]{4,10}$`)
)

// namedKey is a configured value with its kind.
type namedKey struct {
	kind  catalog.Text
	value string
}

// configured are all keys and secrets, in the order of the report.
func (c Config) configured() []namedKey {
	keys := []namedKey{{restKind, c.RESTAPIKey}}
	for _, value := range c.JavaScriptKeys {
		keys = append(keys, namedKey{javaScriptKind, value})
	}
	return append(keys, namedKey{adminKind, c.AdminKey}, namedKey{secretKind, c.ClientSecret})
}

// checkKeyForms judges the keys by their looks and compares them with each
// other, without asking anybody.
func (e *examination) checkKeyForms(context.Context) []Finding {
	var findings []Finding
	if e.RESTAPIKey == "" {
		findings = append(findings, wrong(Failure, CheckKeyForm, catalog.Text{En: "no REST API key", Ko: "REST API 키가 없음"},
			catalog.Text{En: "The token server needs it for every token request.", Ko: "토큰 서버의 모든 토큰 요청에 필요합니다."},
			catalog.Text{En: "Set KAKAO_REST_API_KEY to the key of App > Platform key > REST API key.", Ko: "[앱] > [플랫폼 키] > [REST API 키]의 키를 KAKAO_REST_API_KEY에 설정합니다."}))
	}
	if len(e.JavaScriptKeys) == 0 {
		verdict := Warning
		if slices.Contains(e.Scopes, scopeOpenID) {
			verdict = Failure
		}
		findings = append(findings, wrong(verdict, CheckKeyForm, catalog.Text{En: "no JavaScript key", Ko: "JavaScript 키가 없음"},
			catalog.Text{En: "Pages log in with it, and ID tokens name it: the token server refuses logins with the scope openid.", Ko: "페이지는 이 키로 로그인하고 ID 토큰에도 이 키가 들어 있어, scope에 openid를 넣은 로그인을 토큰 서버가 거부합니다."},
			catalog.Text{En: "Set KAKAO_JAVASCRIPT_KEY to the key of App > Platform key > JavaScript key.", Ko: "[앱] > [플랫폼 키] > [JavaScript 키]의 키를 KAKAO_JAVASCRIPT_KEY에 설정합니다."}))
	}
	keys := e.configured()
	for i, key := range keys {
		if f, bad := judgeForm(key); bad {
			findings = append(findings, f)
		}
		for _, other := range keys[:i] {
			if key.value != "" && key.value == other.value {
				findings = append(findings, sameKey(other.kind, key.kind))
			}
		}
	}
	if findings == nil {
		findings = []Finding{ok(CheckKeyForm, catalog.Text{En: "the keys look like keys, and all differ", Ko: "키 형식이 맞고 서로 다름"})}
	}
	return findings
}

// judgeForm warns of a key that does not look like one. A client secret has no
// documented form.
func judgeForm(key namedKey) (Finding, bool) {
	switch {
	case key.value == "" || key.kind == secretKind || keyForm.MatchString(key.value):
		return Finding{}, false
	case appIDForm.MatchString(key.value):
		return wrong(Warning, CheckKeyForm, catalog.Text{En: "the " + key.kind.En + " is a short number", Ko: key.kind.Ko + "가 짧은 숫자임"},
			catalog.Text{En: "That looks like the app ID, which is no key.", Ko: "키가 아니라 앱 ID로 보입니다."},
			copyKey), true
	}
	return wrong(Warning, CheckKeyForm, catalog.Text{En: "the " + key.kind.En + " is not 32 hexadecimal digits", Ko: key.kind.Ko + "가 16진수 32자리가 아님"},
		catalog.Text{En: "It was cut off, has spaces or quotes around it, or is something else.", Ko: "값이 잘렸거나, 공백이나 따옴표가 섞였거나, 다른 값입니다."},
		copyKey), true
}

var copyKey = catalog.Text{
	En: "Copy the key again from App > Platform key.",
	Ko: "[앱] > [플랫폼 키]에서 키를 다시 복사합니다.",
}

// sameKey reports one value in two places.
func sameKey(first, second catalog.Text) Finding {
	return wrong(Failure, CheckKeyForm,
		catalog.Text{En: "the same value is given as " + first.En + " and as " + second.En, Ko: first.Ko + "와 " + second.Ko + "에 같은 값이 설정됨"},
		catalog.Text{En: "An app has another key for each purpose; at least one of the two is in the wrong place.", Ko: "용도마다 키가 다릅니다. 둘 중 하나 이상이 잘못 설정되었습니다."},
		catalog.Text{En: "Copy each key from its own place in App > Platform key.", Ko: "[앱] > [플랫폼 키]에서 용도에 맞는 키를 각각 복사합니다."})
}
