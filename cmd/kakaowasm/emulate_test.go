package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

func TestEmulateServesUntilItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := listenEmulator(ctx, "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	command := EmulateCmd{RedirectURIs: []string{"http://127.0.0.1:8480/kakao/callback"}}
	platform, err := command.platform(listener.Addr())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- serveAll(ctx, []boundServer{{newHTTPServer(platform), listener}}) }()

	issuer := "http://" + listener.Addr().String()
	response, err := http.Get(issuer + "/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var document struct{ Issuer string }
	if err := json.NewDecoder(response.Body).Decode(&document); err != nil || document.Issuer != issuer {
		t.Errorf("issuer %q, %v; want %q", document.Issuer, err, issuer)
	}

	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("does not end with its context")
	}
}

func TestEmulateSaysWhyItCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	tests := []struct{ name, addr, want string }{
		{"port taken", taken.Addr().String(), "already in use by another program; choose another address with --addr"},
		{"reachable by others", "0.0.0.0:0", "--allow-remote"},
		{"all addresses", ":0", "--allow-remote"},
		{"no address", "here", "is not an address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := (&EmulateCmd{Addr: tt.addr}).Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEmulateReadsItsConfiguration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "emulator.json")
	written, err := json.Marshal(emulator.Default("", "https://shop.example/callback"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, written, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (&EmulateCmd{Config: path}).platform(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8481}); err != nil {
		t.Error(err)
	}
	if err := (&EmulateCmd{Addr: "127.0.0.1:0", Config: filepath.Join(t.TempDir(), "none")}).Run(t.Context()); err == nil {
		t.Error("no error for a missing file")
	}
}
