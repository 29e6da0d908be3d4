package doctor

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// maxLive bounds what is read of an answer of the running server, in bytes: its
// largest are the SDK's script and the metrics.
const maxLive = 16 << 20

// live is the examination of the server that runs, as browsers reach it: by the
// public URL, with whatever proxies stand in front of it. Nobody is logged in, and
// no request carries the cookie of anybody's session.
type live struct {
	*examination
	at    *url.URL // the public URL
	clock *timekeeper
	http  *http.Client // follows no redirect
}

// reply is an answer of the running server, read to its end.
type reply struct {
	*http.Response
	body []byte
	err  error // why there is none
}

// afterServer are the checks of a server that answers, beside that of its
// certificate.
var afterServer = []struct {
	names []Check
	run   func(*live, context.Context) []Finding
}{
	{[]Check{CheckCORS}, (*live).checkCORS},
	{[]Check{CheckCookie}, one((*live).checkCookie)},
	{[]Check{CheckCallback}, one((*live).checkCallback)},
	{[]Check{CheckSDK}, one((*live).checkSDK)},
	{[]Check{CheckReadiness, CheckProxy, CheckServerClock}, (*live).checkOperations},
}

// checkLive examines the running server, if that was asked for.
func (e *examination) checkLive(ctx context.Context) []Finding {
	if !e.Live {
		return nil
	}
	at, _ := e.checkPublicURL() // The check of the set-up says what is wrong with it.
	if at == nil {
		return []Finding{skipped(CheckServer, catalog.Text{En: "the server address is wrong", Ko: "서버 주소가 잘못됨"})}
	}
	l := e.newLive(at)
	defer l.http.CloseIdleConnections()
	f, answered := l.checkServer(ctx)
	findings := []Finding{f}
	if answered.err != nil || f.Verdict != OK {
		return append(findings, l.skipRest()...)
	}
	findings = append(findings, l.checkTLS(answered))
	found := make([][]Finding, len(afterServer))
	atOnce(len(afterServer), func(i int) { found[i] = afterServer[i].run(l, ctx) })
	for i := range found {
		findings = append(findings, found[i]...)
	}
	return findings
}

// skipRest says of everything else that there is no server to look at.
func (l *live) skipRest() []Finding {
	why := catalog.Text{En: "the server was not reached", Ko: "서버에 접속하지 못함"}
	findings := []Finding{skipped(CheckTLS, why)}
	for _, check := range afterServer {
		for _, name := range check.names {
			findings = append(findings, skipped(name, why))
		}
	}
	return findings
}

func (e *examination) newLive(at *url.URL) *live {
	clock := &timekeeper{RoundTripper: e.Transport, now: e.Now}
	return &live{examination: e, at: at, clock: clock, http: &http.Client{
		Transport: clock, Timeout: e.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// path is the address of a path of the server's contract.
func (l *live) path(path string) string { return strings.TrimSuffix(l.PublicURL, "/") + path }

// ask sends a request and reads the answer. Headers come in pairs.
func (l *live) ask(ctx context.Context, method, address string, headers ...string) reply {
	return ask(ctx, l.http, method, address, headers...)
}

func ask(ctx context.Context, client *http.Client, method, address string, headers ...string) reply {
	req, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return reply{err: err}
	}
	req.Header.Set("User-Agent", "kakaowasm-doctor/"+kakao.Version)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxLive))
	return reply{res, body, err}
}

// askAsPage posts as a page of an origin does, without a cookie of its own.
func (l *live) askAsPage(ctx context.Context, path, origin string, headers ...string) reply {
	return l.ask(ctx, http.MethodPost, l.path(path), append([]string{"Origin", origin, contract.PageHeader, contract.PageHeaderValue}, headers...)...)
}

// member is a member of a JSON answer.
func (r reply) member(name string) any {
	var members map[string]any
	if r.err != nil || json.Unmarshal(r.body, &members) != nil {
		return nil
	}
	return members[name]
}

// errorCode is the error that a token server answers; "" is none.
func (r reply) errorCode() string {
	code, _ := r.member("error").(string)
	return code
}

// unexpected is the finding for an answer that the server would not give.
func (l *live) unexpected(c Check, what catalog.Text, r reply) Finding {
	if r.err != nil {
		o := outageIn(serverOutages, r.err)
		return wrong(Warning, c, catalog.Text{En: what.En + ": " + o.found.En, Ko: what.Ko + ": " + o.found.Ko}, o.cause, o.fix)
	}
	return wrong(Warning, c, sayf(what.En+": status %d", what.Ko+": 상태 %d", r.StatusCode),
		catalog.Text{En: "This is no answer of the token server, or the server is limiting requests.", Ko: "토큰 서버의 응답이 아니거나, 서버가 요청 수를 제한하고 있습니다."},
		catalog.Text{En: "Look at the log of the reverse proxy in front of the server, then at the server's.", Ko: "서버 앞의 리버스 프록시 로그를 먼저 확인하고, 이어서 서버 로그를 확인합니다."})
}
