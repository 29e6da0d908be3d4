package main

import "github.com/kakaowasm/kakaowasm/kakao/catalog"

// questions are what neither document nor observation answers: no account was at
// hand to try it at Kakao.
var questions = []Question{
	{
		Asked:  catalog.Text{En: "Which error do a wrong, a missing and an unexpected `code_verifier` give?", Ko: "`code_verifier`가 틀리거나 없거나 불필요하게 왔을 때 어떤 오류가 나나요?"},
		Answer: catalog.Text{En: "400 `invalid_grant`, KOE303, as for another mismatch between the two requests", Ko: "두 요청이 어긋난 다른 경우처럼 400 `invalid_grant`, KOE303"},
		Place:  "internal/kauth/oautherror.go",
	},
	{
		Asked:  catalog.Text{En: "Which challenges does Kakao refuse at the authorization request, and how?", Ko: "인가 코드를 요청할 때 어떤 `code_challenge`를 어떻게 거부하나요?"},
		Answer: catalog.Text{En: "`invalid_request`, KOE204, by redirect, for another method than S256 and for what S256 cannot yield", Ko: "S256이 아닌 방식과 S256으로 나올 수 없는 값은 리다이렉트로 `invalid_request`, KOE204"},
		Place:  "internal/kauth/authorize.go",
	},
	{
		Asked:  catalog.Text{En: "With which HTTP status does KOE237 come?", Ko: "KOE237의 HTTP 상태는 무엇인가요?"},
		Answer: catalog.Text{En: "400", Ko: "400"},
		Place:  "internal/kauth/oautherror.go",
	},
	{
		Asked:  catalog.Text{En: "What answers a call with the wrong method?", Ko: "메서드가 틀린 요청에는 무엇으로 응답하나요?"},
		Answer: catalog.Text{En: "405 with `Allow`; kauth with `invalid_request` and no KOE code, kapi with code -2", Ko: "`Allow`와 함께 405. kauth는 KOE 코드 없는 `invalid_request`, kapi는 코드 -2"},
		Place:  "internal/kapi/server.go",
	},
	{
		Asked:  catalog.Text{En: "What answers an unknown path?", Ko: "없는 경로에는 무엇으로 응답하나요?"},
		Answer: catalog.Text{En: "404; kauth with KOE002, kapi with code -2", Ko: "404. kauth는 KOE002, kapi는 코드 -2"},
		Place:  "internal/kapi/server.go",
	},
	{
		Asked:  catalog.Text{En: "May the token request leave out `redirect_uri`? The reference requires it; a client that leaves it out is in use.", Ko: "토큰 요청에서 `redirect_uri`를 생략해도 되나요? 문서에는 필수지만 생략하는 클라이언트가 실제로 쓰입니다."},
		Answer: catalog.Text{En: "400, KOE207", Ko: "400, KOE207"},
		Place:  "internal/kauth/token.go",
	},
	{
		Asked:  catalog.Text{En: "Does a failed token request spend the code?", Ko: "실패한 토큰 요청도 인가 코드를 소모하나요?"},
		Answer: catalog.Text{En: "Yes, once the client is known (RFC 6749, section 4.1.2)", Ko: "클라이언트 인증을 통과했다면 소모함(RFC 6749 4.1.2절)"},
		Place:  "internal/kauth/token.go",
	},
	{
		Asked:  catalog.Text{En: "How long does an authorization code live?", Ko: "인가 코드의 유효 기간은 얼마인가요?"},
		Answer: catalog.Text{En: "10 minutes (RFC 6749, section 4.1.2)", Ko: "10분(RFC 6749 4.1.2절)"},
		Place:  "internal/store/store.go",
	},
	{
		Asked:  catalog.Text{En: "How long does the answer to an `auth_tran_id` wait, and how often can it be fetched?", Ko: "`auth_tran_id`의 응답은 얼마나 기다리며 몇 번 가져갈 수 있나요?"},
		Answer: catalog.Text{En: "As long as the code, and once", Ko: "인가 코드의 유효 기간 동안, 한 번"},
		Place:  "internal/kauth/transaction.go",
	},
	{
		Asked:  catalog.Text{En: "What does kauth answer to a page of an unregistered domain?", Ko: "kauth는 등록하지 않은 도메인의 페이지에 무엇으로 응답하나요?"},
		Answer: catalog.Text{En: "403 `access_denied` without a KOE code; kapi 401 with code -401, as documented", Ko: "KOE 코드 없는 403 `access_denied`. kapi는 문서대로 401과 코드 -401"},
		Place:  "origin.go",
	},
	{
		Asked:  catalog.Text{En: "Does Kakao try a webhook again that was not accepted?", Ko: "받아들여지지 않은 웹훅을 카카오가 다시 보내나요?"},
		Answer: catalog.Text{En: "It is sent once; the console sends it again by hand", Ko: "한 번만 보냄. 콘솔에서 직접 다시 보낼 수 있음"},
		Place:  "internal/webhook/webhook.go",
	},
	{
		Asked:  catalog.Text{En: "Which code has a friend who takes no messages, and with which message?", Ko: "메시지를 받지 않는 친구의 오류 코드와 메시지는 무엇인가요?"},
		Answer: catalog.Text{En: "-530, from the names in Kakao's mobile SDKs; the text is ours", Ko: "카카오 모바일 SDK의 이름에서 얻은 -530. 문구는 에뮬레이터의 것"},
		Place:  "internal/kapi/talkmessage.go",
	},
}
