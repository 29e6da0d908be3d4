package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// What the tests' app and its user look like. The words "secret" make a leak
// findable.
const (
	testPublicURL    = "https://app.example.com/kakao"
	testOrigin       = "https://app.example.com"
	testRESTKey      = "rest-api-key"
	testJSKey        = "javascript-key"
	testSecret       = "client-secret-5b1c"
	testCode         = "code-secret/9f+3="
	testNonce        = "nonce-7d"
	testUser         = "1376016924426111111" // beyond what a JS number holds
	testAccessToken  = "access-token-1"
	testRefreshToken = "refresh-secret-1"
)

// testVerifier is a code verifier of the least length.
var testVerifier = strings.Repeat("v", 43)

// testKey and otherKey sign ID tokens; making them is slow.
var testKey, otherKey *rsa.PrivateKey

func TestMain(m *testing.M) {
	var err error
	if testKey, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		panic(err)
	}
	if otherKey, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// answer is one answer of the fake Kakao; an error is a broken connection.
type answer func(ctx context.Context, form url.Values) (status int, body string, err error)

// fakeKakao is a Kakao in memory: a RoundTripper, so that tests need no network
// and can run under a fake clock.
type fakeKakao struct {
	mu      sync.Mutex
	answers map[string]answer
	calls   map[string]int
	forms   []url.Values
	bearers []string
}

// Names of the calls of the fake Kakao.
const (
	callExchange = "authorization_code"
	callRefresh  = "refresh_token"
)

var pathTokenInfo, pathLogout = catalog.TokenInfo.Path, catalog.Logout.Path

func newFakeKakao() *fakeKakao {
	f := &fakeKakao{calls: map[string]int{}}
	f.answers = map[string]answer{
		callExchange:  says(200, tokenBody(testAccessToken, testRefreshToken, nil)),
		callRefresh:   says(200, tokenBody("access-token-2", "", nil)),
		pathTokenInfo: says(200, `{"id":`+testUser+`,"expires_in":100,"app_id":1}`),
		pathLogout:    says(200, `{"id":`+testUser+`}`),
		kakao.PathDiscovery: says(200, encode(map[string]any{
			"issuer": kakao.Production.Auth, "jwks_uri": kakao.Production.Auth + kakao.PathJWKS,
		})),
		kakao.PathJWKS: says(200, jwksOf(map[string]any{
			"kid": "key-1", "kty": "RSA", "use": "sig", "alg": "RS256", "n": modulus(testKey), "e": "AQAB",
		})),
	}
	return f
}

// on replaces the answer to a call.
func (f *fakeKakao) on(call string, a answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[call] = a
}

// count is how often a call was made.
func (f *fakeKakao) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[call]
}

// lastForm is the body of the last token request.
func (f *fakeKakao) lastForm() url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.forms[len(f.forms)-1]
}

// RoundTrip implements [http.RoundTripper].
func (f *fakeKakao) RoundTrip(r *http.Request) (*http.Response, error) {
	call, form := r.URL.Path, url.Values{}
	if r.URL.Path == kakao.PathToken {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		form, err = url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		call = form.Get("grant_type")
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.calls[call]++
	if len(form) > 0 {
		f.forms = append(f.forms, form)
	}
	f.bearers = append(f.bearers, r.Header.Get("Authorization"))
	answer := f.answers[call]
	f.mu.Unlock()
	status, body, err := answer(r.Context(), form)
	if err == nil {
		err = r.Context().Err()
	}
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json;charset=UTF-8"}, "Location": {"https://elsewhere.example/"}},
		Body:   io.NopCloser(strings.NewReader(body)),
	}, nil
}

// says always answers the same.
func says(status int, body string) answer {
	return func(context.Context, url.Values) (int, string, error) { return status, body, nil }
}

// hangs answers nothing until the caller gives up.
func hangs(ctx context.Context, _ url.Values) (int, string, error) {
	<-ctx.Done()
	return 0, "", ctx.Err()
}

// tokenBody is a token response with further members.
func tokenBody(access, refresh string, more map[string]any) string {
	members := map[string]any{"token_type": "bearer", "access_token": access, "expires_in": 21599}
	if refresh != "" {
		members["refresh_token"], members["refresh_token_expires_in"] = refresh, 5184000
		members["scope"] = "profile_nickname openid"
	}
	maps.Copy(members, more)
	return encode(members)
}

