package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// newTransport is Go's own transport, except that a proxy's refusal to connect
// has an error of its own.
func newTransport() http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
		if res.StatusCode == http.StatusOK {
			return nil
		}
		return proxyRefusalError(res.StatusCode)
	}
	return transport
}

// proxyRefusalError is the status with which a proxy refused to connect.
type proxyRefusalError int

// Error says what happened.
func (e proxyRefusalError) Error() string {
	return fmt.Sprintf("the proxy answered with status %d", int(e))
}

// outage is a way of not being reached.
type outage struct {
	is                func(error) bool
	found, cause, fix catalog.Text
}

// The ways of not reaching a server, whosever it is. Cause and cure of all but the
// first depend on whose.
var (
	interruptedOutage = outage{
		is:    func(err error) bool { return errors.Is(err, context.Canceled) },
		found: catalog.Text{En: "the examination was ended", Ko: "검사가 중단됨"},
		cause: catalog.Text{En: "It was interrupted.", Ko: "검사 도중 중단되었습니다."},
		fix:   catalog.Text{En: "Run it again.", Ko: "다시 실행합니다."},
	}
	proxyOutage   = outage{is: isProxy, found: catalog.Text{En: "the proxy does not connect (proxy)", Ko: "프록시가 연결하지 않음(프록시)"}}
	dnsOutage     = outage{is: isDNS, found: catalog.Text{En: "the name is not resolved (DNS)", Ko: "도메인 이름을 찾을 수 없음(DNS)"}}
	tlsOutage     = outage{is: isTLS, found: catalog.Text{En: "no trusted connection (TLS)", Ko: "신뢰할 수 있는 연결을 맺지 못함(TLS)"}}
	timeoutOutage = outage{is: isTimeout, found: catalog.Text{En: "no answer in time (time-out)", Ko: "제한 시간 안에 응답이 없음(시간 초과)"}}
	refusedOutage = outage{is: func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }, found: catalog.Text{En: "the connection is refused (TCP)", Ko: "연결이 거부됨(TCP)"}}
	brokenOutage  = outage{is: func(error) bool { return true }, found: catalog.Text{En: "the connection breaks off (TCP)", Ko: "연결이 끊어짐(TCP)"}}
)

// because returns an outage with its cause and its cure.
func (o outage) because(cause, fix catalog.Text) outage {
	o.cause, o.fix = cause, fix
	return o
}

// outages are tried in order; the last takes every error.
var outages = []outage{
	interruptedOutage,
	proxyOutage.because(
		catalog.Text{En: "A proxy is configured, and it is away or refuses.", Ko: "설정된 프록시에 접속할 수 없거나 프록시가 연결을 거부합니다."},
		catalog.Text{En: "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and what the proxy lets through.", Ko: "HTTPS_PROXY, HTTP_PROXY, NO_PROXY 환경 변수와 프록시의 허용 목록을 확인합니다."},
	),
	dnsOutage.because(
		catalog.Text{En: "The name server does not answer, or does not know the name.", Ko: "네임서버가 응답하지 않거나 이 이름을 알지 못합니다."},
		catalog.Text{En: "Check the name and the DNS settings of this machine or container.", Ko: "주소의 철자와 이 서버(컨테이너)의 DNS 설정을 확인합니다."},
	),
	tlsOutage.because(
		catalog.Text{En: "The certificate is not accepted: the root certificates are missing or old, a firewall puts in its own, or the clock of this machine is wrong.", Ko: "인증서를 신뢰할 수 없습니다. 루트 인증서가 없거나 오래되었거나, 방화벽이 자체 인증서로 바꿔치기하거나, 이 서버의 시계가 틀린 경우입니다."},
		catalog.Text{En: "Install ca-certificates, set the clock, or have the firewall leave Kakao's hosts alone.", Ko: "ca-certificates를 설치하고 시계를 맞춥니다. 방화벽이 원인이면 카카오 도메인을 예외로 둡니다."},
	),
	timeoutOutage.because(
		catalog.Text{En: "A firewall drops the packets, or the network or Kakao is slow.", Ko: "방화벽이 패킷을 버리거나, 네트워크나 카카오 서버가 느립니다."},
		catalog.Text{En: "Allow outgoing connections to port 443 of Kakao's hosts, then try again.", Ko: "카카오 도메인의 443 포트로 나가는 연결을 허용한 뒤 다시 시도합니다."},
	),
	refusedOutage.because(
		catalog.Text{En: "Nothing listens at this address, or a firewall refuses.", Ko: "이 주소에서 아무 프로그램도 응답하지 않거나 방화벽이 거부합니다."},
		catalog.Text{En: "Check the address; if it is the emulator's, start the emulator.", Ko: "주소를 확인합니다. 에뮬레이터 주소라면 에뮬레이터를 먼저 실행합니다."},
	),
	brokenOutage.because(
		catalog.Text{En: "The network or something on the way ends the connection.", Ko: "네트워크나 중간 장비가 연결을 끊습니다."},
		catalog.Text{En: "Try again; if it stays, look at firewall and proxy.", Ko: "다시 시도합니다. 계속되면 방화벽과 프록시를 확인합니다."},
	),
}

// outageOf tells which outage an error of a request to Kakao is.
func outageOf(err error) outage { return outageIn(outages, err) }

// outageIn tells which of some outages an error is; the last takes every error.
func outageIn(known []outage, err error) outage {
	for _, o := range known {
		if o.is(err) {
			return o
		}
	}
	panic("unreachable: the last outage takes every error")
}

func is[T error](err error) bool {
	_, found := errors.AsType[T](err)
	return found
}

func isDNS(err error) bool { return is[*net.DNSError](err) }

func isProxy(err error) bool {
	op, found := errors.AsType[*net.OpError](err)
	return is[proxyRefusalError](err) || found && op.Op == "proxyconnect"
}

func isTLS(err error) bool {
	return errors.Is(err, http.ErrSchemeMismatch) || is[*tls.CertificateVerificationError](err) || is[tls.RecordHeaderError](err) || is[tls.AlertError](err) ||
		is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) || is[x509.CertificateInvalidError](err)
}

func isTimeout(err error) bool {
	n, found := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || found && n.Timeout()
}
