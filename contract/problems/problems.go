// Package problems says of each error code of the contract what has happened and
// what to do, in English and Korean. The union types of the npm package, the
// tables of docs/sdk.md and docs/errors.md are written from it. It is no part of
// the browser build, which pays for every text.
//
// The error codes of Kakao itself, such as KOE320, are in kakao/catalog.
package problems

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

//go:generate go run ./problemdoc ../../npm/index.d.ts ../../docs/sdk.md ../../docs/sdk.ko.md

// Where is where an error code shows.
type Where uint8

// The places.
const (
	InCall    Where = iota // thrown by a wrong call, as code of a KakaoError
	InLogin                // the error that fail of a login gets, or the answer of the token server
	InServer               // an answer of the token server that no login gets
	InWebhook              // the answer of the token server to Kakao's account webhook (RFC 8935)
)

// Author is who gives an error.
type Author uint8

// The authors.
const (
	SDK Author = iota
	Server
	Kakao
)

// Problem is an error code with what to do about it.
type Problem struct {
	Code  string
	Where Where
	// From are those who give the error, at least one.
	From []Author
	// Cause says what happened, Fix what to do: one sentence or two each.
	Cause, Fix catalog.Text
}

// All are the problems, by place.
func All() []Problem { return slices.Concat(calls, logins, answers, webhooks) }

// In are the problems of one place.
func In(where Where) []Problem {
	return slices.DeleteFunc(All(), func(p Problem) bool { return p.Where != where })
}

// Find returns what a code means at a place, false if it is none of it.
func Find(where Where, code string) (Problem, bool) {
	all := In(where)
	i := slices.IndexFunc(all, func(p Problem) bool { return p.Code == code })
	if i < 0 {
		return Problem{}, false
	}
	return all[i], true
}

var (
	bySDK    = []Author{SDK}
	byServer = []Author{Server}
	byKakao  = []Author{Kakao}
	byBoth   = []Author{Server, Kakao}
)

