package doctor

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// strangeOrigin is an origin that nobody has (RFC 6761, section 6.4).
const strangeOrigin = "https://kakaowasm-doctor.invalid"

// checkCORS calls the server as pages of each origin do, and as a stranger's.
func (l *live) checkCORS(ctx context.Context) []Finding {
	findings := []Finding{l.checkOwnPages(ctx)}
	for _, origin := range l.AllowedOrigins {
		if _, bad := judgeOrigin(CheckCORS, origin); bad || origin == originOf(l.at) {
			continue // The other check of origins has said so.
		}
		findings = append(findings, l.checkPagesOf(ctx, origin))
	}
	return append(findings, l.checkStrangers(ctx))
}

// checkOwnPages posts as a page of the server's own origin. Without a cookie there
// is no session that the logout could end.
func (l *live) checkOwnPages(ctx context.Context) Finding {
	origin := originOf(l.at)
	r := l.askAsPage(ctx, contract.PathLogout, origin)
	what := sayf("a page of %s", "%s의 페이지", origin)
	switch {
	case r.err == nil && r.StatusCode == http.StatusNoContent:
		return ok(CheckCORS, sayf("%s, the server's own origin", "%s, 서버 자신의 오리진", origin))
	case r.errorCode() == contract.CodeAccessDenied:
		return wrong(Failure, CheckCORS, sayf("pages of %s are refused", "%s의 페이지가 거부됨", origin),
			catalog.Text{En: "The running server has a public URL with another origin, or the proxy changes the Origin header.", Ko: "실행 중인 서버의 공개 URL이 다른 오리진이거나, 프록시가 Origin 헤더를 바꿉니다."},
			catalog.Text{En: "Start the server with the public URL that browsers see, and let Origin pass as it came.", Ko: "서버를 브라우저에 보이는 공개 URL로 실행하고, Origin 헤더를 그대로 전달합니다."})
	}
	return l.unexpected(CheckCORS, what, r)
}

// checkPagesOf tells whether pages of an allowed origin may call: the preflight, and
// a request.
func (l *live) checkPagesOf(ctx context.Context, origin string) Finding {
	what := sayf("a page of %s", "%s의 페이지", origin)
	preflight := l.ask(ctx, http.MethodOptions, l.path(contract.PathLogout), "Origin", origin,
		"Access-Control-Request-Method", http.MethodPost, "Access-Control-Request-Headers", "content-type,"+strings.ToLower(contract.PageHeader))
	request := l.askAsPage(ctx, contract.PathLogout, origin)
	for _, r := range []reply{preflight, request} {
		if r.err != nil {
			return l.unexpected(CheckCORS, what, r)
		}
	}
	if request.errorCode() == contract.CodeAccessDenied {
		return wrong(Failure, CheckCORS, sayf("pages of %s are refused", "%s의 페이지가 거부됨", origin),
			catalog.Text{En: "The running server was started without this allowed origin.", Ko: "실행 중인 서버에 이 오리진이 허용되어 있지 않습니다."},
			sayf("Start the server with --allowed-origin %s.", "서버를 --allowed-origin %s 옵션으로 실행합니다.", origin))
	}
	if request.StatusCode != http.StatusNoContent {
		return l.unexpected(CheckCORS, what, request)
	}
	for _, r := range []reply{preflight, request} {
		allowed := r.Header.Values("Access-Control-Allow-Origin")
		credentials := r.Header.Values("Access-Control-Allow-Credentials")
		if !slices.Equal(allowed, []string{origin}) || !slices.Equal(credentials, []string{"true"}) {
			return corsChanged(origin)
		}
	}
	if preflight.StatusCode/100 != 2 || !listsFold(preflight.Header.Values("Access-Control-Allow-Headers"), contract.PageHeader) ||
		!listsFold(preflight.Header.Values("Access-Control-Allow-Methods"), http.MethodPost) {
		return corsChanged(origin)
	}
	return ok(CheckCORS, sayf("%s may call", "%s 호출 가능", origin))
}

