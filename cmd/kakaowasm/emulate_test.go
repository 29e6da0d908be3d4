package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

const emulateCallback = "http://127.0.0.1:8480/kakao/callback"

// running is an emulate command that serves.
type running struct {
	t      *testing.T
	url    string
	secure net.Addr // nil without --tls-addr
	stop   func()
}

// runEmulate serves a command at ports of its own until stop, or the end of the
// test.
func runEmulate(t *testing.T, command EmulateCmd) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	plain, err := listenEmulator(ctx, "--addr", "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	listeners := []net.Listener{plain}
	r := &running{t: t, url: "http://" + plain.Addr().String()}
	if command.TLSAddr != "" {
		secure, err := command.listenTLS(ctx)
		if err != nil {
			t.Fatal(err)
		}
		listeners, r.secure = append(listeners, secure), secure.Addr()
	}
	command.RedirectURIs = []string{emulateCallback}
	ended := make(chan error, 1)
	go func() { ended <- command.serve(ctx, listeners) }()
	stopped := false
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("ended with %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("does not end with its context")
		}
	}
	t.Cleanup(r.stop)
	return r
}

// answer sends a request and reads the JSON of the answer.
func answer(t *testing.T, client *http.Client, r *http.Request) map[string]any {
	t.Helper()
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		t.Fatalf("%s %s: %d %s", r.Method, r.URL.Path, response.StatusCode, body)
	}
	return members
}

func request(t *testing.T, method, address string, form url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// logIn follows a login as far as the callback and exchanges the code.
func logIn(t *testing.T, client *http.Client, origin string) map[string]any {
	t.Helper()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	address := origin + "/oauth/authorize?response_type=code&client_id=" + emulator.DemoRESTAPIKey + "&redirect_uri=" + url.QueryEscape(emulateCallback)
	response, err := client.Do(request(t, http.MethodGet, address, nil))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	back, err := response.Location()
	if err != nil {
		t.Fatalf("no redirect: %d", response.StatusCode)
	}
	return answer(t, client, request(t, http.MethodPost, origin+"/oauth/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret},
		"redirect_uri": {emulateCallback}, "code": {back.Query().Get("code")},
	}))
}

func TestEmulateServesUntilItsContextEnds(t *testing.T) {
	r := runEmulate(t, EmulateCmd{})
	document := answer(t, http.DefaultClient, request(t, http.MethodGet, r.url+"/.well-known/openid-configuration", nil))
	if document["issuer"] != r.url {
		t.Errorf("issuer %q, want %q", document["issuer"], r.url)
	}
	r.stop()
}

func TestEmulateAnswersByKakaosNamesOverTLS(t *testing.T) {
	dir := t.TempDir()
	r := runEmulate(t, EmulateCmd{TLSAddr: "127.0.0.1:0", TLSDir: dir, AutoLogin: "haneul@example.com"})
	trusted, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(trusted)
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: pool},
		ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { // the only thing that leads here
			return new(net.Dialer).DialContext(ctx, "tcp", r.secure.String())
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}

	document := answer(t, client, request(t, http.MethodGet, "https://kauth.kakao.com/.well-known/openid-configuration", nil))
	if document["issuer"] != "https://kauth.kakao.com" || document["userinfo_endpoint"] != "https://kapi.kakao.com/v1/oidc/userinfo" {
		t.Errorf("got %v", document)
	}
	tokens := logIn(t, client, "https://kauth.kakao.com")
	me := request(t, http.MethodGet, "https://kapi.kakao.com/v2/user/me", nil)
	me.Header.Set("Authorization", "Bearer "+tokens["access_token"].(string))
	if got := answer(t, client, me); got["id"] != float64(4210000001) {
		t.Errorf("got %v", got)
	}
	// Each name serves its half only.
	if got := answer(t, client, request(t, http.MethodGet, "https://kauth.kakao.com/v2/user/me", nil)); got["error_code"] != "KOE002" {
		t.Errorf("kauth answers for kapi: %v", got)
	}
	if got := answer(t, client, request(t, http.MethodPost, "https://kapi.kakao.com/oauth/token", nil)); got["code"] != float64(-2) {
		t.Errorf("kapi answers for kauth: %v", got)
	}
}

func TestEmulateGoesOnFromItsState(t *testing.T) {
	command := EmulateCmd{State: filepath.Join(t.TempDir(), "state.json"), AutoLogin: "haneul@example.com"}
	first := runEmulate(t, command)
	tokens := logIn(t, &http.Client{}, first.url)
	first.stop()

	info, err := os.Stat(command.State)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the state is kept with mode %v, %v", info.Mode(), err)
	}
	var described strings.Builder
	(&stateKeeper{path: command.State}).describe(&described)
	if said := described.String(); !strings.Contains(said, command.State) || !strings.Contains(said, "worlds that are made end with this process") {
		t.Errorf("the start says %q", said)
	}
	second := runEmulate(t, command)
	me := request(t, http.MethodGet, second.url+"/v2/user/me", nil)
	me.Header.Set("Authorization", "Bearer "+tokens["access_token"].(string))
	if got := answer(t, &http.Client{}, me); got["id"] != float64(4210000001) {
		t.Errorf("the access token of before: %v", got)
	}
	second.stop()

	if err := os.WriteFile(command.State, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := command.platform(t.Context(), &net.TCPAddr{}, &stateKeeper{path: command.State}); err == nil || !strings.Contains(err.Error(), "delete it to begin anew") || !strings.Contains(err.Error(), command.State) {
		t.Errorf("a broken state: %v", err)
	}
	if left, _ := os.ReadFile(command.State); string(left) != "{" {
		t.Error("a broken state is overwritten")
	}
}

func TestEmulateSaysWhyItCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	tests := []struct{ name, flag, addr, want string }{
		{"port taken", "--addr", taken.Addr().String(), "already in use by another program; choose another address with --addr"},
		{"TLS port taken", "--tls-addr", taken.Addr().String(), "choose another address with --tls-addr"},
		{"no port", "--addr", "127.0.0.1", "not an address such as"},
		{"reachable from outside", "--addr", "0.0.0.0:0", "--allow-remote"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			listener, err := listenEmulator(t.Context(), tt.flag, tt.addr, false)
			if err == nil {
				_ = listener.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEmulateReadsAConfiguration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "emulator.json")
	written, err := json.Marshal(emulator.Default("", "https://shop.example/callback"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, written, 0o600); err != nil {
		t.Fatal(err)
	}
	command := EmulateCmd{Seed: path, Issuer: "https://kauth.shop.example"}
	platform, err := command.platform(t.Context(), &net.TCPAddr{}, &stateKeeper{})
	if err != nil {
		t.Fatal(err)
	}
	if got := platform.Config().Issuer; got != command.Issuer {
		t.Errorf("issuer %q", got)
	}
	command.AutoLogin = "nobody@example.com"
	if _, err := command.platform(t.Context(), &net.TCPAddr{}, &stateKeeper{}); err == nil || !strings.Contains(err.Error(), `"nobody@example.com"`) {
		t.Errorf("a stranger logs in automatically: %v", err)
	}
}
