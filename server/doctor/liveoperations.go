package doctor

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// clientsMetric is what the server counts of how it knows its clients' addresses.
const clientsMetric = "kakaowasm_client_addresses_total"

// checkOperations asks the server itself, past the proxies in front of it: whether
// it is ready, how it has understood a request that came by the public URL, and
// what its clock says.
func (l *live) checkOperations(ctx context.Context) []Finding {
	ready := l.askOperations(ctx, "/readyz")
	if ready.err != nil || ready.member("status") == nil {
		why := sayf("%s does not answer; run the doctor beside the server, or name its --operations-addr", "%s 응답 없음. 서버가 있는 곳에서 실행하거나 --operations-addr를 지정", l.Operations)
		return []Finding{skipped(CheckReadiness, why), skipped(CheckProxy, why), l.checkServerClock()}
	}
	return []Finding{judgeReadiness(ready), l.checkProxy(ctx), l.checkServerClock()}
}

// askOperations asks the operations address of the server.
func (l *live) askOperations(ctx context.Context, path string) reply {
	return l.ask(ctx, http.MethodGet, l.Operations+path)
}

// judgeReadiness reads what the server says of its own state.
func judgeReadiness(r reply) Finding {
	if r.StatusCode == http.StatusOK {
		return ok(CheckReadiness, catalog.Text{En: "ready: the store is read and written", Ko: "준비됨: 저장소를 읽고 쓸 수 있음"})
	}
	return wrong(Failure, CheckReadiness, sayf("the server is not ready (%d)", "서버가 준비되지 않음(%d)", r.StatusCode),
		catalog.Text{En: "Its store cannot be read or written (Redis or PostgreSQL is away, the disk is full, the file is damaged), or it is about to stop.", Ko: "저장소를 읽거나 쓸 수 없거나(Redis나 PostgreSQL 중단, 디스크 가득 참, 파일 손상) 서버가 종료되는 중입니다."},
		catalog.Text{En: "Its log says which: look for lines with \"store\".", Ko: "서버 로그에서 \"store\"가 있는 줄을 찾아 원인을 확인합니다."})
}

// checkProxy sends a request by the public URL and looks at how the server has
// known its client. Other requests of the same moment count too, so that this is
// a warning at most.
func (l *live) checkProxy(ctx context.Context) Finding {
	before := l.clients(ctx)
	r := l.ask(ctx, http.MethodGet, l.path(contract.PathSession))
	after := l.clients(ctx)
	if r.err != nil || before == nil || after == nil {
		return skipped(CheckProxy, catalog.Text{En: "the server's metrics do not say", Ko: "서버 메트릭에서 확인할 수 없음"})
	}
	grew := func(source string) bool { return after[source] > before[source] }
	switch {
	case grew("untrusted"):
		return wrong(Warning, CheckProxy, catalog.Text{En: "a proxy names the client, and the server does not trust it", Ko: "프록시가 클라이언트 주소를 전달하지만 서버가 신뢰하지 않음"},
			catalog.Text{En: "All clients behind it count as one for the rate limit.", Ko: "프록시 뒤의 모든 클라이언트가 요청 제한에서 하나로 집계됩니다."},
			catalog.Text{En: "Name its network with --trusted-proxy.", Ko: "--trusted-proxy로 프록시의 네트워크를 지정합니다."})
	case grew("missing"):
		return wrong(Warning, CheckProxy, catalog.Text{En: "the trusted proxy does not name the client", Ko: "신뢰하는 프록시가 클라이언트 주소를 전달하지 않음"},
			catalog.Text{En: "All clients behind it count as one for the rate limit.", Ko: "프록시 뒤의 모든 클라이언트가 요청 제한에서 하나로 집계됩니다."},
			catalog.Text{En: "Have it set X-Forwarded-For, or the header of --forwarded-header.", Ko: "프록시가 X-Forwarded-For나 --forwarded-header에 지정한 헤더를 보내게 합니다."})
	case grew("proxy"):
		return ok(CheckProxy, catalog.Text{En: "a trusted proxy names the client", Ko: "신뢰하는 프록시가 클라이언트 주소를 전달함"})
	case grew("connection") && l.at.Scheme == "https":
		return wrong(Warning, CheckProxy, catalog.Text{En: "what speaks https in front of the server does not name the client", Ko: "서버 앞에서 https를 처리하는 프록시가 클라이언트 주소를 전달하지 않음"},
			catalog.Text{En: "All clients behind it count as one for the rate limit.", Ko: "프록시 뒤의 모든 클라이언트가 요청 제한에서 하나로 집계됩니다."},
			catalog.Text{En: "Have it set X-Forwarded-For, and name its network with --trusted-proxy.", Ko: "프록시가 X-Forwarded-For를 보내게 하고 --trusted-proxy로 네트워크를 지정합니다."})
	case grew("connection"):
		return ok(CheckProxy, catalog.Text{En: "none in front of the server", Ko: "서버 앞에 프록시 없음"})
	}
	return wrong(Warning, CheckProxy, sayf("%s is another server than the public URL's", "%s이(가) 공개 URL의 서버와 다름", l.Operations),
		catalog.Text{En: "A request by the public URL did not reach it: there are several instances, or the proxy leads elsewhere.", Ko: "공개 URL로 보낸 요청이 이 서버에 도착하지 않았습니다. 인스턴스가 여럿이거나 프록시가 다른 곳으로 연결합니다."},
		catalog.Text{En: "With several instances, ask each by its --operations-addr; else look at where the proxy leads.", Ko: "인스턴스가 여럿이면 각각 --operations-addr로 확인하고, 아니면 프록시가 어디로 연결하는지 확인합니다."})
}

