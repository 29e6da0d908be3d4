package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// in is the same browser at another address of the same host.
func (b *browser) in(p *platform) *browser {
	moved := p.browser()
	moved.client.Jar = b.client.Jar
	return moved
}

func TestEverythingThatHappenedSurvivesARestart(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].UserProperties = []string{"clothing_size"} })
	p.Clock().Advance(48 * time.Hour)
	b := p.browser()
	got := p.exchange(b.logIn(b.authorize(), haneul, "gender", "talk_message").redirect.Get("code"))
	p.call(http.MethodPost, "/v1/user/update_profile", got.bearer(), url.Values{"properties": {`{"clothing_size":"small"}`}})
	me := p.call(http.MethodGet, pathMe, got.bearer(), nil)
	verifier := strings.Repeat("v", 43)
	pending := b.authorize("code_challenge", kakao.ChallengeS256(verifier), "code_challenge_method", "S256", "nonce", "n-1").redirect.Get("code")
	polled := p.browser()
	polled.logIn(polled.authorize("redirect_uri", jsSDK, "auth_tran_id", tranID), dohyun)
	another := p.browser()
	consent := another.submit(another.authorize(), "/oauth/login", "user", "4210000003")
	login := p.browser()
	form := login.authorize()

	after := p.restart(t)
	if moved := after.Clock().Now(); !moved.Equal(p.Clock().Now()) {
		t.Errorf("the clock shows %v, want %v", moved, p.Clock().Now())
	}
	if again := after.call(http.MethodGet, pathMe, got.bearer(), nil); strings.ReplaceAll(again.raw, after.url, p.url) != me.raw {
		t.Errorf("access token, consents and properties: %d %s", again.status, again.raw)
	}
	if renewed := after.refresh(got.text("refresh_token")); renewed.status != http.StatusOK {
		t.Errorf("refresh token: %d %s", renewed.status, renewed.raw)
	}
	exchanged := after.exchange(pending, "code_verifier", verifier)
	if exchanged.status != http.StatusOK || exchanged.text("id_token") == "" {
		t.Errorf("pending code: %d %s", exchanged.status, exchanged.raw)
	}
	if silent := b.in(after).authorize("prompt", "none"); silent.redirect.Get("code") == "" {
		t.Errorf("session: %v", silent.redirect)
	}
	if done := another.in(after).accept(consent); done.redirect.Get("code") == "" {
		t.Errorf("open consent page: %d %v", done.status, done.redirect)
	}
	if next := login.in(after).submit(form, "/oauth/login", "user", dohyun); next.redirect.Get("code") == "" {
		t.Errorf("open login page: %d %v", next.status, next.redirect)
	}
	waiting := after.call(http.MethodGet, kakao.PathCode, "", url.Values{"client_id": {emulator.DemoRESTAPIKey}, "auth_tran_id": {tranID}})
	if waiting.text("code") == "" {
		t.Errorf("answer that is to be polled: %s", waiting.raw)
	}
	if diff := cmp.Diff(p.call(http.MethodGet, kakao.PathJWKS, "", nil).body, after.call(http.MethodGet, kakao.PathJWKS, "", nil).body); diff != "" {
		t.Errorf("keys: %s", diff)
	}
	after.clock.Advance(12 * time.Hour)
	wantAPIRefusal(t, after.call(http.MethodGet, pathMe, got.bearer(), nil), http.StatusUnauthorized, -401, "already expired")
}

