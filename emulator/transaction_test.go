package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

const (
	jsSDK     = "JS-SDK"
	tranID    = "1h2k3j4h5g6f1111111111111111111111111111111lq8w7e6r"
	agentV1   = "sdk/1.43.5 os/javascript sdk_type/javascript lang/ko device/Linux_x86_64 origin/http%3A%2F%2F127.0.0.1"
	closedKo  = "이 창을 닫으셔도 됩니다"
	closedEn  = "You can close this window"
	otherApps = "77777777777777777777777777777777"
)

// undecided is what a page hears until the user has decided.
var undecided = map[string]any{"status": "error", "error_code": "300"}

// poll asks for the answer of a transaction as the SDK does.
func (p *platform) poll(clientID, id string) map[string]any {
	p.t.Helper()
	got := p.call(http.MethodGet, kakao.PathCode, "", url.Values{"client_id": {clientID}, "auth_tran_id": {id}, "ka": {agentV1}})
	if got.status != http.StatusOK {
		p.t.Fatalf("poll: %d %s", got.status, got.raw)
	}
	return got.body
}

// begin opens the authorization endpoint as the JavaScript SDK v1 does.
func (b *browser) begin(pairs ...string) page {
	b.t.Helper()
	return b.authorize(append([]string{
		"client_id", emulator.DemoJavaScriptKey, "auth_tran_id", tranID, "ka", agentV1, "is_popup", "true",
	}, pairs...)...)
}

func TestAPageThatPollsHearsTheAnswerOnce(t *testing.T) {
	denied := map[string]any{"status": "error", "error_code": "400", "error": "access_denied", "error_description": "User denied access"}
	tests := []struct {
		name   string
		decide func(*browser, page) page
		want   map[string]any // nil for a code
	}{
		{"accepted", func(b *browser, shown page) page { return b.accept(shown) }, nil},
		{"cancelled on the consent page", func(b *browser, shown page) page {
			return b.submit(shown, "/oauth/consent", "decision", "cancel")
		}, denied},
		{"cancelled on the login page", func(b *browser, _ page) page {
			return b.submit(b.begin("prompt", "login"), "/oauth/login", "decision", "cancel")
		}, denied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t)
			b := p.browser()
			waits := func(where string) {
				t.Helper()
				if diff := cmp.Diff(undecided, p.poll(emulator.DemoJavaScriptKey, tranID)); diff != "" {
					t.Errorf("%s: %s", where, diff)
				}
			}
			waits("before the request")
			shown := b.begin()
			waits("on the login page")
			asked := b.submit(shown, "/oauth/login", "user", haneul)
			waits("on the consent page")

			done := tt.decide(b, asked)
			want := tt.want
			if want == nil {
				want = map[string]any{"status": "ok", "code": done.redirect.Get("code")}
			}
			if done.status != http.StatusFound || done.redirect.Get("error") != want["error"] && want["error"] != nil {
				t.Errorf("is_popup keeps the browser from its redirect: %d %q", done.status, done.location)
			}
			if diff := cmp.Diff(want, p.poll(emulator.DemoJavaScriptKey, tranID)); diff != "" {
				t.Errorf("after the decision: %s", diff)
			}
			waits("when the answer has been fetched")
			if tt.want != nil {
				return
			}
			if got := p.exchange(done.redirect.Get("code")); got.status != http.StatusOK {
				t.Errorf("exchange: %d %s", got.status, got.raw)
			}
		})
	}
}

