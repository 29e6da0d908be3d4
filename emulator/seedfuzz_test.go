package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// FuzzSeed reads texts as seeds: one without a mistake can be begun with and
// exported again, one with a mistake changes nothing.
func FuzzSeed(f *testing.F) {
	for _, text := range []string{
		"", "{}", "[]", "null", "apps: [", "apps: []\nusers: []", "a: &a [*a]", `{"apps":[{}],"users":[{}]}`,
		`{"apps":[{"id":1,"name":"a","rest_api_key":"r","javascript_key":"j","scopes":[{"id":"gender"}]}],"users":[{"id":1,"nickname":"n"}],
			"links":[{"app_id":1,"user_id":1,"scopes":["gender",{"id":"gender"}]}],"tokens":[{"app_id":1,"user_id":1,"access_token":"a"}],
			"clock":{"advance":"1h","set":"2026-01-01T00:00:00Z","stopped":true},"faults":[{"path":"/x","drop":true}],"auto_login":1}`,
		"users:\n  - {id: 1, nickname: n, birthday: 0412, service_user_ids: {1: 2}}",
		`{"clock":{"advance":"9999999999h"}}`, `{"access_token_ttl":"36500d","users":[{"id":1e400}]}`,
	} {
		f.Add([]byte(text))
	}
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
	if err != nil {
		f.Fatal(err)
	}
	world, err := emulator.New(emulator.Default("http://127.0.0.1:8482"))
	if err != nil {
		f.Fatal(err)
	}
	keys, err := world.Export()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e.Reset()
		before := exported(t, e)
		seed, err := emulator.ParseSeed(text)
		if err != nil {
			if after := exported(t, e); !bytes.Equal(before, after) {
				t.Error("a seed with a mistake has changed something")
			}
			return
		}
		if seed.SigningKeys == nil {
			seed.SigningKeys = keys.SigningKeys // making one takes long
		}
		if err := world.ApplySeed(seed); err != nil {
			t.Fatalf("a seed without mistake cannot be begun with: %v", err)
		}
		if _, err := emulator.ParseSeed(exported(t, world)); err != nil {
			t.Errorf("its export is no seed: %v", err)
		}
	})
}

// exported is the state as a seed in JSON.
func exported(t *testing.T, e *emulator.Emulator) []byte {
	t.Helper()
	seed, err := e.Export()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(seed)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// FuzzConsole sends bodies to the calls of the console: none fails inside, and
// what is refused has changed nothing. A refusal with 422 names its mistakes.
func FuzzConsole(f *testing.F) {
	for _, c := range operationCalls {
		f.Add(c.method, c.path, c.body)
	}
	for _, body := range []string{`{"apps":[{}]}`, `{"name":1,"x":2}`, "name: a", `[]`, `null`, `""`, `{"id":-1,"nickname":null}`} {
		f.Add(http.MethodPatch, "/users/4210000001", body)
		f.Add(http.MethodPost, "/apps", body)
		f.Add(http.MethodPost, "/worlds", body)
		f.Add(http.MethodPut, "/state", body)
		f.Add(http.MethodPost, "/snapshots", body)
		f.Add(http.MethodPost, "/faults", body)
		f.Add(http.MethodPost, "/clock", body)
	}
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
	if err != nil {
		f.Fatal(err)
	}
	e.EndStreams()
	f.Fuzz(func(t *testing.T, method, path, body string) {
		for _, world := range e.Worlds()[1:] {
			if err := e.RemoveWorld(t.Context(), world.Name()); err != nil {
				t.Fatal(err)
			}
		}
		e.Clock().Stop()
		before, snapshots := exported(t, e), e.Snapshots()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8481/", strings.NewReader(body))
		if !isToken(method) {
			return
		}
		r.Method, r.URL.Path = method, "/console/api"+path
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Fatalf("%s %s %q: %d %s", method, path, body, w.Code, w.Body)
		}
		if w.Code < http.StatusBadRequest {
			return
		}
		var refused refusal
		if err := json.Unmarshal(w.Body.Bytes(), &refused); w.Code == http.StatusUnprocessableEntity && (err != nil || len(refused.Mistakes) == 0) {
			t.Errorf("%s %s %q names no mistake: %s", method, path, body, w.Body)
		}
		for _, m := range refused.Mistakes {
			if m.Problem == "" {
				t.Errorf("%s %s %q: a mistake at %q without a problem", method, path, body, m.Place)
			}
		}
		if len(e.Worlds()) != 1 || !slices.Equal(e.Snapshots(), snapshots) {
			t.Errorf("%s %s %q is refused with %d, and has made a world or a snapshot", method, path, body, w.Code)
		}
		if after := exported(t, e); !bytes.Equal(before, after) {
			t.Errorf("%s %s %q is refused with %d, and has changed something:\n%s\n%s", method, path, body, w.Code, before, after)
		}
	})
}

// isToken reports whether text can be a method (RFC 9110, section 9.1).
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') })
}