var calls = []Problem{
	{
		Code: contract.CodeNotAnObject, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The settings of a call are no object.",
			Ko: "호출에 넘긴 설정값이 객체가 아닙니다.",
		},
		Fix: catalog.Text{
			En: "Pass an object such as {scope: 'account_email'}.",
			Ko: "{scope: 'account_email'} 같은 객체를 넘깁니다.",
		},
	},
	{
		Code: contract.CodeMissingParameter, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "A required parameter is missing; param names it.",
			Ko: "필수 파라미터가 빠졌습니다. param에 이름이 있습니다.",
		},
		Fix: catalog.Text{
			En: "Add the parameter.",
			Ko: "해당 파라미터를 추가합니다.",
		},
	},
	{
		Code: contract.CodeUnknownParameter, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The call does not know the parameter that param names.",
			Ko: "호출이 지원하지 않는 파라미터입니다. param에 이름이 있습니다.",
		},
		Fix: catalog.Text{
			En: "Remove the parameter or correct its name; hint lists those that are known.",
			Ko: "파라미터를 빼거나 이름을 고칩니다. 쓸 수 있는 이름은 hint에 있습니다.",
		},
	},
	{
		Code: contract.CodeIllegalParameter, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The value of a parameter is none that the call accepts.",
			Ko: "파라미터 값이 호출에서 허용하는 값이 아닙니다.",
		},
		Fix: catalog.Text{
			En: "Pass what hint says was expected.",
			Ko: "hint에 나온 형식으로 넘깁니다.",
		},
	},
	{
		Code: contract.CodeAlreadyInitialized, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "Kakao.init was called before.",
			Ko: "Kakao.init을 이미 호출했습니다.",
		},
		Fix: catalog.Text{
			En: "Call Kakao.cleanup first, or pass idempotent.",
			Ko: "먼저 Kakao.cleanup을 호출하거나 idempotent 옵션을 씁니다.",
		},
	},
	{
		Code: contract.CodeWebAssemblyForbidden, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The page's Content-Security-Policy forbids WebAssembly.",
			Ko: "페이지의 Content-Security-Policy가 WebAssembly를 막습니다.",
		},
		Fix: catalog.Text{
			En: "Add 'wasm-unsafe-eval' to its script-src.",
			Ko: "script-src에 'wasm-unsafe-eval'을 추가합니다.",
		},
	},
	{
		Code: contract.CodeNotLoaded, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "Only in kakaowasm/lite: Kakao.load was not awaited, or could not fetch the wasm.",
			Ko: "kakaowasm/lite에서만 생깁니다. Kakao.load를 기다리지 않았거나 wasm 파일을 받지 못했습니다.",
		},
		Fix: catalog.Text{
			En: "Await Kakao.load before Kakao.init, and check wasmUrl.",
			Ko: "Kakao.init 전에 Kakao.load를 await하고 wasmUrl을 확인합니다.",
		},
	},
	{
		Code: contract.CodeNoWindow, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "Kakao.init was called where there is no window: on a server, or in a worker.",
			Ko: "Kakao.init을 window가 없는 곳(서버나 워커)에서 호출했습니다.",
		},
		Fix: catalog.Text{
			En: "Call it in the browser's page, in React for example inside useEffect. Importing the package is fine everywhere.",
			Ko: "브라우저의 페이지에서 호출합니다. React라면 useEffect 안에서 호출합니다. 패키지를 import하는 것은 어디서나 괜찮습니다.",
		},
	},
	{
		Code: contract.CodeNoOrigin, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The page has no origin, so that the path of the token server leads nowhere: it is a file, or in a sandboxed frame.",
			Ko: "페이지에 오리진이 없어 토큰 서버의 경로를 찾을 수 없습니다. 파일로 열었거나 sandbox가 걸린 프레임 안에 있습니다.",
		},
		Fix: catalog.Text{
			En: "Serve the page over http or https, or add allow-same-origin to the frame's sandbox.",
			Ko: "페이지를 http나 https로 제공하거나, 프레임의 sandbox에 allow-same-origin을 추가합니다.",
		},
	},
	{
		Code: contract.CodeNoWebAssembly, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The browser has no WebAssembly: iOS and macOS in Lockdown Mode, or a browser or WebView that switches it off.",
			Ko: "브라우저에 WebAssembly가 없습니다. iOS나 macOS의 차단 모드이거나, WebAssembly를 끈 브라우저 또는 웹뷰입니다.",
		},
		Fix: catalog.Text{
			En: "Ask the user to exclude the site from Lockdown Mode, or to take another browser. A link to the authorization address and your own back end need no SDK.",
			Ko: "사용자에게 이 사이트를 차단 모드에서 제외하거나 다른 브라우저를 쓰도록 안내합니다. 인가 주소로 가는 링크와 자신의 백엔드만 쓰면 SDK가 필요 없습니다.",
		},
	},
	{
		Code: contract.CodeOutOfMemory, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The device had no memory left for the SDK.",
			Ko: "SDK를 시작할 메모리가 기기에 부족합니다.",
		},
		Fix: catalog.Text{
			En: "Call Kakao.init again later, for example at the click on the login button.",
			Ko: "나중에, 예를 들어 로그인 버튼을 누를 때 Kakao.init을 다시 호출합니다.",
		},
	},
	{
		Code: contract.CodeUnsupportedBrowser, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "The browser is too old, or a script of the page has taken something away that the SDK needs.",
			Ko: "브라우저가 너무 오래됐거나, 페이지의 스크립트가 SDK에 필요한 기능을 없앴습니다.",
		},
		Fix: catalog.Text{
			En: "Needed are Chrome 85, Firefox 79 or Safari 14.1, with crypto.getRandomValues.",
			Ko: "Chrome 85, Firefox 79, Safari 14.1 이상과 crypto.getRandomValues가 필요합니다.",
		},
	},
	{
		Code: contract.CodeNotStarted, Where: InCall, From: bySDK,
		Cause: catalog.Text{
			En: "A component called login or logout before the SDK had started.",
			Ko: "SDK가 시작되기 전에 컴포넌트가 login이나 logout을 호출했습니다.",
		},
		Fix: catalog.Text{
			En: "Call them in a click or in an effect, with the provider or plugin in place.",
			Ko: "Provider나 플러그인을 설치하고, 클릭 이벤트나 이펙트 안에서 호출합니다.",
		},
	},
	{Code: contract.CodeSDKCrashed, Where: InCall, From: bySDK, Cause: crashed, Fix: startAgain},
}

