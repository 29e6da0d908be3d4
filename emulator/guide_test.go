package emulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// The guide in docs/emulator.md shows what stands between the marks; a test
// compares the two.

// guide:app

// newShop is the app under test. It takes Kakao's address, so that a test can
// name another.
func newShop(kakao string) *httptest.Server {
	mux := http.NewServeMux()
	shop := httptest.NewServer(mux)
	login := oauth2.Config{
		ClientID:     emulator.DemoRESTAPIKey,
		ClientSecret: emulator.DemoClientSecret,
		RedirectURL:  shop.URL + "/callback",
		Endpoint: oauth2.Endpoint{
			AuthURL:   kakao + "/oauth/authorize",
			TokenURL:  kakao + "/oauth/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, login.AuthCodeURL("state-of-this-browser"), http.StatusFound)
	})
	mux.HandleFunc("/callback", func(w http.ResponseWriter, r *http.Request) {
		token, err := login.Exchange(r.Context(), r.FormValue("code"))
		if err != nil {
			http.Error(w, "Kakao refuses the login", http.StatusBadGateway)
			return
		}
		res, err := login.Client(r.Context(), token).Get(kakao + "/v2/user/me")
		if err != nil {
			http.Error(w, "Kakao does not answer", http.StatusBadGateway)
			return
		}
		defer func() { _ = res.Body.Close() }()
		var me struct {
			Properties struct{ Nickname string }
		}
		if err := json.NewDecoder(res.Body).Decode(&me); err != nil || res.StatusCode != http.StatusOK {
			http.Error(w, "try again later", http.StatusBadGateway)
			return
		}
		_, _ = fmt.Fprintf(w, "Hello, %s", me.Properties.Nickname)
	})
	return shop
}

// guide:end

// guide:test

func TestLogin(t *testing.T) {
	kakao := emulator.Start(t)
	shop := newShop(kakao.URL)
	defer shop.Close()
	kakao.AllowRedirect(shop.URL + "/callback")
	kakao.LogInAs(4210000001) // no page: the user agrees to everything

	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar} // follows the redirects to Kakao and back
	visit := func() (int, string) {
		res, err := browser.Get(shop.URL + "/login")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}

	if status, page := visit(); status != http.StatusOK || page != "Hello, 하늘보리" {
		t.Errorf("got %d %q", status, page)
	}
	token := kakao.AssertCalled("/oauth/token", 1)[0]
	if token.Form.Get("client_secret") == "" {
		t.Error("the shop sends no client secret")
	}

	// What if Kakao is down? Every answer of the API is an error 503, once.
	if _, err := kakao.Inject(emulator.Fault{Path: "/v2/user/me", Status: 503, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if status, page := visit(); status != http.StatusBadGateway || !strings.Contains(page, "try again later") {
		t.Errorf("during the outage: %d %q", status, page)
	}

	// And a month later? Kakao's clock goes on when the test says so.
	kakao.Clock().Advance(31 * 24 * time.Hour)
	if status, page := visit(); status != http.StatusOK {
		t.Errorf("a month later: %d %q", status, page)
	}
}

// guide:end
