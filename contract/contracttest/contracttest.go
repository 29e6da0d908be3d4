// Package contracttest gives the contract's test vectors to the tests of
// everyone who must keep it. Tests in JavaScript read the same files.
package contracttest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// LoopbackHost is one vector of contract/testdata/loopback.json.
type LoopbackHost struct {
	// Host is the host of an address, without its port.
	Host string `json:"host"`
	// Loopback tells whether plain http may carry credentials to it.
	Loopback bool `json:"loopback"`
	// Why says why.
	Why string `json:"why"`
}

// LoopbackHosts are all vectors.
func LoopbackHosts(t testing.TB) []LoopbackHost {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "testdata", "loopback.json"))
	if err != nil {
		t.Fatal(err)
	}
	var hosts []LoopbackHost
	if err := json.Unmarshal(text, &hosts); err != nil {
		t.Fatal(err)
	}
	return hosts
}

// Address is an address with the vector's host, over http and with a port.
func (h LoopbackHost) Address() string { return "http://" + h.Host + ":8480" }