var (
	crashed = catalog.Text{
		En: "The SDK's WebAssembly has died while it ran, for example because the device had no memory left. Calls under way fail with it, too.",
		Ko: "실행 중이던 SDK의 WebAssembly가 멈췄습니다(예: 기기의 메모리 부족). 진행 중이던 호출도 이 오류로 끝납니다.",
	}
	startAgain = catalog.Text{
		En: "Call Kakao.init again, which also goes on with a login under way. If that fails too, reload the page.",
		Ko: "Kakao.init을 다시 호출하면 진행 중이던 로그인도 이어집니다. 그래도 실패하면 페이지를 새로고침합니다.",
	}
)

var logins = []Problem{
	{Code: contract.CodeSDKCrashed, Where: InLogin, From: bySDK, Cause: crashed, Fix: startAgain},
	{
		Code: contract.CodePopupBlocked, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The browser blocked the popup.",
			Ko: "브라우저가 팝업을 차단했습니다.",
		},
		Fix: catalog.Text{
			En: "Make the call inside a click, and ask the user to allow popups.",
			Ko: "클릭 이벤트 안에서 호출하고, 사용자에게 팝업을 허용해 달라고 안내합니다.",
		},
	},
	{
		Code: contract.CodePopupClosed, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The user closed the popup before the login was complete, or another login took its place.",
			Ko: "로그인이 끝나기 전에 사용자가 팝업을 닫았거나, 다른 로그인이 창을 대신했습니다.",
		},
		Fix: catalog.Text{
			En: "Show the login button again; it is no fault to report.",
			Ko: "로그인 버튼을 다시 보여 줍니다. 오류로 표시하지 않습니다.",
		},
	},
	{
		Code: contract.CodeOpenerPolicy, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The page's Cross-Origin-Opener-Policy cuts the popup off, because the token server is on another origin, and the user came back to the page before the login was complete.",
			Ko: "토큰 서버가 다른 오리진에 있어 페이지의 Cross-Origin-Opener-Policy가 팝업을 분리하는데, 로그인이 끝나기 전에 사용자가 페이지로 돌아왔습니다.",
		},
		Fix: catalog.Text{
			En: "Serve the page with same-origin-allow-popups, take the redirect login, or put the token server on the page's origin.",
			Ko: "페이지를 same-origin-allow-popups로 제공하거나, 리다이렉트 로그인을 쓰거나, 토큰 서버를 페이지와 같은 오리진에 둡니다.",
		},
	},
	{
		Code: contract.CodePopupTimeout, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The popup gave no answer for ten minutes.",
			Ko: "팝업에서 10분 동안 응답이 없었습니다.",
		},
		Fix: catalog.Text{
			En: "Start the login again.",
			Ko: "로그인을 다시 시작합니다.",
		},
	},
	{
		Code: contract.CodeTimeout, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "No answer for ten minutes where the code is polled for: KakaoTalk, and authorize in a popup.",
			Ko: "코드를 폴링으로 받는 로그인(카카오톡, 팝업으로 연 authorize)에서 10분 동안 응답이 없었습니다.",
		},
		Fix: catalog.Text{
			En: "Start the login again.",
			Ko: "로그인을 다시 시작합니다.",
		},
	},
	{
		Code: contract.CodeAutoLogin, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "A login without any dialog was asked for outside KakaoTalk: autoLogin, or authorize with prompts 'none'.",
			Ko: "카카오톡 밖에서 화면 없는 로그인(autoLogin, prompts가 'none'인 authorize)을 요청했습니다.",
		},
		Fix: catalog.Text{
			En: "Offer an ordinary login.",
			Ko: "일반 로그인을 제공합니다.",
		},
	},
	{
		Code: contract.CodeStateMismatch, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The answer belongs to another login; it was dropped.",
			Ko: "다른 로그인의 응답이어서 버렸습니다.",
		},
		Fix: catalog.Text{
			En: "Start the login again.",
			Ko: "로그인을 다시 시작합니다.",
		},
	},
	{
		Code: contract.CodeNonceMismatch, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The ID token was made for another login; it was dropped.",
			Ko: "다른 로그인에 발급된 ID 토큰이어서 버렸습니다.",
		},
		Fix: catalog.Text{
			En: "Start the login again.",
			Ko: "로그인을 다시 시작합니다.",
		},
	},
	{
		Code: contract.CodeNoCode, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The answer held neither a code nor an error.",
			Ko: "응답에 인가 코드도 오류도 없었습니다.",
		},
		Fix: catalog.Text{
			En: "Start the login again.",
			Ko: "로그인을 다시 시작합니다.",
		},
	},
	{
		Code: contract.CodeServerUnavailable, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "The token server did not answer, or something else answered in its place.",
			Ko: "토큰 서버가 응답하지 않았거나, 토큰 서버가 아닌 다른 곳에서 응답했습니다.",
		},
		Fix: catalog.Text{
			En: "Check the option server of Kakao.init, or data-server of the script tag, and that the server runs.",
			Ko: "Kakao.init의 server 옵션이나 스크립트 태그의 data-server를 확인하고, 서버가 실행 중인지 확인합니다.",
		},
	},
	{
		Code: contract.CodeStorageForbidden, Where: InLogin, From: bySDK,
		Cause: catalog.Text{
			En: "authorize could keep nothing in sessionStorage for the return.",
			Ko: "authorize가 돌아온 뒤에 쓸 값을 sessionStorage에 저장하지 못했습니다.",
		},
		Fix: catalog.Text{
			En: "Use Auth.login, or allow the page to store data.",
			Ko: "Auth.login을 쓰거나, 브라우저에서 이 페이지의 데이터 저장을 허용합니다.",
		},
	},
	{
		Code: contract.CodeAccessDenied, Where: InLogin, From: byBoth,
		Cause: catalog.Text{
			En: "The user cancelled on the consent page, or the token server does not let this page or this user in.",
			Ko: "사용자가 동의 화면에서 취소했거나, 토큰 서버가 이 페이지나 사용자를 허용하지 않습니다.",
		},
		Fix: catalog.Text{
			En: "Let the user try again; if error_description speaks of the origin, add it to the server's allowed origins.",
			Ko: "사용자가 다시 시도할 수 있게 합니다. error_description이 오리진을 가리키면 토큰 서버의 허용 오리진에 추가합니다.",
		},
	},
	{
		Code: contract.CodeLoginRequired, Where: InLogin, From: byBoth,
		Cause: catalog.Text{
			En: "There is no login at Kakao or at the token server.",
			Ko: "카카오나 토큰 서버에 로그인되어 있지 않습니다.",
		},
		Fix: catalog.Text{
			En: "Log the user in.",
			Ko: "사용자가 로그인하게 합니다.",
		},
	},
	{
		Code: contract.CodeConsentRequired, Where: InLogin, From: byKakao,
		Cause: catalog.Text{
			En: "A login without any dialog lacks a consent of the user.",
			Ko: "화면 없는 로그인에 필요한 사용자 동의가 없습니다.",
		},
		Fix: catalog.Text{
			En: "Log in with a dialog.",
			Ko: "화면이 있는 로그인을 진행합니다.",
		},
	},
	{
		Code: contract.CodeInteractionRequired, Where: InLogin, From: byKakao,
		Cause: catalog.Text{
			En: "A login without any dialog needs one.",
			Ko: "화면 없는 로그인으로는 진행할 수 없습니다.",
		},
		Fix: catalog.Text{
			En: "Log in with a dialog.",
			Ko: "화면이 있는 로그인을 진행합니다.",
		},
	},
	{
		Code: contract.CodeTemporarilyUnavailable, Where: InLogin, From: byBoth,
		Cause: catalog.Text{
			En: "Kakao, the token server or its store is busy or cannot be reached; the login that exists stays.",
			Ko: "카카오, 토큰 서버 또는 그 저장소가 바쁘거나 연결되지 않습니다. 기존 로그인은 그대로입니다.",
		},
		Fix: catalog.Text{
			En: "Try again after the time that Retry-After names.",
			Ko: "Retry-After 헤더에 나온 시간이 지난 뒤 다시 시도합니다.",
		},
	},
	{
		Code: contract.CodeServerError, Where: InLogin, From: byBoth,
		Cause: catalog.Text{
			En: "The token server or Kakao failed.",
			Ko: "토큰 서버나 카카오에서 오류가 났습니다.",
		},
		Fix: catalog.Text{
			En: "Try again; the server's log says where it failed.",
			Ko: "다시 시도합니다. 오류가 난 위치는 서버 로그에 있습니다.",
		},
	},
	{
		Code: contract.CodeInvalidIDToken, Where: InLogin, From: byServer,
		Cause: catalog.Text{
			En: "The token server refused Kakao's ID token.",
			Ko: "토큰 서버가 카카오의 ID 토큰을 거부했습니다.",
		},
		Fix: catalog.Text{
			En: "Do what error_description says; list the key that the page uses among the server's keys.",
			Ko: "error_description을 확인합니다. 페이지에서 쓰는 키가 서버의 키 목록에 있어야 합니다.",
		},
	},
	{
		Code: contract.CodeInvalidGrant, Where: InLogin, From: byBoth,
		Cause: catalog.Text{
			En: "The authorization code or the login is used up, expired or not of this app (RFC 6749, section 5.2).",
			Ko: "인가 코드나 로그인이 이미 쓰였거나 만료되었거나 다른 앱의 것입니다(RFC 6749 5.2절).",
		},
		Fix: catalog.Text{
			En: "Log in again.",
			Ko: "다시 로그인합니다.",
		},
	},
	{
		Code: contract.CodeInvalidRequest, Where: InLogin, From: byBoth,
		Cause: catalog.Text{
			En: "The request breaks the rules (RFC 6749, section 5.2).",
			Ko: "요청이 규칙에 맞지 않습니다(RFC 6749 5.2절).",
		},
		Fix: catalog.Text{
			En: "Do what error_description and hint say.",
			Ko: "error_description과 hint에 따라 고칩니다.",
		},
	},
	{
		Code: contract.CodeInvalidClient, Where: InLogin, From: byKakao,
		Cause: catalog.Text{
			En: "The app's key or client secret is wrong (RFC 6749, section 5.2).",
			Ko: "앱 키나 클라이언트 시크릿이 올바르지 않습니다(RFC 6749 5.2절).",
		},
		Fix: catalog.Text{
			En: "Compare the server's keys and secret with those of the app in the console.",
			Ko: "서버에 설정한 키와 시크릿을 카카오디벨로퍼스 콘솔의 값과 비교합니다.",
		},
	},
	{
		Code: contract.CodeInvalidScope, Where: InLogin, From: byKakao,
		Cause: catalog.Text{
			En: "A scope is not set as a consent item of the app (RFC 6749, section 5.2).",
			Ko: "앱에 설정하지 않은 동의항목을 scope로 요청했습니다(RFC 6749 5.2절).",
		},
		Fix: catalog.Text{
			En: "Set the consent item in the console, or take it out of scope.",
			Ko: "콘솔에서 동의항목을 설정하거나 scope에서 뺍니다.",
		},
	},
	{
		Code: contract.CodeUnauthorizedClient, Where: InLogin, From: byKakao,
		Cause: catalog.Text{
			En: "The app may not make this request (RFC 6749, section 4.1.2.1).",
			Ko: "앱에 이 요청을 할 권한이 없습니다(RFC 6749 4.1.2.1절).",
		},
		Fix: catalog.Text{
			En: "Do what hint says, in the app's settings in the console.",
			Ko: "hint에 따라 콘솔에서 앱 설정을 고칩니다.",
		},
	},
	{
		Code: contract.CodeUnsupportedGrantType, Where: InLogin, From: byKakao,
		Cause: catalog.Text{
			En: "Kakao does not know the kind of token request (RFC 6749, section 5.2).",
			Ko: "카카오가 지원하지 않는 방식의 토큰 요청입니다(RFC 6749 5.2절).",
		},
		Fix: catalog.Text{
			En: "Check the addresses of the platform in the server's configuration.",
			Ko: "서버 설정의 플랫폼 주소를 확인합니다.",
		},
	},
}

