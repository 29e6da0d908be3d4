package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// console calls the console's API; pairs are headers.
func (p *platform) console(method, path, body string, headers ...string) answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+"/console/api/"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.fetch(r)
}

// fetch sends a request whose answer need not be JSON.
func (p *platform) fetch(r *http.Request) answer {
	p.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	got := answer{status: response.StatusCode, header: response.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &got.body) // lists are read from raw
	return got
}

// want calls the console's API and fails the test unless it answers with status.
func (p *platform) want(status int, method, path, body string) answer {
	p.t.Helper()
	got := p.console(method, path, body)
	if got.status != status {
		p.t.Fatalf("%s %s: %d %s, want %d", method, path, got.status, got.raw, status)
	}
	return got
}

// read decodes the answer of the console's API.
func read[T any](t *testing.T, got answer) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(got.raw), &value); err != nil {
		t.Fatalf("%v in %s", err, got.raw)
	}
	return value
}

// app is the app with a number as the console tells it.
func (p *platform) app(id string) emulator.App {
	p.t.Helper()
	return read[emulator.App](p.t, p.want(http.StatusOK, http.MethodGet, "apps/"+id, ""))
}

const demoApp = "100001"

func TestConsoleRefuses(t *testing.T) {
	p := start(t)
	p.tokens(haneul)
	tests := []struct {
		name               string
		method, path, body string
		status             int
		says               string
	}{
		{"an unknown app", "GET", "apps/7", "", 404, "no such app"},
		{"a number that is none", "GET", "apps/seven", "", 404, "no such app"},
		{"replacing an unknown app", "PUT", "apps/7", `{}`, 404, "no such app"},
		{"changing an unknown app", "PATCH", "apps/7", `{}`, 404, "no such app"},
		{"removing an unknown app", "DELETE", "apps/7", "", 404, "no such app"},
		{"an unknown user", "GET", "users/7", "", 404, "no such user"},
		{"replacing an unknown user", "PUT", "users/7", `{}`, 404, "no such user"},
		{"changing an unknown user", "PATCH", "users/7", `{}`, 404, "no such user"},
		{"removing an unknown user", "DELETE", "users/7", "", 404, "no such user"},
		{"disconnecting who is not linked", "POST", "links/100001/" + dohyun + "/unlink", "", 404, "no such link"},
		{"disconnecting in an unknown way", "POST", "links/100001/" + haneul + "/unlink", `{"referrer_type":"BORED"}`, 422, "BORED"},
		{"an event about who is not linked", "POST", "links/100001/" + dohyun + "/events", `{"type":"x"}`, 404, "no such link"},
		{"an event for an app without webhook", "POST", "links/100001/" + haneul + "/events", `{"type":"x"}`, 422, "no account webhook"},
		{"an unknown fault", "DELETE", "faults/7", "", 404, "no such fault"},
		{"automatic login of nobody known", "PUT", "auto-login", `{"user":7}`, 422, `"place":"user"`},
		{"a time that is none", "POST", "clock", `{"set":"tomorrow"}`, 422, "tomorrow"},
		{"a span that is none", "POST", "clock", `{"advance":"soon"}`, 422, "soon"},
		{"an app that is no JSON", "POST", "apps", `name`, 400, "expected JSON"},
		{"a member that is not known", "POST", "apps", `{"name":"a","colour":"red"}`, 422, "colour"},
		{"a change of a member that is not known", "PATCH", "apps/100001", `{"colour":"red"}`, 422, "colour"},
		{"a change that is no object", "PATCH", "apps/100001", `[]`, 400, "expected JSON"},
		{"two values", "POST", "users", `{"nickname":"a"} {}`, 400, "after top-level value"},
		{"an address that is none", "GET", "weather", "", 404, "no such address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := p.Config()
			got := p.console(test.method, test.path, test.body)
			if got.status != test.status || !strings.Contains(got.raw, test.says) {
				t.Errorf("got %d %s, want %d and %q", got.status, got.raw, test.status, test.says)
			}
			if diff := cmp.Diff(before, p.Config()); diff != "" {
				t.Errorf("something was changed:\n%s", diff)
			}
		})
	}
}

// refusal is an error of the console.
type refusal struct {
	Error    string
	Mistakes []struct{ Place, Problem string }
}

