package sdk

import (
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/contract/contracttest"
)

// addressEvent is what the shim says of an option that the browser has read, for
// addresses that Go and browsers read alike.
func addressEvent(t *testing.T, address string) *Event {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // as a browser's URL.hostname
	}
	data := []string{
		"server.href", u.String(), "server.origin", u.Scheme + "://" + u.Host,
		"server.protocol", u.Scheme + ":", "server.hostname", host,
	}
	if u.User != nil {
		data = append(data, "server.user", u.User.Username())
	}
	return &Event{Type: CallInit, Data: data}
}

// The SDK takes plain http for the hosts that the server takes it for.
func TestPlainHTTPIsForLoopbackHosts(t *testing.T) {
	for _, v := range contracttest.LoopbackHosts(t) {
		e := addressEvent(t, v.Address()+contract.DefaultBase)
		if got := isSecureAddress(e, "server", "https://app.example.test"); got != v.Loopback {
			t.Errorf("%s: got %t (%s)", v.Host, got, v.Why)
		}
	}
}

func TestSecureAddress(t *testing.T) {
	for _, test := range []struct {
		address, origin string
		want            bool
	}{
		{"https://auth.example.test/kakao", "https://app.example.test", true},
		{"https://app.example.test/kakao", "https://app.example.test", true},
		{"http://app.example.test/kakao", "https://app.example.test", false},
		{"http://intranet.test/kakao", "http://intranet.test", true},
		{"http://intranet.test.evil.test/kakao", "http://intranet.test", false},
		{"http://intranet.test:8080/kakao", "http://intranet.test", false},
		{"http://localhost@evil.example/", "https://app.example.test", false},
		{"http://127.0.0.1@evil.example/", "https://app.example.test", false},
		{"https://user:secret@app.example.test/", "https://app.example.test", false},
		{"http://user@localhost/", "https://app.example.test", false},
		{"ftp://localhost/", "https://app.example.test", false},
		{"ws://127.0.0.1/", "https://app.example.test", false},
	} {
		if got := isSecureAddress(addressEvent(t, test.address), "server", test.origin); got != test.want {
			t.Errorf("%s from %s: got %t", test.address, test.origin, got)
		}
	}
	if isSecureAddress(&Event{Type: CallInit}, "server", "https://app.example.test") {
		t.Error("an address that the browser cannot read is taken")
	}
}
