package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// shownCall is what these tests read of a call in the console.
type shownCall struct {
	Number       int               `json:"number"`
	Path         string            `json:"path"`
	Status       int               `json:"status"`
	Login        int               `json:"login"`
	Milliseconds float64           `json:"milliseconds"`
	Header       map[string]string `json:"header"`
	AnswerHeader map[string]string `json:"answer_header"`
}

func (p *platform) shownCalls(path string) (calls []shownCall, raw string) {
	p.t.Helper()
	got := p.call(http.MethodGet, "/console/api/"+path, "", nil)
	if err := json.Unmarshal([]byte(got.raw), &calls); err != nil {
		p.t.Fatal(err)
	}
	return calls, got.raw
}

func TestCallsOfOneLoginBelongTogether(t *testing.T) {
	p := start(t)
	logIn := func(state, user string) answer {
		b := p.browser()
		done := b.logIn(b.authorize("state", state), user)
		got := p.exchange(done.redirect.Get("code"))
		p.call(http.MethodGet, pathMe, got.bearer(), nil)
		return got
	}
	first := logIn("one", haneul)
	second := logIn("two", dohyun)
	p.refresh(first.text("refresh_token"))
	p.call(http.MethodGet, pathMe, second.bearer(), nil)
	p.call(http.MethodGet, kakao.PathJWKS, "", nil)

	calls, _ := p.shownCalls("calls")
	want := map[string]string{}
	for _, c := range calls {
		want[c.Path] += string(rune('0' + c.Login))
	}
	for path, logins := range map[string]string{
		kakao.PathAuthorize: "1122", "/oauth/login": "12", "/oauth/consent": "12", kakao.PathToken: "121", pathMe: "122", kakao.PathJWKS: "0",
	} {
		if want[path] != logins {
			t.Errorf("%s is of the logins %s, want %s", path, want[path], logins)
		}
	}
}

func TestCallsShowHeadersAndDurationWithoutSecrets(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	p.call(http.MethodGet, pathMe, got.bearer(), nil, "X-Test", "seen", "Referer", callback+"?code=hush")
	calls, raw := p.shownCalls("calls?path=" + pathMe)
	c := calls[0]
	if c.Header["X-Test"] != "seen" || c.Header["Authorization"] != "(hidden)" || c.AnswerHeader["Content-Type"] == "" || c.Milliseconds < 0 {
		t.Errorf("got %+v", c)
	}
	_, all := p.shownCalls("calls")
	for _, secret := range []string{got.text("access_token"), got.text("refresh_token"), emulator.DemoClientSecret, "hush"} {
		if strings.Contains(raw+all, secret) {
			t.Errorf("%s is shown", secret)
		}
	}
	if strings.Contains(all, "kakao_emulator_session=") {
		t.Error("a cookie is shown")
	}
	if one := p.call(http.MethodGet, "/console/api/calls/9999", "", nil); one.status != http.StatusNotFound {
		t.Errorf("a call that is not there: %d", one.status)
	}
}

func TestACallIsReplayedWithWhatIsHidden(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	p.call(http.MethodGet, pathMe, got.bearer(), nil)
	calls, _ := p.shownCalls("calls?path=" + pathMe)
	path := "/console/api/calls/" + strconv.Itoa(calls[0].Number) + "/replay"
	if again := p.call(http.MethodPost, path, "", nil); again.status != http.StatusOK || again.body["status"] != 200.0 {
		t.Errorf("got %d %s", again.status, again.raw)
	}
	p.ExpireAccessTokens()
	if again := p.call(http.MethodPost, path, "", nil); again.body["status"] != 401.0 {
		t.Errorf("after the token has expired: %s", again.raw)
	}
	exchanged, _ := p.shownCalls("calls?path=" + kakao.PathToken)
	if again := p.call(http.MethodPost, "/console/api/calls/"+strconv.Itoa(exchanged[0].Number)+"/replay", "", nil); again.body["status"] != 400.0 {
		t.Errorf("a code twice: %s", again.raw)
	}
	if gone := p.call(http.MethodPost, "/console/api/calls/9999/replay", "", nil); gone.status != http.StatusNotFound {
		t.Errorf("a call that is not there: %d", gone.status)
	}
}

// openStream opens the stream of events of a world, which ends with the test.
func openStream(t *testing.T, origin, query string, header ...string) *bufio.Scanner {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/console/api/stream"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("Content-Type %q", kind)
	}
	return bufio.NewScanner(answer.Body)
}

// nextData is the data of the next event.
func nextData(t *testing.T, s *bufio.Scanner) string {
	t.Helper()
	for s.Scan() {
		if data, ok := strings.CutPrefix(s.Text(), "data: "); ok {
			return data
		}
	}
	t.Fatalf("the stream has ended: %v", s.Err())
	return ""
}

// next is the call of the next event.
func next(t *testing.T, s *bufio.Scanner) (c shownCall) {
	t.Helper()
	if err := json.Unmarshal([]byte(nextData(t, s)), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCallsComeAsAStream(t *testing.T) {
	p := start(t)
	p.call(http.MethodGet, kakao.PathJWKS, "", nil)
	all := openStream(t, p.url, "?after=0")
	if c := next(t, all); c.Path != kakao.PathJWKS || c.Number != 1 {
		t.Errorf("got %+v", c)
	}
	p.call(http.MethodGet, pathMe, "", nil)
	if c := next(t, all); c.Path != pathMe || c.Status != http.StatusUnauthorized {
		t.Errorf("got %+v", c)
	}
	resumed := openStream(t, p.url, "", "Last-Event-ID", "1")
	if c := next(t, resumed); c.Number != 2 {
		t.Errorf("after the first: %+v", c)
	}
	p.EndStreams()
	for all.Scan() {
		if all.Text() != "" {
			t.Errorf("goes on after the end: %q", all.Text())
		}
	}
}

func TestAWebhookIsSentAgainAsItWas(t *testing.T) {
	bodies := make(chan string, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- r.Header.Get("Authorization") + " " + string(body)
		_, _ = io.WriteString(w, "thank you")
	}))
	defer receiver.Close()
	p := start(t, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = receiver.URL })
	p.tokens(haneul)
	if err := p.Disconnect(100001, haneulID, emulator.UnlinkFromApps); err != nil {
		t.Fatal(err)
	}
	first := <-bodies
	sent, err := p.Deliveries(t.Context())
	if err != nil || len(sent) != 1 || sent[0].Answer != "thank you" {
		t.Fatalf("%+v, %v", sent, err)
	}
	form, err := url.ParseQuery(sent[0].Body)
	if err != nil || form.Get("referrer_type") != "UNLINK_FROM_APPS" {
		t.Errorf("the body is %q", sent[0].Body)
	}
	if again := p.call(http.MethodPost, "/console/api/webhooks/1/resend", "", nil); again.status != http.StatusNoContent {
		t.Fatalf("%d %s", again.status, again.raw)
	}
	if second := <-bodies; second != first {
		t.Errorf("sent %q, then %q", first, second)
	}
	if sent, err := p.Deliveries(t.Context()); err != nil || len(sent) != 2 || !sent[1].Accepted {
		t.Errorf("%+v, %v", sent, err)
	}
	if gone := p.call(http.MethodPost, "/console/api/webhooks/9/resend", "", nil); gone.status != http.StatusNotFound {
		t.Errorf("a webhook that is not there: %d", gone.status)
	}
	if shown := p.call(http.MethodGet, "/console/api/webhooks", "", nil); strings.Contains(shown.raw, emulator.DemoAdminKey) {
		t.Error("the admin key is shown")
	}
}
