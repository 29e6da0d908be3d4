package server

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// What a failed exchange or renewal at Kakao becomes.
func TestKakaoErrors(t *testing.T) {
	for name, test := range map[string]struct {
		kakao     answer
		token     int
		refresh   int
		code, koe string
		retry     bool
		endsLogin bool
	}{
		"dead grant":       {kakao: says(400, errorBody("invalid_grant", "KOE322", "dead")), token: 400, refresh: 401, code: "invalid_grant", koe: "KOE322", endsLogin: true},
		"code used twice":  {kakao: says(400, errorBody("invalid_grant", "KOE320", "used")), token: 400, refresh: 401, code: "invalid_grant", koe: "KOE320", endsLogin: true},
		"wrong secret":     {kakao: says(401, errorBody("invalid_client", "KOE010", "Bad client credentials")), token: 502, refresh: 502, code: "invalid_client", koe: "KOE010"},
		"bad request":      {kakao: says(400, errorBody("invalid_request", "KOE207", "missing")), token: 400, refresh: 502, code: "invalid_request", koe: "KOE207"},
		"internal error":   {kakao: says(500, errorBody("server_error", "KOE003", "try again")), token: 503, refresh: 503, code: "temporarily_unavailable", koe: "KOE003", retry: true},
		"too many":         {kakao: says(400, errorBody("invalid_grant", "KOE237", "too many")), token: 503, refresh: 503, code: "temporarily_unavailable", koe: "KOE237", retry: true},
		"too many, bare":   {kakao: says(429, ""), token: 503, refresh: 503, code: "temporarily_unavailable", retry: true},
		"5xx with grant":   {kakao: says(502, errorBody("invalid_grant", "", "x")), token: 502, refresh: 502, code: "temporarily_unavailable", retry: true},
		"garbage error":    {kakao: says(403, "<html>"), token: 502, refresh: 502, code: "temporarily_unavailable", retry: true},
		"redirect":         {kakao: says(307, ""), token: 502, refresh: 502, code: "temporarily_unavailable", retry: true},
		"broken line":      {kakao: broken, token: 503, refresh: 503, code: "temporarily_unavailable", retry: true},
		"no answer":        {kakao: hangs, token: 503, refresh: 503, code: "temporarily_unavailable", retry: true},
		"error as success": {kakao: says(200, errorBody("invalid_grant", "KOE322", "dead")), token: 400, refresh: 401, code: "invalid_grant", koe: "KOE322", endsLogin: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.kakao.on(callExchange, test.kakao)
				start := time.Now()
				res := h.send(h.request("POST", "/token", tokenRequestBody(nil)))
				expectFailure(t, res, test.token, test.code, test.koe, test.retry)
				if took := time.Since(start); took > h.requestTimeout() {
					t.Errorf("took %v", took)
				}
				if h.cookie != "" {
					t.Error("a session began")
				}
				if n := h.kakao.count(callExchange); (n > 1) != test.retry || n > upstream.Tries {
					t.Errorf("the code was sent %d times", n)
				}

				h.kakao.on(callExchange, newFakeKakao().answers[callExchange])
				h.login()
				h.kakao.on(callRefresh, test.kakao)
				start = time.Now()
				res = h.send(h.request("POST", "/refresh", ""))
				expectFailure(t, res, test.refresh, test.code, test.koe, test.retry)
				if took := time.Since(start); took > h.requestTimeout() {
					t.Errorf("the renewal took %v", took)
				}
				if ended := h.cookie == ""; ended != test.endsLogin {
					t.Errorf("cookie cleared: %v", ended)
				}
				if n := h.kakao.count(callRefresh); (n > 1) != test.retry || n > upstream.Tries {
					t.Errorf("the refresh token was sent %d times", n)
				}
				if n := h.kakao.count("/"); n != 0 {
					t.Error("a redirect was followed")
				}
				h.kakao.on(callRefresh, newFakeKakao().answers[callRefresh])
				want := map[bool]int{true: 401, false: 200}[test.endsLogin]
				if status, body := h.do("POST", "/refresh", ""); status != want {
					t.Errorf("afterwards: %d %v, want %d", status, body, want)
				}
			})
		})
	}
}

