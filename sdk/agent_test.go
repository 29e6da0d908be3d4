package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestAgent(t *testing.T) {
	got := Agent("ko-KR", "Linux x86_64", "https://app.example.test", "second")
	want := "sdk/" + kakao.Version + " os/javascript sdk_type/javascript lang/ko-KR device/Linux_x86_64" +
		" origin/https%3A%2F%2Fapp.example.test extra_app_key/second"
	if got != want {
		t.Errorf("Agent = %q, want %q", got, want)
	}
}