var answers = []Problem{
	{
		Code: contract.CodeInvalidTarget, Where: InServer, From: byServer,
		Cause: catalog.Text{
			En: "A page asked for a session token for an audience that it may not have (RFC 8693, section 2.2.2).",
			Ko: "페이지가 허용되지 않은 대상(audience)의 세션 토큰을 요청했습니다(RFC 8693 2.2.2절).",
		},
		Fix: catalog.Text{
			En: "Add the audience and the page's origin to the server's token audiences.",
			Ko: "서버 설정의 토큰 대상 목록에 대상과 페이지의 오리진을 추가합니다.",
		},
	},
}

var webhooks = []Problem{
	{
		Code: contract.CodeInvalidRequest, Where: InWebhook, From: byServer,
		Cause: catalog.Text{
			En: "The request or its security event token cannot be read, is too old or has expired.",
			Ko: "요청이나 보안 이벤트 토큰을 읽을 수 없거나, 너무 오래되었거나 만료되었습니다.",
		},
		Fix: catalog.Text{
			En: "Check this machine's clock, and that a proxy leaves body and Content-Type as they are.",
			Ko: "서버의 시계를 확인하고, 프록시가 본문과 Content-Type을 바꾸지 않는지 확인합니다.",
		},
	},
	{
		Code: contract.CodeInvalidKey, Where: InWebhook, From: byServer,
		Cause: catalog.Text{
			En: "No key of Kakao's belongs to the token.",
			Ko: "토큰에 해당하는 카카오의 키가 없습니다.",
		},
		Fix: catalog.Text{
			En: "Check the addresses of the platform; a token of another sender is refused rightly.",
			Ko: "플랫폼 주소를 확인합니다. 다른 발신자의 토큰은 거부되는 것이 맞습니다.",
		},
	},
	{
		Code: contract.CodeInvalidIssuer, Where: InWebhook, From: byServer,
		Cause: catalog.Text{
			En: "The issuer of the token is not the configured platform.",
			Ko: "토큰의 발급자가 설정한 플랫폼이 아닙니다.",
		},
		Fix: catalog.Text{
			En: "Check the addresses of the platform in the server's configuration.",
			Ko: "서버 설정의 플랫폼 주소를 확인합니다.",
		},
	},
	{
		Code: contract.CodeInvalidAudience, Where: InWebhook, From: byServer,
		Cause: catalog.Text{
			En: "The token is for another app.",
			Ko: "다른 앱의 토큰입니다.",
		},
		Fix: catalog.Text{
			En: "List the app's REST API key and JavaScript keys in the server's configuration.",
			Ko: "서버 설정에 앱의 REST API 키와 JavaScript 키를 모두 넣습니다.",
		},
	},
	{
		Code: contract.CodeAuthenticationFailed, Where: InWebhook, From: byServer,
		Cause: catalog.Text{
			En: "The signature of the token is not Kakao's.",
			Ko: "토큰의 서명이 카카오의 서명이 아닙니다.",
		},
		Fix: catalog.Text{
			En: "Nothing: the token is refused rightly.",
			Ko: "조치할 것이 없습니다. 거부되는 것이 맞습니다.",
		},
	},
}
