package catalog

import "slices"

// Problems are the error codes of Kakao Login, by group and number. Menus are
// those of the Kakao Developers console in the language of the text.
var Problems = slices.Concat(
	in(AtAuthorize, authorizeProblems),
	in(AtToken, tokenProblems),
	in(AtIDToken, idTokenProblems),
	in(AtAPI, apiProblems),
)

// in puts problems into a group.
func in(group Group, problems []Problem) []Problem {
	for i := range problems {
		problems[i].Group = group
	}
	return problems
}

var authorizeProblems = []Problem{
	{
		KOE: "KOE001",
		Cause: Text{
			En: "The request is malformed.",
			Ko: "요청 형식이 잘못되었습니다.",
		},
		Fix: Text{
			En: "Check the names and the URL encoding of the parameters.",
			Ko: "파라미터 이름과 URL 인코딩을 확인합니다.",
		},
	},
	{
		KOE: "KOE002",
		Cause: Text{
			En: "The address of the request is wrong.",
			Ko: "요청 주소가 잘못되었습니다.",
		},
		Fix: Text{
			En: "Check the address; a login begins at /oauth/authorize of kauth.kakao.com.",
			Ko: "주소를 확인합니다. 로그인은 kauth.kakao.com의 /oauth/authorize에서 시작합니다.",
		},
	},
	{
		KOE: "KOE003", Passes: true,
		Cause: Text{
			En: "Kakao's authorization server has trouble.",
			Ko: "카카오 인가 서버에 오류가 있습니다.",
		},
		Fix: Text{
			En: "Wait a moment and try again; if the trouble lasts, ask in DevTalk.",
			Ko: "잠시 후 다시 시도합니다. 계속되면 데브톡에 문의합니다.",
		},
	},
	{
		KOE: "KOE004",
		Cause: Text{
			En: "Kakao Login is off for the app.",
			Ko: "앱의 카카오 로그인이 꺼져 있습니다.",
		},
		Fix: Text{
			En: "Set Kakao Login > Enable > State to ON.",
			Ko: "[카카오 로그인] > [사용 설정] > [상태]를 [ON]으로 바꿉니다.",
		},
		Emulator: Text{
			En: "Switch Kakao Login on for the app in the emulator's console.",
			Ko: "에뮬레이터 콘솔에서 앱의 카카오 로그인을 켭니다.",
		},
	},
	{
		KOE: "KOE005",
		Cause: Text{
			En: "The user is no member of this test app.",
			Ko: "테스트 앱의 멤버로 등록되지 않은 사용자입니다.",
		},
		Fix: Text{
			En: "Add the user in App > Member.",
			Ko: "[앱] > [멤버]에서 사용자를 추가합니다.",
		},
	},
	{
		KOE: "KOE006", Status: 400, Name: "invalid_request",
		Cause: Text{
			En: "The redirect URI is not registered with the key.",
			Ko: "사용한 키에 등록되지 않은 리다이렉트 URI입니다.",
		},
		Fix: Text{
			En: "Register it, character by character, with the key that the login uses: App > Platform key > JavaScript key or REST API key > Kakao Login redirect URI.",
			Ko: "[앱] > [플랫폼 키]에서 로그인에 사용한 [JavaScript 키] 또는 [REST API 키]를 열고, [카카오 로그인 리다이렉트 URI]에 글자 하나까지 똑같이 등록합니다.",
		},
		Emulator: Text{
			En: "Register the address in the emulator's console, or start the emulator with it: --redirect-uri.",
			Ko: "에뮬레이터 콘솔에서 이 주소를 등록하거나, 에뮬레이터를 시작할 때 --redirect-uri로 넣습니다.",
		},
	},
	{
		KOE: "KOE007",
		Cause: Text{
			En: "The logout redirect URI is not registered.",
			Ko: "등록되지 않은 로그아웃 리다이렉트 URI입니다.",
		},
		Fix: Text{
			En: "Register it in Kakao Login > Advanced.",
			Ko: "[카카오 로그인] > [고급]에서 로그아웃 리다이렉트 URI를 등록합니다.",
		},
		Emulator: Text{
			En: "Register the address in the emulator's console, or start the emulator with it: --logout-redirect-uri.",
			Ko: "에뮬레이터 콘솔에서 이 주소를 등록하거나, 에뮬레이터를 시작할 때 --logout-redirect-uri로 넣습니다.",
		},
	},
	{
		KOE: "KOE008",
		Cause: Text{
			En: "A key of this kind cannot begin a login.",
			Ko: "로그인에 사용할 수 없는 종류의 키입니다.",
		},
		Fix: Text{
			En: "Use the JavaScript key or the REST API key from App > Platform key, never the admin key.",
			Ko: "[앱] > [플랫폼 키]의 JavaScript 키나 REST API 키를 사용합니다. 어드민 키는 사용할 수 없습니다.",
		},
		Emulator: Text{
			En: "Use the app's REST API key or JavaScript key, which the emulator's console shows.",
			Ko: "에뮬레이터 콘솔에 있는 앱의 REST API 키나 JavaScript 키를 사용합니다.",
		},
	},
	{
		KOE: "KOE023",
		Cause: Text{
			En: "The SDK's popup login cannot be used here.",
			Ko: "SDK의 팝업 로그인을 사용할 수 없는 환경입니다.",
		},
		Fix: Text{
			En: "Log in by redirect.",
			Ko: "리다이렉트 방식으로 로그인합니다.",
		},
	},
	{
		KOE: "KOE101", Status: 401, Name: "invalid_client",
		Cause: Text{
			En: "No app has this client_id.",
			Ko: "client_id에 해당하는 앱이 없습니다.",
		},
		Fix: Text{
			En: "Copy the JavaScript key or the REST API key again from App > Platform key.",
			Ko: "[앱] > [플랫폼 키]에서 JavaScript 키나 REST API 키를 다시 복사합니다.",
		},
		Emulator: Text{
			En: "Use a key of an app of this emulator; its console shows them. A configuration file registers keys of your own.",
			Ko: "이 에뮬레이터에 있는 앱의 키를 사용합니다. 키는 콘솔에 있고, 설정 파일로 원하는 키를 등록할 수 있습니다.",
		},
	},
	{
		KOE: "KOE102", Name: "invalid_client",
		Cause: Text{
			En: "channel_public_id was sent, but the app has no channel.",
			Ko: "카카오톡 채널이 연결되지 않은 앱에서 channel_public_id를 보냈습니다.",
		},
		Fix: Text{
			En: "Connect a Kakao Talk Channel with the app, or leave the parameter out.",
			Ko: "앱에 카카오톡 채널을 연결하거나 channel_public_id를 뺍니다.",
		},
	},
	{
		KOE: "KOE201", Name: "invalid_request",
		Cause: Text{
			En: "response_type is unknown.",
			Ko: "response_type 값이 올바르지 않습니다.",
		},
		Fix: Text{
			En: "Send response_type=code.",
			Ko: "response_type=code로 요청합니다.",
		},
	},
	{
		KOE: "KOE202", Name: "invalid_request",
		Cause: Text{
			En: "The implicit grant (response_type=token) is not offered.",
			Ko: "암시적 승인 방식(response_type=token)은 지원되지 않습니다.",
		},
		Fix: Text{
			En: "Send response_type=code, and exchange the code at a server.",
			Ko: "response_type=code로 요청하고, 받은 인가 코드를 서버에서 토큰으로 교환합니다.",
		},
	},
	{
		KOE: "KOE203",
		Cause: Text{
			En: "The user left out a required consent item.",
			Ko: "사용자가 필수 동의항목에 동의하지 않았습니다.",
		},
		Fix: Text{
			En: "Ask again, or make the item optional in Kakao Login > Consent items.",
			Ko: "다시 동의를 받거나, [카카오 로그인] > [동의항목]에서 해당 항목을 선택 동의로 바꿉니다.",
		},
	},
	{
		KOE: "KOE204", Name: "invalid_request",
		Cause: Text{
			En: "A parameter has an invalid value.",
			Ko: "파라미터 값이 올바르지 않습니다.",
		},
		Fix: Text{
			En: "Correct the parameter that error_description names.",
			Ko: "error_description에 나온 파라미터를 고칩니다.",
		},
	},
	{
		KOE: "KOE205", Name: "invalid_scope",
		Cause: Text{
			En: "A scope is not set as a consent item of the app.",
			Ko: "앱에 설정하지 않은 동의항목을 scope로 요청했습니다.",
		},
		Fix: Text{
			En: "Set it in Kakao Login > Consent items, or leave it out; openid needs Kakao Login > OpenID Connect > State ON.",
			Ko: "[카카오 로그인] > [동의항목]에서 설정하거나 scope에서 뺍니다. openid는 [카카오 로그인] > [OpenID Connect] > [상태]가 [ON]이어야 요청할 수 있습니다.",
		},
		Emulator: Text{
			En: "Add the consent item to the app in the emulator's console, or leave it out of scope; openid needs OpenID Connect, which the console switches on.",
			Ko: "에뮬레이터 콘솔에서 앱에 동의항목을 추가하거나 scope에서 뺍니다. openid는 콘솔에서 OpenID Connect를 켜야 합니다.",
		},
	},
	{
		KOE: "KOE207", Name: "invalid_request",
		Cause: Text{
			En: "A required parameter is missing.",
			Ko: "필수 파라미터가 빠졌습니다.",
		},
		Fix: Text{
			En: "Add the parameter that error_description names.",
			Ko: "error_description에 나온 파라미터를 추가합니다.",
		},
	},
}

