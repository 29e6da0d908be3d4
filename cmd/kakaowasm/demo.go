package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/demo"
	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

// DemoCmd runs everything in one process: `kakaowasm demo`. Without keys the
// page talks to the emulator, which runs beside it on the next port; with the
// keys of an app it talks to the real Kakao. The client secret is no flag, as
// in [ServeCmd]: it comes from KAKAO_CLIENT_SECRET.
type DemoCmd struct {
	Addr          string `default:"127.0.0.1:8480" env:"ADDR" help:"Loopback address to listen on. Port 0 picks free ports."`
	JavaScriptKey string `name:"javascript-key" env:"KAKAO_JAVASCRIPT_KEY" placeholder:"KEY" help:"The app's JavaScript key, for the real Kakao."`
	RESTAPIKey    string `name:"rest-api-key" env:"KAKAO_REST_API_KEY" placeholder:"KEY" help:"The app's REST API key, for the real Kakao."`
	SDKDir        string `name:"sdk-dir" env:"KAKAOWASM_SDK_DIR" placeholder:"DIR" help:"Folder of a built SDK. Default: the SDK inside this program, which released ones have."`
	DocsDir       string `name:"docs-dir" env:"KAKAOWASM_DOCS_DIR" placeholder:"DIR" help:"Folder of the guides that make docs builds, which the demo shows at /docs."`
	OpenerPolicy  string `env:"KAKAOWASM_DEMO_OPENER_POLICY" placeholder:"POLICY" help:"Cross-Origin-Opener-Policy of the page, such as same-origin, to try the login popup under it."`
}

// demoBase is the base path of the token server.
const demoBase = contract.DefaultBase

// Run serves the demo until ctx is done.
func (c *DemoCmd) Run(ctx context.Context, _ io.Writer) error {
	app, err := demoAppOf(c.JavaScriptKey, c.RESTAPIKey, os.Getenv("KAKAO_CLIENT_SECRET"))
	if err != nil {
		return err
	}
	sdk, err := openSDK(c.SDKDir)
	if err != nil {
		return err
	}
	if sdk == nil {
		return errNoSDK
	}
	listeners, err := listenDemo(ctx, c.Addr, app.mode)
	if err != nil {
		return err
	}
	site, err := newDemoSite(app, demoFiles{sdk, os.DirFS(c.DocsDir)}, c.OpenerPolicy, listeners)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	site.describe(os.Stdout)
	return errors.Join(serveAll(ctx, site.servers), site.close())
}

// demoApp is the Kakao app that the demo acts for, and where that app lives.
type demoApp struct {
	mode                                    demo.Mode
	javaScriptKey, restAPIKey, clientSecret string
}

// demoAppOf decides by the keys that are set: none means the emulator, both
// mean the real Kakao, anything else is a mistake that it names.
func demoAppOf(javaScriptKey, restAPIKey, clientSecret string) (demoApp, error) {
	if javaScriptKey == "" && restAPIKey == "" && clientSecret == "" {
		return demoApp{
			mode:          demo.ModeEmulator,
			javaScriptKey: emulator.DemoJavaScriptKey,
			restAPIKey:    emulator.DemoRESTAPIKey,
			clientSecret:  emulator.DemoClientSecret,
		}, nil
	}
	var missing []string
	for _, key := range []struct{ name, value string }{
		{"KAKAO_JAVASCRIPT_KEY", javaScriptKey},
		{"KAKAO_REST_API_KEY", restAPIKey},
	} {
		if key.value == "" {
			missing = append(missing, key.name)
		}
	}
	if len(missing) > 0 {
		return demoApp{}, errorf("the real Kakao needs %s as well; set it, or unset all KAKAO_… keys to use the emulator",
			strings.Join(missing, ", "))
	}
	return demoApp{
		mode:          demo.ModeKakao,
		javaScriptKey: javaScriptKey,
		restAPIKey:    restAPIKey,
		clientSecret:  clientSecret,
	}, nil
}

// demoListeners are the ports of the demo; emulator is nil for the real Kakao.
type demoListeners struct{ web, emulator net.Listener }

func (l demoListeners) close() error {
	err := l.web.Close()
	if l.emulator != nil {
		err = errors.Join(err, l.emulator.Close())
	}
	return err
}

// chooseAddr is what to do about a port that cannot be had.
const chooseAddr = "choose another address with ADDR=127.0.0.1:9000 make demo"

// listenDemo takes the port of the page and, for the emulator, the next one.
func listenDemo(ctx context.Context, addr string, mode demo.Mode) (demoListeners, error) {
	web, err := loopbackAddr(addr)
	if err != nil {
		return demoListeners{}, err
	}
	var l demoListeners
	if l.web, err = listen(ctx, web.String()); err != nil {
		return demoListeners{}, errorf("listen on %s: %w; "+chooseAddr, web, err)
	}
	if mode != demo.ModeEmulator {
		return l, nil
	}
	next := netip.AddrPortFrom(web.Addr(), 0)
	if web.Port() != 0 {
		next = netip.AddrPortFrom(web.Addr(), web.Port()+1)
	}
	if l.emulator, err = listen(ctx, next.String()); err != nil {
		err = errorf("listen on %s, which the emulator needs (the port after ADDR): %w; "+chooseAddr, next, err)
		return demoListeners{}, errors.Join(err, l.web.Close())
	}
	return l, nil
}

