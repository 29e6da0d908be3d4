package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// certificateWarning is how long a certificate should still be good for.
const certificateWarning = 14 * 24 * time.Hour

// serverOutages are the ways of not reaching one's own server; the last takes
// every error.
var serverOutages = []outage{
	interruptedOutage,
	proxyOutage.because(
		catalog.Text{En: "A proxy is configured for this machine, and it does not lead to the server.", Ko: "이 컴퓨터에 설정된 프록시가 서버로 연결해 주지 않습니다."},
		catalog.Text{En: "Add the server's host to NO_PROXY, or run the doctor elsewhere.", Ko: "NO_PROXY에 서버의 호스트를 추가하거나 다른 컴퓨터에서 실행합니다."},
	),
	dnsOutage.because(
		catalog.Text{En: "The public URL's host has no address record, or its spelling is wrong.", Ko: "공개 URL의 호스트에 주소 레코드가 없거나 철자가 틀렸습니다."},
		catalog.Text{En: "Add the record at the domain's name server, or correct --public-url.", Ko: "도메인의 네임서버에 레코드를 추가하거나 --public-url을 고칩니다."},
	),
	{
		is:    isExpiredCertificate,
		found: catalog.Text{En: "the certificate has expired or is not valid yet (TLS)", Ko: "인증서가 만료되었거나 아직 유효하지 않음(TLS)"},
		cause: catalog.Text{En: "Its renewal has failed, or the clock of this machine is wrong.", Ko: "인증서 갱신에 실패했거나 이 컴퓨터의 시계가 틀렸습니다."},
		fix:   catalog.Text{En: "Renew the certificate, and see why that did not happen by itself.", Ko: "인증서를 갱신하고, 자동 갱신이 왜 실패했는지 확인합니다."},
	},
	{
		is:    is[x509.HostnameError],
		found: catalog.Text{En: "the certificate is for another host (TLS)", Ko: "다른 호스트의 인증서임(TLS)"},
		cause: catalog.Text{En: "The reverse proxy answers with the certificate of another site.", Ko: "리버스 프록시가 다른 사이트의 인증서로 응답합니다."},
		fix:   catalog.Text{En: "Give it a certificate for the host of the public URL.", Ko: "공개 URL의 호스트에 맞는 인증서를 설정합니다."},
	},
	tlsOutage.because(
		catalog.Text{En: "The certificate's chain is incomplete, its authority is unknown to this machine, or no TLS is spoken at this port.", Ko: "인증서 체인이 불완전하거나, 이 컴퓨터가 모르는 인증 기관이거나, 이 포트가 TLS를 쓰지 않습니다."},
		catalog.Text{En: "Serve the whole chain (fullchain.pem), and see that browsers trust it.", Ko: "전체 체인(fullchain.pem)을 설정하고 브라우저가 신뢰하는지 확인합니다."},
	),
	timeoutOutage.because(
		catalog.Text{En: "A firewall drops the packets, or the server hangs.", Ko: "방화벽이 패킷을 버리거나 서버가 멈춰 있습니다."},
		catalog.Text{En: "Open the port to the outside, and look at the server's log.", Ko: "포트를 외부에 열고 서버 로그를 확인합니다."},
	),
	refusedOutage.because(
		catalog.Text{En: "Nothing listens there: neither the server nor a proxy in front of it runs.", Ko: "이 주소에서 서버도, 앞단의 프록시도 실행되고 있지 않습니다."},
		catalog.Text{En: "Start the server (kakaowasm serve), and look at the first lines of its log.", Ko: "서버를 실행하고(kakaowasm serve) 로그의 첫 줄을 확인합니다."},
	),
	brokenOutage.because(
		catalog.Text{En: "Something at this port does not speak HTTP, or ends the connection.", Ko: "이 포트의 프로그램이 HTTP를 쓰지 않거나 연결을 끊습니다."},
		catalog.Text{En: "See which program listens there, and whether it expects https.", Ko: "어떤 프로그램이 이 포트를 쓰는지, https를 기대하는지 확인합니다."},
	),
}

func isExpiredCertificate(err error) bool {
	invalid, found := errors.AsType[x509.CertificateInvalidError](err)
	return found && invalid.Reason == x509.Expired
}