func TestConsoleNamesEveryMistake(t *testing.T) {
	p := start(t)
	change := `{"name":null,"redirect_uris":["` + callback + `","ftp://x","http://example.com/"],"site_domains":["example.com/"],"unlink_webhook":{"url":"x"},
		"scopes":[{"id":"openid"},{"id":"gender","required":true,"in_use":true}]}`
	places := []string{
		"name", "redirect_uris[1]", "redirect_uris[2]", "site_domains[0]", "unlink_webhook.url", "scopes[0].id", "scopes[1]",
	}
	for lang, problem := range map[string]string{"": "is required", "ko": "필수 항목입니다", "en": "is required", "ja": "is required"} {
		got := read[refusal](t, p.want(http.StatusUnprocessableEntity, http.MethodPatch, "apps/"+demoApp+"?lang="+lang, change))
		var named []string
		for _, mistake := range got.Mistakes {
			named = append(named, mistake.Place)
			if mistake.Problem == "" || strings.Contains(mistake.Problem, "%!") {
				t.Errorf("lang %q: %s: problem %q", lang, mistake.Place, mistake.Problem)
			}
		}
		if diff := cmp.Diff(places, named); diff != "" {
			t.Errorf("lang %q: places (-want +got):\n%s", lang, diff)
		}
		if got.Mistakes[0].Problem != problem || !strings.Contains(got.Error, "nothing was changed") {
			t.Errorf("lang %q: %q, %q", lang, got.Error, got.Mistakes[0].Problem)
		}
	}
}

func TestConsoleIsClosedToOtherSites(t *testing.T) {
	p := start(t)
	t.Run("a page of another site changes nothing", func(t *testing.T) {
		for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
			got := p.console(http.MethodPost, "reset", "", headers...)
			if got.status != http.StatusForbidden {
				t.Errorf("%v: %d, want 403", headers, got.status)
			}
		}
	})
	t.Run("no page of another site reads an answer", func(t *testing.T) {
		got := p.console(http.MethodGet, "overview", "", "Origin", "https://evil.example")
		if allowed := got.header.Get("Access-Control-Allow-Origin"); allowed != "" {
			t.Errorf("Access-Control-Allow-Origin %q", allowed)
		}
	})
	t.Run("its own page may", func(t *testing.T) {
		got := p.console(http.MethodPost, "reset", "", "Origin", p.url, "Sec-Fetch-Site", "same-origin")
		if got.status != http.StatusNoContent {
			t.Errorf("%d %s", got.status, got.raw)
		}
	})
	hosts := map[string]int{
		"evil.example":       http.StatusNotFound, // DNS rebinding
		"localhost.evil.com": http.StatusNotFound,
		"localhost:1":        http.StatusOK,
		"127.0.0.1":          http.StatusOK,
		"[::1]:80":           http.StatusOK,
		"192.0.2.7:8481":     http.StatusOK, // an address cannot be rebound
		"kauth.kakao.com":    http.StatusOK,
	}
	for host, status := range hosts {
		t.Run("asked as "+host, func(t *testing.T) {
			for _, path := range []string{"/console", "/console/api/overview"} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Host = host
				if got := p.fetch(r); got.status != status {
					t.Errorf("%s: %d, want %d", path, got.status, status)
				}
			}
		})
	}
}

