package main

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server"
)

func TestHealthAsksTheServer(t *testing.T) {
	token, err := server.New(server.Config{PublicURL: "http://127.0.0.1/kakao", RESTAPIKey: "key", Logger: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = token.Close() })
	operations := httptest.NewServer(token.Operations())
	t.Cleanup(operations.Close)
	addr := operations.Listener.Addr().String()
	ask := func(c HealthCmd) error { c.Timeout = time.Minute; return c.Run(t.Context(), io.Discard) }

	for _, ready := range []bool{false, true} {
		if err := ask(HealthCmd{Addr: addr, Ready: ready}); err != nil {
			t.Errorf("ready %v: %v", ready, err)
		}
	}
	if err := ask(HealthCmd{Addr: "127.0.0.1:1", OperationsAddr: addr}); err != nil {
		t.Errorf("operations apart: %v", err)
	}
	token.Drain()
	if err := ask(HealthCmd{Addr: addr}); err != nil {
		t.Errorf("a server that drains lives: %v", err)
	}
	if err := ask(HealthCmd{Addr: addr, Ready: true}); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a server that drains is ready: %v", err)
	}
	operations.Close()
	if err := ask(HealthCmd{Addr: addr}); err == nil {
		t.Error("nobody listens, and all is well")
	}
	var usage usageError
	if err := ask(HealthCmd{Addr: "not an address"}); !errors.As(err, &usage) {
		t.Errorf("no address: %v", err)
	}
}
