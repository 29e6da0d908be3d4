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

// The forms are those of Chromium's URL: what it writes in another way, or takes for no
// host, is not canonical.
func TestIsCanonical(t *testing.T) {
	for host, want := range map[string]bool{
		"app.example.com": true, "localhost": true, "127.0.0.1": true, "::1": true, "2001:db8::7": true, "::ffff:102:304": true,
		"xn--352bl7khqr.xn--3e0b707e": true, "my_app.example.com": true, "1.example.com": true, "0x7f.example.com": true, "app.example.com.": true, "xn.example": true,
		"127.1": false, "0x7f.1": false, "2130706433": false, "127.0.0.01": false, "1.2.3.4.": false, "1.2.3.4.5": false, "app.0x": false, "256.1.1.1": false,
		"0:0:0:0:0:0:0:1": false, "::0001": false, "fe80::1%eth0": false, "1::2::3": false,
		"xn--a": false, "xn--.example": false,
	} {
		if got := idn.IsCanonical(host); got != want {
			t.Errorf("%s: got %t", host, got)
		}
	}
}
