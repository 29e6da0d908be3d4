package emulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// wellUsed is a platform on which everything has happened that a state holds.
func wellUsed(t *testing.T) (p *platform, access, refresh string) {
	t.Helper()
	p = start(t, func(c *emulator.Config) {
		c.Apps[0].UserProperties = append(c.Apps[0].UserProperties, "size")
	})
	b := p.browser()
	got := p.exchange(b.logIn(b.authorize("scope", "openid,profile_nickname,account_email"), haneul).redirect.Get("code"))
	if err := p.AutoLogin(4210000002); err != nil {
		t.Fatal(err)
	}
	p.inject(emulator.Fault{Path: "/v1/user/ids", Status: 500, Times: 3})
	p.Clock().Advance(time.Hour)
	p.want(http.StatusOK, http.MethodPost, "users", `{"id":9,"nickname":"new"}`)
	return p, got.text("access_token"), got.text("refresh_token")
}

func TestAnExportIsASeedOfTheSameState(t *testing.T) {
	p, access, refresh := wellUsed(t)
	exported := p.want(http.StatusOK, http.MethodGet, "state", "").raw

	other := start(t)
	other.want(http.StatusNoContent, http.MethodPut, "state", exported)
	again := other.want(http.StatusOK, http.MethodGet, "state", "").raw
	if diff := cmp.Diff(decoded(t, exported), decoded(t, again)); diff != "" {
		t.Errorf("(-exported +imported and exported):\n%s", diff)
	}
	if got := other.call(http.MethodGet, pathMe, "Bearer "+access, nil); got.status != http.StatusOK || got.body["id"] != float64(4210000001) {
		t.Errorf("the access token: %d %s", got.status, got.raw)
	}
	if got := other.refresh(refresh); got.status != http.StatusOK || got.text("id_token") == "" {
		t.Errorf("the refresh token: %d %s", got.status, got.raw)
	}
	keys := p.call(http.MethodGet, "/.well-known/jwks.json", "", nil).raw
	if got := other.call(http.MethodGet, "/.well-known/jwks.json", "", nil).raw; got != keys {
		t.Errorf("keys %s, want %s", got, keys)
	}

	// Reset returns to what was imported, not to what was there before.
	other.want(http.StatusNoContent, http.MethodDelete, "users/9", "")
	other.want(http.StatusNoContent, http.MethodPost, "reset", "")
	if diff := cmp.Diff(decoded(t, exported), decoded(t, other.want(http.StatusOK, http.MethodGet, "state", "").raw)); diff != "" {
		t.Errorf("after a reset (-want +got):\n%s", diff)
	}
}

