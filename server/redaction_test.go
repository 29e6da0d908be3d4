package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// Secrets of the app, marked so that a leak of them is found.
const (
	markedClientSecret = "marked-client-secret-71c2"
	markedAdminKey     = "marked-admin-key-9d03"
)

// echo stands in an answer of the emulator for everything that the request held.
const echo = "what-was-sent"

// tappedKakao carries calls to the emulator and writes down every token that it
// gives out. It panics with what it has seen when told to.
type tappedKakao struct {
	http.RoundTripper
	mu     sync.Mutex
	tokens map[string][]string // by member of the token response
	panics bool
}

// RoundTrip implements [http.RoundTripper].
func (k *tappedKakao) RoundTrip(r *http.Request) (*http.Response, error) {
	held, err := k.heldBy(r)
	if err != nil {
		return nil, err
	}
	res, err := k.RoundTripper.RoundTrip(r)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.panics {
		panic(fmt.Sprint(k.tokens, held))
	}
	if err != nil {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	body = bytes.ReplaceAll(body, []byte(echo), []byte(held))
	res.Body = io.NopCloser(bytes.NewReader(body))
	if r.URL.Path == kakao.PathToken {
		k.note(body)
	}
	return res, err
}

// heldBy is everything in a request that is secret.
func (k *tappedKakao) heldBy(r *http.Request) (string, error) {
	held := r.Header.Get("Authorization")
	if r.Body == nil {
		return held, nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	for _, values := range form {
		held += " " + strings.Join(values, " ")
	}
	return held, err
}

// note writes down the tokens of a token response.
func (k *tappedKakao) note(body []byte) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return
	}
	for _, name := range []string{"access_token", "refresh_token", "id_token"} {
		if token, ok := members[name].(string); ok {
			k.tokens[name] = append(k.tokens[name], token)
		}
	}
}

// setPanics makes the calls panic, or not.
func (k *tappedKakao) setPanics(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.panics = on
}

// writtenStore writes down what a store is given to keep.
type writtenStore struct {
	store.Store
	written *syncBuffer
}

func (s writtenStore) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	s.note(key, e)
	return s.Store.Create(ctx, key, e)
}

func (s writtenStore) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	s.note(key, e)
	return s.Store.Replace(ctx, key, e)
}

func (s writtenStore) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	s.note(key, store.Entry{})
	return s.Store.Acquire(ctx, key, ttl)
}

// note writes down an entry; what is no text in it stays as it is.
func (s writtenStore) note(key string, e store.Entry) {
	_, _ = fmt.Fprintf(s.written, "%s %s %+v\n", key, e.Value, e.Owner)
}

// redactionRun is a server on the emulator, and everything that comes out.
type redactionRun struct {
	*harness
	stored   *syncBuffer
	errorLog *syncBuffer // of the HTTP server
	emulated *syncBuffer // the emulator's log
	platform *emulator.Emulator
	tapped   *tappedKakao
	spans    *tracetest.SpanRecorder
	codes    []string
	cookies  []string
}

// newRedactionRun starts the server and its surroundings.
func newRedactionRun(t *testing.T) *redactionRun {
	t.Helper()
	apps := emulator.Default(emulatorOrigin, testPublicURL+"/callback")
	apps.Apps[0].ClientSecret, apps.Apps[0].AdminKey = markedClientSecret, markedAdminKey
	emulated := &syncBuffer{}
	platform, err := emulator.New(apps, emulator.WithLogger(slog.New(slog.NewTextHandler(emulated, nil))))
	if err != nil {
		t.Fatal(err)
	}
	run := &redactionRun{platform: platform, tapped: &tappedKakao{RoundTripper: inMemory{platform}, tokens: map[string][]string{}}, spans: tracetest.NewSpanRecorder(), stored: &syncBuffer{}, errorLog: &syncBuffer{}, emulated: emulated}
	keys, err := keyring.Parse(keyring.Generate())
	if err != nil {
		t.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(run.spans))
	run.harness = newHarness(t, withBackEnds, func(c *Config) {
		c.RESTAPIKey, c.JavaScriptKeys = emulator.DemoRESTAPIKey, []string{emulator.DemoJavaScriptKey}
		c.ClientSecret, c.AppID, c.AdminKey = markedClientSecret, emulatorAppID, markedAdminKey
		c.Platform = kakao.Platform{Auth: emulatorOrigin, API: emulatorOrigin}
		c.HTTPClient = &http.Client{Transport: run.tapped}
		c.TracerProvider = provider
		c.Store, c.Keys = writtenStore{memory.New(), run.stored}, keys
	})
	return run
}