// An answer that arrived and cannot be read has used the code up: nobody sends it
// again, and nobody hears of KOE320 instead of the cause. A login that is renewed so
// stays, and may be tried again.
func TestUnreadableAnswersAreNotAskedForAgain(t *testing.T) {
	for name, unreadable := range map[string]answer{
		"a page": says(200, "<html>"), "no token": says(200, "{}"), "half an answer": says(200, `{"access_token":"a`),
		"a lifetime below zero": says(200, tokenBody("a", "r", map[string]any{"expires_in": -5})),
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.kakao.on(callExchange, unreadable)
			status, body := h.do("POST", "/token", tokenRequestBody(nil))
			expectError(t, status, body, 502, "server_error", "")
			if n := h.kakao.count(callExchange); n != 1 {
				t.Errorf("the code was sent %d times", n)
			}
			if !strings.Contains(h.logs.String(), "the answer is not what Kakao documents") {
				t.Errorf("the log does not say why: %s", h.logs)
			}
			h.kakao.on(callExchange, newFakeKakao().answers[callExchange])
			h.login()
			h.kakao.on(callRefresh, unreadable)
			status, body = h.do("POST", "/refresh", "")
			expectError(t, status, body, 502, "temporarily_unavailable", "")
			if n := h.kakao.count(callRefresh); n != 1 {
				t.Errorf("the refresh token was sent %d times", n)
			}
			h.kakao.on(callRefresh, newFakeKakao().answers[callRefresh])
			if status, body := h.do("POST", "/refresh", ""); status != 200 {
				t.Errorf("afterwards: %d %v", status, body)
			}
		})
	}
}

// Where the answer to an exchange is lost on the way, the code is sent again, and
// Kakao's KOE320 then is told as what it is.
func TestALostExchangeIsToldAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
			h.kakao.on(callExchange, says(400, errorBody("invalid_grant", "KOE320", "authorization code not found")))
			return broken(ctx, form)
		})
		status, body := h.do("POST", "/token", tokenRequestBody(nil))
		expectError(t, status, body, 400, "invalid_grant", "KOE320")
		if said, _ := body["error_description"].(string); !strings.Contains(said, "earlier try") || body["hint"] != nil {
			t.Errorf("got %v", body)
		}
		if !strings.Contains(h.logs.String(), "the answer is not readable HTTP") {
			t.Errorf("the log does not name the first failure: %s", h.logs)
		}
	})
}

// An error that Kakao names tells the page's developer and the server's operator
// what to change; in the words of the catalogue, never of the answer.
func TestHints(t *testing.T) {
	for name, test := range map[string]struct {
		kakao answer
		hint  any
	}{
		"wrong secret":       {says(401, errorBody("invalid_client", "KOE010", "Bad client credentials")), "Send that of App > Platform key > REST API key > Client secret, of the very key that is the client_id."},
		"code used twice":    {says(400, errorBody("invalid_grant", "KOE320", "used")), "Log in again, and use each code once."},
		"passing failure":    {says(400, errorBody("invalid_request", "KOE237", "too many")), "Wait, and look for a loop that requests tokens again and again."},
		"code nobody knows":  {says(400, errorBody("invalid_grant", "KOE999", "new")), nil},
		"no code":            {says(400, errorBody("invalid_grant", "", "bare")), nil},
		"a hint of Kakao's":  {says(400, `{"error":"invalid_grant","error_code":"KOE999","hint":"theirs"}`), nil},
		"not Kakao's answer": {broken, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.kakao.on(callExchange, test.kakao)
			_, body := h.do("POST", "/token", tokenRequestBody(nil))
			if body["hint"] != test.hint {
				t.Errorf("got %v, want %v", body["hint"], test.hint)
			}
			if logged, ok := test.hint.(string); ok && !strings.Contains(h.logs.String(), logged) {
				t.Errorf("the log lacks the hint: %s", h.logs.String())
			}
		})
	}
}

// broken is a connection that Kakao resets.
func broken(context.Context, url.Values) (int, string, error) {
	return 0, "", errors.New("connection reset by peer")
}

func expectFailure(t *testing.T, res *http.Response, status int, code, koe string, retry bool) {
	t.Helper()
	body := decode(t, res)
	if body["error_description"] == nil {
		body["error_description"] = "Kakao said nothing"
	}
	expectError(t, res.StatusCode, body, status, code, koe)
	if told := res.Header.Get("Retry-After") != ""; told != retry {
		t.Errorf("Retry-After: %v, want %v", told, retry)
	}
}