func TestALoginOfASDKWithoutRedirectURIEndsOnAPage(t *testing.T) {
	for _, isPopup := range []string{"true", "false", ""} {
		p := start(t)
		b := p.browser()
		asked := b.submit(b.begin("redirect_uri", jsSDK, "is_popup", isPopup), "/oauth/login", "user", haneul)
		closed := b.accept(asked)
		if closed.status != http.StatusOK || closed.location != "" || !strings.Contains(closed.body, closedKo) {
			t.Errorf("is_popup %q: got %d %q\n%s", isPopup, closed.status, closed.location, closed.body)
		}
		code, _ := p.poll(emulator.DemoJavaScriptKey, tranID)["code"].(string)
		if code == "" || strings.Contains(closed.body, code) {
			t.Errorf("is_popup %q: code %q, page\n%s", isPopup, code, closed.body)
		}
		if got := p.exchange(code, "redirect_uri", jsSDK); got.status != http.StatusOK {
			t.Errorf("exchange: %d %s", got.status, got.raw)
		}

		again := b.begin("redirect_uri", jsSDK, "is_popup", isPopup)
		if !strings.Contains(again.body, closedKo) {
			t.Errorf("second login: got %d\n%s", again.status, again.body)
		}
		code, _ = p.poll(emulator.DemoJavaScriptKey, tranID)["code"].(string)
		wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_grant", "KOE303")
	}
}

func TestTheClosingPageSaysWhatWasWrongWithTheRequest(t *testing.T) {
	p := start(t)
	tests := []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"scope that the app has not", []string{"scope", "account_ci"}, []string{"KOE205", "invalid_scope"}},
		{"prompt none while logged out", []string{"prompt", "none"}, []string{"login_required"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			closed := b.begin(append([]string{"redirect_uri", jsSDK, "lang", "en"}, tt.pairs...)...)
			for _, want := range append(tt.want, closedEn) {
				if !strings.Contains(closed.body, want) {
					t.Errorf("page lacks %s:\n%s", want, closed.body)
				}
			}
		})
	}
	b := p.browser()
	closed := b.submit(b.begin("redirect_uri", jsSDK), "/oauth/login", "decision", "cancel")
	if !strings.Contains(closed.body, closedKo) || strings.Contains(closed.body, "access_denied") {
		t.Errorf("a user who cancels is shown an error:\n%s", closed.body)
	}
}

