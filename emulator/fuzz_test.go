package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
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

func FuzzRequests(f *testing.F) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback))
	if err != nil {
		f.Fatal(err)
	}
	app := "client_id=" + emulator.DemoRESTAPIKey + "&client_secret=" + emulator.DemoClientSecret
	f.Add("response_type=code&"+app+"&redirect_uri="+url.QueryEscape(callback), "grant_type=authorization_code&code=x&"+app+"&redirect_uri=x", "Bearer x")
	f.Add(app+"&redirect_uri="+url.QueryEscape(callback)+"&response_type=code&scope=openid,,a%20b&prompt=none,login&state=%00&lang=en", "grant_type=refresh_token&refresh_token=x&"+app, "KakaoAK "+emulator.DemoAdminKey)
	f.Add("client_id=%zz", "a=%zz", "Basic")
	f.Add("target_id_type=user_id&target_id=99999999999999999999&scopes=[", "scopes=%5B%22a%22%5D&ticket=", "KakaoAK "+emulator.DemoAdminKey)
	f.Add(app+"&redirect_uri=JS-SDK&response_type=code&prompt=none&auth_tran_id="+tranID+"&extra.service_terms=,", "tags=a,,b&target_id_type=user_id&target_id=1", "KakaoAK "+emulator.DemoAdminKey)
	f.Add(app+"&redirect_uri=JS-SDK&scope=x&auth_tran_id=%00&result=app_service_terms&tags=%2C", "tags=%2C", "Bearer x")
	f.Fuzz(func(t *testing.T, query, form, authorization string) {
		requests := []struct{ method, target, body string }{
			{http.MethodGet, kakao.PathAuthorize + "?" + query, ""},
			{http.MethodPost, kakao.PathToken, form},
			{http.MethodPost, "/oauth/login", form},
			{http.MethodPost, "/oauth/consent", form},
			{http.MethodGet, "/v2/user/me?" + query, ""},
			{http.MethodPost, "/v2/user/revoke/scopes", form},
			{http.MethodGet, pathUserTerms + "?" + query, ""},
			{http.MethodPost, pathRevokeTerms, form},
			{http.MethodPost, pathUpgradeTerms, form},
			{http.MethodGet, "/v1/oidc/userinfo?" + query, ""},
			{http.MethodGet, kakao.PathCode + "?" + query, ""},
		}
		for _, request := range requests {
			got := serve(t, e, request.method, request.target, request.body, authorization)
			if got.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d", request.method, request.target, got.Code)
			}
			if to := got.Header().Get("Location"); to != "" && !strings.HasPrefix(to, callback+"?") {
				t.Errorf("redirected to %q", to)
			}
			if strings.Contains(got.Body.String(), `"status":"ok"`) {
				t.Errorf("a code without a login: %s", got.Body)
			}
		}
	})
}
