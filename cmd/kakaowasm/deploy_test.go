package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/emulator/authority"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

// need ends the test as skipped where a program is not installed, and returns
// its path.
func need(t *testing.T, program, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%v; install it with: tools/apt.sh %s", err, debianPackage)
	}
	return path
}

func TestTheUnitIsWhatSystemdExpects(t *testing.T) {
	unit, err := os.ReadFile("../../deploy/kakaowasm.service")
	if err != nil {
		t.Fatal(err)
	}
	analyze := need(t, "systemd-analyze", "systemd")
	copied := filepath.Join(t.TempDir(), "kakaowasm.service")
	unit = bytes.ReplaceAll(unit, []byte("/usr/local/bin/kakaowasm"), []byte(os.Args[0])) // which is there
	if err := os.WriteFile(copied, unit, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), analyze, "verify", copied).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// freePort is an address of this machine that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// startNginx runs nginx with deploy/nginx.conf at an address, before instances at
// two others, and returns the file of its log.
func startNginx(t *testing.T, addr string, instances [2]string, certificates *tls.Config) string {
	t.Helper()
	nginx, dir := need(t, "nginx", "nginx-light"), t.TempDir()
	conf, err := os.ReadFile("../../deploy/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	writeCertificate(t, dir, certificates)
	site := strings.NewReplacer(
		"10.0.0.11:8480", instances[0], "10.0.0.12:8480", instances[1],
		"listen 80;", "listen "+freePort(t)+";", "listen 443 ", "listen "+addr+" ",
		"/etc/nginx/tls/app.example.com", filepath.Join(dir, "site"), "/var/log/nginx", dir,
	).Replace(string(conf))
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, fmt.Appendf(nil, nginxAround, dir, site), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), nginx, "-t", "-q", "-c", path).CombinedOutput(); err != nil {
		t.Fatalf("nginx -t: %v\n%s", err, out)
	}
	process := exec.CommandContext(t.Context(), nginx, "-c", path)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Signal(syscall.SIGTERM)
		_ = process.Wait()
	})
	awaitPort(t, addr)
	return filepath.Join(dir, "kakaowasm.log")
}

// nginxAround is what stands around a file of /etc/nginx/conf.d, in a folder of
// the test's own.
const nginxAround = `daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events {}
http {
proxy_temp_path %[1]s/1; client_body_temp_path %[1]s/2; fastcgi_temp_path %[1]s/3; uwsgi_temp_path %[1]s/4; scgi_temp_path %[1]s/5;
%[2]s}
`

// awaitPort waits until something listens on an address.
func awaitPort(t *testing.T, addr string) {
	t.Helper()
	for t.Context().Err() == nil {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
			return
		}
	}
	t.Fatal(t.Context().Err())
}

// writeCertificate writes the certificate of a configuration as files.
func writeCertificate(t *testing.T, dir string, config *tls.Config) {
	t.Helper()
	certificate, err := config.GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var chain []byte
	for _, der := range certificate.Certificate {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	for name, content := range map[string][]byte{"site.crt": chain, "site.key": keyPEM} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// page is a page of the app in a browser at an address of this machine.
type page struct {
	t      *testing.T
	origin string
	client *http.Client
}

func newPage(t *testing.T, origin, from string, trusted *x509.CertPool) *page {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: trusted}}
	t.Cleanup(transport.CloseIdleConnections)
	return &page{t, origin, &http.Client{Jar: jar, Transport: transport}}
}