// loopbackAddr reads addr, where localhost stands for 127.0.0.1, and refuses
// what other machines could reach.
func loopbackAddr(addr string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.AddrPort{}, errorf("%q is not an address such as 127.0.0.1:8480: %w", addr, err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() {
		return netip.AddrPort{}, errorf("%s is not a loopback address: the demo speaks plain HTTP and lets anybody log in as an invented user, so no other machine may reach it; use 127.0.0.1:8480", addr)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 65535 { // The emulator takes the next port.
		return netip.AddrPort{}, errorf("%q is not a port from 0 to 65534", port)
	}
	return netip.AddrPortFrom(ip, uint16(number)), nil
}

// demoSite is the whole demo, ready to serve.
type demoSite struct {
	app     demoApp
	origin  string
	issuer  string
	servers []boundServer
	close   func() error
	// local is what is registered at the emulator; it has no apps for the real
	// Kakao.
	local emulator.Config
}

// demoFiles are the SDK, and the guides, which need not be there.
type demoFiles struct{ sdk, guides fs.FS }

// newDemoSite puts page, token server and emulator together for ports that are
// already taken.
func newDemoSite(app demoApp, files demoFiles, openerPolicy string, l demoListeners) (*demoSite, error) {
	origin := httpOrigin(l.web.Addr().String())
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	platform := kakao.Production
	var servers []boundServer
	var local emulator.Config
	steps := demo.NewSteps()
	if l.emulator != nil {
		issuer := httpOrigin(l.emulator.Addr().String())
		platform = kakao.Platform{Auth: issuer, API: issuer}
		local = emulator.Default(issuer, origin+demoBase+contract.PathCallback)
		local.Apps[0].LogoutRedirectURIs = []string{origin + demoBase + contract.PathLogoutCallback}
		people, err := emulator.New(local, emulator.WithLogger(logger))
		if err != nil {
			return nil, err
		}
		platformServer := newHTTPServer(steps.Record(demo.Kakao, people))
		platformServer.RegisterOnShutdown(people.EndStreams)
		servers = append(servers, boundServer{platformServer, l.emulator})
	}
	token, err := server.New(server.Config{
		PublicURL:      origin + demoBase,
		RESTAPIKey:     app.restAPIKey,
		JavaScriptKeys: []string{app.javaScriptKey},
		ClientSecret:   app.clientSecret,
		Platform:       platform,
		SDK:            files.sdk,
		Logger:         logger,
	})
	if err != nil {
		return nil, err
	}
	page := demo.Handler(demo.Options{
		AppKey:       app.javaScriptKey,
		Mode:         app.mode,
		Platform:     platform,
		ServerBase:   demoBase,
		SDK:          token.SDKPath("kakao.js"),
		OpenerPolicy: openerPolicy,
		Terms:        demoTerms(local),
		Steps:        steps,
	})
	pageServer := newHTTPServer(oneHost(origin, demoRoutes(steps.Record(demo.TokenServer, token), token.Operations(), page, demo.Guides(files.guides))))
	pageServer.RegisterOnShutdown(steps.End)
	servers = append(servers, boundServer{pageServer, l.web})
	return &demoSite{app, origin, platform.Auth, servers, token.Close, local}, nil
}

// demoTerms are the titles of the service terms of the emulator's app.
func demoTerms(local emulator.Config) []demo.Term {
	var terms []demo.Term
	for _, app := range local.Apps {
		for _, t := range app.ServiceTerms {
			terms = append(terms, demo.Term{Tag: t.Tag, Ko: t.Title.Ko, En: t.Title.En})
		}
	}
	return terms
}

func demoRoutes(token, operations, page, guides http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.Handle("GET "+demo.GuidesPath, guides)
	mux.Handle(demoBase+"/", token)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, operations)
	}
	return mux
}

// oneHost serves requests for the host of origin. The page's origin is
// registered as the redirect URI's, so localhost is sent on to it; any other
// name is refused, which also ends DNS rebinding.
func oneHost(origin string, next http.Handler) http.Handler {
	host := strings.TrimPrefix(origin, "http://")
	local := "localhost"
	if _, port, err := net.SplitHostPort(host); err == nil {
		local += ":" + port
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Host {
		case host:
			next.ServeHTTP(w, r)
		case local:
			http.Redirect(w, r, origin+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		default:
			http.Error(w, "this demo answers at "+origin+" only", http.StatusMisdirectedRequest)
		}
	})
}

// describe says where to go and how to stop. It prints no key of a real app.
func (s *demoSite) describe(w io.Writer) {
	if s.app.mode == demo.ModeEmulator {
		printf(w, "kakaowasm demo with the emulator: no account, no network\n\n  open      %s\n  emulator  %s\n  console   %[2]s/console\n\n", s.origin, s.issuer)
	} else {
		printf(w, "kakaowasm demo with the real Kakao\n\n  open                 %s\n\nRegister these at https://developers.kakao.com/console/app, or Kakao refuses the login:\n  redirect URI         %s\n  site domain          %[1]s\n  logout redirect URI  %[3]s\n\n",
			s.origin, s.origin+demoBase+contract.PathCallback, s.origin+demoBase+contract.PathLogoutCallback)
	}
	describeRegistered(w, s.local)
	printf(w, "\nStop with Ctrl+C.\n")
}
