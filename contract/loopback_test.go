package contract_test

import (
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/contract/contracttest"
)

func TestLoopbackHosts(t *testing.T) {
	for _, v := range contracttest.LoopbackHosts(t) {
		if got := contract.IsLoopbackHost(v.Host); got != v.Loopback {
			t.Errorf("%q: got %t (%s)", v.Host, got, v.Why)
		}
		if bare := strings.Trim(v.Host, "[]"); contract.IsLoopbackHost(bare) != v.Loopback {
			t.Errorf("%q: another result than with brackets", bare)
		}
	}
}

// Address parsers let some of these through, and browsers write the others in
// another way.
func TestOddHostsAreNotLoopback(t *testing.T) {
	for _, host := range []string{
		"", ".", "LOCALHOST", "localhost.", ".localhost", "a..localhost", "localhost@evil.example", "evil.example/.localhost",
		"evil.example:80/localhost", "localhost:8480", "[localhost]", "127.1", "127.0.0.01", "127.0.0.256", "127.0.0.0001",
		"127.0.0.1.", "127.0.0.", "127..0.1", "0127.0.0.1", "127.0.0.1.2", "127.0.0.-1", "2130706433", "0x7f.0.0.1", "127.0.0.1%",
		"::1%eth0", "0:0:0:0:0:0:0:1", "[::1", "::1]", "[[::1]]", "127.0.0.１", "локалхост", "a b.localhost", "a\x00.localhost",
	} {
		if contract.IsLoopbackHost(host) {
			t.Errorf("%q is taken for loopback", host)
		}
	}
}

func FuzzIsLoopbackHost(f *testing.F) {
	f.Add("app.localhost")
	f.Add("127.0.0.1")
	f.Fuzz(func(t *testing.T, host string) {
		if !contract.IsLoopbackHost(host) {
			return
		}
		if strings.ContainsAny(host, "/@?#\\% ") || host != strings.ToLower(host) {
			t.Errorf("%q is taken for loopback", host)
		}
	})
}