// corsChanged is the finding for CORS headers that are not the server's.
func corsChanged(origin string) Finding {
	return wrong(Failure, CheckCORS, sayf("browsers keep the answers from pages of %s", "브라우저가 %s의 페이지에 응답을 넘기지 않음", origin),
		catalog.Text{En: "The CORS headers are missing or doubled: something in front of the server answers OPTIONS itself, or sets Access-Control-… too.", Ko: "CORS 헤더가 없거나 중복됩니다. 앞단의 프록시가 OPTIONS에 직접 응답하거나 Access-Control-… 헤더를 추가합니다."},
		catalog.Text{En: "Leave CORS to the server: have the proxy pass OPTIONS on and set no Access-Control header.", Ko: "CORS는 서버에 맡깁니다. 프록시가 OPTIONS를 그대로 전달하고 Access-Control 헤더를 넣지 않게 합니다."})
}

// listsFold reports whether a list in headers names something, whatever its case.
func listsFold(lines []string, want string) bool {
	for item := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		if strings.EqualFold(strings.TrimSpace(item), want) {
			return true
		}
	}
	return false
}

// checkStrangers tells whether other pages are kept out.
func (l *live) checkStrangers(ctx context.Context) Finding {
	r := l.ask(ctx, http.MethodGet, l.path(contract.PathSession), "Origin", strangeOrigin)
	if r.err != nil {
		return l.unexpected(CheckCORS, catalog.Text{En: "a page of a stranger", Ko: "허용되지 않은 페이지"}, r)
	}
	if shared := r.Header.Get("Access-Control-Allow-Origin"); shared == "*" || shared == strangeOrigin {
		return wrong(Failure, CheckCORS, catalog.Text{En: "pages of every origin may read the server's answers", Ko: "모든 오리진의 페이지가 서버의 응답을 읽을 수 있음"},
			catalog.Text{En: "Something in front of the server sets Access-Control-Allow-Origin for everybody.", Ko: "앞단의 프록시가 모든 오리진에 Access-Control-Allow-Origin을 설정합니다."},
			catalog.Text{En: "Take that header out of the proxy's configuration; the server sets it for the allowed origins.", Ko: "프록시 설정에서 이 헤더를 제거합니다. 허용된 오리진에는 서버가 직접 설정합니다."})
	}
	return ok(CheckCORS, catalog.Text{En: "other origins are kept out", Ko: "다른 오리진은 차단됨"})
}

// checkCallback tells whether the relay page arrives as the server sends it.
func (l *live) checkCallback(ctx context.Context) Finding {
	r := l.ask(ctx, http.MethodGet, l.path(contract.PathCallback))
	if r.err != nil || r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return l.unexpected(CheckCallback, catalog.Text{En: "the page at the redirect URI", Ko: "리다이렉트 URI의 페이지"}, r)
	}
	if opener := r.Header.Get("Cross-Origin-Opener-Policy"); opener != "" && opener != "unsafe-none" {
		return wrong(Failure, CheckCallback, catalog.Text{En: "the popup is cut off from its page (Cross-Origin-Opener-Policy)", Ko: "팝업이 원래 페이지와 끊어짐(Cross-Origin-Opener-Policy)"},
			catalog.Text{En: "Something in front of the server sets this header, and pages on other origins do not hear of their login.", Ko: "앞단의 프록시가 이 헤더를 추가해, 다른 오리진의 페이지가 로그인 결과를 받지 못합니다."},
			sayf("Leave the header out for %s.", "%s 경로에서는 이 헤더를 제외합니다.", l.at.Path+contract.PathCallback))
	}
	if policies := r.Header.Values("Content-Security-Policy"); len(policies) != 1 || !strings.Contains(policies[0], "script-src 'self'") {
		return wrong(Failure, CheckCallback, catalog.Text{En: "its Content-Security-Policy is not the server's", Ko: "Content-Security-Policy가 서버의 값과 다름"},
			catalog.Text{En: "Something in front of the server sets one too, or another one; browsers apply all of them, and the page's script may not run.", Ko: "앞단의 프록시가 이 헤더를 추가하거나 바꿉니다. 브라우저는 모두 적용하므로 페이지의 스크립트가 실행되지 않을 수 있습니다."},
			sayf("Leave the header to the server for %s.", "%s 경로에서는 이 헤더를 서버에 맡깁니다.", l.at.Path+contract.PathCallback))
	}
	return ok(CheckCallback, sayf("%s arrives unchanged", "%s 그대로 전달됨", l.path(contract.PathCallback)))
}
