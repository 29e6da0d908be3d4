package doctor

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// sessionCookie is what the name of the session cookie has in it, and hostPrefix
// what it begins with over https.
const (
	sessionCookie = "kakao_session_"
	hostPrefix    = "__Host-"
)

// checkCookie tells whether the session cookie gets to the browser as the server
// sets it, and back. The server's answer to a logout without a session sets it in
// the same form, to nothing; what is sent back is no session's.
func (l *live) checkCookie(ctx context.Context) Finding {
	r := l.askAsPage(ctx, contract.PathLogout, originOf(l.at))
	if r.err != nil || r.StatusCode != http.StatusNoContent {
		return l.unexpected(CheckCookie, catalog.Text{En: "not looked at", Ko: "확인하지 못함"}, r)
	}
	cookie := cookieOf(r)
	if cookie == nil {
		return wrong(Failure, CheckCookie, catalog.Text{En: "no session cookie arrives", Ko: "세션 쿠키가 도착하지 않음"},
			catalog.Text{En: "Something in front of the server takes the Set-Cookie header away, such as a cache.", Ko: "캐시 같은 앞단의 프록시가 Set-Cookie 헤더를 제거합니다."},
			sayf("Have it pass Set-Cookie on, and cache nothing below %s.", "Set-Cookie 헤더를 그대로 전달하고 %s 아래는 캐시하지 않게 합니다.", l.at.Path))
	}
	if f, bad := l.judgeCookie(cookie); bad {
		return f
	}
	return l.checkCookieReturns(ctx, cookie.Name)
}

// cookieOf is the session cookie that an answer sets; nil where it sets none.
func cookieOf(r reply) *http.Cookie {
	for _, cookie := range r.Cookies() {
		if strings.HasPrefix(strings.TrimPrefix(cookie.Name, hostPrefix), sessionCookie) {
			return cookie
		}
	}
	return nil
}

// judgeCookie reports what is wrong with the attributes of the session cookie.
func (l *live) judgeCookie(cookie *http.Cookie) (Finding, bool) {
	secure := l.at.Scheme == "https"
	switch {
	case secure && !strings.HasPrefix(cookie.Name, hostPrefix):
		return wrong(Failure, CheckCookie, catalog.Text{En: "the cookie is that of plain http", Ko: "http용 쿠키임"},
			catalog.Text{En: "The running server has a public URL with http, although browsers reach it by https.", Ko: "브라우저는 https로 접속하는데, 실행 중인 서버의 공개 URL은 http입니다."},
			sayf("Start the server with --public-url %s.", "서버를 --public-url %s로 실행합니다.", l.PublicURL)), true
	case cookie.Path != "/" || cookie.Domain != "" || !cookie.HttpOnly || cookie.Secure != secure:
		return wrong(Failure, CheckCookie, catalog.Text{En: "the cookie's attributes are not the server's", Ko: "쿠키의 속성이 서버의 값과 다름"},
			catalog.Text{En: "Something in front of the server changes Path, Domain, Secure or HttpOnly; browsers refuse such a __Host- cookie.", Ko: "앞단의 프록시가 Path, Domain, Secure, HttpOnly를 바꿉니다. 브라우저는 이런 __Host- 쿠키를 거부합니다."},
			catalog.Text{En: "Take such rules (nginx: proxy_cookie_path, proxy_cookie_domain, proxy_cookie_flags) out of the proxy's configuration.", Ko: "프록시 설정에서 쿠키를 바꾸는 규칙(nginx라면 proxy_cookie_path, proxy_cookie_domain, proxy_cookie_flags)을 제거합니다."}), true
	case cookie.Partitioned != l.Partitioned:
		return wrong(Warning, CheckCookie, catalog.Text{En: "Partitioned is not as configured here", Ko: "Partitioned가 현재 설정과 다름"},
			catalog.Text{En: "The running server was started with other options than the doctor.", Ko: "실행 중인 서버가 doctor와 다른 옵션으로 실행되었습니다."},
			catalog.Text{En: "Give both the same --partitioned.", Ko: "양쪽에 같은 --partitioned를 지정합니다."}), true
	}
	return Finding{}, false
}

// checkCookieReturns sends a cookie that is nobody's session. A server that gets it
// says something else than one that gets none.
func (l *live) checkCookieReturns(ctx context.Context, name string) Finding {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // It never fails.
	without := l.askAsPage(ctx, contract.PathRefresh, originOf(l.at))
	with := l.askAsPage(ctx, contract.PathRefresh, originOf(l.at), "Cookie", name+"="+base64.RawURLEncoding.EncodeToString(random))
	for _, r := range []reply{without, with} {
		if r.errorCode() == contract.CodeTemporarilyUnavailable {
			return skipped(CheckCookie, catalog.Text{En: "it arrives; whether it comes back is not known, because the store does not answer", Ko: "도착함. 저장소가 응답하지 않아 되돌아가는지는 확인하지 못함"})
		}
		if r.errorCode() != contract.CodeLoginRequired {
			return l.unexpected(CheckCookie, catalog.Text{En: "it arrives; whether it comes back is not known", Ko: "도착함. 되돌아가는지는 확인하지 못함"}, r)
		}
	}
	if with.member("error_description") == without.member("error_description") {
		return wrong(Failure, CheckCookie, catalog.Text{En: "the cookie does not come back to the server", Ko: "쿠키가 서버로 되돌아가지 않음"},
			catalog.Text{En: "Something in front of the server takes the Cookie header away, as some CDNs do unless they are told.", Ko: "앞단의 프록시가 Cookie 헤더를 제거합니다. 일부 CDN은 따로 설정하지 않으면 제거합니다."},
			sayf("Have it pass Cookie on for %s and everything below.", "%s 아래의 모든 경로에서 Cookie 헤더를 전달하게 합니다.", l.at.Path))
	}
	return ok(CheckCookie, sayf("%s gets to the browser and back", "%s 쿠키가 브라우저와 서버 사이를 오감", name))
}
