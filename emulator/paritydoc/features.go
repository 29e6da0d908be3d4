package main

import "github.com/kakaowasm/kakaowasm/kakao/catalog"

// Sources that several features share.
const (
	conceptsSource = "Kakao Login > Concepts"
	restSource     = "Kakao Login > REST API"
	prereqSource   = "Kakao Login > Prerequisites"
	webhookSource  = "Kakao Login > Webhook"
	quotaSource    = "Usage Guide > Quota"
	v1Source       = "observed: JavaScript SDK v1, 1.43.5"
	v2Source       = "JavaScript SDK v2 reference"
)

// sections are the features that are no call of the REST API.
var sections = []Section{
	{catalog.Text{En: "Login and consent", Ko: "로그인과 동의"}, []Feature{
		{
			Name: catalog.Text{En: "Login page", Ko: "로그인 화면"}, Grade: Emulated, Source: restSource + " > Getting authorization code",
			Note: catalog.Text{
				En: "Accounts are buttons, or are named by e-mail address or phone number. No password, no two-step verification, no QR code, no captcha.",
				Ko: "계정 버튼을 누르거나 이메일 또는 전화번호를 입력합니다. 비밀번호, 2단계 인증, QR코드, 자동입력 방지는 없습니다.",
			},
		},
		{
			Name: catalog.Text{En: "Account sign-up (`prompt=create`)", Ko: "카카오계정 가입(`prompt=create`)"}, Grade: Emulated, Source: restSource + " > Getting authorization code",
			Note: catalog.Text{En: "Asks for a nickname and an e-mail address, and verifies neither.", Ko: "닉네임과 이메일만 묻고 확인하지 않습니다."},
		},
		{
			Name: catalog.Text{En: "Account chooser (`prompt=select_account`)", Ko: "계정 선택(`prompt=select_account`)"}, Source: restSource + " > Getting authorization code",
		},
		{
			Name: catalog.Text{En: "Login again (`prompt=login`, `auth_type=reauthenticate`), `login_hint`", Ko: "다시 로그인(`prompt=login`, `auth_type=reauthenticate`), `login_hint`"}, Source: restSource + " > Getting authorization code",
		},
		{
			Name: catalog.Text{En: "Session of the Kakao Account, 24 hours", Ko: "카카오계정 로그인 세션 24시간"}, Grade: Emulated, Source: restSource + " > Getting tokens",
			Note: catalog.Text{En: "There is no “keep me logged in” for a month.", Ko: "한 달 동안 로그인을 유지하는 선택은 없습니다."},
		},
		{
			Name: catalog.Text{En: "Consent page: required and optional items, items in use", Ko: "동의 화면: 필수·선택·이용 중 동의"}, Grade: Emulated, Source: conceptsSource + " > Consent",
			Note: catalog.Text{
				En: "Own looks. The page offers no KakaoTalk channel to add: `channel_public_id` is ignored, and KOE102 never comes.",
				Ko: "화면은 자체 디자인입니다. 카카오톡 채널 추가를 제안하지 않습니다. `channel_public_id`는 무시하고 KOE102는 나오지 않습니다.",
			},
		},
		{
			Name: catalog.Text{En: "Additional consent (`scope`)", Ko: "추가 동의(`scope`)"}, Source: conceptsSource + " > Additional consent",
		},
		{
			Name: catalog.Text{En: "Kakao Sync: service terms on the consent page, `service_terms`", Ko: "카카오싱크: 동의 화면의 서비스 약관, `service_terms`"}, Source: restSource + " > Getting consent to desired service terms",
		},
		{
			Name: catalog.Text{En: "Manual link: preregistered for 24 hours, then unlinked", Ko: "수동 연결: 24시간 가입 대기 후 연결 해제"}, Source: restSource + " > Manual signup",
		},
		{
			Name: catalog.Text{En: "Errors on pages and in redirects, KOE codes", Ko: "화면과 리다이렉트의 오류, KOE 코드"}, Source: "Kakao Login > Troubleshooting",
			Note: catalog.Text{En: "Beyond Kakao's, the page compares what came with what is registered.", Ko: "카카오와 달리, 받은 값과 등록한 값을 비교해 보여 줍니다."},
		},
		{
			Name: catalog.Text{En: "Login through the KakaoTalk app", Ko: "카카오톡 앱으로 로그인"}, Grade: Absent, Source: "Kakao Login > Concepts; " + v1Source,
			Note: catalog.Text{
				En: "There is no app to open. A second browser that opens the address which the link carries plays it; the page that polls gets its code.",
				Ko: "열 앱이 없습니다. 링크에 담긴 주소를 다른 브라우저로 열면 카카오톡을 대신할 수 있고, 폴링하는 페이지는 코드를 받습니다.",
			},
		},
		{
			Name: catalog.Text{En: "Login in other windows: phone number login, Kakao Account of a minor, dormant account", Ko: "전화번호 로그인, 미성년자 보호자 동의, 휴면 계정"}, Grade: Absent, Source: conceptsSource,
			Note: catalog.Text{En: "Kakao's own pages deal with them before the service hears anything.", Ko: "서비스로 돌아오기 전에 카카오 화면에서 처리하는 과정입니다."},
		},
	}},
	{catalog.Text{En: "Protocol", Ko: "프로토콜"}, []Feature{
		{
			Name: catalog.Text{En: "PKCE with S256", Ko: "PKCE(S256)"}, Source: restSource + " > OIDC: Retrieving metadata; RFC 7636",
		},
		{
			Name: catalog.Text{En: "OpenID Connect: signed ID tokens, `nonce`, key set", Ko: "OpenID Connect: 서명한 ID 토큰, `nonce`, 공개키 목록"}, Source: restSource + " > ID token; OpenID Connect Core 1.0",
		},
		{
			Name: catalog.Text{En: "Client secret, on and off", Ko: "클라이언트 시크릿 사용 여부"}, Source: prereqSource + " > Client secret",
		},
		{
			Name: catalog.Text{En: "Lifetimes: access token 12 hours, refresh token 60 days, replaced in its last month", Ko: "유효 기간: 액세스 토큰 12시간, 리프레시 토큰 60일, 마지막 한 달에 교체"}, Source: restSource + " > Refreshing tokens",
		},
		{
			Name: catalog.Text{En: "Pages may call from registered JavaScript SDK domains only", Ko: "등록한 JavaScript SDK 도메인에서만 호출 가능"}, Source: "App settings > JavaScript SDK domain",
			Note: catalog.Text{En: "An app that registered none lets pages of this machine and of its redirect URIs call.", Ko: "등록한 도메인이 없으면 이 컴퓨터와 리다이렉트 URI의 페이지를 허용합니다."},
		},
		{
			Name: catalog.Text{En: "Quota of token requests per user (KOE237)", Ko: "사용자별 토큰 발급 쿼터(KOE237)"}, Source: quotaSource,
			Note: catalog.Text{En: "Off unless the app switches it on, so that tests may log in as often as they like.", Ko: "테스트가 몇 번이든 로그인할 수 있도록 기본으로 꺼져 있습니다."},
		},
		{
			Name: catalog.Text{En: "Other quotas: per month, per day, per sender of messages", Ko: "그 밖의 쿼터: 월간, 일간, 메시지 발신자별"}, Grade: Absent, Source: quotaSource,
			Note: catalog.Text{En: "A fault answers -10 in their place.", Ko: "장애 주입으로 -10을 응답하게 할 수 있습니다."},
		},
		{
			Name: catalog.Text{En: "Kakao's host names over TLS", Ko: "카카오 호스트 이름과 TLS"}, Grade: Emulated, Source: restSource,
			Note: catalog.Text{En: "With certificates of an authority of its own, see [emulator.md](emulator.md#clients-that-cannot-be-told-another-address).", Ko: "자체 인증 기관의 인증서를 씁니다. [emulator.ko.md](emulator.ko.md)를 참고하세요."},
		},
		{
			Name: catalog.Text{En: "Native app key, redirect to `kakao{key}://oauth`", Ko: "네이티브 앱 키, `kakao{키}://oauth` 리다이렉트"}, Grade: Absent, Source: "Getting Started > App keys",
			Note: catalog.Text{En: "The keys are REST API key, JavaScript key and admin key; redirect URIs are http or https.", Ko: "REST API 키, JavaScript 키, 어드민 키만 있고 리다이렉트 URI는 http와 https만 됩니다."},
		},
	}},
	{catalog.Text{En: "App at Kakao Developers", Ko: "카카오디벨로퍼스의 앱"}, []Feature{
		{
			Name: catalog.Text{En: "Redirect URIs, logout redirect URIs, site domains, consent items, terms, user properties", Ko: "리다이렉트 URI, 로그아웃 리다이렉트 URI, 사이트 도메인, 동의항목, 약관, 사용자 프로퍼티"}, Grade: Emulated, Source: prereqSource,
			Note: catalog.Text{En: "Set in the emulator's console, a seed or Go. No review by Kakao: every consent item can be required.", Ko: "에뮬레이터 콘솔이나 시드, Go 코드로 설정합니다. 카카오의 심사가 없어 모든 동의항목을 필수로 둘 수 있습니다."},
		},
		{
			Name: catalog.Text{En: "Unlink webhook", Ko: "연결 해제 웹훅"}, Source: webhookSource + " > Unlink webhook",
		},
		{
			Name: catalog.Text{En: "Account status change webhook: signed security event tokens", Ko: "계정 상태 변경 웹훅: 서명한 보안 이벤트 토큰"}, Source: webhookSource + " > Account status change webhook; RFC 8417; RFC 8935",
		},
		{
			Name: catalog.Text{En: "KakaoTalk channel webhook, KakaoTalk Share webhook", Ko: "카카오톡 채널 웹훅, 카카오톡 공유 웹훅"}, Grade: Absent, Source: "Usage Guide > Webhook",
			Note: catalog.Text{En: "Nothing is sent when a relation to a channel changes.", Ko: "채널 관계가 바뀌어도 아무것도 보내지 않습니다."},
		},
		{
			Name: catalog.Text{En: "Test apps (KOE005), team members, roles", Ko: "테스트 앱(KOE005), 팀원, 역할"}, Grade: Absent, Source: "App settings > App",
			Note: catalog.Text{En: "Every account may log in to every app.", Ko: "모든 계정이 모든 앱에 로그인할 수 있습니다."},
		},
		{
			Name: catalog.Text{En: "Biz apps, review, permissions (-5)", Ko: "비즈 앱, 심사, 권한(-5)"}, Grade: Absent, Source: "Usage Guide > Permission",
			Note: catalog.Text{En: "An app may use all that it registers.", Ko: "앱은 등록한 모든 기능을 쓸 수 있습니다."},
		},
		{
			Name: catalog.Text{En: "Group apps (`group_user_token`), allowed IP addresses of servers", Ko: "그룹 앱(`group_user_token`), 서버 허용 IP"}, Grade: Absent, Source: "App settings > App",
			Note: catalog.Text{En: "A fault answers with whatever error they give.", Ko: "장애 주입으로 같은 오류를 낼 수 있습니다."},
		},
	}},
	{catalog.Text{En: "What the SDKs use beside the calls", Ko: "API 호출 외에 SDK가 쓰는 것"}, []Feature{
		{
			Name: catalog.Text{En: "`Auth.authorize` of SDK v1 and v2", Ko: "SDK v1과 v2의 `Auth.authorize`"}, Source: v1Source + ", v2, 2.7.2",
		},
		{
			Name: catalog.Text{En: "`Auth.login` and `API.request` of Kakao's own SDK v1: `kakaoLoginWidget.html`, `/cors/`", Ko: "카카오의 SDK v1이 쓰는 `Auth.login`과 `API.request`: `kakaoLoginWidget.html`, `/cors/`"}, Grade: Absent, Source: "observed: JavaScript SDK v1, 1.40",
			Note: catalog.Text{En: "This project's SDK needs neither.", Ko: "이 프로젝트의 SDK에는 필요 없습니다."},
		},
		{
			Name: catalog.Text{En: "Shipping-address windows at `apps.kakao.com`", Ko: "`apps.kakao.com`의 배송지 창"}, Grade: Absent, Source: v2Source + " > Auth.selectShippingAddress; " + v1Source,
			Note: catalog.Text{En: "Addresses are set up in the console; the call that reads them is there.", Ko: "배송지는 콘솔에서 등록하고, 조회 API로 읽을 수 있습니다."},
		},
		{
			Name: catalog.Text{En: "`Share`, `Link`: pages at `sharer.kakao.com`", Ko: "`Share`, `Link`: `sharer.kakao.com` 화면"}, Grade: Absent, Source: v2Source,
			Note: catalog.Text{En: "Not a part of login.", Ko: "로그인 기능이 아닙니다."},
		},
		{
			Name: catalog.Text{En: "`Channel`: pages at `pf.kakao.com`", Ko: "`Channel`: `pf.kakao.com` 화면"}, Grade: Absent, Source: v2Source,
			Note: catalog.Text{En: "The relation of a user to a channel is set in the console or a seed.", Ko: "사용자와 채널의 관계는 콘솔이나 시드로 정합니다."},
		},
		{
			Name: catalog.Text{En: "`Picker`: friend picker", Ko: "`Picker`: 친구 피커"}, Grade: Absent, Source: v2Source,
			Note: catalog.Text{En: "The list of friends is there as a call.", Ko: "친구 목록은 API로 조회할 수 있습니다."},
		},
		{
			Name: catalog.Text{En: "`Navi`, `Story`", Ko: "`Navi`, `Story`"}, Grade: Absent, Source: v2Source + "; JavaScript SDK v1 reference",
			Note: catalog.Text{En: "Not a part of login.", Ko: "로그인 기능이 아닙니다."},
		},
	}},
}