func TestToken(t *testing.T) {
	h := newHarness(t)
	res := h.send(h.request("POST", "/token", tokenRequestBody(nil)))
	want := `{"token_type":"bearer","access_token":"access-token-1","expires_in":21598,"scope":"profile_nickname openid","refresh_token_expires_in":5183999}`
	if got := strings.Replace(strings.TrimSpace(readAll(t, res)), "21599", "21598", 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// The user ID is exact where a JavaScript number would not be.
func TestSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		if _, body := h.do("GET", "/session", ""); len(body) != 1 || body["authenticated"] != false {
			t.Errorf("without a session: %v", body)
		}
		h.login()
		_, body := h.do("GET", "/session", "")
		if body["authenticated"] != true || body["user_id"] != testUser || body["scope"] != "profile_nickname openid" || body["expires_in"] != 21599.0 {
			t.Errorf("got %v", body)
		}
		time.Sleep(10 * time.Hour)
		if _, body := h.do("GET", "/session", ""); body["expires_in"] != 0.0 {
			t.Errorf("after its expiry: %v", body)
		}
	})
}

func TestSessionTakesTheUserFromTheIDToken(t *testing.T) {
	h := newHarness(t)
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken,
		map[string]any{"id_token": signedWith(t, map[string]any{"sub": "42"})})))
	h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce}))
	if _, body := h.do("GET", "/session", ""); body["user_id"] != "42" || h.kakao.count(pathTokenInfo) != 0 {
		t.Errorf("got %v", body)
	}
}

func TestLoginDoesNotWaitForTheUserID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.kakao.on(pathTokenInfo, hangs)
		start := time.Now()
		h.login()
		if took := time.Since(start); took > userIDTimeout {
			t.Errorf("took %v", took)
		}
		if _, body := h.do("GET", "/session", ""); body["authenticated"] != true || body["user_id"] != nil {
			t.Errorf("got %v", body)
		}
	})
}

// Whose token it is can be asked again, unlike what a code grants.
func TestUserIDIsAskedAgainAfterAPassingFailure(t *testing.T) {
	for name, failure := range map[string]answer{
		"internal error": says(400, `{"code":-1,"msg":"x"}`), "maintenance": says(400, `{"code":-7,"msg":"x"}`), "down": says(503, "<html>"), "broken line": broken,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				good := h.kakao.answers[pathTokenInfo]
				h.kakao.on(pathTokenInfo, func(ctx context.Context, form url.Values) (int, string, error) {
					if h.kakao.count(pathTokenInfo) > 1 {
						return good(ctx, form)
					}
					return failure(ctx, form)
				})
				start := time.Now()
				h.login()
				if took := time.Since(start); took > userIDTimeout {
					t.Errorf("took %v", took)
				}
				if _, body := h.do("GET", "/session", ""); body["user_id"] != testUser || h.kakao.count(pathTokenInfo) != 2 {
					t.Errorf("got %v", body)
				}
			})
		})
	}
}

// What Kakao says of an access token could be the token: the log has its codes.
func TestLogHoldsKakaosCodesAndNoneOfItsWords(t *testing.T) {
	for name, test := range map[string]struct{ body, code string }{
		"REST API":             {`{"code":-2,"msg":"its words"}`, "Kakao API error -2"},
		"authorization server": {`{"error":"invalid_token","error_description":"its words","error_code":"KOE401"}`, "invalid_token (KOE401)"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.kakao.on(pathTokenInfo, says(400, test.body))
			h.kakao.on(pathLogout, says(400, test.body))
			h.login()
			h.do("POST", "/logout", "")
			logs := h.logs.String()
			if strings.Count(logs, test.code) != 2 || strings.Contains(logs, "its words") {
				t.Errorf("log: %s", logs)
			}
		})
	}
}

// Kakao documents a refresh token in every answer; a login without one lasts as
// long as its access token.
func TestLoginWithoutRefreshToken(t *testing.T) {
	h := newHarness(t)
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, "", nil)))
	h.login()
	if _, body := h.do("GET", "/session", ""); body["authenticated"] != true {
		t.Errorf("got %v", body)
	}
	status, body := h.do("POST", "/refresh", "")
	expectError(t, status, body, 401, "invalid_grant", "")
	if h.cookie != "" || h.kakao.count(callRefresh) != 0 {
		t.Errorf("cookie %q, %d renewals", h.cookie, h.kakao.count(callRefresh))
	}
}

