//go:build js

package main

import (
	"syscall/js"
	"testing"

	"github.com/kakaowasm/kakaowasm/jsbridge"
)

func TestSecureAddress(t *testing.T) {
	const origin = "https://app.example.test"
	for address, want := range map[string]bool{
		"/kakao":                              true,
		"https://auth.example.test/kakao":     true,
		"http://127.0.0.1:8480/kakao":         true,
		"http://localhost:8480/kakao":         true,
		"//evil.example.test/kakao":           false,
		"http://evil.example.test/kakao":      false,
		"http://localhost.evil.test/kakao":    false,
		"http://127.0.0.1.evil.test/kakao":    false,
		"http://127.0.0.1@evil.example.test/": false,
		"javascript:alert(1)":                 false,
		"":                                    false,
	} {
		if got := secureAddress(address, origin); got != want {
			t.Errorf("secureAddress(%q) = %v, want %v", address, got, want)
		}
	}
	if !secureAddress("http://intranet.test/kakao", "http://intranet.test") {
		t.Error("a plain page may not use its own origin")
	}
	if secureAddress("http://intranet.test.evil.test/", "http://intranet.test") {
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
	jsbridge.Use(js.Global().Get("Function").New(`return {
		call: (target, method, ...args) => {
			try { return [target[method](...args)]; } catch (e) { return [undefined, e.name, e.message]; }
		},
	};`).Invoke())
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