// overHTTP sends what is not a request of a page: pieces of HTTP that are full
// of secrets, through an HTTP server whose own log is kept.
func (run *redactionRun) overHTTP(secrets ...string) {
	run.t.Helper()
	listener := &pipeListener{make(chan net.Conn), make(chan struct{})}
	front := &http.Server{Handler: run.Server, ErrorLog: log.New(run.errorLog, "", 0), ReadHeaderTimeout: time.Second}
	served := make(chan error, 1)
	go func() { served <- front.Serve(listener) }()
	for _, secret := range secrets {
		cookie := "Cookie: " + run.harness.cookies.Name + "=" + run.cookie + "\r\n"
		page := "Host: app.example.com\r\nOrigin: " + testOrigin + "\r\nKakaowasm: 1\r\nConnection: close\r\n"
		for _, piece := range []string{
			secret + "\r\n\r\n",
			"GET /" + secret + " HTTP/9.9\r\n\r\n",
			"GET /kakao/callback?code=" + url.QueryEscape(secret) + "%zz;& HTTP/1.1\r\n" + page + "\r\n",
			"POST /kakao/refresh HTTP/1.1\r\n" + page + cookie + "Content-Length: 0\r\n\r\n",
			"POST /kakao/token HTTP/1.1\r\n" + page + "X-" + secret + ": \x00\r\n\r\n",
			"POST /kakao/token HTTP/1.1\r\n" + page + "Transfer-Encoding: " + secret + "\r\n\r\n",
		} {
			client, accepted := net.Pipe()
			listener.conns <- accepted
			go func() { _, _ = io.WriteString(client, piece) }()
			_, _ = io.Copy(io.Discard, client)
			_ = client.Close()
		}
	}
	if err := front.Close(); err != nil {
		run.t.Error(err)
	}
	<-served
}

// logIn logs a user in, and reports whether that worked.
func (run *redactionRun) logIn() bool {
	run.t.Helper()
	run.codes = append(run.codes, authorize(run.t, run.platform))
	status, _ := run.do("POST", "/token", run.exchange())
	run.cookies = append(run.cookies, run.cookie)
	return status == http.StatusOK
}

// exchange is a token request with the last code.
func (run *redactionRun) exchange() string {
	return tokenRequestBody(map[string]any{"code": run.codes[len(run.codes)-1], "nonce": testNonce})
}

// secrets are all marks so far that no log, metric or trace may hold, and those
// of them that no answer may hold either.
func (run *redactionRun) secrets() (unlogged, unanswered []string) {
	run.tapped.mu.Lock()
	defer run.tapped.mu.Unlock()
	unanswered = slices.Concat([]string{markedClientSecret, markedAdminKey, testVerifier}, run.codes, run.tapped.tokens["refresh_token"])
	unlogged = slices.Concat(unanswered, run.cookies, run.tapped.tokens["access_token"], run.tapped.tokens["id_token"])
	notEmpty := func(secrets []string) []string {
		return slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	}
	return notEmpty(unlogged), notEmpty(unanswered)
}

// visit asks every endpoint, by every method, for everything at once: each place
// of a request where a client can write holds all secrets.
func (run *redactionRun) visit() {
	unlogged, _ := run.secrets()
	for _, path := range []string{
		"/token", "/refresh", "/session", "/session/token", contract.PathJWKS, "/auth", "/auth/orders", "/logout", "/logout/account", "/logout/callback", "/callback",
		"/callback.js", "/webhooks/unlink", "/webhooks/account", "/sdk/integrity.json", "/sdk/x", "/nothing",
	} {
		for _, method := range []string{"GET", "POST", "HEAD", "OPTIONS", "DELETE", markedClientSecret} {
			for _, secret := range []string{unlogged[0], unlogged[1], unlogged[len(unlogged)-1], run.codes[len(run.codes)-1]} {
				run.send(run.laden(method, path, secret))
				run.send(run.laden(method, path+"/"+secret, secret))
			}
		}
	}
	unlink := run.laden("POST", "/webhooks/unlink", formOf(emulatorAppID, "2"))
	unlink.Header.Set("Content-Type", formType)
	run.send(unlink)
}

// laden is a request that holds a secret wherever it can.
func (run *redactionRun) laden(method, path, secret string) *http.Request {
	r := run.request("POST", "", secret)
	r.Method, r.URL.Path = method, "/kakao"+path
	r.URL.RawQuery = url.Values{"code": {secret}, "state": {secret}, "error": {secret}, secret: {secret}}.Encode()
	r.Header.Set("Authorization", "KakaoAK "+markedAdminKey)
	for _, name := range []string{"X-Request-Id", "X-Forwarded-For", "Forwarded", "Referer", "User-Agent", "traceparent", "Accept-Encoding", "X-Secret"} {
		r.Header.Set(name, secret)
	}
	return r
}

