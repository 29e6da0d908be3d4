package simulate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

// real is a far side of the real token server and the real emulator, as handlers
// in this process. It runs in a bubble of package synctest, whose clock follows
// that of the world.
type real struct {
	server   *server.Server
	platform *emulator.Emulator
	began    time.Time
	cookie   string // the name of the session cookie
	// What the world is told of: whose codes and sessions these are.
	codes    map[string]int
	sessions map[string]*session
	// fails is how many requests of the token server Kakao does not answer.
	fails int
}

const (
	realRESTKey = "11111111111111111111111111111111"
	realSecret  = "a client secret"
	realUser    = 4210000001
)

// newPlatform makes the emulator that all runs share: it makes an RSA key.
func newPlatform(t *testing.T) *emulator.Emulator {
	t.Helper()
	cfg := emulator.Default(AuthHost, ServerURL+contract.PathCallback)
	app := &cfg.Apps[0]
	app.RESTAPIKey, app.JavaScriptKey, app.ClientSecret = realRESTKey, AppKey, realSecret
	app.SiteDomains = []string{AppOrigin, ShopOrigin}
	cfg.AccessTokenTTL = emulator.Duration(tokenLifetime * time.Second)
	platform, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return platform
}

func newReal(t *testing.T, platform *emulator.Emulator) *real {
	t.Helper()
	r := &real{platform: platform, began: time.Now(), codes: map[string]int{}, sessions: map[string]*session{}}
	platform.Reset()
	if err := platform.AutoLogin(realUser); err != nil {
		t.Fatal(err)
	}
	var err error
	r.server, err = server.New(server.Config{
		PublicURL: ServerURL, RESTAPIKey: realRESTKey, JavaScriptKeys: []string{AppKey}, ClientSecret: realSecret,
		AllowedOrigins: []string{ShopOrigin}, HTTPClient: &http.Client{Transport: r},
		RequestsPerMinute: -1, SessionRequestsPerMinute: -1, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.server.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// RoundTrip brings a request of the token server to the emulator.
func (r *real) RoundTrip(request *http.Request) (*http.Response, error) {
	if r.fails > 0 {
		r.fails--
		return nil, io.ErrUnexpectedEOF
	}
	return r.ask(r.platform, request), nil
}

func (r *real) ask(h http.Handler, request *http.Request) *http.Response {
	inside := httptest.NewRequest(request.Method, request.URL.String(), request.Body)
	inside.Header = request.Header
	if inside.Header == nil {
		inside.Header = http.Header{}
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, inside)
	return answer.Result()
}

// follow moves the bubble's clock to the world's, and back what a handler has
// waited.
func (r *real) follow(w *World) {
	time.Sleep(time.Duration(w.now-Start)*time.Millisecond - time.Since(r.began))
	w.now = Start + time.Since(r.began).Milliseconds()
}

// Serve implements [Far].
func (r *real) Serve(w *World, asked *Request) *Response {
	if asked.URL == "" {
		return &Response{Status: http.StatusOK} // the page itself, for its policy
	}
	r.follow(w)
	defer r.follow(w)
	request, err := http.NewRequest(asked.Method, asked.URL, strings.NewReader(asked.Body))
	if err != nil {
		w.judge.broken("a request that cannot be sent: " + err.Error())
		return &Response{Status: 400}
	}
	for i := 0; i+1 < len(asked.Headers); i += 2 {
		request.Header.Set(asked.Headers[i], asked.Headers[i+1])
	}
	request.Header.Set("Origin", asked.Origin)
	if !strings.HasPrefix(asked.URL, ServerURL) {
		return r.fromKakao(w, asked, r.ask(r.platform, request))
	}
	if asked.Cookie != "" {
		request.AddCookie(&http.Cookie{Name: r.cookie, Value: asked.Cookie})
	}
	r.fails = 0
	if w.choose("Kakao does not answer the token server", 16) == 15 {
		r.fails = 1
	}
	renewals := r.platform.Count("refresh_token")
	answer := r.fromServer(w, asked, r.ask(r.server, request))
	if d := r.sessions[asked.Cookie]; d != nil && r.platform.Count("refresh_token") > renewals {
		w.judge.upstream(d)
		r.issued(w, d, answer)
	}
	return answer
}

// issued notes the token of an answer, and the login that it is of.
func (r *real) issued(w *World, d *session, answer *Response) {
	if text := answer.member("access_token"); text != "" {
		d.token = &issued{text: text, login: d.login, expires: w.now + 1000*int64(integer(answer.member("expires_in")))}
		w.tokens[text] = d.login
	}
}

// fromKakao reads an answer as npm/interpreter.js does.
func (r *real) fromKakao(w *World, asked *Request, answer *http.Response) *Response {
	body, object := readObject(answer)
	if !strings.HasPrefix(asked.URL, AuthHost+kakao.PathCode) {
		if answer.StatusCode == http.StatusUnauthorized {
			w.judge.refusedToken(nil)
		}
		return &Response{Status: answer.StatusCode, JSON: json.Valid(body)}
	}
	members := []string{"outcome", textOf(object["status"]), "code", textOf(object["code"]), "error", textOf(object["error"])}
	if object["error"] != nil {
		number, _ := json.Marshal(object["error_code"])
		members = append(members, "number", string(number), "failed", "1")
		if string(number) == `"300"` {
			members[5] = "waiting"
		}
	}
	return &Response{Status: answer.StatusCode, JSON: true, Members: members}
}

func (r *real) fromServer(w *World, asked *Request, answer *http.Response) *Response {
	_, object := readObject(answer)
	res := &Response{Status: answer.StatusCode, JSON: object != nil}
	for _, name := range append([]string{"access_token", "id_token"}, answers...) {
		if text, ok := object[name].(string); ok {
			res.Members = append(res.Members, name, text)
		}
	}
	res.Members = append(res.Members, "expires_in", textOf(object["expires_in"]), "nonce", nonceIn(object["id_token"]))
	for _, cookie := range answer.Cookies() {
		r.cookie, res.SetsCookie, res.Cookie = cookie.Name, true, cookie.Value
		if cookie.MaxAge < 0 {
			res.Cookie = ""
		}
	}
	if asked.URL == ServerURL+contract.PathToken && answer.StatusCode == http.StatusOK {
		var body struct {
			Code string `json:"code"`
		}
		if err := json.Unmarshal([]byte(asked.Body), &body); err != nil {
			w.judge.broken("the exchange sends no JSON")
		}
		d := &session{login: r.codes[body.Code]}
		r.issued(w, d, res)
		if res.Cookie != "" {
			r.sessions[res.Cookie] = d
		}
	}
	return res
}

// nonceIn is the nonce of an ID token.
func nonceIn(token any) string {
	parts := strings.Split(textOf(token), ".")
	if len(parts) != 3 {
		return ""
	}
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Nonce string }
	_ = json.Unmarshal(payload, &claims) // no claims, no nonce
	return claims.Nonce
}

func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func readObject(answer *http.Response) (body []byte, object map[string]any) {
	body, _ = io.ReadAll(answer.Body)
	if json.Unmarshal(bytes.TrimSpace(body), &object) != nil {
		return body, nil
	}
	return body, object
}

// Decide implements [Far]: a user whom the emulator plays agrees; one who refuses
// is an app's request that needs a user and must not ask one.
func (r *real) Decide(w *World, address string, accept bool) (redirectURI, query string) {
	r.follow(w)
	address = readable(address)
	params := url.Values{}
	for _, name := range []string{
		"client_id", "redirect_uri", "state", "nonce", "scope", "code_challenge", "code_challenge_method", "response_type", "auth_tran_id",
	} {
		if value := unescaped(parameter(address, name)); value != "" {
			params.Set(name, value)
		}
	}
	if !accept {
		params.Set("prompt", "none")
		defer func() { _ = r.platform.AutoLogin(realUser) }()
		_ = r.platform.AutoLogin(0)
	}
	request := httptest.NewRequest(http.MethodGet, AuthHost+kakao.PathAuthorize+"?"+params.Encode(), nil)
	answer := r.ask(r.platform, request)
	to, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || answer.Header.Get("Location") == "" {
		if params.Get("redirect_uri") == ServerURL+contract.PathCallback {
			w.judge.broken(fmt.Sprintf("Kakao answers a login with %d: %s", answer.StatusCode, params.Encode()))
		}
		return "", "" // a code that is polled for
	}
	if login, found := loginNumber(params.Get("state")); found {
		r.codes[to.Query().Get("code")] = login
	}
	query = to.RawQuery
	to.RawQuery = ""
	return to.String(), query
}

// seeded draws the choices of a run from a seed: what is plain more often, but for
// what comes next.
type seeded struct{ *rand.Rand }

func (s seeded) Pick(what string, n int) int {
	if what == "next" || what == "length" {
		return s.IntN(n)
	}
	return min(s.IntN(max(n, 1)), s.IntN(max(n, 1)))
}

func TestRealServersKeepTheRules(t *testing.T) {
	const runs = 2_000
	first, count := uint64(1), uint64(runs)
	if text := os.Getenv("SIMULATE_REAL"); text != "" { // the seed to play
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SIMULATE_REAL is %q, want the number of a run", text)
		}
		first, count = seed, 1
	}
	platform := newPlatform(t)
	completed := 0
	for seed := first; seed < first+count && !t.Failed(); seed++ {
		synctest.Test(t, func(t *testing.T) {
			w := New(seeded{rand.New(rand.NewPCG(seed, 0))}, newReal(t, platform))
			if fault := w.Run(8 + w.choices.Pick("length", 33)); fault != "" {
				t.Errorf("%s\n%s\nplay it again: SIMULATE_REAL=%d go test ./sdk/simulate -run RealServers", fault, w.Report(), seed)
			}
			completed += len(w.tokens)
		})
	}
	t.Logf("%d runs, %d tokens", count, completed)
	if count == runs && completed < runs/4 {
		t.Errorf("only %d tokens were issued in %d runs", completed, runs)
	}
}
