package catalog

// Text is a text in both languages of the documents.
type Text struct{ En, Ko string }

// Group is the step at which a problem shows.
type Group uint8

// The groups.
const (
	AtAuthorize Group = iota // the authorization code, and logout at the authorization server
	AtToken                  // getting and refreshing tokens
	AtIDToken                // checking an ID token
	AtAPI                    // any call of the REST API
)

// Source is the part of Kakao's documents that lists the group's codes.
func (g Group) Source() string {
	switch g {
	case AtAuthorize:
		return "Kakao Login > Error code > Authorization code"
	case AtToken:
		return "Kakao Login > Error code > Token"
	case AtIDToken:
		return "Kakao Login > Error code > OpenID Connect"
	}
	return "REST API > Error code, parts Common and Kakao Login"
}

// Problem is an error code of Kakao with what to do about it.
type Problem struct {
	// Group is where the code shows; its Source names the document.
	Group Group
	// KOE is the code of the authorization server, Code that of the REST API;
	// one of them is set.
	KOE  string
	Code int
	// Status is the HTTP status; 0 if the error comes on a page or with a
	// redirect, or if the status is unknown.
	Status int
	// Name is the "error" of RFC 6749; "" if there is none or it is unknown.
	Name string
	// Cause says what happened, Fix what to change and where.
	Cause, Fix Text
	// Passes tells that trying again later helps.
	Passes bool
}

// FindKOE returns the problem of an error_code such as "KOE320".
func FindKOE(code string) (Problem, bool) {
	return findProblem(func(p Problem) bool { return code != "" && p.KOE == code })
}

// FindCode returns the problem of a code of the REST API such as -401.
func FindCode(code int) (Problem, bool) {
	return findProblem(func(p Problem) bool { return code != 0 && p.Code == code })
}

func findProblem(is func(Problem) bool) (Problem, bool) {
	for _, p := range Problems {
		if is(p) {
			return p, true
		}
	}
	return Problem{}, false
}