func TestRefusalsWithoutAPageReachThePollingPageToo(t *testing.T) {
	p := start(t)
	tests := []struct{ name, parameter, value, code, description string }{
		{"scope that the app has not", "scope", "account_ci", "invalid_scope", "A requested scope is not set as a consent item of this app."},
		{"prompt none while logged out", "prompt", "none", "login_required", "user authentication required."},
	}
	for _, tt := range tests {
		for _, redirectURI := range []string{callback, jsSDK} {
			t.Run(tt.name+" for "+redirectURI, func(t *testing.T) {
				p.browser().begin("redirect_uri", redirectURI, tt.parameter, tt.value)
				want := map[string]any{"status": "error", "error_code": "400", "error": tt.code, "error_description": tt.description}
				if diff := cmp.Diff(want, p.poll(emulator.DemoJavaScriptKey, tranID)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestAnAnswerIsOnlyForTheRequestThatItBelongsTo(t *testing.T) {
	p := start(t, func(c *emulator.Config) {
		other := c.Apps[0]
		other.ID, other.RESTAPIKey, other.JavaScriptKey, other.AdminKey = 2, "88888888888888888888888888888888", otherApps, ""
		c.Apps = append(c.Apps, other)
	})
	b := p.browser()
	done := b.logIn(b.begin(), haneul)
	tests := []struct{ name, clientID, id string }{
		{"another app", otherApps, tranID},
		{"the app's other key", emulator.DemoRESTAPIKey, tranID},
		{"no client_id", "", tranID},
		{"another auth_tran_id", emulator.DemoJavaScriptKey, tranID + "0"},
		{"no auth_tran_id", emulator.DemoJavaScriptKey, ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(undecided, p.poll(tt.clientID, tt.id)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := p.poll(emulator.DemoJavaScriptKey, tranID); got["code"] != done.redirect.Get("code") {
		t.Errorf("the others spent the answer: %v", got)
	}
}

func TestAnswersWaitAsLongAsACodeIsValid(t *testing.T) {
	tests := []struct {
		name   string
		after  time.Duration
		status string
	}{
		{"just before the end", 10*time.Minute - time.Second, "ok"},
		{"at the end", 10 * time.Minute, "error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t)
			b := p.browser()
			b.logIn(b.begin(), haneul)
			p.clock.Advance(tt.after)
			if got := p.poll(emulator.DemoJavaScriptKey, tranID); got["status"] != tt.status {
				t.Errorf("got %v", got)
			}
		})
	}
	p := start(t)
	b := p.browser()
	b.logIn(b.begin(), haneul)
	p.Reset()
	if diff := cmp.Diff(undecided, p.poll(emulator.DemoJavaScriptKey, tranID)); diff != "" {
		t.Errorf("after Reset: %s", diff)
	}
}

func TestAuthTranIDHasAtMost60Characters(t *testing.T) {
	p := start(t)
	longest := strings.Repeat("a", 60)
	b := p.browser()
	b.logIn(b.begin("auth_tran_id", longest), haneul)
	if got := p.poll(emulator.DemoJavaScriptKey, longest); got["status"] != "ok" {
		t.Errorf("60 characters: got %v", got)
	}
	refused := b.begin("auth_tran_id", longest+"a")
	if refused.redirect.Get("error") != "invalid_request" || refused.redirect.Get("error_code") != "KOE204" {
		t.Errorf("61 characters: got %d %v", refused.status, refused.redirect)
	}
	if diff := cmp.Diff(undecided, p.poll(emulator.DemoJavaScriptKey, longest+"a")); diff != "" {
		t.Errorf("61 characters are remembered: %s", diff)
	}
}

func TestSDKRedirectURIIsRegisteredForEveryApp(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].RedirectURIs = []string{"https://shop.example/callback"} })
	tests := []struct {
		name, clientID, redirectURI string
		status                      int
	}{
		{"with the JavaScript key", emulator.DemoJavaScriptKey, jsSDK, http.StatusOK},
		{"with the REST API key", emulator.DemoRESTAPIKey, jsSDK, http.StatusOK},
		{"in small letters", emulator.DemoJavaScriptKey, "js-sdk", http.StatusBadRequest},
		{"with a query", emulator.DemoJavaScriptKey, jsSDK + "?a=b", http.StatusBadRequest},
		{"with an unknown key", "nobody", jsSDK, http.StatusUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shown := p.browser().begin("client_id", tt.clientID, "redirect_uri", tt.redirectURI)
			if shown.status != tt.status || shown.location != "" {
				t.Errorf("got %d %q, want %d", shown.status, shown.location, tt.status)
			}
		})
	}
}

func TestPagesOfTheAppMayPoll(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].SiteDomains = []string{"https://shop.example"} })
	b := p.browser()
	b.logIn(b.begin(), haneul)
	query := url.Values{"client_id": {emulator.DemoJavaScriptKey}, "auth_tran_id": {tranID}}
	for _, status := range []string{"ok", "error"} {
		got := p.call(http.MethodGet, kakao.PathCode, "", query, "Origin", "https://shop.example")
		if got.body["status"] != status {
			t.Errorf("got %s, want %s", got.raw, status)
		}
		if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: CORS headers %v", status, got.header)
		}
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", status, got.header.Get("Cache-Control"))
		}
	}
	wantRefusal(t, p.call(http.MethodPost, kakao.PathCode, "", query), http.StatusMethodNotAllowed, "invalid_request", "")
	wantRefusal(t, p.call(http.MethodGet, "/apiweb/other", "", nil), http.StatusNotFound, "invalid_request", "KOE002")
}

func TestACodeThatWasPolledIsBoundToItsVerifier(t *testing.T) {
	p := start(t)
	b := p.browser()
	const verifier = "0123456789012345678901234567890123456789012"
	b.logIn(b.begin("code_challenge", kakao.ChallengeS256(verifier), "code_challenge_method", "S256"), haneul)
	code, _ := p.poll(emulator.DemoJavaScriptKey, tranID)["code"].(string)
	wantRefusal(t, p.exchange(code), http.StatusBadRequest, "invalid_grant", "KOE303")
}
