package emulator_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// serve sends one request without a network.
func serve(t testing.TB, e *emulator.Emulator, method, target, body, authorization string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:8481/", strings.NewReader(body))
	path, query, _ := strings.Cut(target, "?")
	r.URL = &url.URL{Path: path, RawQuery: query}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

// fuzzedPaths are those of every call of the catalogue and of the pages.
func fuzzedPaths() []string {
	paths := []string{
		"/oauth/login", "/oauth/consent", "/oauth/create", "/emulator/style.css", "/emulator/avatars/" + haneul + "/img_110x110.svg",
		"/v2/internal/user/upgrade/service_terms", "/.well-known/sse-configuration",
	}
	for _, call := range slices.Concat(catalog.Calls(), catalog.TalkCalls(), catalog.SDKCalls()) {
		paths = append(paths, call.Path)
	}
	return paths
}

// fuzzRequest is a request as a server of net/http reads it, nil if the server
// refuses it by itself.
func fuzzRequest(t *testing.T, method, host, target, headers, body string) *http.Request {
	t.Helper()
	wire := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s", method, target, host, headers, len(body), body)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil {
		return nil
	}
	return r.WithContext(t.Context())
}

// fuzzToken logs in without a page and returns an access token.
func fuzzToken(t *testing.T, e *emulator.Emulator, credentials string) string {
	t.Helper()
	query := url.Values{"client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {callback}, "response_type": {"code"}}
	location, err := url.Parse(serve(t, e, http.MethodGet, kakao.PathAuthorize+"?"+query.Encode(), "", "").Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	form := credentials + "&grant_type=authorization_code&code=" + location.Query().Get("code") + "&redirect_uri=" + url.QueryEscape(callback)
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(serve(t, e, http.MethodPost, kakao.PathToken, form, "").Body.Bytes(), &issued); err != nil {
		t.Fatal(err)
	}
	return issued.AccessToken
}

func FuzzRequests(f *testing.F) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback))
	if err != nil {
		f.Fatal(err)
	}
	if err := e.Update(func(c *emulator.Config) {
		c.Apps[0].OpenIDConnect = false // signing takes most of the time
		c.Apps[0].UserProperties = []string{"clothing_size"}
		c.Apps[0].LogoutRedirectURIs = []string{callback}
	}); err != nil {
		f.Fatal(err)
	}
	app := "client_id=" + emulator.DemoRESTAPIKey + "&client_secret=" + emulator.DemoClientSecret
	paths := fuzzedPaths()
	const form, byToken, byAdmin = "Content-Type: application/x-www-form-urlencoded\n", "Authorization: Bearer {token}\n", "Authorization: KakaoAK " + emulator.DemoAdminKey + "\n"
	const target = "target_id_type=user_id&target_id=" + haneul
	for at := range paths {
		f.Add(uint8(at), "", http.MethodGet, "127.0.0.1:8481", target, byToken, "")
		f.Add(uint8(at), "", http.MethodPost, "kapi.kakao.com", "", form+byAdmin, target+"&scopes=%5B%22gender%22%5D&tags="+optionalTerm+"&properties=%7B%7D")
	}
	for _, seed := range []struct{ path, method, host, query, headers, body string }{
		{kakao.PathAuthorize, http.MethodGet, "kauth.kakao.com", app + "&response_type=code&redirect_uri=" + url.QueryEscape(callback) + "&scope=openid,,a%20b&prompt=none,login&state=%00&lang=en", "Cookie: kakao_emulator_session=x\n", ""},
		{kakao.PathAuthorize, http.MethodGet, "127.0.0.1:8481", app + "&redirect_uri=JS-SDK&response_type=code&auth_tran_id=" + tranID + "&extra.service_terms=,", "Accept-Language: zh;q=x,,\n", ""},
		{kakao.PathToken, http.MethodPost, "kauth.kakao.com.", "", form, "grant_type=refresh_token&refresh_token=x&" + app},
		{kakao.PathToken, http.MethodPost, "[::1", "a=%zz", "Content-Type: multipart/form-data; boundary=x\n", "--x\r\n"},
		{"/v2/user/me", http.MethodGet, "kapi.kakao.com", "target_id_type=user_id&target_id=99999999999999999999&property_keys=[", byAdmin, ""},
		{"/v2/app/users", http.MethodGet, "kapi.kakao.com", "target_id_type=user_id&target_ids=[" + haneul + "]&property_keys=%5B%22kakao_account.%22%5D", byAdmin, ""},
		{"/v1/user/ids", http.MethodGet, "kapi.kakao.com", "limit=1&order=desc&from_id=" + haneul, byAdmin, ""},
		{"/oauth/logout", http.MethodPost, "127.0.0.1:8481", app + "&logout_redirect_uri=" + url.QueryEscape(callback), form, "ticket=x"},
		{"*", http.MethodGet, "127.0.0.1:8481", "", "", ""},
		{"//oauth/token", http.MethodPost, "127.0.0.1:8481", "", form, app},
		{"/oauth/../v2/user/me", http.MethodGet, "kapi.kakao.com", "", byToken, ""},
		{"/v2/user/me", http.MethodOptions, "kapi.kakao.com", "", "Origin: http://a.example\nAccess-Control-Request-Method: PUT\n", ""},
		{"/v2/user/%ff", http.MethodHead, "", "", "Origin: \xff\n", ""},
	} {
		f.Add(uint8(255), seed.path, seed.method, seed.host, seed.query, seed.headers, seed.body)
	}
	f.Fuzz(func(t *testing.T, at uint8, path, method, host, query, headers, body string) {
		if int(at) < len(paths) {
			path = paths[at]
		}
		if strings.HasPrefix(path, "/console") {
			return
		}
		e.Reset()
		if strings.Contains(headers, "{token}") { // a valid access token
			if err := e.AutoLogin(4210000001); err != nil {
				t.Fatal(err)
			}
			headers = strings.ReplaceAll(headers, "{token}", fuzzToken(t, e, app))
			if err := e.AutoLogin(0); err != nil {
				t.Fatal(err)
			}
		}
		if query != "" {
			query = "?" + query
		}
		r := fuzzRequest(t, method, host, path+query, headers, body)
		if r == nil {
			return
		}
		got := httptest.NewRecorder()
		e.ServeHTTP(got, r)
		checkAnswer(t, r, got)
	})
}

