package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

// ServeCmd runs the token server: `kakaowasm serve`. The client secret is no
// flag, because other users of a machine can read the flags of a process.
type ServeCmd struct {
	Addr             string   `default:"127.0.0.1:8480" env:"KAKAOWASM_ADDR" help:"Address to listen on."`
	PublicURL        string   `name:"public-url" env:"KAKAOWASM_PUBLIC_URL" placeholder:"URL" help:"Where browsers reach the server, with the base path, such as https://app.example.com/kakao. Default: http:// and the address and /kakao, on loopback."`
	RESTAPIKey       string   `name:"rest-api-key" env:"KAKAO_REST_API_KEY" placeholder:"KEY" help:"The app's REST API key."`
	JavaScriptKeys   []string `name:"javascript-key" env:"KAKAO_JAVASCRIPT_KEY" placeholder:"KEY" help:"The app's JavaScript key, and other keys that its pages use."`
	ClientSecretFile string   `type:"existingfile" env:"KAKAO_CLIENT_SECRET_FILE" placeholder:"FILE" help:"File that holds the client secret, if the app uses one. Or set KAKAO_CLIENT_SECRET in the environment."`
	AllowedOrigins   []string `name:"allowed-origin" env:"KAKAOWASM_ALLOWED_ORIGINS" placeholder:"ORIGIN" help:"Further origins whose pages may call the server."`
	RedirectURIs     []string `name:"redirect-uri" env:"KAKAOWASM_REDIRECT_URIS" placeholder:"URI" help:"Further redirect URIs that pages may exchange codes for."`
	SDKDir           string   `name:"sdk-dir" type:"existingdir" env:"KAKAOWASM_SDK_DIR" placeholder:"DIR" help:"Folder of the built SDK, to serve it under sdk/."`
	Partitioned      bool     `env:"KAKAOWASM_PARTITIONED" help:"Partitioned session cookie, for pages embedded in other sites."`
	OperationsAddr   string   `env:"KAKAOWASM_OPERATIONS_ADDR" placeholder:"ADDR" help:"Address of /healthz, /readyz and /metrics. Default: the same as --addr."`
	AuthOrigin       string   `env:"KAKAO_AUTH_ORIGIN" placeholder:"ORIGIN" help:"Origin of another authorization server than Kakao's, such as the emulator's."`
	APIOrigin        string   `name:"api-origin" env:"KAKAO_API_ORIGIN" placeholder:"ORIGIN" help:"Origin of its REST API. Default: the same."`
}

// Time limits of the HTTP server. Writing takes at most as long as the longest
// call to Kakao and some more.
const (
	serveReadHeader = 5 * time.Second
	serveRead       = 15 * time.Second
	serveWrite      = 45 * time.Second
	serveIdle       = 2 * time.Minute
	serveGrace      = 30 * time.Second
	serveMaxHeader  = 64 << 10
)

// Run serves until ctx is done, and then lets running requests finish.
func (c *ServeCmd) Run(ctx context.Context) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	token, err := server.New(cfg)
	if err != nil {
		return err
	}
	listeners, err := c.listen(ctx, token)
	if err != nil {
		return errors.Join(err, token.Close())
	}
	fmt.Printf("Kakao token server at %s\n", cfg.PublicURL)
	return errors.Join(serveAll(ctx, listeners), token.Close())
}

// config is the configuration that flags, environment and secret file make.
func (c *ServeCmd) config() (server.Config, error) {
	secret, err := c.clientSecret()
	if err != nil {
		return server.Config{}, err
	}
	cfg := server.Config{
		PublicURL:      c.PublicURL,
		RESTAPIKey:     c.RESTAPIKey,
		JavaScriptKeys: c.JavaScriptKeys,
		ClientSecret:   secret,
		AllowedOrigins: c.AllowedOrigins,
		RedirectURIs:   c.RedirectURIs,
		Partitioned:    c.Partitioned,
		Platform:       kakao.Platform{Auth: c.AuthOrigin, API: c.APIOrigin},
		Logger:         slog.Default(),
	}
	if cfg.PublicURL == "" {
		cfg.PublicURL = "http://" + c.Addr + "/kakao"
	}
	if cfg.Platform.API == "" {
		cfg.Platform.API = cfg.Platform.Auth
	}
	if c.SDKDir != "" {
		cfg.SDK = os.DirFS(c.SDKDir)
	}
	return cfg, nil
}

// clientSecret reads the secret from the environment or its file.
func (c *ServeCmd) clientSecret() (string, error) {
	secret := os.Getenv("KAKAO_CLIENT_SECRET")
	if c.ClientSecretFile == "" {
		return secret, nil
	}
	if secret != "" {
		return "", errors.New("serve: expected KAKAO_CLIENT_SECRET or a client secret file, got both; unset one")
	}
	content, err := os.ReadFile(c.ClientSecretFile)
	if err != nil {
		return "", fmt.Errorf("serve: read the client secret: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}

// boundServer is an HTTP server with the port it has.
type boundServer struct {
	*http.Server
	listener net.Listener
}

// listen takes the ports before anything is served, so that a taken one is an
// error at the start.
func (c *ServeCmd) listen(ctx context.Context, token *server.Server) ([]boundServer, error) {
	operations := token.Operations()
	if c.OperationsAddr != "" {
		return bindAll(ctx, map[string]http.Handler{c.Addr: token, c.OperationsAddr: operations})
	}
	mux := http.NewServeMux()
	mux.Handle("/", token)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, operations)
	}
	return bindAll(ctx, map[string]http.Handler{c.Addr: mux})
}

// bindAll takes a port for each handler, or none.
func bindAll(ctx context.Context, handlers map[string]http.Handler) ([]boundServer, error) {
	var bound []boundServer
	var config net.ListenConfig
	for addr, handler := range handlers {
		listener, err := config.Listen(ctx, "tcp", addr)
		if err != nil {
			for _, b := range bound {
				err = errors.Join(err, b.listener.Close())
			}
			return nil, explainListen(addr, err)
		}
		bound = append(bound, boundServer{&http.Server{
			Handler:           handler,
			ReadHeaderTimeout: serveReadHeader,
			ReadTimeout:       serveRead,
			WriteTimeout:      serveWrite,
			IdleTimeout:       serveIdle,
			MaxHeaderBytes:    serveMaxHeader,
		}, listener})
	}
	return bound, nil
}

// explainListen says what to do about a port that cannot be had.
func explainListen(addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("serve: %s is taken by another program; stop it or choose another port with --addr", addr)
	}
	return fmt.Errorf("serve: listen on %s: %w", addr, err)
}

// serveAll serves until parent is done or one server fails, and then shuts all
// down, letting running requests finish for a while.
func serveAll(parent context.Context, servers []boundServer) error {
	ctx, stop := context.WithCancelCause(parent)
	defer stop(nil)
	for _, s := range servers {
		go func() {
			if err := s.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
				stop(fmt.Errorf("serve: %w", err))
			}
		}()
	}
	<-ctx.Done()
	var cause error
	if parent.Err() == nil { // Nobody asked to stop: a server failed.
		cause = context.Cause(ctx)
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), serveGrace)
	defer cancel()
	for _, s := range servers {
		cause = errors.Join(cause, s.Shutdown(grace))
	}
	return cause
}