func TestWhatIsRegisteredAndSetSurvivesARestart(t *testing.T) {
	p := start(t)
	if err := p.Update(func(c *emulator.Config) {
		c.Apps[0].Name = "다른 이름"
		c.Users = append(c.Users, emulator.User{ID: 77, Nickname: "새 사람"})
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.RotateKeys(false); err != nil {
		t.Fatal(err)
	}
	if err := p.AutoLogin(77); err != nil {
		t.Fatal(err)
	}
	p.Clock().Stop()
	after := p.restart(t)
	want := p.Config()
	want.Issuer = after.url
	if diff := cmp.Diff(want, after.Config()); diff != "" {
		t.Error(diff)
	}
	if keys, _ := after.call(http.MethodGet, kakao.PathJWKS, "", nil).body["keys"].([]any); len(keys) != 2 {
		t.Errorf("%d keys", len(keys))
	}
	if done := after.browser().authorize(); done.redirect.Get("code") == "" {
		t.Errorf("automatic login: %d", done.status)
	}
	if !after.Clock().Stopped() {
		t.Error("the clock runs")
	}
}

func TestASavedStateIsTheSameEachTime(t *testing.T) {
	p := start(t)
	for _, user := range []string{haneul, dohyun, onyu} {
		p.tokens(user)
	}
	first, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two states of the same moment differ")
	}
	third, err := p.restart(t).State()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(withoutIssuer(t, first), withoutIssuer(t, third)); diff != "" {
		t.Errorf("a state changes when it is restored: %s", diff)
	}
}

func TestSnapshotsSurviveARestart(t *testing.T) {
	p := start(t)
	got := p.tokens(haneul)
	if _, err := p.SaveSnapshot("logged in"); err != nil {
		t.Fatal(err)
	}
	p.Reset()
	after := p.restart(t).restart(t)
	if diff := cmp.Diff(p.Snapshots(), after.Snapshots()); diff != "" || len(after.Snapshots()) != 1 {
		t.Errorf("the snapshots (-before +after): %s", diff)
	}
	if before := after.call(http.MethodGet, pathMe, got.bearer(), nil); before.status != http.StatusUnauthorized {
		t.Errorf("after the reset: %d %s", before.status, before.raw)
	}
	if err := after.RestoreSnapshot("logged in"); err != nil {
		t.Fatal(err)
	}
	if me := after.call(http.MethodGet, pathMe, got.bearer(), nil); me.status != http.StatusOK {
		t.Errorf("with the snapshot: %d %s", me.status, me.raw)
	}
	if len(after.Snapshots()) != 1 {
		t.Errorf("restoring leaves the snapshots %v", after.Snapshots())
	}
}

func withoutIssuer(t *testing.T, saved []byte) map[string]any {
	t.Helper()
	var state map[string]any
	if err := json.Unmarshal(saved, &state); err != nil {
		t.Fatal(err)
	}
	config, _ := state["config"].(map[string]any)
	delete(config, "issuer")
	return state
}

func TestStatesThatCannotBeRestored(t *testing.T) {
	p := start(t)
	p.tokens(haneul)
	good, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	edit := func(change func(state, memory map[string]any)) string {
		var state map[string]any
		if err := json.Unmarshal(good, &state); err != nil {
			t.Fatal(err)
		}
		memory, _ := state["memory"].(map[string]any)
		change(state, memory)
		edited, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		return string(edited)
	}
	tests := []struct{ name, saved, want string }{
		{"nothing", "", "cannot be read"},
		{"no JSON", "no JSON", "cannot be read"},
		{"cut off", string(good[:len(good)/2]), "cannot be read"},
		{"something after it", string(good) + "{}", "cannot be read"},
		{"null", "null", "has version 0, expected 1"},
		{"another version", edit(func(state, _ map[string]any) { state["version"] = 2 }), "has version 2, expected 1"},
		{"no keys", edit(func(state, _ map[string]any) { state["signing_keys"] = nil }), "not complete"},
		{"an empty key", edit(func(state, _ map[string]any) { state["signing_keys"] = []any{nil} }), "not complete"},
		{"a key that is none", edit(func(state, _ map[string]any) { state["signing_keys"] = []any{"a2V5"} }), "not in PKCS #8"},
		{"no memory", edit(func(state, _ map[string]any) { delete(state, "memory") }), "not complete"},
		{"a link without its consents", edit(func(_, memory map[string]any) { memory["Connections"] = map[string]any{"1/1": map[string]any{}} }), "not complete"},
		{"an empty session", edit(func(_, memory map[string]any) { memory["Sessions"] = map[string]any{"x": nil} }), "not complete"},
		{"a link of nobody", edit(func(_, memory map[string]any) { memory["Connections"] = map[string]any{"x": nil} }), "not a pair of app and user"},
		{"a snapshot without keys", edit(func(state, _ map[string]any) {
			state["snapshots"] = []any{map[string]any{"name": "s", "state": map[string]any{"version": 1}}}
		}), `in the snapshot "s": emulator: the saved state is not complete`},
		{"an app without keys", edit(func(state, _ map[string]any) { state["config"] = map[string]any{"apps": []any{map[string]any{}}} }), "apps[0].rest_api_key: is required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := emulator.New(emulator.Default(p.url), emulator.WithState([]byte(tt.saved)))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "delete it to begin anew") {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzState(f *testing.F) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback))
	if err != nil {
		f.Fatal(err)
	}
	if err := e.AutoLogin(4210000001); err != nil {
		f.Fatal(err)
	}
	address := fmt.Sprintf("%s?response_type=code&client_id=%s&redirect_uri=%s", kakao.PathAuthorize, emulator.DemoRESTAPIKey, url.QueryEscape(callback))
	serve(f, e, http.MethodGet, address, "", "")
	good, err := e.State()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(strings.ReplaceAll(string(good), "100001", "2")))
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, saved []byte) {
		restored, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback), emulator.WithState(saved))
		if err != nil {
			return
		}
		serve(t, restored, http.MethodGet, address, "", "")
		serve(t, restored, http.MethodGet, "/v1/user/ids", "", "KakaoAK "+emulator.DemoAdminKey)
		once, err := restored.State()
		if err != nil {
			t.Fatalf("a state that was restored cannot be saved: %v", err)
		}
		again, err := emulator.New(emulator.Default("http://127.0.0.1:8481", callback), emulator.WithState(once))
		if err != nil {
			t.Fatalf("a state that was saved cannot be restored: %v", err)
		}
		if twice, err := again.State(); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("a state changes when it is restored: %v", err)
		}
	})
}