func TestRefreshKeepsTheScope(t *testing.T) {
	h := newHarness(t)
	h.login()
	_, body := h.do("POST", "/refresh", "")
	if body["access_token"] != "access-token-2" || body["scope"] != "profile_nickname openid" {
		t.Errorf("got %v", body)
	}
	want := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {testRESTKey}, "client_secret": {testSecret}, "refresh_token": {testRefreshToken},
	}
	if got := h.kakao.lastForm(); got.Encode() != want.Encode() {
		t.Errorf("Kakao got %v", got)
	}
}

func TestRefreshWithoutSession(t *testing.T) {
	h := newHarness(t)
	for _, cookie := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 5000)} {
		h.cookie = cookie
		res := h.send(h.request("POST", "/refresh", ""))
		expectError(t, res.StatusCode, decode(t, res), 401, "login_required", "")
		if len(res.Cookies()) != 0 {
			t.Error("a cookie was cleared that a login in another tab may have just replaced")
		}
	}
}

func TestLogout(t *testing.T) {
	for name, kakaoSays := range map[string]answer{
		"answers": says(200, `{"id":1}`), "refuses": says(401, `{"code":-401,"msg":"dead"}`),
		"is down": broken, "hangs": hangs, "talks nonsense": says(200, "<html>"),
	} {
		t.Run("Kakao "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t)
				h.login()
				id := h.cookie
				h.kakao.on(pathLogout, kakaoSays)
				start := time.Now()
				status, body := h.do("POST", "/logout", "")
				if status != 204 || body != nil || h.cookie != "" {
					t.Errorf("got %d %v, cookie %q", status, body, h.cookie)
				}
				if took := time.Since(start); took > logoutTimeout {
					t.Errorf("took %v", took)
				}
				if _, err := h.sessions.Find(t.Context(), id); !errors.Is(err, session.ErrLoginRequired) {
					t.Errorf("the session lives: %v", err)
				}
				if last := h.kakao.bearers[len(h.kakao.bearers)-1]; last != "Bearer "+testAccessToken {
					t.Errorf("Kakao got %q", last)
				}
				if status, _ := h.do("POST", "/logout", ""); status != 204 {
					t.Errorf("without a session: %d", status)
				}
			})
		})
	}
}

// Kakao's logout takes a living access token only.
func TestLogoutRenewsAnExpiredAccessTokenFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.login()
		time.Sleep(10 * time.Hour)
		h.do("POST", "/logout", "")
		if last := h.kakao.bearers[len(h.kakao.bearers)-1]; last != "Bearer access-token-2" {
			t.Errorf("Kakao got %q", last)
		}
		if h.kakao.count(pathLogout) != 1 {
			t.Error("Kakao was not told")
		}
	})
}

