package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

func TestPicturesUnderKakaosNamesLeadToTheEmulator(t *testing.T) {
	p := start(t)
	bearer := p.tokens(haneul, "profile_image").bearer()
	for secure, origin := range map[string]string{"true": "https://kauth.kakao.com", "false": p.url} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://kapi.kakao.com/v2/user/me?secure_resource="+secure, nil)
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