// faultsOfKakao are the ways in which Kakao fails, some of them with what it was
// sent in every member of the answer.
var faultsOfKakao = map[string]emulator.Fault{
	"dropped":           {Drop: true},
	"failing inside":    {Status: 500},
	"failing with echo": {Status: 503, Body: echo},
	"echo as page":      {Status: 200, Body: "<html>" + echo},
	"echo in an error": {Status: 400, Body: encode(map[string]any{
		"error": "invalid_grant", "error_code": "KOE320", "error_description": echo, "msg": echo, "code": -401,
	})},
	"echo as an error": {Status: 401, Body: encode(map[string]any{
		"error": echo, "error_code": echo, "error_description": echo, "msg": echo, "code": -2,
	})},
	"echo as tokens": {Status: 200, Body: encode(map[string]any{
		"token_type": "bearer", "access_token": "marked-access-token", "refresh_token": "marked " + echo, "id_token": echo, "expires_in": 10, "scope": "x",
	})},
	"wrong signature": {WrongSignature: true},
}

// Rule 1, on the emulator: whatever goes wrong, and whatever a client writes
// wherever it can, no secret comes out anywhere.
func TestRule01NoSecretComesOutOfAnythingThatIsWritten(t *testing.T) {
	synctest.Test(t, testNoSecretComesOutOfAnythingThatIsWritten)
}

func testNoSecretComesOutOfAnythingThatIsWritten(t *testing.T) {
	run := newRedactionRun(t)
	if !run.logIn() {
		t.Fatal("cannot log in")
	}
	run.visit()
	for name, fault := range faultsOfKakao {
		for _, path := range []string{kakao.PathToken, "/v1/*", "/v2/*", kakao.PathJWKS} {
			if !run.logIn() {
				t.Fatalf("cannot log in before %s", name)
			}
			fault.Path = path
			if _, err := run.platform.Inject(fault); err != nil {
				t.Fatal(err)
			}
			run.do("POST", "/refresh", "")
			run.do("GET", "/session", "")
			run.do("POST", "/logout", "")
			run.logIn()
			run.platform.ClearFaults()
			run.do("POST", "/token", run.exchange())
		}
	}
	run.logIn()
	run.tapped.setPanics(true)
	run.do("POST", "/refresh", "")
	run.do("POST", "/token", run.exchange())
	run.overHTTP(run.codes[0], markedClientSecret)
	run.tapped.setPanics(false)
	run.visit()
	run.check()
}

// check looks for the secrets in everything that came out.
func (run *redactionRun) check() {
	run.t.Helper()
	metrics := httptest.NewRecorder()
	run.Operations().ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	spans := fmt.Sprintf("%+v", tracetest.SpanStubsFromReadOnlySpans(run.spans.Ended()))
	unlogged, unanswered := run.secrets()
	run.refuse("log", run.logs.String(), unlogged)
	run.refuse("metrics", metrics.Body.String(), unlogged)
	run.refuse("traces", spans, unlogged)
	run.refuse("answers", run.answers(), unanswered)
	run.refuse("store", run.stored.String(), unlogged)
	run.refuse("emulator's log", run.emulated.String(), unlogged)
	run.refuse("log of the HTTP server", run.errorLog.String(), unlogged)
	if strings.Count(run.stored.String(), "session:") < 10 {
		run.t.Error("the run stored nothing")
	}
	for what, text := range map[string]string{
		"panic": run.logs.String(), "KOE320": run.logs.String(), `status="503"`: metrics.Body.String(), "POST /oauth/token": spans, "refused": run.emulated.String(), "access_token": run.said.String(),
	} {
		if !strings.Contains(text, what) {
			run.t.Errorf("the run did not meet %s", what)
		}
	}
	if len(unlogged) < 100 {
		run.t.Errorf("the run met %d secrets only", len(unlogged))
	}
}

// answers is what the server said, without the requests that the harness writes
// in front of it.
func (run *redactionRun) answers() string {
	var answers strings.Builder
	for line := range strings.Lines(run.said.String()) {
		if _, answer, found := strings.Cut(line, " map["); found {
			line = answer
		}
		answers.WriteString(line)
	}
	return answers.String()
}

// refuse fails where a text holds a secret, as it is or as a query has it.
func (run *redactionRun) refuse(where, text string, secrets []string) {
	run.t.Helper()
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret)} {
			if i := strings.Index(text, form); i >= 0 {
				run.t.Errorf("%s: %q leaked: …%s…", where, form, text[max(0, i-200):min(len(text), i+100)])
				return
			}
		}
	}
}