// A user who closes the page is logged out all the same.
func TestLogoutOutlivesItsCaller(t *testing.T) {
	h := newHarness(t)
	h.login()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.send(h.request("POST", "/logout", "").WithContext(ctx))
	if h.kakao.count(pathLogout) != 1 {
		t.Error("Kakao was not told")
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	h := newHarness(t)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/nothing", 404, ""},
		{"GET", "", 404, ""},
		{"GET", "/", 404, ""},
		{"POST", "/token/", 404, ""},
		{"GET", "/sdk", 404, ""},
		{"GET", "/token", 405, "POST"},
		{"PUT", "/refresh", 405, "POST"},
		{"POST", "/session", 405, "GET"},
		{"POST", "/callback", 405, "GET"},
		{"POST", "/logout/account", 405, "GET"},
		{"POST", "/logout/callback", 405, "GET"},
		{"GET", "/webhooks/unlink/", 404, ""},
	} {
		res := h.send(h.request(test.method, test.path, ""))
		expectError(t, res.StatusCode, decode(t, res), test.status, "invalid_request", "")
		if got := res.Header.Get("Allow"); got != test.allow {
			t.Errorf("%s %s: Allow %q, want %q", test.method, test.path, got, test.allow)
		}
	}
	elsewhere := h.request("GET", "", "")
	elsewhere.URL.Path = "/kakaotoken"
	if res := h.send(elsewhere); res.StatusCode != http.StatusNotFound {
		t.Errorf("beside the base path: %d", res.StatusCode)
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	store := &brokenStore{Store: memory.New()}
	h := newHarness(t, func(c *Config) { c.Store = store })
	store.onCommit(func() error { return []error{}[len(h.logs.String())] })
	status, body := h.do("POST", "/token", tokenRequestBody(nil))
	expectError(t, status, body, 500, "server_error", "")
	if !strings.Contains(h.logs.String(), "index out of range") {
		t.Error("the log does not say what happened")
	}
}

func TestOperations(t *testing.T) {
	h := newHarness(t)
	h.login()
	probe := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.Operations().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	if w := probe("/healthz"); w.Code != 200 {
		t.Errorf("healthz: %d", w.Code)
	}
	if w := probe("/readyz"); w.Code != 200 {
		t.Errorf("readyz: %d", w.Code)
	}
	if w := probe("/metrics"); !strings.Contains(w.Body.String(), `kakaowasm_requests_total{route="/token",status="200"} 1`) {
		t.Errorf("metrics: %s", w.Body)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if w := probe("/readyz"); w.Code != 503 {
		t.Errorf("readyz after Close: %d", w.Code)
	}
}

// The relay page brings the hints for errors that come with a redirect, whatever
// the query, and none for those of the token endpoint.
func TestRelayPageBringsHints(t *testing.T) {
	h := newHarness(t)
	attribute := regexp.MustCompile(`data-hints="([^"]*)"`).FindStringSubmatch(readAll(t, h.send(h.request("GET", "/callback", ""))))
	if attribute == nil {
		t.Fatal("the page has no hints")
	}
	var hints map[string]string
	if err := json.Unmarshal([]byte(html.UnescapeString(attribute[1])), &hints); err != nil {
		t.Fatal(err)
	}
	if want := "Send response_type=code."; hints["KOE201"] != want {
		t.Errorf("got %q, want %q", hints["KOE201"], want)
	}
	if hint, ok := hints["KOE320"]; ok {
		t.Errorf("a hint for an error of the token endpoint: %q", hint)
	}
}

// What the script of the relay page does is tested in its own language.
func TestRelayScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	out, err := exec.CommandContext(t.Context(), node, "--test", "relay/").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestRelayFiles(t *testing.T) {
	h := newHarness(t)
	for path, contentType := range map[string]string{"/callback.js": "text/javascript; charset=utf-8", "/callback.css": "text/css; charset=utf-8"} {
		res := h.send(h.request("GET", path, ""))
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != contentType {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
		again := h.request("GET", path, "")
		again.Header.Set("If-None-Match", res.Header.Get("ETag"))
		if res := h.send(again); res.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", path, res.StatusCode)
		}
	}
}

func FuzzTokenBody(f *testing.F) {
	for _, seed := range []string{tokenRequestBody(nil), tokenRequestBody(map[string]any{"nonce": "n"}), "", "null", "[]", `{"code":1}`, `{"code":"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		h := newHarness(t)
		status, answer := h.do("POST", "/token", body)
		var sent tokenRequest
		readable := json.Unmarshal([]byte(body), &sent) == nil
		if status == 200 && (!readable || len(sent.CodeVerifier) < 43 || sent.RedirectURI != testPublicURL+"/callback") {
			t.Errorf("accepted %q", body)
		}
		if status != 200 && answer["error"] == nil {
			t.Errorf("%d without an error object: %v", status, answer)
		}
	})
}

func FuzzCallbackQuery(f *testing.F) {
	h := newHarness(f)
	plain := readAll(f, h.send(h.request("GET", "/callback", "")))
	for _, seed := range []string{"state=p.a&code=x", "error=<script>", `"'><svg onload=x>`, "%00", "state=%ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		h := h.in(t)
		r := h.request("GET", "/callback", "")
		r.URL.RawQuery = query
		res := h.send(r)
		if res.StatusCode != http.StatusOK || readAll(t, res) != plain {
			t.Errorf("the query %q changes the page", query)
		}
	})
}

func FuzzCookie(f *testing.F) {
	h := newHarness(f)
	h.login()
	real := h.cookie
	for _, seed := range []string{"", real + "x", real[1:], "__Host-kakao_session=" + real, "a;b", strings.Repeat("A", 43), "\"" + real + "\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		h := h.in(t)
		r := h.request("GET", "/session", "")
		r.Header.Set("Cookie", header)
		body := decode(t, h.send(r))
		if body["authenticated"] == true && !strings.Contains(header, real) {
			t.Errorf("%q is a session: %v", header, body)
		}
	})
}
