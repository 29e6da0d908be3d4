package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// EmulateCmd runs the emulator alone: `kakaowasm emulate`.
type EmulateCmd struct {
	Addr         string   `default:"127.0.0.1:8481" env:"KAKAO_EMULATOR_ADDR" help:"Address to listen on."`
	Config       string   `type:"existingfile" placeholder:"FILE" help:"Apps and users in JSON. Without it: one demo app, four users."`
	Issuer       string   `placeholder:"ORIGIN" help:"Public origin of the emulator. Default: http:// and the address."`
	RedirectURIs []string `name:"redirect-uri" default:"http://127.0.0.1:8480/kakao/callback,http://localhost:8480/kakao/callback" help:"Redirect URIs of the demo app, unless --config names apps."`
	AllowRemote  bool     `help:"Listen on an address that other machines can reach. Whoever reaches it can log in as any user."`
}

// Run serves the emulator until ctx is done.
func (c *EmulateCmd) Run(ctx context.Context) error {
	listener, err := listenEmulator(ctx, c.Addr, c.AllowRemote)
	if err != nil {
		return err
	}
	handler, err := c.platform(listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return serveAll(ctx, []boundServer{{newHTTPServer(handler), listener}})
}

// platform builds the emulator for the address that it is reached at.
func (c *EmulateCmd) platform(addr net.Addr) (*emulator.Emulator, error) {
	issuer := c.Issuer
	if issuer == "" {
		issuer = httpOrigin(addr.String())
	}
	cfg := emulator.Default(issuer, c.RedirectURIs...)
	if c.Config != "" {
		loaded, err := emulator.LoadConfig(c.Config)
		if err != nil {
			return nil, err
		}
		if c.Issuer != "" || loaded.Issuer == "" {
			loaded.Issuer = issuer
		}
		cfg = loaded
	}
	fmt.Printf("Kakao emulator on %s, its console at %[1]s/console\n", cfg.Issuer)
	for _, app := range cfg.Apps {
		fmt.Printf("  %s: REST API key %s, JavaScript key %s\n", app.Name, app.RESTAPIKey, app.JavaScriptKey)
	}
	return emulator.New(cfg, emulator.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
}

// listenEmulator opens the port, on loopback unless remote is set.
func listenEmulator(ctx context.Context, addr string, remote bool) (net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address such as 127.0.0.1:8481: %w", addr, err)
	}
	if !remote && !tcp.IP.IsLoopback() {
		return nil, fmt.Errorf("%s is reachable from other machines; use 127.0.0.1, or --allow-remote if you mean it", addr)
	}
	listener, err := listen(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another address with --addr", addr, err)
	}
	return listener, nil
}
