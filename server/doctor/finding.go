package doctor

import (
	"fmt"
	"strconv"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Verdict is what a check came to.
type Verdict uint8

// The verdicts.
const (
	// OK: as it should be.
	OK Verdict = iota
	// Skipped: not looked at; Found says why.
	Skipped
	// Warning: logins may work, or the answer allowed no judgement.
	Warning
	// Failure: logins, or what was configured beside them, will fail.
	Failure
)

// String is the verdict in a word, for programs.
func (v Verdict) String() string { return [...]string{"ok", "skipped", "warning", "failure"}[v] }

// Check names what was looked at, for programs; it does not change.
type Check string

// The checks, in the order in which a report has them.
const (
	CheckAuth           Check = "kauth"
	CheckAPI            Check = "kapi"
	CheckClock          Check = "clock"
	CheckDiscovery      Check = "discovery"
	CheckJWKS           Check = "jwks"
	CheckPublicURL      Check = "public-url"
	CheckAllowedOrigin  Check = "allowed-origin"
	CheckRedirectOrigin Check = "redirect-origin"
	CheckKeyForm        Check = "key-form"
	CheckKey            Check = "key"
	CheckLogin          Check = "login"
	CheckRedirectURI    Check = "redirect-uri"
	CheckScope          Check = "scope"
	CheckClientSecret   Check = "client-secret"
	CheckAdminKey       Check = "admin-key"
	CheckLogoutURI      Check = "logout-redirect-uri"
	CheckStore          Check = "store"
	// Those of the server that runs.
	CheckServer      Check = "server"
	CheckTLS         Check = "tls"
	CheckCORS        Check = "cors"
	CheckCookie      Check = "cookie"
	CheckCallback    Check = "callback"
	CheckSDK         Check = "sdk"
	CheckReadiness   Check = "readiness"
	CheckProxy       Check = "proxy"
	CheckServerClock Check = "server-clock"
)

var titles = map[Check]catalog.Text{
	CheckAuth:           {En: "Authorization server", Ko: "인가 서버"},
	CheckAPI:            {En: "REST API", Ko: "REST API"},
	CheckClock:          {En: "Clock", Ko: "시계"},
	CheckDiscovery:      {En: "OpenID metadata", Ko: "OpenID 메타데이터"},
	CheckJWKS:           {En: "Signing keys", Ko: "서명 키"},
	CheckPublicURL:      {En: "Server address", Ko: "서버 주소"},
	CheckAllowedOrigin:  {En: "Page's origin", Ko: "페이지 오리진"},
	CheckRedirectOrigin: {En: "Page's redirect URI", Ko: "페이지의 리다이렉트 URI"},
	CheckKeyForm:        {En: "Form of the keys", Ko: "키 형식"},
	CheckKey:            {En: "App key", Ko: "앱 키"},
	CheckLogin:          {En: "Kakao Login", Ko: "카카오 로그인"},
	CheckRedirectURI:    {En: "Redirect URI", Ko: "리다이렉트 URI"},
	CheckScope:          {En: "Consent items", Ko: "동의항목"},
	CheckClientSecret:   {En: "Client secret", Ko: "클라이언트 시크릿"},
	CheckAdminKey:       {En: "Admin key", Ko: "어드민 키"},
	CheckLogoutURI:      {En: "Logout redirect URI", Ko: "로그아웃 리다이렉트 URI"},
	CheckStore:          {En: "Login store", Ko: "로그인 저장소"},
	CheckServer:         {En: "Running server", Ko: "실행 중인 서버"},
	CheckTLS:            {En: "Certificate", Ko: "인증서"},
	CheckCORS:           {En: "Calls of pages", Ko: "페이지의 호출"},
	CheckCookie:         {En: "Session cookie", Ko: "세션 쿠키"},
	CheckCallback:       {En: "Callback page", Ko: "콜백 페이지"},
	CheckSDK:            {En: "SDK script", Ko: "SDK 스크립트"},
	CheckReadiness:      {En: "Readiness", Ko: "준비 상태"},
	CheckProxy:          {En: "Reverse proxy", Ko: "리버스 프록시"},
	CheckServerClock:    {En: "Server's clock", Ko: "서버 시계"},
}

// Title is the name of the check for people.
func (c Check) Title() catalog.Text { return titles[c] }

// Finding is the result of one check, or of one of its subjects.
type Finding struct {
	Check   Check
	Verdict Verdict
	// Found says what was seen, or why nothing was looked at.
	Found catalog.Text
	// Cause and Fix say why that is wrong and what to change; both are empty
	// where nothing is.
	Cause, Fix catalog.Text
	// Code is Kakao's error code, such as "KOE006" or "-401"; "" if there is
	// none.
	Code string
}

// Report is what an examination found, in the order of the checks.
type Report []Finding

// Count returns how many findings have this verdict.
func (r Report) Count(v Verdict) int {
	n := 0
	for _, f := range r {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

// sayf fills the same values into both languages. The verbs of the Korean text
// may name them by number, "%[2]s".
func sayf(en, ko string, values ...any) catalog.Text {
	return catalog.Text{En: fmt.Sprintf(en, values...), Ko: fmt.Sprintf(ko, values...)}
}

func ok(c Check, found catalog.Text) Finding {
	return Finding{Check: c, Verdict: OK, Found: found}
}

func skipped(c Check, why catalog.Text) Finding {
	return Finding{Check: c, Verdict: Skipped, Found: why}
}

// wrong is a finding with cause and fix of its own.
func wrong(v Verdict, c Check, found, cause, fix catalog.Text) Finding {
	return Finding{Check: c, Verdict: v, Found: found, Cause: cause, Fix: fix}
}

// refused is a finding that the error catalogue explains.
func refused(v Verdict, c Check, found catalog.Text, p catalog.Problem) Finding {
	code := p.KOE
	if code == "" {
		code = strconv.Itoa(p.Code)
	}
	return Finding{Check: c, Verdict: v, Found: found, Cause: p.Cause, Fix: p.Fix, Code: code}
}

// unclear is a finding that allows no judgement.
func unclear(c Check, found catalog.Text) Finding {
	return wrong(Warning, c, found,
		catalog.Text{En: "The doctor could not tell: the answer is none that it knows.", Ko: "알려진 응답이 아니어서 판단할 수 없습니다."},
		catalog.Text{En: "Look it up in the Kakao Developers console, or try a login.", Ko: "카카오디벨로퍼스 콘솔에서 확인하거나 직접 로그인해 봅니다."})
}