// checkAnswer checks what is true of every answer to somebody who has not logged
// in with the browser.
func checkAnswer(t *testing.T, r *http.Request, got *httptest.ResponseRecorder) {
	t.Helper()
	answer := got.Body.String()
	if got.Code >= http.StatusInternalServerError || got.Code == 0 {
		t.Errorf("%s %s: %d", r.Method, r.RequestURI, got.Code)
	}
	if got.Code >= http.StatusBadRequest && answer == "" {
		t.Errorf("%s %s: %d and no word why", r.Method, r.RequestURI, got.Code)
	}
	if strings.HasPrefix(got.Header().Get("Content-Type"), "application/json") && !json.Valid(got.Body.Bytes()) {
		t.Errorf("%s %s: not JSON: %q", r.Method, r.RequestURI, answer)
	}
	if to := got.Header().Get("Location"); to != "" && to != callback && !strings.HasPrefix(to, callback+"?") {
		t.Errorf("%s %s: redirected to %q", r.Method, r.RequestURI, to)
	}
	if strings.Contains(got.Header().Get("Location"), "code=") && !strings.Contains(got.Header().Get("Location"), "state=") ||
		strings.Contains(answer, `"status":"ok"`) {
		t.Errorf("%s %s: a code without a login: %s", r.Method, r.RequestURI, answer)
	}
}