var tokenProblems = []Problem{
	{
		KOE: "KOE009", Name: "misconfigured",
		Cause: Text{
			En: "The request comes from a platform that is not registered with the key.",
			Ko: "사용한 키에 등록되지 않은 플랫폼에서 요청했습니다.",
		},
		Fix: Text{
			En: "Register the page's origin in App > Platform key > JavaScript key > JavaScript SDK domain.",
			Ko: "[앱] > [플랫폼 키] > [JavaScript 키] > [JavaScript SDK 도메인]에 페이지의 도메인을 등록합니다.",
		},
	},
	{
		KOE: "KOE010", Status: 401, Name: "invalid_client",
		Cause: Text{
			En: "The client secret is missing or wrong.",
			Ko: "클라이언트 시크릿이 없거나 틀렸습니다.",
		},
		Fix: Text{
			En: "Send that of App > Platform key > REST API key > Client secret, of the very key that is the client_id.",
			Ko: "[앱] > [플랫폼 키] > [REST API 키]에서 client_id로 보낸 키를 열고, 그 [클라이언트 시크릿] 값을 보냅니다.",
		},
		Emulator: Text{
			En: "Send the client secret that the emulator's console shows for the app, or switch it off there.",
			Ko: "에뮬레이터 콘솔에 있는 앱의 클라이언트 시크릿을 보내거나, 콘솔에서 시크릿 사용을 끕니다.",
		},
	},
	{
		KOE: "KOE237", Status: 400, Name: "invalid_request", Passes: true,
		Cause: Text{
			En: "Too many token requests in a short time.",
			Ko: "짧은 시간에 토큰을 너무 많이 요청했습니다.",
		},
		Fix: Text{
			En: "Wait, and look for a loop that requests tokens again and again.",
			Ko: "잠시 기다립니다. 토큰을 반복해서 요청하는 코드가 없는지도 확인합니다.",
		},
	},
	{
		KOE: "KOE303", Status: 400, Name: "invalid_grant",
		Cause: Text{
			En: "redirect_uri is not that of the authorization request.",
			Ko: "redirect_uri가 인가 코드를 요청할 때와 다릅니다.",
		},
		Fix: Text{
			En: "Send the same redirect_uri in both requests.",
			Ko: "인가 코드 요청과 토큰 요청에 같은 redirect_uri를 보냅니다.",
		},
	},
	{
		KOE: "KOE310", Name: "unsupported_grant_type",
		Cause: Text{
			En: "grant_type is unknown.",
			Ko: "grant_type 값이 올바르지 않습니다.",
		},
		Fix: Text{
			En: "Send grant_type=authorization_code or grant_type=refresh_token.",
			Ko: "grant_type=authorization_code 또는 grant_type=refresh_token으로 요청합니다.",
		},
	},
	{
		KOE: "KOE319", Status: 400, Name: "invalid_grant",
		Cause: Text{
			En: "The refresh token is missing.",
			Ko: "리프레시 토큰이 빠졌습니다.",
		},
		Fix: Text{
			En: "Send it as refresh_token.",
			Ko: "refresh_token 파라미터로 보냅니다.",
		},
	},
	{
		KOE: "KOE320", Status: 400, Name: "invalid_grant",
		Cause: Text{
			En: "The code is unknown, expired or used up.",
			Ko: "인가 코드가 없거나, 만료되었거나, 이미 사용되었습니다.",
		},
		Fix: Text{
			En: "Log in again, and use each code once.",
			Ko: "다시 로그인합니다. 인가 코드는 한 번만 사용합니다.",
		},
	},
	{
		KOE: "KOE322", Status: 400, Name: "invalid_grant",
		Cause: Text{
			En: "The refresh token is unknown or expired.",
			Ko: "리프레시 토큰이 없거나 만료되었습니다.",
		},
		Fix: Text{
			En: "Log in again; after each refresh keep the new refresh token, if one comes.",
			Ko: "다시 로그인합니다. 갱신 응답에 새 리프레시 토큰이 있으면 반드시 저장합니다.",
		},
	},
}

