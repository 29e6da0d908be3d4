package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kakaowasm/kakaowasm/demo"
	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestDemoKeysDecideThePlatform(t *testing.T) {
	for _, tc := range []struct {
		name                     string
		javaScript, rest, secret string
		mode                     demo.Mode
		err                      string
	}{
		{"no keys", "", "", "", demo.ModeEmulator, ""},
		{"both keys", "js", "rest", "", demo.ModeKakao, ""},
		{"both keys and the secret", "js", "rest", "hush", demo.ModeKakao, ""},
		{"no REST API key", "js", "", "", "", "KAKAO_REST_API_KEY"},
		{"no JavaScript key", "", "rest", "hush", "", "KAKAO_JAVASCRIPT_KEY"},
		{"only the secret", "", "", "hush", "", "KAKAO_JAVASCRIPT_KEY, KAKAO_REST_API_KEY"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			app, err := demoAppOf(tc.javaScript, tc.rest, tc.secret)
			if tc.err == "" {
				if err != nil || app.mode != tc.mode {
					t.Fatalf("got %q, %v", app.mode, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.err+" as well") {
				t.Fatalf("got %v, want it to name %s", err, tc.err)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the secret is in the error: %v", err)
			}
		})
	}
}

func TestDemoListensOnLoopbackOnly(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8480":  "127.0.0.1:8480",
		"localhost:9000":  "127.0.0.1:9000",
		"[::1]:8480":      "[::1]:8480",
		":8480":           "",
		"0.0.0.0:8480":    "",
		"10.0.0.1:8480":   "",
		"example.com:80":  "",
		"127.0.0.1":       "",
		"127.0.0.1:65535": "",
		"127.0.0.1:http":  "",
	} {
		got, err := loopbackAddr(addr)
		if (err != nil) != (want == "") || (err == nil && got.String() != want) {
			t.Errorf("%s: got %s, %v; want %q", addr, got, err, want)
		}
	}
}

func TestDemoSaysThatThePortIsTaken(t *testing.T) {
	free, taken := neighbours(t)
	for web, want := range map[netip.AddrPort]string{
		taken: fmt.Sprintf("listen on %s: already in use", taken),
		free:  fmt.Sprintf("listen on %s, which the emulator needs (the port after ADDR): already in use", taken),
	} {
		_, err := listenDemo(t.Context(), web.String(), demo.ModeEmulator)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "ADDR=") {
			t.Errorf("%s: got %v", web, err)
		}
	}
}

// neighbours returns a free port and the port after it, which is taken until
// the test ends.
func neighbours(t *testing.T) (free, taken netip.AddrPort) {
	t.Helper()
	for range 100 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		taken = listener.Addr().(*net.TCPAddr).AddrPort()
		free = netip.AddrPortFrom(taken.Addr(), taken.Port()-1)
		if probe, err := net.Listen("tcp", free.String()); err == nil {
			_ = probe.Close()
			return free, taken
		}
	}
	t.Fatal("found no free port before a taken one")
	return free, taken
}

// fixedAddr is a listener that says it has another address.
type fixedAddr struct {
	net.Listener
	addr string
}

func (l fixedAddr) Addr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(l.addr))
}

func TestDemoLeavesTheDefaultPortOutOfOrigins(t *testing.T) {
	app, err := demoAppOf("", "", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ web, emulator, origin, issuer, local string }{
		{"127.0.0.1:80", "127.0.0.1:81", "http://127.0.0.1", "http://127.0.0.1:81", "localhost"},
		{"[::1]:79", "[::1]:80", "http://[::1]:79", "http://[::1]", "localhost:79"},
	} {
		site, err := newDemoSite(app, demoFiles{sdk: fstest.MapFS{"kakao.js": {}}}, "", demoListeners{fixedAddr{addr: tc.web}, fixedAddr{addr: tc.emulator}})
		if err != nil {
			t.Fatalf("%s: %v", tc.web, err)
		}
		defer site.close()
		if site.origin != tc.origin || site.issuer != tc.issuer {
			t.Errorf("%s: got %s and %s", tc.web, site.origin, site.issuer)
		}
		page := site.servers[len(site.servers)-1].Handler
		for _, host := range []struct {
			name   string
			status int
		}{
			{strings.TrimPrefix(tc.origin, "http://"), http.StatusOK},
			{tc.local, http.StatusTemporaryRedirect},
			{"evil.example", http.StatusMisdirectedRequest},
		} {
			w := httptest.NewRecorder()
			page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://"+host.name+"/", nil))
			if w.Code != host.status {
				t.Errorf("%s: %s got %d, want %d", tc.web, host.name, w.Code, host.status)
			}
		}
	}
}