// FuzzForms fills in the pages with anything, in the browser that they were shown
// to.
func FuzzForms(f *testing.F) {
	cfg := emulator.Default("http://127.0.0.1:8481", callback)
	cfg.Apps[0].LogoutRedirectURIs = []string{callback}
	e, err := emulator.New(cfg)
	if err != nil {
		f.Fatal(err)
	}
	users := e.Config().Users
	const query = "client_id=" + emulator.DemoRESTAPIKey + "&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback"
	const logout = "/oauth/logout?client_id=" + emulator.DemoRESTAPIKey + "&logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback"
	pages := []struct{ page, form string }{
		{kakao.PathAuthorize + "?" + query, "/oauth/login"},
		{kakao.PathAuthorize + "?" + query + "&prompt=create", "/oauth/create"},
		{kakao.PathAuthorize + "?" + query + "&scope=openid,gender", "/oauth/consent"},
		{logout, logout},
	}
	for at, form := range []string{
		"user=" + haneul, "nickname=a&email=b%40c", "decision=accept&scope=gender&scope=%00&service_terms=" + optionalTerm, "extent=account",
		"action=login&email=%2B82+10-0000-0001", "decision=cancel", "action=choose&user=-1", "a=%zz",
	} {
		f.Add(uint8(at), form)
	}
	f.Fuzz(func(t *testing.T, at uint8, form string) {
		e.Reset()
		if err := e.Update(func(c *emulator.Config) { c.Users = users }); err != nil {
			t.Fatal(err)
		}
		step := pages[int(at)%len(pages)]
		send := func(method, target, cookie, body string) *httptest.ResponseRecorder {
			t.Helper()
			headers := "Content-Type: application/x-www-form-urlencoded\r\nCookie: " + cookie + "\r\n"
			r := fuzzRequest(t, method, "127.0.0.1:8481", target, headers, body)
			if r == nil {
				t.Fatalf("%s %s cannot be sent", method, target)
			}
			got := httptest.NewRecorder()
			e.ServeHTTP(got, r)
			return got
		}
		cookie := ""
		if step.form != "/oauth/login" && step.form != "/oauth/create" { // somebody is logged in
			login := send(http.MethodGet, pages[0].page, "", "")
			done := send(http.MethodPost, pages[0].form, sessionOf(login), "user="+haneul+"&ticket="+ticketOf(t, login))
			cookie = sessionOf(done)
		}
		shown := send(http.MethodGet, step.page, cookie, "")
		if cookie == "" {
			cookie = sessionOf(shown)
		}
		got := send(http.MethodPost, step.form, cookie, "ticket="+ticketOf(t, shown)+"&"+form)
		if got.Code >= http.StatusInternalServerError || got.Code >= http.StatusBadRequest && got.Body.Len() == 0 {
			t.Errorf("%s: %d %s", step.form, got.Code, got.Body)
		}
		if to := got.Header().Get("Location"); to != "" && !strings.HasPrefix(to, callback) && !strings.HasPrefix(to, kakao.PathAuthorize+"?") {
			t.Errorf("%s: redirected to %q", step.form, to)
		}
		if inlineHandlers.Match(got.Body.Bytes()) {
			t.Errorf("%s: the form wrote into the page:\n%s", step.form, got.Body)
		}
		if _, err := e.State(); err != nil {
			t.Error(err)
		}
	})
}

// sessionOf is the session cookie that an answer sets.
func sessionOf(answer *httptest.ResponseRecorder) string {
	cookie, _, _ := strings.Cut(answer.Header().Get("Set-Cookie"), ";")
	return cookie
}

func ticketOf(t *testing.T, shown *httptest.ResponseRecorder) string {
	t.Helper()
	match := ticketField.FindStringSubmatch(shown.Body.String())
	if match == nil {
		t.Fatalf("no form on the page: %d\n%s", shown.Code, shown.Body)
	}
	return match[1]
}
