package rest_test

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract/contracttest"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// Credentials go over plain http to the hosts that the contract names.
func TestPlainHTTPIsForLoopbackHosts(t *testing.T) {
	for _, v := range contracttest.LoopbackHosts(t) {
		platform := kakao.Platform{Auth: v.Address(), API: v.Address()}
		if _, err := rest.New(rest.WithPlatform(platform)); (err == nil) != v.Loopback {
			t.Errorf("%s: got %v (%s)", v.Host, err, v.Why)
		}
	}
}
