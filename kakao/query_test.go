package kakao

import (
	"net/url"
	"testing"
	"unicode/utf8"
)

func FuzzEncodeQuery(f *testing.F) {
	f.Add("scope", "account_email,gender")
	f.Add("값&=+%", "한글 🦁/?#\x00")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, name, value string) {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			t.Skip("JavaScript strings reach Go as UTF-8")
		}
		encoded := EncodeQuery([]Pair{{name, value}, {"last", "1"}})
		parsed, err := url.ParseQuery(encoded)
		if err != nil {
			t.Fatalf("%q does not parse: %v", encoded, err)
		}
		if name != "last" && (len(parsed[name]) != 1 || parsed.Get(name) != value) || parsed["last"] == nil {
			t.Errorf("%q was read as %v", encoded, parsed)
		}
	})
}
