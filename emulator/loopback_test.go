package emulator_test

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract/contracttest"
	"github.com/kakaowasm/kakaowasm/emulator"
)

// The emulator takes redirect URIs over plain http for the hosts that the token
// server can have one on.
func TestPlainHTTPIsForLoopbackHosts(t *testing.T) {
	for _, v := range contracttest.LoopbackHosts(t) {
		_, err := emulator.New(emulator.Default("http://127.0.0.1:8481", v.Address()+"/kakao/callback"))
		if (err == nil) != v.Loopback {
			t.Errorf("%s: got %v (%s)", v.Host, err, v.Why)
		}
	}
}