var idTokenProblems = []Problem{
	{
		KOE: "KOE400", Status: 400, Name: "invalid_token",
		Cause: Text{
			En: "The ID token is missing or malformed.",
			Ko: "ID 토큰이 없거나 형식이 잘못되었습니다.",
		},
		Fix: Text{
			En: "Send the ID token as it came.",
			Ko: "받은 ID 토큰을 그대로 보냅니다.",
		},
	},
	{
		KOE: "KOE401", Status: 400, Name: "invalid_token",
		Cause: Text{
			En: "Kakao did not issue the ID token.",
			Ko: "카카오가 발급한 ID 토큰이 아닙니다.",
		},
		Fix: Text{
			En: "Refuse it.",
			Ko: "이 ID 토큰을 거부합니다.",
		},
	},
	{
		KOE: "KOE402", Status: 400, Name: "invalid_token",
		Cause: Text{
			En: "The signature of the ID token is wrong.",
			Ko: "ID 토큰의 서명이 올바르지 않습니다.",
		},
		Fix: Text{
			En: "Refuse it.",
			Ko: "이 ID 토큰을 거부합니다.",
		},
	},
	{
		KOE: "KOE403", Status: 400, Name: "invalid_token",
		Cause: Text{
			En: "The ID token has expired.",
			Ko: "ID 토큰이 만료되었습니다.",
		},
		Fix: Text{
			En: "Refresh the tokens or log in again.",
			Ko: "토큰을 갱신하거나 다시 로그인합니다.",
		},
	},
}

