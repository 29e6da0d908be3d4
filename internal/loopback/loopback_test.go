package loopback

import "testing"

func TestIsHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost":               true,
		"shop.localhost":          true,
		"127.0.0.1":               true,
		"127.255.255.254":         true,
		"::1":                     true,
		"":                        false,
		"notlocalhost":            false,
		"localhost.example":       false,
		"localhost.":              false,
		"127.0.0.1.example":       false,
		"127.1":                   false,
		"0.0.0.0":                 false,
		"128.0.0.1":               false,
		"::":                      false,
		"[::1]":                   false, // url.URL.Hostname has no brackets
		"kauth.kakao.com":         false,
		"169.254.169.254":         false,
		"localhost@evil.example":  false,
		"xn--localhost-x.example": false,
	} {
		if got := IsHost(host); got != want {
			t.Errorf("%q: got %v", host, got)
		}
	}
}