// post posts JSON to the token server, as a client that lies about its address,
// and returns the status of the answer.
func (p *page) post(path, body, lie string) int {
	p.t.Helper()
	r := request(p.t, http.MethodPost, p.origin+path, nil)
	r.Body = io.NopCloser(strings.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", p.origin)
	r.Header.Set("Kakaowasm", "1") // which pages send
	r.Header.Set("X-Forwarded-For", lie)
	response, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// logIn logs in by the callback of the token server.
func (p *page) logIn(kakao string) {
	p.t.Helper()
	verifier, callback := strings.Repeat("v", 43), p.origin+"/kakao/callback"
	sum := sha256.Sum256([]byte(verifier))
	response, err := p.client.Get(kakao + "/oauth/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {emulator.DemoJavaScriptKey}, "redirect_uri": {callback},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode())
	if err != nil {
		p.t.Fatal(err)
	}
	_ = response.Body.Close()
	code := response.Request.URL.Query().Get("code") // of the relay page, where the redirect has led
	body := fmt.Sprintf(`{"code":%q,"code_verifier":%q,"redirect_uri":%q}`, code, verifier, callback)
	if status := p.post("/kakao/token", body, "192.0.2.1"); response.StatusCode != http.StatusOK || status != http.StatusOK {
		p.t.Fatalf("relay page %d, login %d", response.StatusCode, status)
	}
}

// Two instances share Redis behind the nginx that is shipped: a login of one is
// known to the other, the end of one is no failure, and the rate limit counts
// clients as nginx sees them.
func TestNginxBeforeTwoInstances(t *testing.T) {
	need(t, "nginx", "nginx-light")
	platform, logins, addr := emulator.Start(t), redistest.Start(t), freePort(t)
	origin := "https://" + addr
	platform.AllowRedirect(origin + "/kakao/callback")
	platform.LogInAs(4210000001)
	env := []string{
		"KAKAO_REST_API_KEY=" + emulator.DemoRESTAPIKey, "KAKAO_JAVASCRIPT_KEY=" + emulator.DemoJavaScriptKey,
		"KAKAO_CLIENT_SECRET=" + emulator.DemoClientSecret, "KAKAO_AUTH_ORIGIN=" + platform.URL,
		"KAKAOWASM_PUBLIC_URL=" + origin + "/kakao", "KAKAOWASM_STORE=" + logins.URL(), "KAKAOWASM_TRUSTED_PROXIES=127.0.0.0/8",
		"KAKAOWASM_SESSION_KEYS_FILE=" + file(t, keyring.Generate()), "KAKAOWASM_REQUESTS_PER_MINUTE=30",
	}
	var instances [2]*program
	var addrs [2]string
	for i := range instances {
		instances[i] = startProgram(t, env, "--addr=127.0.0.1:0", "--drain-delay=0s")
		t.Cleanup(func() {
			_ = instances[i].process.Process.Kill()
			_ = instances[i].process.Wait()
		})
		addrs[i] = instances[i].await("listening")["address"].(string)
	}
	certificates, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	config, err := certificates.TLSConfig("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	log := startNginx(t, addr, addrs, config)

	user := newPage(t, origin, "127.0.0.1", certificates.Pool())
	user.logIn(platform.URL)
	for range 4 { // in turns
		if status := user.post("/kakao/refresh", "", "192.0.2.1"); status != http.StatusOK {
			t.Errorf("refresh: %d", status)
		}
	}
	if err := instances[0].process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = instances[0].process.Wait()
	for range 4 {
		if status := user.post("/kakao/refresh", "", "192.0.2.1"); status != http.StatusOK {
			t.Errorf("refresh with one instance less: %d", status)
		}
	}

	limited := 0
	for i := range 40 {
		if user.post("/kakao/refresh", "", fmt.Sprintf("192.0.2.%d", i)) == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited == 0 {
		t.Error("a client escapes the rate limit by saying that it is another")
	}
	neighbour := newPage(t, origin, "127.0.0.2", certificates.Pool())
	if status := neighbour.post("/kakao/refresh", "", "127.0.0.1"); status != http.StatusUnauthorized {
		t.Errorf("another client gets %d, want to be told that it is not logged in", status)
	}
	logged, err := os.ReadFile(log)
	if err != nil || !bytes.Contains(logged, []byte("/kakao/callback")) || bytes.Contains(logged, []byte("code=")) {
		t.Errorf("nginx logs codes, or nothing: %v\n%s", err, logged)
	}
}
