package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// EmulateCmd runs the emulator alone: `kakaowasm emulate`.
type EmulateCmd struct {
	Addr         string   `default:"127.0.0.1:8481" env:"KAKAO_EMULATOR_ADDR" help:"Address to listen on."`
	Seed         string   `aliases:"config" env:"KAKAO_EMULATOR_SEED" placeholder:"FILE" help:"Start state in YAML or JSON, which reset returns to: apps, users and more; emulate init writes one. Without it: one demo app, four users."`
	Issuer       string   `env:"KAKAO_EMULATOR_ISSUER" placeholder:"ORIGIN" help:"Public origin of the emulator, which ID tokens name. Default: where each request was sent to, if that is this machine or a --host."`
	Hosts        []string `name:"host" env:"KAKAO_EMULATOR_HOSTS" placeholder:"NAME" help:"Further names by which clients reach the emulator, without a port, such as kakao in a network of containers."`
	RedirectURIs []string `name:"redirect-uri" default:"http://127.0.0.1:8480/kakao/callback,http://localhost:8480/kakao/callback" help:"Redirect URIs of the demo app, unless --seed names apps."`
	LogoutURIs   []string `name:"logout-redirect-uri" default:"http://127.0.0.1:8480/kakao/logout/callback,http://localhost:8480/kakao/logout/callback" help:"Logout redirect URIs of the demo app, unless --seed names apps."`
	TLSAddr      string   `name:"tls-addr" env:"KAKAO_EMULATOR_TLS_ADDR" placeholder:"ADDR" help:"Also answer as kauth.kakao.com and kapi.kakao.com over TLS at this address, such as 127.0.0.1:443."`
	TLSDir       string   `name:"tls-dir" env:"KAKAO_EMULATOR_TLS_DIR" placeholder:"DIR" help:"Where the certificate authority for --tls-addr is kept. Default: kakaowasm/tls in the user's configuration folder."`
	State        string   `env:"KAKAO_EMULATOR_STATE" placeholder:"FILE" help:"Keep the state in this file: apps, users, logins, tokens, keys and snapshots survive a restart; worlds do not. Once it is there, --seed and --redirect-uri say only what reset returns to."`
	AutoLogin    string   `env:"KAKAO_EMULATOR_AUTO_LOGIN" placeholder:"USER" help:"Log every authorization request in as this user, by e-mail address or number, without a page."`
	Follow       bool     `short:"f" help:"Print every call."`
	AllowRemote  bool     `help:"Listen on addresses that other machines can reach. Whoever reaches them can log in as any user."`
}

// Run serves the emulator until ctx is done.
func (c *EmulateCmd) Run(ctx context.Context, _ io.Writer) error {
	plain, err := listenEmulator(ctx, "--addr", c.Addr, c.AllowRemote)
	if err != nil {
		return err
	}
	listeners := []net.Listener{plain}
	if c.TLSAddr != "" {
		secure, err := c.listenTLS(ctx)
		if err != nil {
			return errors.Join(err, plain.Close())
		}
		listeners = append(listeners, secure)
	}
	return c.serve(ctx, listeners)
}

// serve runs one platform at all listeners, and closes them. The first is where
// it says to be.
func (c *EmulateCmd) serve(ctx context.Context, listeners []net.Listener) error {
	keeper := &stateKeeper{path: c.State}
	platform, err := c.platform(ctx, listeners[0].Addr(), keeper)
	if err != nil {
		for _, l := range listeners {
			err = errors.Join(err, l.Close())
		}
		return err
	}
	var servers []boundServer
	for _, l := range listeners {
		server := newHTTPServer(keeper.watch(platform))
		server.RegisterOnShutdown(platform.EndStreams)
		servers = append(servers, boundServer{server, l})
	}
	if c.Follow {
		go platform.Follow(ctx, func(call emulator.Call) { fmt.Println(lineOf(call)) })
	}
	err = keeper.whileSaving(ctx, func() error { return serveAll(ctx, servers) })
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	return errors.Join(err, platform.Close(grace))
}

// platform builds the emulator for the address that it is reached at, from the
// saved state if there is one.
func (c *EmulateCmd) platform(ctx context.Context, addr net.Addr, keeper *stateKeeper) (*emulator.Emulator, error) {
	seed, err := c.startState()
	if err != nil {
		return nil, err
	}
	options := []emulator.Option{
		emulator.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))),
		emulator.WithListen(func() (net.Listener, error) { return listenBeside(ctx, addr) }),
		emulator.WithHosts(c.Hosts...),
	}
	if c.Issuer == "" && seed.Issuer == "" {
		options = append(options, emulator.WithIssuerOfRequest())
		seed.Issuer = localOrigin(addr.String())
	}
	saved, err := keeper.load()
	if err != nil {
		return nil, err
	}
	if saved != nil {
		options = append(options, emulator.WithState(saved))
	}
	platform, err := emulator.NewFromSeed(seed, options...)
	if err != nil && saved != nil {
		return nil, fmt.Errorf("--state %s: %w", c.State, err)
	}
	if err != nil {
		return nil, err
	}
	keeper.platform = platform
	if err := c.logInAutomatically(platform); err != nil {
		return nil, errors.Join(err, platform.Close(ctx))
	}
	describePlatform(os.Stdout, platform.Config())
	keeper.describe(os.Stdout)
	return platform, nil
}

// listenBeside opens a free port at the host of an address.
func listenBeside(ctx context.Context, addr net.Addr) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil, err
	}
	return listen(ctx, net.JoinHostPort(host, "0"))
}

// startState is that of the file, or the demo app with its users. The
// issuer is the one that was named, if one was.
func (c *EmulateCmd) startState() (emulator.Seed, error) {
	if c.Seed == "" {
		cfg := emulator.Default(c.Issuer, c.RedirectURIs...)
		cfg.Apps[0].LogoutRedirectURIs = c.LogoutURIs
		return emulator.Seed{Config: cfg}, nil
	}
	seed, err := emulator.ReadSeed(c.Seed)
	if c.Issuer != "" {
		seed.Issuer = c.Issuer
	}
	return seed, err
}

// logInAutomatically finds the user of --auto-login.
func (c *EmulateCmd) logInAutomatically(platform *emulator.Emulator) error {
	if c.AutoLogin == "" {
		return nil
	}
	for _, user := range platform.Config().Users {
		if user.Email == c.AutoLogin || strconv.FormatInt(user.ID, 10) == c.AutoLogin {
			return platform.AutoLogin(user.ID)
		}
	}
	return errorf("--auto-login: no user has the e-mail address or number %q", c.AutoLogin)
}

// listenEmulator opens the port that a flag names, on loopback unless remote is
// set.
func listenEmulator(ctx context.Context, flag, addr string, remote bool) (net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, errorf("%s: %q is not an address such as 127.0.0.1:8481: %w", flag, addr, err)
	}
	if !remote && !tcp.IP.IsLoopback() {
		return nil, errorf("%s is reachable from other machines; use 127.0.0.1, or --allow-remote if you mean it", addr)
	}
	listener, err := listen(ctx, addr)
	if errors.Is(err, os.ErrPermission) {
		return nil, errorf("listen on %s: %w; ports below 1024 need rights: choose another with %s, or grant the binary CAP_NET_BIND_SERVICE", addr, err, flag)
	}
	if err != nil {
		return nil, errorf("listen on %s: %w; choose another address with %s", addr, err, flag)
	}
	return listener, nil
}
