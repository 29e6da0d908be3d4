package emulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/endpoints"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestAccessTokenAsAParameter(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	token := got.text("access_token")
	for name, tt := range map[string]struct {
		method, header, parameter string
		status                    int
	}{
		"in the query":                    {http.MethodGet, "", token, http.StatusOK},
		"in the form":                     {http.MethodPost, "", token, http.StatusOK},
		"beside the header, which counts": {http.MethodGet, got.bearer(), "x", http.StatusOK},
		"beside a wrong header":           {http.MethodGet, "Bearer x", token, http.StatusUnauthorized},
		"of nobody":                       {http.MethodGet, "", "x", http.StatusUnauthorized},
		"empty":                           {http.MethodGet, "", "", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			me := p.call(tt.method, pathMe, tt.header, url.Values{"access_token": {tt.parameter}})
			if me.status != tt.status {
				t.Errorf("got %d %s, want %d", me.status, me.raw, tt.status)
			}
		})
	}
}

// byName sends every request to the emulator, whatever host it is for.
type byName struct{ *platform }

func (n byName) RoundTrip(r *http.Request) (*http.Response, error) {
	received := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	received.Header = r.Header
	w := httptest.NewRecorder()
	n.ServeHTTP(w, received)
	return w.Result(), nil
}

// The endpoint of x/oauth2 does not say how clients authenticate, so that the
// client tries HTTP Basic first. That must not spend the code.
func TestEndpointOfAnotherLibraryByKakaosNames(t *testing.T) {
	p := start(t)
	client := oauth2.Config{
		ClientID: emulator.DemoRESTAPIKey, ClientSecret: emulator.DemoClientSecret,
		RedirectURL: callback, Endpoint: endpoints.KaKao,
	}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: byName{p}})
	b := p.browser()
	address := strings.Replace(client.AuthCodeURL("s"), "https://kauth.kakao.com", p.url, 1)
	done := b.logIn(b.do(http.MethodGet, address, nil), haneul)
	token, err := client.Exchange(ctx, done.redirect.Get("code"))
	if err != nil {
		t.Fatal(err)
	}
	if first := p.Calls(kakao.PathToken)[0]; first.Status != http.StatusUnauthorized || !strings.HasPrefix(first.Header.Get("Authorization"), "Basic ") {
		t.Errorf("the first request was not by HTTP Basic: %v", first)
	}
	token.Expiry = time.Now().Add(-time.Minute) // to be renewed
	api := client.Client(ctx, token)
	for _, step := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, pathMe, http.StatusOK},
		{http.MethodPost, "/v1/user/unlink", http.StatusOK},
		{http.MethodGet, pathMe, http.StatusUnauthorized},
	} {
		r, err := http.NewRequestWithContext(ctx, step.method, "https://kapi.kakao.com"+step.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := api.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != step.status {
			t.Errorf("%s %s: %d, want %d", step.method, step.path, res.StatusCode, step.status)
		}
	}
}

func TestPicturesUnderKakaosNamesLeadToTheEmulator(t *testing.T) {
	p := start(t)
	bearer := p.tokens(haneul, "profile_image").bearer()
	for secure, origin := range map[string]string{"true": "https://kauth.kakao.com", "false": p.url} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://kapi.kakao.com"+pathMe+"?secure_resource="+secure, nil)
		r.Header.Set("Authorization", bearer)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		var me struct{ Properties map[string]string }
		if err := json.Unmarshal(w.Body.Bytes(), &me); err != nil {
			t.Fatal(err)
		}
		want := origin + "/emulator/avatars/" + haneul + "/img_640x640.svg"
		if diff := cmp.Diff(want, me.Properties["profile_image"]); diff != "" {
			t.Errorf("secure_resource=%s: %s", secure, diff)
		}
		picture := p.call(http.MethodHead, strings.TrimPrefix(want, origin), "", nil)
		if picture.status != http.StatusOK {
			t.Errorf("the picture: %d", picture.status)
		}
	}
}
