package doctor

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract/contracttest"
)

// The doctor judges plain http as the server does.
func TestPlainHTTPIsForLoopbackHosts(t *testing.T) {
	for _, v := range contracttest.LoopbackHosts(t) {
		f, broken := judgeOrigin(CheckAllowedOrigin, v.Address())
		if broken == v.Loopback {
			t.Errorf("%s: got %q (%s)", v.Host, f.Cause.En, v.Why)
		}
	}
}