// checkServer tells whether the token server answers under the public URL. Its
// reply is what came.
func (l *live) checkServer(ctx context.Context) (Finding, reply) {
	r := l.ask(ctx, http.MethodGet, l.path(contract.PathSession))
	switch {
	case r.err != nil:
		o := outageIn(serverOutages, r.err)
		return wrong(Failure, CheckServer, catalog.Text{En: l.PublicURL + ": " + o.found.En, Ko: l.PublicURL + ": " + o.found.Ko}, o.cause, o.fix), r
	case isSession(r):
		return ok(CheckServer, sayf("%s answers", "%s 응답함", l.PublicURL)), r
	case r.StatusCode == http.StatusMisdirectedRequest:
		return wrong(Failure, CheckServer, sayf("%s: the server does not know this host (421)", "%s: 서버가 이 호스트를 받지 않음(421)", l.PublicURL),
			catalog.Text{En: "The running server has another public URL, or the proxy does not pass the Host header on.", Ko: "실행 중인 서버의 공개 URL이 다르거나, 프록시가 Host 헤더를 그대로 전달하지 않습니다."},
			catalog.Text{En: "Have the proxy pass on Host as it came, and start the server with this public URL.", Ko: "프록시가 Host 헤더를 그대로 전달하게 하고, 서버를 이 공개 URL로 실행합니다."}), r
	case r.StatusCode >= http.StatusMultipleChoices && r.StatusCode < http.StatusBadRequest:
		to := quoted(r.Header.Get("Location"))
		return wrong(Failure, CheckServer, catalog.Text{En: l.PublicURL + " redirects to " + to.En, Ko: l.PublicURL + "이(가) " + to.Ko + "(으)로 리다이렉트됨"},
			catalog.Text{En: "The SDK's requests follow no redirect to another place, and Kakao calls the registered address.", Ko: "SDK의 요청은 다른 주소로의 리다이렉트를 따르지 않고, 카카오는 등록된 주소로만 이동합니다."},
			catalog.Text{En: "Make the address that it redirects to the public URL, and register its callback.", Ko: "리다이렉트된 주소를 공개 URL로 설정하고 그 주소의 callback을 등록합니다."}), r
	case isGateway(r.StatusCode) && r.errorCode() == "":
		return wrong(Failure, CheckServer, sayf("%s: the proxy answers with status %d", "%s: 프록시가 상태 %d로 응답함", l.PublicURL, r.StatusCode),
			catalog.Text{En: "The reverse proxy does not reach the token server.", Ko: "리버스 프록시가 토큰 서버에 연결하지 못합니다."},
			catalog.Text{En: "See that the server runs, and that the proxy leads to its address (--addr).", Ko: "서버가 실행 중인지, 프록시가 서버 주소(--addr)로 연결하는지 확인합니다."}), r
	}
	return l.elsewhere(ctx, r), r
}

// isSession reports whether this is what the token server says of a session.
func isSession(r reply) bool {
	_, told := r.member("authenticated").(bool)
	return r.StatusCode == http.StatusOK && told
}

func isGateway(status int) bool {
	return slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, status)
}

// elsewhere is the finding for a server that answers, but not under the base path.
// It looks where the server may be instead.
func (l *live) elsewhere(ctx context.Context, r reply) Finding {
	origin := originOf(l.at)
	for _, base := range []string{contract.DefaultBase, "", contract.DefaultBase + strings.TrimSuffix(l.at.Path, "/")} {
		if origin+base == strings.TrimSuffix(l.PublicURL, "/") || !isSession(l.ask(ctx, http.MethodGet, origin+base+contract.PathSession)) {
			continue
		}
		return wrong(Failure, CheckServer, sayf("the server is at %s, not at %s", "서버가 %[2]s이(가) 아니라 %[1]s에 있음", origin+base, l.PublicURL),
			sayf("Browsers and Kakao go to %s/callback, where there is nothing.", "브라우저와 카카오는 아무것도 없는 %s/callback으로 이동합니다.", strings.TrimSuffix(l.PublicURL, "/")),
			sayf("Start the server with --public-url %s, or register %s as the redirect URI and use that address everywhere.", "서버를 --public-url %s로 실행하거나, %s을(를) 리다이렉트 URI로 등록하고 모든 곳에 그 주소를 씁니다.", l.PublicURL, origin+base+contract.PathCallback))
	}
	if r.errorCode() == contract.CodeInvalidRequest && r.StatusCode == http.StatusNotFound {
		return wrong(Failure, CheckServer, sayf("a token server answers, but not under %s", "토큰 서버가 응답하지만 %s 경로가 아님", l.PublicURL),
			catalog.Text{En: "Its base path is another one, or the proxy cuts a part of the path off.", Ko: "서버의 기본 경로가 다르거나, 프록시가 경로의 일부를 잘라 냅니다."},
			catalog.Text{En: "Have the proxy pass the path on unchanged, and start the server with this public URL.", Ko: "프록시가 경로를 바꾸지 않고 전달하게 하고, 서버를 이 공개 URL로 실행합니다."})
	}
	return wrong(Failure, CheckServer, sayf("%s: something else answers, with status %d", "%s: 토큰 서버가 아닌 다른 프로그램이 상태 %d로 응답함", l.PublicURL, r.StatusCode),
		catalog.Text{En: "This path of the site does not lead to the token server.", Ko: "사이트의 이 경로가 토큰 서버로 연결되지 않습니다."},
		sayf("Lead %s and everything below it to the server (docs/deploy.md has it for each proxy).", "%s 아래의 모든 경로를 서버로 연결합니다(docs/deploy.ko.md에 프록시별 설정이 있습니다).", l.at.Path))
}

// checkTLS judges the certificate of a connection that was trusted.
func (l *live) checkTLS(r reply) Finding {
	if r.TLS == nil {
		return ok(CheckTLS, catalog.Text{En: "plain http on this machine", Ko: "이 컴퓨터 안에서 http 사용"})
	}
	end := r.TLS.PeerCertificates[0].NotAfter
	day := end.UTC().Format(time.DateOnly)
	if left := end.Sub(l.Now()); left < certificateWarning {
		return wrong(Warning, CheckTLS, sayf("the certificate ends on %s", "인증서가 %s에 만료됨", day),
			catalog.Text{En: "Certificates are renewed earlier than that: the renewal fails.", Ko: "보통은 이보다 먼저 갱신됩니다. 자동 갱신이 실패하고 있습니다."},
			catalog.Text{En: "Renew the certificate, and see why that did not happen by itself.", Ko: "인증서를 갱신하고, 자동 갱신이 왜 실패했는지 확인합니다."})
	}
	return ok(CheckTLS, sayf("trusted, until %s", "신뢰할 수 있음, %s까지 유효", day))
}