func TestConsoleApps(t *testing.T) {
	t.Run("a name is enough to register one", func(t *testing.T) {
		p := start(t)
		made := read[emulator.App](t, p.want(http.StatusOK, http.MethodPost, "apps", `{"name":"새 앱"}`))
		keys := []string{made.RESTAPIKey, made.JavaScriptKey, made.AdminKey}
		slices.Sort(keys)
		if made.ID != 100002 || len(slices.Compact(keys)) != 3 || len(keys[0]) != 32 {
			t.Errorf("got %+v", made)
		}
		all := read[[]emulator.App](t, p.want(http.StatusOK, http.MethodGet, "apps", ""))
		if len(all) != 2 || all[1].Name != "새 앱" {
			t.Errorf("apps %+v", all)
		}
	})
	t.Run("a change keeps what was not sent, and null removes", func(t *testing.T) {
		p := start(t)
		want := p.app(demoApp)
		want.Name, want.ServiceTerms, want.LoginOff = "다른 이름", nil, true
		p.want(http.StatusOK, http.MethodPatch, "apps/"+demoApp, `{"name":"다른 이름","service_terms":null,"login_off":true,"id":5}`)
		if diff := cmp.Diff(want, p.app(demoApp)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a replacement keeps nothing but the ID", func(t *testing.T) {
		p := start(t)
		p.want(http.StatusOK, http.MethodPut, "apps/"+demoApp, `{"id":5,"name":"a","rest_api_key":"r","javascript_key":"j"}`)
		want := emulator.App{Name: "a", ID: 100001, RESTAPIKey: "r", JavaScriptKey: "j"}
		if diff := cmp.Diff(want, p.app(demoApp)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a change is in force at once", func(t *testing.T) {
		p := start(t)
		p.want(http.StatusOK, http.MethodPatch, "apps/"+demoApp, `{"redirect_uris":["`+callback+`/new"]}`)
		if shown := p.browser().authorize("redirect_uri", callback+"/new"); shown.status != http.StatusOK {
			t.Errorf("the new address: %d", shown.status)
		}
		if shown := p.browser().authorize(); !strings.Contains(shown.body, "KOE006") {
			t.Errorf("the old address: %d %s", shown.status, shown.body)
		}
	})
	t.Run("with an app its tokens and links are gone", func(t *testing.T) {
		p := start(t)
		issued := p.tokens(haneul)
		p.want(http.StatusNoContent, http.MethodDelete, "apps/"+demoApp, "")
		p.want(http.StatusNotFound, http.MethodGet, "apps/"+demoApp, "")
		wantAPIRefusal(t, p.call(http.MethodGet, "/v2/user/me", issued.bearer(), nil), http.StatusUnauthorized, -401, "")
		if links := p.want(http.StatusOK, http.MethodGet, "links", ""); links.raw != "[]\n" {
			t.Errorf("links %s", links.raw)
		}
	})
}

func TestConsoleUsers(t *testing.T) {
	p := start(t)
	user := func(id string) emulator.User {
		return read[emulator.User](t, p.want(http.StatusOK, http.MethodGet, "users/"+id, ""))
	}
	made := read[emulator.User](t, p.want(http.StatusOK, http.MethodPost, "users", `{"nickname":"새별"}`))
	if made.ID == 0 || made.ServiceUserIDs[100001] == 0 {
		t.Errorf("made %+v", made)
	}
	all := read[[]emulator.User](t, p.want(http.StatusOK, http.MethodGet, "users", ""))
	if diff := cmp.Diff(made, all[len(all)-1]); diff != "" {
		t.Errorf("the last user (-want +got):\n%s", diff)
	}

	want := user(haneul)
	want.Nickname, want.Email = "하늘", ""
	p.want(http.StatusOK, http.MethodPatch, "users/"+haneul, `{"nickname":"하늘","email":null}`)
	if diff := cmp.Diff(want, user(haneul)); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}

	// The apps go on to know a user by the same number.
	want = emulator.User{ID: want.ID, ServiceUserIDs: want.ServiceUserIDs, Nickname: "다른"}
	p.want(http.StatusOK, http.MethodPut, "users/"+haneul, `{"nickname":"다른"}`)
	if diff := cmp.Diff(want, user(haneul)); diff != "" {
		t.Errorf("replaced (-want +got):\n%s", diff)
	}

	issued := p.tokens(haneul)
	p.want(http.StatusNoContent, http.MethodDelete, "users/"+haneul, "")
	p.want(http.StatusNotFound, http.MethodGet, "users/"+haneul, "")
	wantAPIRefusal(t, p.call(http.MethodGet, "/v2/user/me", issued.bearer(), nil), http.StatusUnauthorized, -401, "")
}

// hookReceiver is the server of an app, which takes webhooks.
type hookReceiver struct {
	*httptest.Server
	forms sync.Map // by path
}

func receiveHooks(t *testing.T) *hookReceiver {
	h := &hookReceiver{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		h.forms.Store(r.URL.Path, r.PostForm)
		if r.URL.Path == "/account" {
			w.WriteHeader(http.StatusAccepted)
		}
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hookReceiver) form(path string) url.Values {
	form, _ := h.forms.Load(path)
	values, _ := form.(url.Values)
	return values
}

// linkRow is a link as the console lists it.
type linkRow struct {
	App    int64                `json:"app_id"`
	User   int64                `json:"user_id"`
	Scopes map[string]time.Time `json:"scopes"`
	Terms  []string             `json:"service_terms"`
}

func TestConsoleLinks(t *testing.T) {
	hooks := receiveHooks(t)
	p := start(t, func(c *emulator.Config) {
		c.Apps[0].UnlinkWebhook.URL = hooks.URL + "/unlink"
		c.Apps[0].AccountWebhook = emulator.AccountWebhook{URL: hooks.URL + "/account", Events: []string{catalog.EventTokensRevoked}}
	})
	issued := p.tokens(haneul, "account_email")
	links := read[[]linkRow](t, p.want(http.StatusOK, http.MethodGet, "links", ""))
	if len(links) != 1 || links[0].App != 100001 || strconv.FormatInt(links[0].User, 10) != haneul {
		t.Fatalf("links %+v", links)
	}
	if _, agreed := links[0].Scopes["account_email"]; !agreed || len(links[0].Scopes) != 2 {
		t.Errorf("consents %v", links[0].Scopes)
	}
	if diff := cmp.Diff([]string{"service_20260101"}, links[0].Terms); diff != "" {
		t.Errorf("terms:\n%s", diff)
	}

	at := "links/" + demoApp + "/" + haneul
	p.want(http.StatusNoContent, http.MethodPost, at+"/events", `{"type":"`+catalog.EventTokensRevoked+`"}`)
	p.want(http.StatusUnprocessableEntity, http.MethodPost, at+"/events", `{"type":"x"}`)
	p.want(http.StatusNoContent, http.MethodPost, at+"/unlink", `{"referrer_type":"UNLINK_FROM_ADMIN"}`)
	p.want(http.StatusNotFound, http.MethodPost, at+"/unlink", "")
	wantAPIRefusal(t, p.call(http.MethodGet, "/v2/user/me", issued.bearer(), nil), http.StatusUnauthorized, -401, "")

	if _, err := p.Deliveries(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := read[[]emulator.Delivery](t, p.want(http.StatusOK, http.MethodGet, "webhooks", ""))
	var kinds []string
	for _, delivery := range sent {
		kinds = append(kinds, delivery.Kind)
	}
	slices.Sort(kinds)
	if diff := cmp.Diff([]string{catalog.EventTokensRevoked, "unlink"}, kinds); diff != "" {
		t.Errorf("webhooks (-want +got):\n%s", diff)
	}
	if form := hooks.form("/unlink"); form.Get("referrer_type") != "UNLINK_FROM_ADMIN" || form.Get("user_id") != haneul {
		t.Errorf("the unlink webhook said %v", form)
	}
}

func TestConsoleClock(t *testing.T) {
	type face struct {
		Now     time.Time
		Stopped bool
	}
	p := start(t)
	began := p.clock.Now().UTC()
	steps := []struct {
		name, body string
		want       face
	}{
		{"forward", `{"advance":"12h"}`, face{began.Add(12 * time.Hour), false}},
		{"by days", `{"advance":"60d"}`, face{began.Add(60*24*time.Hour + 12*time.Hour), false}},
		{"set", `{"set":"2030-01-01T00:00:00Z"}`, face{time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), false}},
		{"stopped", `{"stopped":true}`, face{time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), true}},
		{"set and moved while stopped", `{"advance":"1h","set":"2031-01-01T00:00:00Z"}`, face{time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), true}},
		{"resumed", `{"stopped":false}`, face{time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), false}},
	}
	for _, step := range steps {
		told := read[face](t, p.want(http.StatusOK, http.MethodPost, "clock", step.body))
		asked := read[face](t, p.want(http.StatusOK, http.MethodGet, "clock", ""))
		if diff := cmp.Diff([]face{step.want, step.want}, []face{told, asked}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}

	p.want(http.StatusOK, http.MethodPost, "clock", `{"set":"`+began.Format(time.RFC3339)+`"}`)
	issued := p.tokens(haneul)
	p.want(http.StatusOK, http.MethodPost, "clock", `{"advance":"12h"}`)
	wantAPIRefusal(t, p.call(http.MethodGet, "/v2/user/me", issued.bearer(), nil), http.StatusUnauthorized, -401, "")
}

