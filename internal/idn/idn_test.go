package idn_test

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/internal/idn"
)

// The forms are those of Chromium's URL.
func TestToASCII(t *testing.T) {
	for address, want := range map[string]string{
		"https://쇼핑몰.한국/kakao":                "https://xn--352bl7khqr.xn--3e0b707e/kakao",
		"https://쇼핑몰.한국:8443":                 "https://xn--352bl7khqr.xn--3e0b707e:8443",
		"https://쇼핑몰。한국":                      "https://xn--352bl7khqr.xn--3e0b707e",
		"https://앱.example.com/kakao":         "https://xn--rf5b.example.com/kakao",
		"https://app.example.com/kakao":       "https://app.example.com/kakao",
		"https://App.example.com":             "https://App.example.com",
		"http://127.0.0.1:8480":               "http://127.0.0.1:8480",
		"http://[::1]:8480/kakao":             "http://[::1]:8480/kakao",
		"not a URL":                           "not a URL",
		"https://xn--352bl7khqr.xn--3e0b707e": "https://xn--352bl7khqr.xn--3e0b707e",
		"":                                    "",
	} {
		if got, err := idn.ToASCII(address); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", address, got, err, want)
		}
	}
	for _, address := range []string{"https://쇼핑몰 .한국", "https://a\u0338\u200b한.한국\uffff"} {
		if got, err := idn.ToASCII(address); err == nil && got != address {
			t.Errorf("%s: got %s", address, got)
		}
	}
}
