package server

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/contract/contracttest"
)

// The server takes plain http for the hosts that the SDK takes it for.
func TestPlainHTTPIsForLoopbackHosts(t *testing.T) {
	for _, v := range contracttest.LoopbackHosts(t) {
		c := good()
		c.PublicURL = v.Address() + contract.DefaultBase
		c.AllowedOrigins = []string{v.Address()}
		c.RedirectURIs = []string{v.Address() + "/oauth"}
		c = c.withDefaults()
		if _, err := c.check(); (err == nil) != v.Loopback {
			t.Errorf("%s: got %v (%s)", v.Host, err, v.Why)
		}
	}
}
