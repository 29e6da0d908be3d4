package main

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"time"
)

// HealthCmd asks a token server on this machine whether it is well: `kakaowasm
// health`. It is for images without a shell, whose health check can run nothing
// but the program itself. It reads the address from the variables of the server,
// so that it asks where that listens.
type HealthCmd struct {
	Addr           string        `default:"127.0.0.1:8480" env:"KAKAOWASM_ADDR" help:"Address of the server."`
	OperationsAddr string        `name:"operations-addr" env:"KAKAOWASM_OPERATIONS_ADDR" placeholder:"ADDR" help:"Address of its /healthz and /readyz. Default: the same."`
	Ready          bool          `help:"Ask whether it may be sent requests, too: whether its store answers, and it does not drain."`
	Timeout        time.Duration `default:"3s" help:"How long the answer may take."`
}

// Run asks, and fails unless the answer is 200.
func (c *HealthCmd) Run(ctx context.Context, _ io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	path := "/healthz"
	if c.Ready {
		path = "/readyz"
	}
	address := "http://" + cmp.Or(c.OperationsAddr, c.Addr) + path
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return usageError{errorf("expected an address such as 127.0.0.1:8480: %w", err)}
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return errorf("%s: expected status 200, got %d", address, response.StatusCode)
	}
	return nil
}
