package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"

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
	servers, err := c.listen(ctx, token)
	if err != nil {
		return errors.Join(err, token.Close())
	}
	fmt.Printf("Kakao token server at %s\n", cfg.PublicURL)
	return errors.Join(serveAll(ctx, servers), token.Close())
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
		cfg.PublicURL = httpOrigin(c.Addr) + "/kakao"
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
		return "", errors.New("expected KAKAO_CLIENT_SECRET or a client secret file, got both; unset one")
	}
	content, err := os.ReadFile(c.ClientSecretFile)
	if err != nil {
		return "", fmt.Errorf("read the client secret: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}

// listen takes the ports before anything is served, so that a taken one is an
// error at the start.
func (c *ServeCmd) listen(ctx context.Context, token *server.Server) ([]boundServer, error) {
	web, err := listen(ctx, c.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another address with --addr", c.Addr, err)
	}
	if c.OperationsAddr != "" && c.OperationsAddr != c.Addr {
		operations, err := listen(ctx, c.OperationsAddr)
		if err != nil {
			err = fmt.Errorf("listen on %s: %w; choose another address with --operations-addr", c.OperationsAddr, err)
			return nil, errors.Join(err, web.Close())
		}
		return []boundServer{{newHTTPServer(token), web}, {newHTTPServer(token.Operations()), operations}}, nil
	}
	mux := http.NewServeMux()
	mux.Handle("/", token)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, token.Operations())
	}
	return []boundServer{{newHTTPServer(mux), web}}, nil
}
