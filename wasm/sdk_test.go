//go:build js

package main

import (
	"syscall/js"
	"testing"

	"github.com/kakaowasm/kakaowasm/jsbridge"
)

// useTestHost gives the border as much of its JavaScript side as these tests need.
func useTestHost() {
	jsbridge.Use(js.Global().Get("Function").New(`
		const outcome = (action) => { try { return [action()]; } catch (e) { return [undefined, e.name, e.message]; } };
		return {
			call: (target, method, ...args) => outcome(() => target[method](...args)),
			construct: (constructor, ...args) => outcome(() => new constructor(...args)),
		};`).Invoke())
}

func TestSecureAddress(t *testing.T) {
	useTestHost()
	const origin = "https://app.example.test"
	for address, want := range map[string]string{
		"/kakao":                              "https://app.example.test/kakao",
		"https://auth.example.test/kakao/":    "https://auth.example.test/kakao",
		"https://AUTH.example.test:443/kakao": "https://auth.example.test/kakao",
		"http://127.0.0.1:8480/kakao":         "http://127.0.0.1:8480/kakao",
		"http://localhost:8480/kakao":         "http://localhost:8480/kakao",
		"//other.example.test/kakao":          "https://other.example.test/kakao",
		"http://evil.example.test/kakao":      "",
		"http://localhost.evil.test/kakao":    "",
		"http://127.0.0.1.evil.test/kakao":    "",
		"http://127.0.0.1@evil.example.test/": "",
		"http://localhost:x@evil.example/":    "",
		"https://user:secret@example.test/":   "",
		"javascript:alert(1)":                 "",
		"data:text/html,x":                    "",
		"http://":                             "",
	} {
		got, ok := secureAddress(address, origin)
		if ok != (want != "") || ok && got != want {
			t.Errorf("secureAddress(%q) = %q, %v; want %q", address, got, ok, want)
		}
	}
	if _, ok := secureAddress("/kakao", "http://intranet.test"); !ok {
		t.Error("a plain page may not use its own origin")
	}
	if _, ok := secureAddress("http://intranet.test.evil.test/", "http://intranet.test"); ok {
		t.Error("an origin that begins like the page's own passed")
	}
}

func TestStoredTokensAreReadAsTheyWereWritten(t *testing.T) {
	want := accessToken{value: "a.b.토큰", expires: 1_800_000_000_000, lifetime: 43199, persist: true}
	got := decodeToken(want.encode())
	if got == nil || *got != want {
		t.Errorf("read %+v, want %+v", got, want)
	}
	for _, text := range []string{"", "a", "1.2", "x.1.token", "1.x.token", "{\"token\":1}"} {
		if got := decodeToken(text); got != nil {
			t.Errorf("decodeToken(%q) = %+v, want none", text, got)
		}
	}
}

func TestDueOnlyShortlyBeforeExpiry(t *testing.T) {
	now := jsbridge.Now()
	tests := map[string]struct {
		token *accessToken
		want  bool
	}{
		"no token":         {nil, false},
		"the page's own":   {&accessToken{value: "t"}, false},
		"fresh":            {&accessToken{value: "t", expires: now + 43_199_000, lifetime: 43199}, false},
		"a minute to live": {&accessToken{value: "t", expires: now + 60_000, lifetime: 43199}, true},
		"expired":          {&accessToken{value: "t", expires: now - 1, lifetime: 43199}, true},
	}
	for name, test := range tests {
		if got := test.token.due(); got != test.want {
			t.Errorf("%s: due() = %v", name, got)
		}
	}
}

func TestOriginOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://app.example.test/kakao": "https://app.example.test",
		"http://127.0.0.1:8480":          "http://127.0.0.1:8480",
	} {
		if got := originOf(address); got != want {
			t.Errorf("originOf(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestNonceOfAnIDToken(t *testing.T) {
	useTestHost()
	for token, want := range map[string]string{
		"e30.eyJub25jZSI6Im4tMSJ9.c2ln": "n-1", // {"nonce":"n-1"}
		"e30.e30.c2ln":                  "",    // {}
		"e30.eyJub25jZSI6MX0.c2ln":      "",    // {"nonce":1}
		"e30.bnVsbA.c2ln":               "",    // null
		"e30.!!!.c2ln":                  "",
		"e30.e30":                       "",
		"":                              "",
	} {
		if got := idTokenNonce(token); got != want {
			t.Errorf("the nonce of %q is %q, want %q", token, got, want)
		}
	}
}