var apiProblems = []Problem{
	{
		Code: -1, Status: 400, Passes: true,
		Cause: Text{
			En: "Kakao had an internal error.",
			Ko: "카카오 내부에서 오류가 발생했습니다.",
		},
		Fix: Text{
			En: "Try again, and keep the token.",
			Ko: "토큰은 그대로 두고 다시 시도합니다.",
		},
	},
	{
		Code: -2, Status: 400,
		Cause: Text{
			En: "A parameter is missing or wrong.",
			Ko: "파라미터가 빠졌거나 잘못되었습니다.",
		},
		Fix: Text{
			En: "Compare names, types and ranges with the reference of the call.",
			Ko: "이름, 타입, 범위를 해당 API의 레퍼런스와 비교합니다.",
		},
	},
	{
		Code: -3, Status: 403,
		Cause: Text{
			En: "What the call needs is not switched on for the app.",
			Ko: "호출에 필요한 기능이 앱에서 꺼져 있습니다.",
		},
		Fix: Text{
			En: "Check Kakao Login > Consent items and, for an admin key, the APIs allowed in App > Platform key > Admin key.",
			Ko: "[카카오 로그인] > [동의항목]을 확인합니다. 어드민 키로 호출했다면 [앱] > [플랫폼 키] > [어드민 키]의 허용 API도 확인합니다.",
		},
	},
	{
		Code: -4, Status: 403,
		Cause: Text{
			En: "The account is blocked or may not do this.",
			Ko: "제재된 계정이거나, 이 계정에는 제한된 동작입니다.",
		},
		Fix: Text{
			En: "The user must clear it up with Kakao.",
			Ko: "사용자가 카카오 고객센터에 문의해야 합니다.",
		},
	},
	{
		Code: -5, Status: 403,
		Cause: Text{
			En: "The app has no permission for the call.",
			Ko: "앱에 이 API를 호출할 권한이 없습니다.",
		},
		Fix: Text{
			En: "Apply to Kakao for the permission, then call again.",
			Ko: "카카오에 권한을 신청하고, 승인된 뒤 다시 호출합니다.",
		},
	},
	{
		Code: -6, Status: 403,
		Cause: Text{
			En: "Kakao does not allow this action.",
			Ko: "카카오가 허용하지 않는 동작입니다.",
		},
		Fix: Text{
			En: "Keep to what the reference of the call allows.",
			Ko: "해당 API의 레퍼런스가 허용하는 범위에서 호출합니다.",
		},
	},
	{
		Code: -7, Status: 400, Passes: true,
		Cause: Text{
			En: "The service is under maintenance or has trouble.",
			Ko: "서비스가 점검 중이거나 장애가 있습니다.",
		},
		Fix: Text{
			En: "Wait, and read Kakao's notices.",
			Ko: "카카오의 공지를 확인하고 기다립니다.",
		},
	},
	{
		Code: -8, Status: 400,
		Cause: Text{
			En: "A header is wrong.",
			Ko: "요청 헤더가 잘못되었습니다.",
		},
		Fix: Text{
			En: "Check the headers Authorization and Content-Type.",
			Ko: "Authorization과 Content-Type 헤더를 확인합니다.",
		},
	},
	{
		Code: -9, Status: 400,
		Cause: Text{
			En: "The call is no longer offered.",
			Ko: "제공이 종료된 API입니다.",
		},
		Fix: Text{
			En: "Move to the successor that Kakao's notices name.",
			Ko: "공지에 안내된 대체 API로 옮깁니다.",
		},
	},
	{
		Code: -10, Status: 400,
		Cause: Text{
			En: "The quota is used up.",
			Ko: "쿼터를 모두 사용했습니다.",
		},
		Fix: Text{
			En: "Call less often, or ask in DevTalk for more.",
			Ko: "호출을 줄이거나 데브톡에 쿼터 상향을 문의합니다.",
		},
	},
	{
		Code: -12, Status: 403,
		Cause: Text{
			En: "The app or its developer account is blocked.",
			Ko: "앱이나 개발자 계정이 제재되었습니다.",
		},
		Fix: Text{
			En: "Ask in DevTalk.",
			Ko: "데브톡에 문의합니다.",
		},
	},
	{
		Code: -101, Status: 400,
		Cause: Text{
			En: "The user is not linked with the app.",
			Ko: "앱과 연결되지 않은 사용자입니다.",
		},
		Fix: Text{
			En: "Have the user log in with Kakao.",
			Ko: "사용자가 카카오 로그인을 하게 합니다.",
		},
	},
	{
		Code: -102, Status: 400,
		Cause: Text{
			En: "The user is linked already.",
			Ko: "이미 앱과 연결된 사용자입니다.",
		},
		Fix: Text{
			En: "Leave the call out.",
			Ko: "연결 요청을 생략합니다.",
		},
	},
	{
		Code: -103, Status: 400,
		Cause: Text{
			En: "The Kakao Account does not exist or is dormant.",
			Ko: "카카오계정이 없거나 휴면 상태입니다.",
		},
		Fix: Text{
			En: "The user must reactivate the account or use another.",
			Ko: "사용자가 휴면을 해제하거나 다른 계정을 사용해야 합니다.",
		},
	},
	{
		Code: -201, Status: 400,
		Cause: Text{
			En: "The app has no user property of that name.",
			Ko: "앱에 등록하지 않은 사용자 프로퍼티입니다.",
		},
		Fix: Text{
			En: "Add it in Kakao Login > User Properties, or correct the name.",
			Ko: "[카카오 로그인] > [고급] > [사용자 프로퍼티]에 추가하거나 이름을 고칩니다.",
		},
	},
	{
		Code: -401, Status: 401,
		Cause: Text{
			En: "The token or key is wrong or expired, or the caller is not registered.",
			Ko: "토큰이나 키가 틀렸거나 만료되었거나, 등록되지 않은 곳에서 호출했습니다.",
		},
		Fix: Text{
			En: "Refresh the token. If msg says domain mismatched, register the page in App > Platform key > JavaScript key > JavaScript SDK domain; if it says ip mismatched, correct the allowed IP addresses in App > Platform key > REST API key.",
			Ko: "토큰을 갱신합니다. msg가 domain mismatched이면 [앱] > [플랫폼 키] > [JavaScript 키] > [JavaScript SDK 도메인]에 페이지의 도메인을 등록하고, ip mismatched이면 [앱] > [플랫폼 키] > [REST API 키] > [호출 허용 IP 주소]를 고칩니다.",
		},
	},
	{
		Code: -402, Status: 403,
		Cause: Text{
			En: "The user has not agreed to required_scopes.",
			Ko: "사용자가 required_scopes에 동의하지 않았습니다.",
		},
		Fix: Text{
			En: "Ask for additional consent; the items must be set in Kakao Login > Consent items.",
			Ko: "추가 동의를 받습니다. 항목은 [카카오 로그인] > [동의항목]에 설정되어 있어야 합니다.",
		},
	},
	{
		Code: -406, Status: 401,
		Cause: Text{
			En: "The app admits nobody under 14.",
			Ko: "14세 미만의 이용을 허용하지 않는 앱입니다.",
		},
		Fix: Text{
			En: "Tell the user, or change the app's age setting.",
			Ko: "사용자에게 알리거나 앱의 연령 설정을 바꿉니다.",
		},
	},
	{
		Code: -501, Status: 400,
		Cause: Text{
			En: "The user does not use Kakao Talk.",
			Ko: "카카오톡에 가입하지 않은 사용자입니다.",
		},
		Fix: Text{
			En: "Do without Kakao Talk for this user.",
			Ko: "이 사용자에게는 카카오톡 기능을 제공하지 않습니다.",
		},
	},
	{
		Code: -603, Status: 400, Passes: true,
		Cause: Text{
			En: "Kakao took too long internally.",
			Ko: "카카오 내부 처리 시간이 초과되었습니다.",
		},
		Fix: Text{
			En: "Try again later.",
			Ko: "잠시 후 다시 시도합니다.",
		},
	},
	{
		Code: -903, Status: 400,
		Cause: Text{
			En: "The key or token belongs to an unregistered developer.",
			Ko: "등록되지 않은 개발자의 키나 토큰입니다.",
		},
		Fix: Text{
			En: "Use a key from App > Platform key.",
			Ko: "[앱] > [플랫폼 키]의 키를 사용합니다.",
		},
	},
	{
		Code: -9798, Status: 503, Passes: true,
		Cause: Text{
			En: "The service is under maintenance.",
			Ko: "서비스가 점검 중입니다.",
		},
		Fix: Text{
			En: "Try again later.",
			Ko: "점검이 끝난 뒤 다시 시도합니다.",
		},
	},
}