func TestConsoleFaults(t *testing.T) {
	p := start(t)
	ask := func() int { return p.call(http.MethodGet, kakao.PathJWKS, "", nil).status }
	list := func() []emulator.Fault {
		return read[[]emulator.Fault](t, p.want(http.StatusOK, http.MethodGet, "faults", ""))
	}
	made := read[emulator.Fault](t, p.want(http.StatusOK, http.MethodPost, "faults", `{"path":"`+kakao.PathJWKS+`","times":2,"status":503}`))
	if made.ID == 0 || ask() != 503 {
		t.Errorf("made %+v", made)
	}
	if left := list(); len(left) != 1 || left[0].Times != 1 {
		t.Errorf("after one request %+v", left)
	}
	if first, second := ask(), ask(); first != 503 || second != 200 || len(list()) != 0 {
		t.Errorf("then %d and %d, left %+v", first, second, list())
	}

	made = read[emulator.Fault](t, p.want(http.StatusOK, http.MethodPost, "faults", `{"path":"/*","delay":"1ms","status":500,"body":"{}"}`))
	p.want(http.StatusNoContent, http.MethodDelete, "faults/"+strconv.Itoa(made.ID), "")
	p.want(http.StatusOK, http.MethodPost, "faults", `{"path":"/*","status":500}`)
	if p.want(http.StatusOK, http.MethodGet, "overview", ""); ask() != 500 {
		t.Error("the second fault is not in force")
	}
	p.want(http.StatusNoContent, http.MethodDelete, "faults", "")
	if ask() != 200 {
		t.Error("faults that were ended are in force")
	}

	refused := p.want(http.StatusUnprocessableEntity, http.MethodPost, "faults", `{"path":"oauth","times":-1,"body":"x"}`)
	for _, place := range []string{`"path"`, `"times"`, `"status"`} {
		if !strings.Contains(refused.raw, `"place":`+place) {
			t.Errorf("no mistake at %s in %s", place, refused.raw)
		}
	}
}