func TestDemoSaysThatTheSDKIsNotBuilt(t *testing.T) {
	dir := t.TempDir()
	if _, err := openSDK(dir); err == nil || !strings.Contains(err.Error(), "make dist") {
		t.Fatalf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kakao.js"), []byte("//"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openSDK(dir); err != nil {
		t.Fatal(err)
	}
}

// startDemo serves a demo with the emulator on free ports until the test ends.
func startDemo(t *testing.T) *demoSite {
	t.Helper()
	app, err := demoAppOf("", "", "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := listenDemo(t.Context(), "127.0.0.1:0", app.mode)
	if err != nil {
		t.Fatal(err)
	}
	sdk := fstest.MapFS{"kakao.js": {Data: []byte("var Kakao = {};")}}
	guides := fstest.MapFS{"index.html": {Data: []byte("the guides")}}
	site, err := newDemoSite(app, demoFiles{sdk, guides}, "", l)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error)
	go func() { stopped <- serveAll(ctx, site.servers) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if err := site.close(); err != nil {
			t.Error(err)
		}
	})
	return site
}

func TestDemoServesEverythingFromOneOrigin(t *testing.T) {
	site := startDemo(t)
	for _, tc := range []struct {
		url    string
		status int
		body   string
	}{
		{site.origin + "/", http.StatusOK, `data-mode="emulator"`},
		{site.origin + "/demo.js", http.StatusOK, "Kakao.init"},
		{site.origin + "/kakao/callback", http.StatusOK, "<html"},
		{site.origin + "/kakao/session", http.StatusOK, `"authenticated":false`},
		{site.origin + "/kakao/sdk/" + kakao.Version + "/kakao.js", http.StatusOK, "var Kakao"},
		{site.origin + "/docs/", http.StatusOK, "the guides"},
		{site.origin + "/docs", http.StatusTemporaryRedirect, `/docs/`},
		{site.origin + "/healthz", http.StatusOK, ""},
		{site.origin + "/nothing", http.StatusNotFound, ""},
		{site.issuer + "/.well-known/openid-configuration", http.StatusOK, site.issuer},
	} {
		response, body := fetch(t, tc.url, "")
		if response.StatusCode != tc.status || !strings.Contains(body, tc.body) {
			t.Errorf("%s: got %d and %.200q", tc.url, response.StatusCode, body)
		}
	}
}

func TestDemoAnswersUnderOneName(t *testing.T) {
	site := startDemo(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(site.origin, "http://"))
	response, _ := fetch(t, site.origin+"/?a=b", "localhost:"+port)
	if got := response.Header.Get("Location"); response.StatusCode != http.StatusTemporaryRedirect || got != site.origin+"/?a=b" {
		t.Errorf("localhost: got %d to %q", response.StatusCode, got)
	}
	if response, _ = fetch(t, site.origin+"/", "evil.example"); response.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another name: got %d", response.StatusCode)
	}
}

// fetch makes a request, under another host name where one is given, and does
// not follow redirects.
func fetch(t *testing.T, url, host string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestDemoSaysWhereToGoAndPrintsNoKeyOfARealApp(t *testing.T) {
	local := demoSite{origin: "http://127.0.0.1:8480", issuer: "http://127.0.0.1:8481"}
	demoConfig := emulator.Default(local.issuer)
	demoConfig.Apps = append(demoConfig.Apps, emulator.App{Name: "Mine", ClientSecret: "my-secret", AdminKey: "my-admin-key"})
	for _, tc := range []struct {
		name string
		keys [3]string
		want []string
	}{
		{"emulator", [3]string{}, []string{local.origin, local.issuer + "/console", emulator.DemoClientSecret, "4210000001", "haneul@example.com", "Mine", "Ctrl+C"}},
		{"the real Kakao", [3]string{"js-key", "rest-key", "hush"}, []string{local.origin + "/kakao/callback", "Register", "Ctrl+C"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			app, err := demoAppOf(tc.keys[0], tc.keys[1], tc.keys[2])
			if err != nil {
				t.Fatal(err)
			}
			local.app, local.local = app, emulator.Config{}
			if app.mode == demo.ModeEmulator {
				local.local = demoConfig
			}
			var out bytes.Buffer
			local.describe(&out)
			for _, s := range tc.want {
				if !strings.Contains(out.String(), s) {
					t.Errorf("lacks %s:\n%s", s, out.String())
				}
			}
			for _, key := range append(tc.keys[:], "my-secret", "my-admin-key") {
				if key != "" && strings.Contains(out.String(), key) {
					t.Errorf("prints the key %s", key)
				}
			}
		})
	}
}
