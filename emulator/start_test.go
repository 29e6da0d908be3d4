package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// report is a test that only remembers how it failed.
type report struct {
	*testing.T
	failed []string
}

func (r *report) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func (r *report) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

// wantFailure checks that the test failed once, for that reason.
func (r *report) wantFailure(reason string) {
	r.Helper()
	if len(r.failed) != 1 || !strings.Contains(r.failed[0], reason) {
		r.T.Errorf("failed with %q, want %q", r.failed, reason)
	}
	r.failed = nil
}

// follow requests the authorization endpoint and returns where it leads.
func follow(t *testing.T, origin string, pairs ...string) url.Values {
	t.Helper()
	query := url.Values{"client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {callback}, "response_type": {"code"}}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+kakao.PathAuthorize+"?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	target, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return target.Query()
}

func TestAPlatformOfATest(t *testing.T) {
	r := &report{T: t}
	p := emulator.Start(r, func(c *emulator.Config) { c.Apps[0].Name = "시험" })
	p.AllowRedirect(callback)
	p.LogInAs(4210000001)
	if code := follow(t, p.URL).Get("code"); code == "" {
		t.Error("no login without a page")
	}
	calls := p.AssertCalled(kakao.PathAuthorize, 1)
	if len(calls) != 1 || calls[0].Query.Get("client_id") != emulator.DemoRESTAPIKey || calls[0].String() != "GET /oauth/authorize -> 302" {
		t.Errorf("got %v", calls)
	}
	if len(r.failed) != 0 {
		t.Errorf("failed with %q", r.failed)
	}
	p.AssertCalled(kakao.PathAuthorize, 2)
	r.wantFailure("/oauth/authorize was called 1 times, want 2: [GET /oauth/authorize -> 302]")
	p.AllowRedirect("http://shop.example/")
	r.wantFailure("must use https")
	p.LogInAs(1)
	r.wantFailure("there is no such user: 1")
	if bad := emulator.Start(r, func(c *emulator.Config) { c.Apps[0].Name = "" }); bad != nil {
		t.Error("a platform of a wrong configuration")
	}
	r.wantFailure("apps[0].name: is required")
}

func TestAutomaticLogins(t *testing.T) {
	p := start(t)
	if err := p.AutoLogin(4210000001); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		pairs []string
		want  string // service user ID, or the error
	}{
		{"as set", nil, haneul},
		{"whom login_hint names", []string{"login_hint", "dohyun@example.com"}, dohyun},
		{"login_hint names nobody", []string{"login_hint", "nobody@example.com"}, haneul},
		{"with another prompt", []string{"prompt", "create"}, haneul},
		{"prompt=none stays what it is", []string{"prompt", "none"}, "login_required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			done := b.authorize(tt.pairs...)
			if !done.redirect.Has("code") {
				wantKind(t, done, tt.want)
				return
			}
			if cookies := done.header.Values("Set-Cookie"); len(cookies) != 1 {
				t.Errorf("%d sessions for one login", len(cookies))
			}
			me := p.call(http.MethodGet, pathMe, p.exchange(done.redirect.Get("code")).bearer(), nil)
			if !strings.Contains(me.raw, `"id":`+tt.want) || !strings.Contains(me.raw, "birthday_type") {
				t.Errorf("got %s", me.raw)
			}
			wantKind(t, b.authorize("prompt", "none"), "code")
		})
	}
	if err := p.AutoLogin(0); err != nil {
		t.Fatal(err)
	}
	wantKind(t, p.browser().authorize(), "login")
}

func TestCallsAreRemembered(t *testing.T) {
	p := start(t)
	p.token("grant_type", "refresh_token", "refresh_token", "made-up")
	p.call(http.MethodGet, pathMe+"?a=b", "Bearer made-up", nil)
	calls := p.Calls("")
	if len(calls) != 2 {
		t.Fatalf("got %v", calls)
	}
	if diff := cmp.Diff([]int{1, 2}, []int{calls[0].Number, calls[1].Number}); diff != "" {
		t.Error(diff)
	}
	token, me := calls[0], calls[1]
	if token.Form.Get("refresh_token") != "made-up" || token.Status != http.StatusBadRequest || !strings.Contains(string(token.Answer), "KOE322") ||
		!token.At.Equal(p.clock.Now()) || token.AnswerHeader.Get("Content-Type") == "" {
		t.Errorf("got %+v", token)
	}
	if me.Query.Get("a") != "b" || me.Header.Get("Authorization") != "Bearer made-up" || me.Method != http.MethodGet || me.Host == "" {
		t.Errorf("got %+v", me)
	}
	if only := p.Calls(pathMe); len(only) != 1 || only[0].Number != 2 {
		t.Errorf("got %v", only)
	}
	p.Reset()
	if left := p.Calls(""); len(left) != 0 {
		t.Errorf("after a reset: %v", left)
	}
}

func TestTheLastThousandCallsAreRemembered(t *testing.T) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
	if err != nil {
		t.Fatal(err)
	}
	for range 1150 {
		serve(t, e, http.MethodGet, "/v1/nothing", "", "")
	}
	calls := e.Calls("")
	if len(calls) > 1000 || len(calls) < 900 || calls[len(calls)-1].Number != 1150 {
		t.Errorf("%d calls, the last is number %d", len(calls), calls[len(calls)-1].Number)
	}
	if !slices.IsSortedFunc(calls, func(a, b emulator.Call) int { return a.Number - b.Number }) {
		t.Error("the calls are not in their order")
	}
}