// clients are the server's counts of how it knew its clients, by source; nil where
// it does not say.
func (l *live) clients(ctx context.Context) map[string]float64 {
	r := l.askOperations(ctx, "/metrics")
	if r.err != nil || r.StatusCode != http.StatusOK {
		return nil
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(r.body))
	if err != nil {
		return nil
	}
	counts := map[string]float64{}
	for _, metric := range families[clientsMetric].GetMetric() {
		for _, label := range metric.GetLabel() {
			counts[label.GetValue()] = metric.GetCounter().GetValue()
		}
	}
	return counts
}

// checkServerClock compares the server's clock with Kakao's, which this machine's
// clock was compared with.
func (l *live) checkServerClock() Finding {
	toKakao, knownKakao := l.examination.clock.offset()
	toServer, knownServer := l.clock.offset()
	if !knownServer {
		return skipped(CheckServerClock, catalog.Text{En: "no answer told the time", Ko: "응답에 시각이 없음"})
	}
	if !knownKakao {
		toKakao = 0 // This machine's clock has to do.
	}
	skew := toKakao - toServer // of the server: positive if it is ahead
	off := skew.Abs().Round(time.Second)
	if off < skewWarning {
		return ok(CheckServerClock, catalog.Text{En: "right to within half a minute", Ko: "오차 30초 미만"})
	}
	found, limit := sayf("the server is %s behind", "서버의 시계가 %s 늦음", off), behindFailure
	if skew > 0 {
		found, limit = sayf("the server is %s ahead", "서버의 시계가 %s 빠름", off), aheadFailure
	}
	verdict := Warning
	if off >= limit {
		verdict = Failure
	}
	return wrong(verdict, CheckServerClock, found,
		catalog.Text{En: "ID tokens are refused as expired or not yet valid, and tokens are renewed at the wrong time.", Ko: "ID 토큰이 만료되었거나 아직 유효하지 않다고 거부되고, 토큰 갱신 시점이 어긋납니다."},
		catalog.Text{En: "Set the clock of the server's machine by NTP, such as with timedatectl set-ntp true.", Ko: "서버가 실행되는 컴퓨터의 시계를 NTP로 맞춥니다. 예: timedatectl set-ntp true"})
}
