package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// TestManyLoginsInManyWorlds plays 1,000 logins at once in 50 worlds, each of
// which has another user, and resets and snapshots beside them.
func TestManyLoginsInManyWorlds(t *testing.T) {
	const worlds, logins = 50, 20
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	var wait sync.WaitGroup
	for i := range worlds {
		wait.Go(func() {
			name, user := fmt.Sprintf("w%d", i), int64(1000+i)
			seed := e.Seed()
			seed.Users, seed.AutoLogin = []emulator.User{{ID: user, Nickname: name}}, user
			world, err := e.AddWorld(name, seed)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			var each sync.WaitGroup
			for range logins {
				each.Go(func() {
					if got, err := logInDirectly(e, name+".localhost:8481"); err != nil || got != float64(user) {
						t.Errorf("%s: logged in as %v, %v, want %d", name, got, err, user)
					}
				})
			}
			each.Go(func() {
				if _, err := world.SaveSnapshot("meanwhile"); err != nil {
					t.Error(err)
				}
				_, _ = world.Export()
			})
			each.Wait()
			if got := world.Count("authorization_code"); got != logins {
				t.Errorf("%s: %d exchanges, want %d", name, got, logins)
			}
			world.Reset()
			if calls, count := world.Calls(""), world.Count("authorization_code"); len(calls) != 0 || count != 0 {
				t.Errorf("%s: after a reset %d calls, %d exchanges", name, len(calls), count)
			}
		})
	}
	wait.Wait()
	if calls := e.Calls(""); len(calls) != 0 {
		t.Errorf("the default world was called: %v", calls)
	}
}

// logInDirectly logs in at a world by its automatic login, without a network, and
// returns the user ID of the token.
func logInDirectly(e *emulator.Emulator, host string) (any, error) {
	code := ask(e, host, http.MethodGet, kakao.PathAuthorize, url.Values{
		"response_type": {"code"}, "client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {callback},
	}, "")
	back, err := url.Parse(code.Header().Get("Location"))
	if err != nil || code.Code != http.StatusFound {
		return nil, fmt.Errorf("authorize: %d, %w", code.Code, err)
	}
	token := ask(e, host, http.MethodPost, kakao.PathToken, url.Values{
		"grant_type": {"authorization_code"}, "client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret},
		"redirect_uri": {callback}, "code": {back.Query().Get("code")},
	}, "")
	access, err := member(token, "access_token")
	if err != nil {
		return nil, err
	}
	return member(ask(e, host, http.MethodGet, pathMe, nil, fmt.Sprintf("Bearer %s", access)), "id")
}

// ask sends a request with parameters to a host.
func ask(e *emulator.Emulator, host, method, path string, form url.Values, authorization string) *httptest.ResponseRecorder {
	r := formRequest(method, "http://"+host+path, form)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func formRequest(method, address string, form url.Values) *http.Request {
	if method == http.MethodGet {
		return httptest.NewRequest(method, address+"?"+form.Encode(), nil)
	}
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// member is a member of the JSON object that an answer holds.
func member(w *httptest.ResponseRecorder, name string) (any, error) {
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body[name] == nil {
		return nil, fmt.Errorf("%d %s, %w", w.Code, w.Body, err)
	}
	return body[name], nil
}