// errorBody is an error response.
func errorBody(code, koe, description string) string {
	return encode(kakao.OAuthError{Code: code, KOE: koe, Description: description})
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func jwksOf(keys ...any) string { return encode(map[string]any{"keys": keys}) }

func modulus(key *rsa.PrivateKey) string { return b64(key.N) }

func b64(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }

// idToken signs claims as Kakao does.
func idToken(t testing.TB, method jwt.SigningMethod, key any, kid string, claims jwt.MapClaims) string {
	t.Helper()
	header := map[string]any{"kid": kid}
	if kid == "" {
		header = nil
	}
	return signToken(t, method, key, claims, header)
}

// signToken signs claims under some members of a header, the last of a name
// counting; nil removes one.
func signToken(t testing.TB, method jwt.SigningMethod, key any, claims jwt.MapClaims, headers ...map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	for _, header := range headers {
		maps.Copy(token.Header, header)
	}
	maps.DeleteFunc(token.Header, func(_ string, v any) bool { return v == nil })
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// goodClaims are the claims of an ID token that must be accepted.
func goodClaims() jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{
		"iss": kakao.Production.Auth, "aud": testJSKey, "sub": testUser, "nonce": testNonce,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// harness is a server with everything around it.
type harness struct {
	*Server
	t      testing.TB
	kakao  *fakeKakao
	logs   *syncBuffer
	cookie string // the session cookie's value, as a browser would keep it
	said   *syncBuffer
}

// syncBuffer is a buffer that several goroutines may write.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// newHarness starts a server against a fake Kakao.
func newHarness(t testing.TB, change ...func(*Config)) *harness {
	t.Helper()
	h := &harness{t: t, kakao: newFakeKakao(), logs: &syncBuffer{}, said: &syncBuffer{}}
	cfg := Config{
		PublicURL: testPublicURL, RESTAPIKey: testRESTKey, JavaScriptKeys: []string{testJSKey}, ClientSecret: testSecret,
		HTTPClient:   &http.Client{Transport: h.kakao},
		AllowedHosts: []string{"app.example.com", "example.com"}, // as requests of tests name it
		Logger:       slog.New(slog.NewJSONHandler(h.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&cfg)
	}
	var err error
	if h.Server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// request is a request as the page at the server's own origin sends it.
func (h *harness) request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, testPublicURL+path, strings.NewReader(body))
	r.Header.Set(contract.PageHeader, contract.PageHeaderValue)
	if method == http.MethodPost {
		r.Header.Set("Origin", testOrigin)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/json")
	}
	if h.cookie != "" {
		r.AddCookie(&http.Cookie{Name: h.cookies.Name, Value: h.cookie})
	}
	return r
}

// in is the harness of another test on the same server.
func (h *harness) in(t testing.TB) *harness {
	other := *h
	other.t = t
	return &other
}

// send sends a request and keeps the cookie that comes back.
func (h *harness) send(r *http.Request) *http.Response {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	res := w.Result()
	for _, c := range res.Cookies() {
		if c.Name == h.cookies.Name {
			h.cookie = c.Value
		}
	}
	_, _ = fmt.Fprintln(h.said, r.Method, r.URL.Path, res.Status, res.Header, w.Body)
	return res
}

// do sends a request of the page and returns status and decoded body.
func (h *harness) do(method, path, body string) (int, map[string]any) {
	h.t.Helper()
	res := h.send(h.request(method, path, body))
	return res.StatusCode, decode(h.t, res)
}

// decode reads a JSON object; no content is no object.
func decode(t testing.TB, res *http.Response) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil && res.StatusCode != http.StatusNoContent {
		t.Fatalf("expected a JSON object: %v", err)
	}
	return body
}

// lastCode counts the codes of token requests: each login has one of its own.
var lastCode atomic.Int64

// tokenRequestBody is a good token request, changed where change says so.
func tokenRequestBody(change map[string]any) string {
	members := map[string]any{
		"code": fmt.Sprint(testCode, lastCode.Add(1)), "code_verifier": testVerifier, "redirect_uri": testPublicURL + "/callback",
	}
	maps.Copy(members, change)
	return encode(members)
}

// login logs in without OpenID Connect.
func (h *harness) login() {
	h.t.Helper()
	if status, body := h.do("POST", "/token", tokenRequestBody(nil)); status != http.StatusOK {
		h.t.Fatalf("login: %d %v", status, body)
	}
}

// loginOpenID logs in with an ID token that holds testNonce.
func (h *harness) loginOpenID() {
	h.t.Helper()
	h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, map[string]any{"id_token": signedWith(h.t, nil)})))
	if status, body := h.do("POST", "/token", tokenRequestBody(map[string]any{"nonce": testNonce})); status != http.StatusOK {
		h.t.Fatalf("login: %d %v", status, body)
	}
}

// expectError checks status, error and error_code of an answer.
func expectError(t testing.TB, status int, body map[string]any, wantStatus int, wantError, wantKOE string) {
	t.Helper()
	got, _ := body["error_code"].(string)
	if status != wantStatus || body["error"] != wantError || got != wantKOE {
		t.Errorf("got %d %v, want %d %s %s", status, body, wantStatus, wantError, wantKOE)
	}
	if body["error_description"] == "" || body["error_description"] == nil {
		t.Errorf("the error says nothing about what to do: %v", body)
	}
}
