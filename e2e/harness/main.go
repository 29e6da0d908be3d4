// Command harness runs what the end-to-end tests need: emulator, token server
// and pages that use the SDK, on free ports, with a control address that breaks
// and inspects them. It prints its addresses as JSON when it is ready, and ends
// when its standard input does.
package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/emulator/authority"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

// addresses are what the tests get to know.
type addresses struct {
	Page     string `json:"page"`     // pages and token server on one origin
	Foreign  string `json:"foreign"`  // pages on another origin that the server allows
	Platform string `json:"platform"` // the emulator
	Names    string `json:"names"`    // host and port where it answers by Kakao's names, over TLS
	Control  string `json:"control"`
	AppKey   string `json:"appKey"`
	Secret   string `json:"secret"` // to search for in what the browser sees
}

func main() {
	sdk := flag.String("sdk", "dist/go", "folder of the built SDK")
	lifetime := flag.Duration("access-ttl", 12*time.Hour, "lifetime of access tokens")
	flag.Parse()
	if err := run(*sdk, *lifetime); err != nil {
		log.Fatal(err)
	}
}

func run(sdk string, lifetime time.Duration) error {
	page, foreign, platform, names, control := listen(), listen(), listen(), listen(), listen()
	kakaoConfig := emulator.Default(platform.origin, page.origin+"/kakao/callback", page.origin+"/own-callback")
	kakaoConfig.Apps[0].LogoutRedirectURIs = []string{page.origin + "/kakao/logout/callback"}
	kakaoConfig.AccessTokenTTL = emulator.Duration(lifetime)
	local, err := emulator.New(kakaoConfig)
	if err != nil {
		return err
	}
	tokens, err := server.New(server.Config{
		PublicURL:      page.origin + "/kakao",
		RESTAPIKey:     emulator.DemoRESTAPIKey,
		JavaScriptKeys: []string{emulator.DemoJavaScriptKey},
		ClientSecret:   emulator.DemoClientSecret,
		AllowedOrigins: []string{foreign.origin},
		RedirectURIs:   []string{page.origin + "/own-callback"},
		Platform:       kakao.Platform{Auth: platform.origin, API: platform.origin},
		SDK:            os.DirFS(sdk),
		Logger:         slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	defer tokens.Close()

	certificates, err := authority.New()
	if err != nil {
		return err
	}
	secure, err := certificates.TLSConfig(emulator.Hosts()...)
	if err != nil {
		return err
	}

	h := &harness{
		emulator: local, tokens: tokens, platform: platform.origin, server: page.origin + "/kakao",
		origins: []string{page.origin, foreign.origin},
	}
	page.serve(h.pages())
	foreign.serve(h.pages())
	platform.serve(h.platformPages())
	names.over(secure).serve(local)
	control.serve(h.control())
	if err := json.NewEncoder(os.Stdout).Encode(addresses{
		page.origin, foreign.origin, platform.origin, names.Addr().String(), control.origin,
		emulator.DemoJavaScriptKey, emulator.DemoClientSecret,
	}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

type listener struct {
	net.Listener
	origin string
}

func listen() listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	return listener{l, fmt.Sprintf("http://%s", l.Addr())}
}

// over is the same listener with TLS.
func (l listener) over(config *tls.Config) listener {
	return listener{tls.NewListener(l.Listener, config), l.origin}
}

func (l listener) serve(handler http.Handler) {
	go func() { log.Fatal(http.Serve(l.Listener, handler)) }()
}