func TestConsoleCallsHideSecrets(t *testing.T) {
	p := start(t)
	b := p.browser()
	done := b.logIn(b.authorize("scope", "openid"), haneul)
	code := done.redirect.Get("code")
	issued := p.exchange(code)
	p.refresh(issued.text("refresh_token"))
	p.call(http.MethodGet, "/v2/user/me", issued.bearer(), nil)
	p.call(http.MethodGet, "/v1/user/ids", "KakaoAK "+emulator.DemoAdminKey, nil)
	p.call(http.MethodGet, "/v1/user/ids", "Basic c2VjcmV0", nil)

	shown := p.want(http.StatusOK, http.MethodGet, "calls", "")
	for name, secret := range map[string]string{
		"code": code, "access token": issued.text("access_token"), "refresh token": issued.text("refresh_token"),
		"ID token": issued.text("id_token"), "client secret": emulator.DemoClientSecret, "admin key": emulator.DemoAdminKey, "other authorization": "c2VjcmV0",
	} {
		if secret == "" || strings.Contains(shown.raw, secret) {
			t.Errorf("the %s %q is in %s", name, secret, shown.raw)
		}
	}
	type row struct {
		Number        int
		Path          string
		Form          map[string]string
		Authorization string
		Location      string
		Answer        map[string]any
	}
	calls := read[[]row](t, shown)
	find := func(match func(row) bool) row {
		at := slices.IndexFunc(calls, match)
		if at < 0 {
			t.Fatalf("no such call in %s", shown.raw)
		}
		return calls[at]
	}
	exchange := find(func(c row) bool { return c.Form["grant_type"] == "authorization_code" })
	if exchange.Form["code"] != "(hidden)" || exchange.Form["client_secret"] != "(hidden)" || exchange.Answer["access_token"] != "(hidden)" {
		t.Errorf("the exchange is shown as %+v", exchange)
	}
	if me := find(func(c row) bool { return c.Path == "/v2/user/me" }); me.Authorization != "Bearer (hidden)" {
		t.Errorf("authorization %q", me.Authorization)
	}
	redirect := find(func(c row) bool { return strings.HasPrefix(c.Location, callback) })
	target, err := url.Parse(redirect.Location)
	if err != nil || target.Query().Get("code") != "(hidden)" || target.Query().Get("state") != "(hidden)" {
		t.Errorf("the redirect leads to %s", redirect.Location)
	}

	last := calls[len(calls)-1].Number
	if rest := p.want(http.StatusOK, http.MethodGet, "calls?after="+strconv.Itoa(last-1), ""); len(read[[]row](t, rest)) != 1 {
		t.Errorf("after %d: %s", last-1, rest.raw)
	}
	if of := read[[]row](t, p.want(http.StatusOK, http.MethodGet, "calls?path=/v2/user/me", "")); len(of) != 1 {
		t.Errorf("of one path: %+v", of)
	}
	p.want(http.StatusNoContent, http.MethodDelete, "calls", "")
	if none := p.want(http.StatusOK, http.MethodGet, "calls", ""); none.raw != "[]\n" {
		t.Errorf("after clearing: %s", none.raw)
	}
}