// Problems are the error codes of Kakao Login, by group and number.
var Problems = []Problem{
	{AtAuthorize, "KOE001", 0, 0, "", Text{"The request is malformed.", "요청 형식이 잘못되었습니다."}, Text{"Check names and encoding of the parameters.", "파라미터 이름과 인코딩을 확인합니다."}, false},
	{AtAuthorize, "KOE002", 0, 0, "", Text{"There is nothing at this address.", "존재하지 않는 주소로 요청했습니다."}, Text{"Send the browser to /oauth/authorize.", "브라우저를 /oauth/authorize로 보냅니다."}, false},
	{AtAuthorize, "KOE003", 0, 0, "", Text{"Kakao's authorization server has trouble.", "카카오 인증 서버에 일시적인 장애가 있습니다."}, Text{"Wait a moment and start again.", "잠시 기다렸다가 다시 시도합니다."}, true},
	{AtAuthorize, "KOE004", 0, 0, "", Text{"Kakao Login is off.", "앱의 카카오 로그인이 꺼져 있습니다."}, Text{"Set Kakao Login > Enable > State to ON.", "[카카오 로그인] > [사용 설정] > [상태]를 ON으로 바꿉니다."}, false},
	{AtAuthorize, "KOE005", 0, 0, "", Text{"A test app lets only its members in.", "테스트 앱에는 멤버만 로그인할 수 있습니다."}, Text{"Add the person in App > Member.", "[앱] > [멤버]에 해당 사용자를 추가합니다."}, false},
	{AtAuthorize, "KOE006", 0, 400, "invalid_request", Text{"The redirect URI is not registered with the key.", "이 키에 등록되지 않은 리다이렉트 URI입니다."}, Text{"Register it, character by character, under App > Platform key > JavaScript key or REST API key > Kakao Login redirect URI.", "[앱] > [플랫폼 키]에서 사용한 JavaScript 키나 REST API 키의 [카카오 로그인 리다이렉트 URI]에 똑같이 등록합니다."}, false},
	{AtAuthorize, "KOE007", 0, 0, "", Text{"The logout redirect URI is not registered.", "등록되지 않은 로그아웃 리다이렉트 URI입니다."}, Text{"Register it in Kakao Login > Advanced.", "[카카오 로그인] > [고급]에 등록합니다."}, false},
	{AtAuthorize, "KOE008", 0, 0, "", Text{"The kind of key does not fit.", "키의 종류가 맞지 않습니다."}, Text{"Take the JavaScript or REST API key from App > Platform key, never the admin key.", "어드민 키가 아니라 [앱] > [플랫폼 키]의 JavaScript 키나 REST API 키를 씁니다."}, false},
	{AtAuthorize, "KOE023", 0, 0, "", Text{"The SDK's popup login cannot be used here.", "SDK의 팝업 로그인을 쓸 수 없는 환경입니다."}, Text{"Log in by redirect.", "리다이렉트 방식으로 로그인합니다."}, false},
	{AtAuthorize, "KOE101", 0, 401, "invalid_client", Text{"No app has this client_id.", "client_id에 해당하는 앱이 없습니다."}, Text{"Copy the key again from App > Platform key.", "[앱] > [플랫폼 키]에서 키를 다시 복사합니다."}, false},
	{AtAuthorize, "KOE102", 0, 0, "invalid_client", Text{"channel_public_id was sent, but the app has no channel.", "연결된 채널이 없는 앱에서 channel_public_id를 보냈습니다."}, Text{"Connect a Kakao Talk Channel with the app, or leave the parameter out.", "앱에 카카오톡 채널을 연결하거나 파라미터를 뺍니다."}, false},
	{AtAuthorize, "KOE201", 0, 0, "invalid_request", Text{"response_type is unknown.", "response_type 값이 올바르지 않습니다."}, Text{"Send response_type=code.", "response_type=code로 요청합니다."}, false},
	{AtAuthorize, "KOE202", 0, 0, "invalid_request", Text{"The implicit grant is not offered.", "암시적 승인 방식은 지원되지 않습니다."}, Text{"Send response_type=code and exchange the code at a server.", "response_type=code로 요청하고 서버에서 토큰으로 교환합니다."}, false},
	{AtAuthorize, "KOE203", 0, 0, "", Text{"The user left out a required consent item.", "사용자가 필수 동의항목에 동의하지 않았습니다."}, Text{"Ask again, or make the item optional in Kakao Login > Consent items.", "다시 동의를 받거나 [카카오 로그인] > [동의항목]에서 선택 동의로 바꿉니다."}, false},
	{AtAuthorize, "KOE204", 0, 0, "invalid_request", Text{"A parameter has an invalid value.", "파라미터 값이 올바르지 않습니다."}, Text{"Correct the parameter that error_description names.", "error_description에 나온 파라미터를 고칩니다."}, false},
	{AtAuthorize, "KOE205", 0, 0, "invalid_scope", Text{"A scope is no consent item of the app.", "앱에 설정하지 않은 동의항목을 요청했습니다."}, Text{"Set it in Kakao Login > Consent items or drop it; openid needs Kakao Login > OpenID Connect ON.", "[카카오 로그인] > [동의항목]에서 설정하거나 scope에서 뺍니다. openid는 [카카오 로그인] > [OpenID Connect]를 ON으로 해야 합니다."}, false},
	{AtAuthorize, "KOE207", 0, 0, "invalid_request", Text{"A required parameter is missing.", "필수 파라미터가 빠졌습니다."}, Text{"Add the parameter that error_description names.", "error_description에 나온 파라미터를 추가합니다."}, false},

	{AtToken, "KOE009", 0, 0, "misconfigured", Text{"The request comes from a platform that is not registered.", "등록되지 않은 플랫폼에서 요청했습니다."}, Text{"Register the origin in App > Platform key > JavaScript key > JavaScript SDK domain.", "[앱] > [플랫폼 키] > [JavaScript 키] > [JavaScript SDK 도메인]에 오리진을 등록합니다."}, false},
	{AtToken, "KOE010", 0, 401, "invalid_client", Text{"The client secret is missing or wrong.", "클라이언트 시크릿이 없거나 틀렸습니다."}, Text{"Compare it with App > Platform key > REST API key > Client secret.", "[앱] > [플랫폼 키] > [REST API 키] > [클라이언트 시크릿]의 값과 비교합니다."}, false},
	{AtToken, "KOE237", 0, 400, "invalid_request", Text{"Too many token requests in a short time.", "짧은 시간에 토큰을 너무 많이 요청했습니다."}, Text{"Wait, and look for a loop that requests tokens again and again.", "잠시 기다리고 토큰을 반복해서 요청하는 코드가 없는지 확인합니다."}, true},
	{AtToken, "KOE303", 0, 400, "invalid_grant", Text{"redirect_uri is not that of the authorization request.", "인가 요청 때와 redirect_uri가 다릅니다."}, Text{"Send the same redirect_uri in both requests.", "두 요청에 같은 redirect_uri를 보냅니다."}, false},
	{AtToken, "KOE310", 0, 0, "unsupported_grant_type", Text{"grant_type is unknown.", "grant_type 값이 올바르지 않습니다."}, Text{"Send authorization_code or refresh_token.", "authorization_code나 refresh_token을 보냅니다."}, false},
	{AtToken, "KOE319", 0, 400, "invalid_grant", Text{"The refresh token is missing.", "리프레시 토큰이 빠졌습니다."}, Text{"Send refresh_token.", "refresh_token을 보냅니다."}, false},
	{AtToken, "KOE320", 0, 400, "invalid_grant", Text{"The code is unknown, expired or used up.", "인가 코드가 없거나 만료되었거나 이미 사용되었습니다."}, Text{"Log in again, and use each code once.", "다시 로그인하고 인가 코드는 한 번만 씁니다."}, false},
	{AtToken, "KOE322", 0, 400, "invalid_grant", Text{"The refresh token is unknown or expired.", "리프레시 토큰이 없거나 만료되었습니다."}, Text{"Log in again; after each refresh keep the new refresh token, if one comes.", "다시 로그인합니다. 갱신 응답에 새 리프레시 토큰이 있으면 그것을 저장합니다."}, false},

	{AtIDToken, "KOE400", 0, 400, "invalid_token", Text{"The ID token is missing or malformed.", "ID 토큰이 없거나 형식이 잘못되었습니다."}, Text{"Send the ID token as it came.", "받은 ID 토큰을 그대로 보냅니다."}, false},
	{AtIDToken, "KOE401", 0, 400, "invalid_token", Text{"Kakao did not issue the ID token.", "카카오가 발급한 ID 토큰이 아닙니다."}, Text{"Refuse it.", "이 토큰을 거부합니다."}, false},
	{AtIDToken, "KOE402", 0, 400, "invalid_token", Text{"The signature of the ID token is wrong.", "ID 토큰의 서명이 맞지 않습니다."}, Text{"Refuse it.", "이 토큰을 거부합니다."}, false},
	{AtIDToken, "KOE403", 0, 400, "invalid_token", Text{"The ID token has expired.", "ID 토큰이 만료되었습니다."}, Text{"Refresh the tokens or log in again.", "토큰을 갱신하거나 다시 로그인합니다."}, false},

	{AtAPI, "", -1, 400, "", Text{"Kakao failed inside.", "카카오 내부에서 오류가 났습니다."}, Text{"Try again, and keep the token.", "토큰은 그대로 두고 다시 시도합니다."}, true},
	{AtAPI, "", -2, 400, "", Text{"A parameter is missing or wrong.", "파라미터가 빠졌거나 잘못되었습니다."}, Text{"Compare names, types and ranges with the reference.", "이름, 타입, 범위를 레퍼런스와 비교합니다."}, false},
	{AtAPI, "", -3, 403, "", Text{"The app has not switched on what the call needs.", "호출에 필요한 기능이 앱에서 꺼져 있습니다."}, Text{"Check Kakao Login > Consent items and, for an admin key, the APIs allowed in App > Platform key > Admin key.", "[카카오 로그인] > [동의항목]을 확인합니다. 어드민 키라면 [앱] > [플랫폼 키] > [어드민 키]의 허용 API도 확인합니다."}, false},
	{AtAPI, "", -4, 403, "", Text{"The account is blocked or may not do this.", "제재된 계정이거나 제한된 동작입니다."}, Text{"The user must clear it up with Kakao.", "사용자가 카카오에 문의해야 합니다."}, false},
	{AtAPI, "", -5, 403, "", Text{"The app has no permission for the call.", "앱에 호출 권한이 없습니다."}, Text{"Apply for the permission.", "권한을 신청합니다."}, false},
	{AtAPI, "", -6, 403, "", Text{"Kakao does not allow this action.", "카카오가 허용하지 않는 동작입니다."}, Text{"Keep to what the reference of the call allows.", "해당 API 문서가 허용하는 범위에서 요청합니다."}, false},
	{AtAPI, "", -7, 400, "", Text{"The service is under maintenance or has trouble.", "서비스가 점검 중이거나 장애가 있습니다."}, Text{"Wait, and read Kakao's notices.", "카카오 공지를 확인하고 기다립니다."}, true},
	{AtAPI, "", -8, 400, "", Text{"A header is wrong.", "요청 헤더가 잘못되었습니다."}, Text{"Check Authorization and Content-Type.", "Authorization과 Content-Type을 확인합니다."}, false},
	{AtAPI, "", -9, 400, "", Text{"The call is no longer offered.", "제공이 종료된 API입니다."}, Text{"Move to its successor.", "대체 API로 옮깁니다."}, false},
	{AtAPI, "", -10, 400, "", Text{"The quota is used up.", "쿼터를 모두 썼습니다."}, Text{"Call less often, or ask Kakao for more.", "호출을 줄이거나 쿼터 상향을 문의합니다."}, false},
	{AtAPI, "", -12, 403, "", Text{"The app or its developer account is blocked.", "앱이나 개발자 계정이 제재되었습니다."}, Text{"Ask Kakao.", "카카오에 문의합니다."}, false},
	{AtAPI, "", -101, 400, "", Text{"The user is not linked with the app.", "앱과 연결되지 않은 사용자입니다."}, Text{"Have the user log in with Kakao.", "사용자가 카카오 로그인을 하게 합니다."}, false},
	{AtAPI, "", -102, 400, "", Text{"The user is linked already.", "이미 앱과 연결된 사용자입니다."}, Text{"Leave the call out.", "연결 요청을 생략합니다."}, false},
	{AtAPI, "", -103, 400, "", Text{"The Kakao Account does not exist or sleeps.", "카카오계정이 없거나 휴면 상태입니다."}, Text{"The user must wake the account or use another.", "휴면을 해제하거나 다른 계정을 써야 합니다."}, false},
	{AtAPI, "", -201, 400, "", Text{"The app has no user property of that name.", "앱에 없는 사용자 프로퍼티입니다."}, Text{"Add it in Kakao Login > User Properties.", "[카카오 로그인] > [고급] > [사용자 프로퍼티]에 추가합니다."}, false},
	{AtAPI, "", -401, 401, "", Text{"Token or key is wrong or expired, or the caller is not registered.", "토큰이나 키가 틀렸거나 만료되었거나 등록되지 않은 곳에서 호출했습니다."}, Text{"Refresh the token; if msg speaks of the IP address, correct the allowed IP addresses in App > Platform key > REST API key.", "토큰을 갱신합니다. msg에 IP가 나오면 [앱] > [플랫폼 키] > [REST API 키] > [호출 허용 IP 주소]를 고칩니다."}, false},
	{AtAPI, "", -402, 403, "", Text{"The user has not agreed to required_scopes.", "사용자가 required_scopes에 동의하지 않았습니다."}, Text{"Ask for additional consent; the items must be set in Kakao Login > Consent items.", "추가 동의를 받습니다. 항목은 [카카오 로그인] > [동의항목]에 설정되어 있어야 합니다."}, false},
	{AtAPI, "", -406, 401, "", Text{"The app admits nobody under 14.", "14세 미만을 허용하지 않는 앱입니다."}, Text{"Tell the user, or change the app's age setting.", "사용자에게 알리거나 앱의 연령 설정을 바꿉니다."}, false},
	{AtAPI, "", -501, 400, "", Text{"The user does not use Kakao Talk.", "카카오톡에 가입하지 않은 사용자입니다."}, Text{"Do without Kakao Talk for this user.", "이 사용자에게는 카카오톡 기능을 쓰지 않습니다."}, false},
	{AtAPI, "", -603, 400, "", Text{"Kakao took too long inside.", "카카오 내부에서 시간이 초과되었습니다."}, Text{"Try again later.", "잠시 뒤 다시 시도합니다."}, true},
	{AtAPI, "", -903, 400, "", Text{"Key or token belongs to an unregistered developer.", "등록되지 않은 개발자의 키나 토큰입니다."}, Text{"Use a key from App > Platform key.", "[앱] > [플랫폼 키]의 키를 씁니다."}, false},
	{AtAPI, "", -9798, 503, "", Text{"The service is under maintenance.", "서비스가 점검 중입니다."}, Text{"Try again later.", "점검이 끝난 뒤 다시 시도합니다."}, true},
}