func TestAnExportInYAMLIsTheSameSeed(t *testing.T) {
	p, _, _ := wellUsed(t)
	if err := p.Update(func(c *emulator.Config) {
		c.Users[0].Nickname, c.Users[0].Birthday, c.Users[1].Nickname, c.Users[2].Nickname = "no", "0412", "1e3", "2026-01-01"
	}); err != nil {
		t.Fatal(err)
	}
	inYAML := p.console(http.MethodGet, "state", "", "Accept", "application/yaml")
	if inYAML.header.Get("Content-Type") != "application/yaml" || strings.HasPrefix(inYAML.raw, "{") {
		t.Fatalf("got %s", inYAML.raw)
	}
	other := start(t)
	other.want(http.StatusNoContent, http.MethodPut, "state", inYAML.raw)
	want, got := p.want(http.StatusOK, http.MethodGet, "state", "").raw, other.want(http.StatusOK, http.MethodGet, "state", "").raw
	if diff := cmp.Diff(decoded(t, want), decoded(t, got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASeedInYAMLIsReadAsItLooks(t *testing.T) {
	seed, err := emulator.ParseSeed([]byte(`# a comment
apps: []
users:
  - {id: 1, nickname: no, birthday: "0412", service_user_ids: {100001: 7}}
clock: {set: 2026-01-01}
`))
	if err != nil {
		t.Fatal(err)
	}
	if u := seed.Users[0]; u.Nickname != "no" || u.Birthday != "0412" || u.ServiceUserIDs[100001] != 7 || seed.Clock.Set.Year() != 2026 {
		t.Errorf("got %+v", seed)
	}
	_, err = emulator.ParseSeed([]byte("apps: []\nusers:\n  - {id: 1, nickname: n, birthyear: 1999, birthday: 0412}\n"))
	for _, want := range []string{"users[0].birthyear: is of the type number", "users[0].birthday: is of the type number", "quotes"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for name, text := range map[string]string{"a member twice": "apps: []\napps: []", "a bomb": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]"} {
		if _, err := emulator.ParseSeed([]byte(text)); err == nil || !strings.Contains(err.Error(), "neither JSON nor YAML") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// decoded is the JSON of a state.
func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

func TestResetReturnsToTheSeed(t *testing.T) {
	stopped := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	seed := emulator.Seed{
		Config:    emulator.Default("", callback),
		AutoLogin: 4210000002,
		Clock:     emulator.ClockSetting{Set: stopped, Stopped: true},
		Faults:    []emulator.Fault{{Path: "/v2/user/scopes", Status: 500}},
		Links:     []emulator.SeedLink{{App: 100001, User: 4210000001, Scopes: []emulator.SeedConsent{{ID: "profile_nickname"}}}},
		Tokens:    []emulator.SeedToken{{App: 100001, User: 4210000001, AccessToken: "known-access", RefreshToken: "known-refresh"}},
	}
	p := start(t)
	if err := p.ApplySeed(seed); err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		if got := p.call(http.MethodGet, pathMe, "Bearer known-access", nil); got.status != http.StatusOK {
			t.Errorf("%s: the token: %d %s", when, got.status, got.raw)
		}
		if got := p.Clock().Now(); !got.Equal(stopped) || !p.Clock().Stopped() {
			t.Errorf("%s: the clock shows %v", when, got)
		}
		if faults := p.Faults(); len(faults) != 1 || faults[0].Path != "/v2/user/scopes" {
			t.Errorf("%s: faults %v", when, faults)
		}
		if users, apps := p.Config().Users, p.Config().Apps; len(users) != 4 || len(apps) != 1 || apps[0].LoginOff {
			t.Errorf("%s: %d users, apps %+v", when, len(users), apps)
		}
		if got := p.browser().authorize().redirect.Get("code"); got == "" {
			t.Errorf("%s: nobody logs in automatically", when)
		}
	}
	check("at the start")
	keys := p.call(http.MethodGet, "/.well-known/jwks.json", "", nil).raw

	p.want(http.StatusOK, http.MethodPost, "users", `{"id":9,"nickname":"new"}`)
	p.want(http.StatusOK, http.MethodPatch, "apps/100001", `{"login_off":true}`)
	p.want(http.StatusOK, http.MethodPost, "apps", `{"name":"new"}`)
	p.want(http.StatusOK, http.MethodPost, "clock", `{"advance":"2400h","stopped":false}`)
	p.want(http.StatusNoContent, http.MethodDelete, "faults", "")
	p.want(http.StatusNoContent, http.MethodPut, "auto-login", `{"user":0}`)
	p.want(http.StatusNoContent, http.MethodPost, "links/100001/4210000001/unlink", "")
	p.want(http.StatusNoContent, http.MethodPost, "keys/rotate", `{"retire":true}`)
	p.want(http.StatusNoContent, http.MethodPost, "reset", "")
	if calls := p.Calls(""); len(calls) != 0 {
		t.Errorf("calls %v", calls)
	}
	if got := p.call(http.MethodGet, "/.well-known/jwks.json", "", nil).raw; got != keys {
		t.Errorf("the keys are other ones, which clients that keep the old ones refuse")
	}
	check("after the reset")
}

func TestSnapshots(t *testing.T) {
	p, access, _ := wellUsed(t)
	if err := p.AutoLogin(0); err != nil {
		t.Fatal(err)
	}
	b := p.browser()
	b.logIn(b.authorize(), haneul)
	p.want(http.StatusOK, http.MethodPost, "snapshots", `{"name":"in use"}`)
	before := decoded(t, p.want(http.StatusOK, http.MethodGet, "state", "").raw)

	p.want(http.StatusNoContent, http.MethodPost, "reset", "")
	if got := p.call(http.MethodGet, pathMe, "Bearer "+access, nil); got.status != http.StatusUnauthorized {
		t.Errorf("after the reset: %d", got.status)
	}
	p.want(http.StatusOK, http.MethodPost, "snapshots", `{"name":"empty"}`)
	list := read[[]emulator.Snapshot](t, p.want(http.StatusOK, http.MethodGet, "snapshots", ""))
	if len(list) != 2 || list[0].Name != "empty" || list[1].Name != "in use" || list[1].At.IsZero() {
		t.Errorf("snapshots %+v", list)
	}

	p.want(http.StatusNoContent, http.MethodPost, "snapshots/in%20use/restore", "")
	if diff := cmp.Diff(before, decoded(t, p.want(http.StatusOK, http.MethodGet, "state", "").raw)); diff != "" {
		t.Errorf("(-saved +restored):\n%s", diff)
	}
	if got := b.authorize(); got.redirect.Get("code") == "" {
		t.Errorf("the browser is not logged in any more: %d", got.status)
	}
	p.want(http.StatusNoContent, http.MethodDelete, "snapshots/empty", "")
	p.want(http.StatusNotFound, http.MethodPost, "snapshots/empty/restore", "")
	p.want(http.StatusNotFound, http.MethodDelete, "snapshots/empty", "")
	p.want(http.StatusUnprocessableEntity, http.MethodPost, "snapshots", `{"name":""}`)
	for i := range 99 {
		p.want(http.StatusOK, http.MethodPost, "snapshots", `{"name":"`+strings.Repeat("x", i+1)+`"}`)
	}
	p.want(http.StatusConflict, http.MethodPost, "snapshots", `{"name":"one more"}`)
	p.want(http.StatusOK, http.MethodPost, "snapshots", `{"name":"in use"}`)
}

func TestEveryMistakeInASeedIsNamedAndNothingIsChanged(t *testing.T) {
	p := start(t)
	before := p.want(http.StatusOK, http.MethodGet, "state", "").raw
	seed := `{
		"apps": [{"id": 1, "name": "a", "rest_api_key": "r", "javascript_key": "j", "scopes": [{"id": "account_email"}], "redirect_uris": ["http://example.com/"]}],
		"users": [{"id": 1, "nickname": "n"}, {"id": 2, "nickname": ""}],
		"auto_login": 3,
		"faults": [{"path": "x", "status": 500}],
		"links": [
			{"app_id": 2, "user_id": 1},
			{"app_id": 1, "user_id": 1, "scopes": ["account_email", "gender"], "service_terms": [{"id": "t", "agreed_by": "x"}], "properties": {"size": "1"}},
			{"app_id": 1, "user_id": 1}
		],
		"tokens": [{"app_id": 1, "user_id": 1}, {"app_id": 1, "user_id": 8, "access_token": "a"}, {"app_id": 1, "user_id": 1, "access_token": "a", "client_id": "x"}],
		"signing_keys": ["x"]
	}`
	got := p.want(http.StatusUnprocessableEntity, http.MethodPut, "state", seed)
	named := read[refusal](t, got)
	var places []string
	for _, m := range named.Mistakes {
		if m.Problem == "" {
			t.Errorf("%s: no problem", m.Place)
		}
		places = append(places, m.Place)
	}
	want := []string{
		"apps[0].redirect_uris[0]", "users[1].nickname", "auto_login", "faults[0].path",
		"links[0].app_id", "links[1].scopes[1].id", "links[1].service_terms[0].id", "links[1].service_terms[0].agreed_by", "links[1].properties.size", "links[2]",
		"tokens[0]", "tokens[1].user_id", "tokens[2].access_token", "tokens[2].client_id", "signing_keys[0]",
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if after := p.want(http.StatusOK, http.MethodGet, "state", "").raw; after != before {
		t.Error("something was changed")
	}
}