func TestConsoleControlsThePlatform(t *testing.T) {
	type state struct {
		Issuer    string
		Apps      []emulator.App
		Users     []emulator.User
		Links     []linkRow
		AutoLogin int64    `json:"auto_login"`
		Keys      []string `json:"signing_keys"`
		Paths     []string
		Scopes    []emulator.Scope `json:"known_scopes"`
	}
	p := start(t)
	now := func() state { return read[state](t, p.want(http.StatusOK, http.MethodGet, "overview", "")) }
	first := now()
	if first.Issuer != p.url || len(first.Apps) != 1 || len(first.Users) != 4 || len(first.Keys) != 1 || len(first.Scopes) == 0 ||
		!slices.Contains(first.Paths, kakao.PathToken) {
		t.Errorf("state %+v", first)
	}

	t.Run("signing keys", func(t *testing.T) {
		p.want(http.StatusNoContent, http.MethodPost, "keys/rotate", "")
		both := now().Keys
		if len(both) != 2 || both[1] != first.Keys[0] {
			t.Errorf("after rotating %v", both)
		}
		p.want(http.StatusNoContent, http.MethodPost, "keys/rotate", `{"retire":true}`)
		if left := now().Keys; len(left) != 1 || slices.Contains(both, left[0]) {
			t.Errorf("after retiring %v", left)
		}
	})
	t.Run("tokens", func(t *testing.T) {
		issued := p.tokens(haneul)
		p.want(http.StatusNoContent, http.MethodPost, "tokens/expire-access", "")
		wantAPIRefusal(t, p.call(http.MethodGet, "/v2/user/me", issued.bearer(), nil), http.StatusUnauthorized, -401, "")
		if renewed := p.refresh(issued.text("refresh_token")); renewed.status != http.StatusOK {
			t.Errorf("the refresh token: %d %s", renewed.status, renewed.raw)
		}
		p.want(http.StatusNoContent, http.MethodPost, "tokens/expire-refresh", "")
		wantRefusal(t, p.refresh(issued.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	})
	t.Run("automatic login", func(t *testing.T) {
		p.want(http.StatusNoContent, http.MethodPut, "auto-login", `{"user":`+dohyun+`}`)
		if done := p.browser().authorize(); done.redirect.Get("code") == "" || strconv.FormatInt(now().AutoLogin, 10) != dohyun {
			t.Errorf("%d %s", done.status, done.location)
		}
	})
	t.Run("reset", func(t *testing.T) {
		p.inject(emulator.Fault{Path: "/*", Status: 500})
		p.want(http.StatusNoContent, http.MethodPost, "reset", "")
		after := now()
		if len(after.Links) != 0 || after.AutoLogin != 0 || len(p.Faults()) != 0 || len(p.Calls("")) != 0 || len(after.Users) != 4 {
			t.Errorf("after the reset %+v", after)
		}
	})
}

func TestConsolePage(t *testing.T) {
	p := start(t)
	get := func(path, language string) answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", language)
		return p.fetch(r)
	}
	languages := []struct{ path, accepts, want string }{
		{"/console", "ko-KR,ko;q=0.9", "ko"},
		{"/console", "en-US", "en"},
		{"/console", "ja", "en"},
		{"/console?lang=en", "ko", "en"},
		{"/console?lang=ko", "en", "ko"},
	}
	for _, test := range languages {
		shown := get(test.path, test.accepts)
		if !strings.Contains(shown.raw, `<html lang="`+test.want+`">`) {
			t.Errorf("%s for %s is not in %s", test.path, test.accepts, test.want)
		}
		if policy := shown.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q", policy)
		}
	}
	assets := map[string]string{
		"/console/main.js":      "text/javascript; charset=utf-8",
		"/console/console.css":  "text/css; charset=utf-8",
		"/emulator/style.css":   "text/css; charset=utf-8",
		"/console/console.html": "text/plain; charset=utf-8",
		"/console/none.js":      "text/plain; charset=utf-8",
	}
	for path, want := range assets {
		got := get(path, "ko")
		if found := got.status == http.StatusOK; got.header.Get("Content-Type") != want || found != (want[:10] != "text/plain") {
			t.Errorf("%s: %d %s, want %s", path, got.status, got.header.Get("Content-Type"), want)
		}
	}
}

func TestConsoleIsNotRecordedAndNoFaultHitsIt(t *testing.T) {
	p := start(t)
	p.inject(emulator.Fault{Path: "/*", Status: 500})
	p.want(http.StatusOK, http.MethodGet, "overview", "")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/emulator/style.css", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.fetch(r); got.status != http.StatusOK {
		t.Errorf("the style sheet: %d", got.status)
	}
	if calls := p.Calls(""); len(calls) != 0 {
		t.Errorf("recorded %v", calls)
	}
}
