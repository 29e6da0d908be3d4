package server

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

const (
	emulatorOrigin = "http://127.0.0.1:8481"
	emulatorUser   = "4210000001"
)

// inMemory carries requests to a handler without a network.
type inMemory struct{ http.Handler }

// RoundTrip implements [http.RoundTripper]. A handler that gives up is a
// connection that breaks.
func (m inMemory) RoundTrip(r *http.Request) (res *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			if gaveUp, ok := p.(error); !ok || !errors.Is(gaveUp, http.ErrAbortHandler) {
				panic(p)
			}
			err = io.ErrUnexpectedEOF
		}
	}()
	w, received := httptest.NewRecorder(), r.Clone(r.Context())
	received.Host, received.RemoteAddr = r.URL.Host, "127.0.0.1:1"
	if received.Body == nil {
		received.Body = http.NoBody
	}
	m.ServeHTTP(w, received)
	res = w.Result()
	res.Request = r
	return res, nil
}

// newPlatform is an emulator that knows the server.
func newPlatform(t *testing.T) *emulator.Emulator {
	t.Helper()
	platform, err := emulator.New(emulator.Default(emulatorOrigin, testPublicURL+"/callback"))
	if err != nil {
		t.Fatal(err)
	}
	return platform
}

// onEmulator is the configuration of a server for the emulator.
func onEmulator(platform *emulator.Emulator) func(*Config) {
	return func(c *Config) {
		c.RESTAPIKey, c.JavaScriptKeys = emulator.DemoRESTAPIKey, []string{emulator.DemoJavaScriptKey}
		c.ClientSecret = emulator.DemoClientSecret
		c.Platform = kakao.Platform{Auth: emulatorOrigin, API: emulatorOrigin}
		c.HTTPClient = &http.Client{Transport: inMemory{platform}}
	}
}

// newEmulatorHarness is a server against the emulator.
func newEmulatorHarness(t *testing.T) (*harness, *emulator.Emulator) {
	t.Helper()
	platform := newPlatform(t)
	return newHarness(t, onEmulator(platform)), platform
}

var ticket = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// authorize clicks through the emulator's pages and returns the code.
func authorize(t testing.TB, platform http.Handler) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{
		Transport: inMemory{platform}, Jar: jar,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), emulatorOrigin) {
				return nil
			}
			return http.ErrUseLastResponse
		},
	}
	query := url.Values{
		"client_id": {emulator.DemoJavaScriptKey}, "redirect_uri": {testPublicURL + "/callback"}, "response_type": {"code"},
		"scope": {"openid,profile_nickname"}, "state": {"s"}, "nonce": {testNonce},
		"code_challenge": {kakao.ChallengeS256(testVerifier)}, "code_challenge_method": {"S256"},
	}
	res, err := browser.Get(emulatorOrigin + kakao.PathAuthorize + "?" + query.Encode())
	for _, step := range []struct{ path, name, value string }{
		{"/oauth/login", "user", emulatorUser}, {"/oauth/consent", "decision", "accept"},
	} {
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusFound {
			break // The user has consented before.
		}
		form := ticket.FindStringSubmatch(readAll(t, res))
		if form == nil {
			t.Fatalf("%s: no form, %s", step.path, res.Status)
		}
		res, err = browser.PostForm(emulatorOrigin+step.path, url.Values{"ticket": {form[1]}, step.name: {step.value}})
	}
	if err != nil {
		t.Fatal(err)
	}
	target, err := res.Location()
	if err != nil || !strings.HasPrefix(target.String(), testPublicURL+"/callback") {
		t.Fatalf("led to %v, %v", target, err)
	}
	return target.Query().Get("code")
}

// The whole life of a login against the emulator, with the JavaScript key at
// authorize and the REST key at the token endpoint.
func TestLifeOfALoginOnTheEmulator(t *testing.T) {
	h, platform := newEmulatorHarness(t)
	body := tokenRequestBody(map[string]any{"code": authorize(t, platform), "nonce": testNonce})
	status, login := h.do("POST", "/token", body)
	if status != 200 || login["access_token"] == nil || login["id_token"] == nil {
		t.Fatalf("login: %d %v", status, login)
	}
	if _, session := h.do("GET", "/session", ""); session["user_id"] != emulatorUser {
		t.Errorf("session: %v", session)
	}
	status, renewed := h.do("POST", "/refresh", "")
	if status != 200 || renewed["access_token"] == login["access_token"] {
		t.Errorf("refresh: %d %v", status, renewed)
	}
	if status, answer := h.do("POST", "/token", body); status != 200 || answer["access_token"] != renewed["access_token"] {
		t.Errorf("the code again: %d %v", status, answer)
	}
	if status, _ := h.do("POST", "/logout", ""); status != 204 {
		t.Errorf("logout: %d", status)
	}
	if _, err := h.Server.kakao.UserID(t.Context(), rest.NewUserToken(renewed["access_token"].(string))); err == nil {
		t.Error("the access token lives on at Kakao")
	}
}

// A refresh token that died at Kakao ends the login; a platform that is down
// does not.
func TestDeathOfALoginOnTheEmulator(t *testing.T) {
	h, platform := newEmulatorHarness(t)
	h.do("POST", "/token", tokenRequestBody(map[string]any{"code": authorize(t, platform), "nonce": testNonce}))
	platform.ExpireRefreshTokens()
	res := h.send(h.request("POST", "/refresh", ""))
	expectError(t, res.StatusCode, decode(t, res), 401, "invalid_grant", "KOE322")
	if _, session := h.do("GET", "/session", ""); session["authenticated"] != false {
		t.Errorf("session: %v", session)
	}
}
