package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/internal/guidetest"
)

// startProxy starts a proxy at an address, in front of the token server and of a back
// end at others.
type startProxy func(t *testing.T, addr, token, app string)

// authProxies are the proxies whose files in deploy/ ask who is asking, and how a
// test runs them: at an address, before a token server and a back end.
var authProxies = map[string]startProxy{
	"nginx":   startAuthNginx,
	"Caddy":   startAuthCaddy,
	"Traefik": startAuthTraefik,
}

// readDeployed returns a file of deploy/ with some of it replaced, each of which
// must be there.
func readDeployed(t *testing.T, name string, pairs ...string) string {
	t.Helper()
	content, err := os.ReadFile("../../deploy/" + name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("deploy/%s does not hold %q", name, pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// runProxy runs a proxy until the test ends.
func runProxy(t *testing.T, addr, program string, args ...string) {
	t.Helper()
	process := exec.CommandContext(t.Context(), program, args...)
	dir := t.TempDir()
	process.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Signal(syscall.SIGTERM)
		_ = process.Wait()
	})
	awaitPort(t, addr)
}

// sslLines are those of nginx.conf that a site without TLS does without.
var sslLines = regexp.MustCompile(`(?m)^ +ssl_.*\n`)

func startAuthNginx(t *testing.T, addr, token, app string) {
	t.Helper()
	startNginxWith(t, addr, token, readDeployed(t, "nginx-auth.conf", "127.0.0.1:3000", app, "location / {", "location / {\n    client_max_body_size 10m;"))
}

// startNginxWith runs nginx.conf with something in place of the site's own location.
func startNginxWith(t *testing.T, addr, token, snippet string) {
	t.Helper()
	nginx, dir := need(t, "nginx", "nginx-light"), t.TempDir()
	conf := readDeployed(t, "nginx.conf",
		"10.0.0.11:8480", token, "10.0.0.12:8480", token, "listen 80;", "listen "+freePort(t)+";", "listen 443 ssl http2;", "listen "+addr+";",
		"/var/log/nginx", dir, "    location / {\n        return 404; # your own site\n    }\n", snippet)
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, fmt.Appendf(nil, nginxAround, dir, sslLines.ReplaceAllString(conf, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	runProxy(t, addr, nginx, "-c", path)
}

func startAuthCaddy(t *testing.T, addr, token, app string) {
	t.Helper()
	startCaddyWith(t, addr, token, app, readDeployed(t, "Caddyfile"))
}

// startCaddyWith runs Caddy with a Caddyfile like that of deploy/.
func startCaddyWith(t *testing.T, addr, token, app, file string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	caddy := filepath.Join(cache, "kakaowasm", "caddy")
	if _, err := os.Stat(caddy); err != nil {
		t.Skipf("%v; build it with: tools/caddy/build.sh", err)
	}
	conf := "{\n\tadmin off\n}\n" + strings.NewReplacer("app.example.com {", "http://"+addr+" {", "127.0.0.1:8480", token, "127.0.0.1:3000", app).Replace(file)
	path := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	runProxy(t, addr, caddy, "run", "--config", path, "--adapter", "caddyfile")
}

func startAuthTraefik(t *testing.T, addr, token, app string) {
	t.Helper()
	traefik, err := exec.LookPath("traefik")
	if err != nil {
		t.Skipf("%v; install Traefik 3", err)
	}
	conf := readDeployed(t, "traefik.yaml", "127.0.0.1:8480", token, "127.0.0.1:3000", app,
		"app.example.com", "127.0.0.1", "websecure", "web", "      tls: {}\n", "")
	path := filepath.Join(t.TempDir(), "traefik.yaml")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	runProxy(t, addr, traefik, "--entrypoints.web.address="+addr, "--providers.file.filename="+path,
		"--global.checknewversion=false", "--global.sendanonymoususage=false", "--log.level=FATAL")
	for t.Context().Err() == nil { // It listens before it knows its routes.
		if status, _ := proxied(t, "GET", "http://"+addr+"/", "", nil); status != http.StatusNotFound {
			return
		}
	}
}

// newCGIApp starts a back end that says what it is told of its user, by the names
// that headers have in CGI, PHP and Python: there - and _ are the same; and to what
// it is asked to upgrade the connection.
func newCGIApp(t *testing.T) string {
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told := map[string]string{}
		for name, values := range r.Header {
			cgi := "HTTP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
			if value := strings.Join(values, "|"); value != "" && strings.HasPrefix(cgi, "HTTP_X_AUTH_REQUEST_") {
				told[cgi] += value
			}
		}
		if r.Header.Get("Connection") == "Upgrade" || r.Header.Get("Connection") == "upgrade" {
			told["HTTP_UPGRADE"] = r.Header.Get("Upgrade")
		}
		_ = json.NewEncoder(w).Encode(told)
	}))
	t.Cleanup(app.Close)
	return strings.TrimPrefix(app.URL, "http://")
}

// spellings are the ways to write a header's name that are one name in CGI.
func spellings(name string) []string {
	first, rest, more := strings.Cut(name, "-")
	if !more {
		return []string{name}
	}
	var all []string
	for _, s := range spellings(rest) {
		all = append(all, first+"-"+s, first+"_"+s)
	}
	return all
}

// proxied asks the proxy as a browser does, and returns status and what the back
// end was told.
func proxied(t *testing.T, method, address, cookie string, headers map[string]string) (int, map[string]string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header[name] = []string{value}
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var told map[string]string
	_ = json.NewDecoder(answer.Body).Decode(&told)
	return answer.StatusCode, told
}

// upload posts 2 MiB and returns the status.
func upload(t *testing.T, address, cookie string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(make([]byte, 2<<20)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", cookie)
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// proxiedSite is a site behind a proxy, at which one visitor is logged in.
type proxiedSite struct {
	site           *site
	origin, server string // of the proxy, of the token server
	cookie         string // the visitor's
}

func newProxiedSite(t *testing.T, start startProxy) proxiedSite {
	t.Helper()
	s, addr := newSite(t), freePort(t)
	server := s.start("--store=memory", unlimited)
	start(t, addr, strings.TrimPrefix(server.origin, "http://"), newCGIApp(t))
	return proxiedSite{s, "http://" + addr, server.origin, s.logInAll(server.origin, 1)[0].cookie}
}

// The files of deploy/, run by the real proxies, tell a back end who is asking,
// and nothing that a client says of itself.
func TestProxiesTellBackEndsWhoIsAsking(t *testing.T) {
	for name, start := range authProxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProxiedSite(t, start)
			own, evil := strings.TrimSuffix(sitePublicURL, "/kakao"), "https://evil.example"
			forged := map[string]string{}
			for _, header := range []string{"User", "Scope", "Nickname", "Email"} {
				for _, spelling := range spellings("X-Auth-Request-" + header) {
					forged[spelling] = "forged"
				}
			}
			told := map[string]string{
				"HTTP_X_AUTH_REQUEST_USER": fmt.Sprint(siteUser), "HTTP_X_AUTH_REQUEST_SCOPE": "openid profile_nickname", "HTTP_X_AUTH_REQUEST_NICKNAME": "%ED%95%98%EB%8A%98%EB%B3%B4%EB%A6%AC",
			}
			webSocket := func(origin string) map[string]string {
				return map[string]string{"Origin": origin, "Sec-Websocket-Key": "eA==", "Sec-Websocket-Version": "13", "Connection": "Upgrade", "Upgrade": "websocket"}
			}
			toldOfWebSocket := maps.Clone(told)
			toldOfWebSocket["HTTP_UPGRADE"] = "websocket"
			closed := map[bool]int{true: 403, false: 404}[name == "Traefik"]
			for _, test := range []struct {
				name, method, path, cookie string
				headers                    map[string]string
				status                     int
				told                       map[string]string
			}{
				{"with a session", "GET", "/orders", p.cookie, nil, 200, told},
				{"without a session", "GET", "/orders", "", nil, 401, nil},
				{"with a cookie that nobody was given", "GET", "/", "kakao_session=" + strings.Repeat("A", 43), nil, 401, nil},
				{"with a session and forged headers", "GET", "/orders", p.cookie, forged, 200, told},
				{"with forged headers alone", "GET", "/orders", "", forged, 401, nil},
				{"POST of the site's page", "POST", "/orders", p.cookie, map[string]string{"Origin": own}, 200, told},
				{"POST of another site", "POST", "/orders", p.cookie, map[string]string{"Origin": evil}, 403, nil},
				{"POST of another site that says GET", "POST", "/orders", p.cookie, map[string]string{"Origin": evil, "X-Forwarded-Method": "GET", "X-Original-Method": "GET"}, 403, nil},
				{"POST without Origin from another site", "POST", "/orders", p.cookie, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, nil},
				{"link on another site", "GET", "/orders", p.cookie, map[string]string{"Sec-Fetch-Site": "cross-site"}, 200, told},
				{"WebSocket of another site", "GET", "/socket", p.cookie, webSocket(evil), 403, nil},
				{"WebSocket of the site's page", "GET", "/socket", p.cookie, webSocket(own), 200, toldOfWebSocket},
				{"another protocol", "GET", "/socket", p.cookie, map[string]string{"Connection": "Upgrade", "Upgrade": "h2c"}, 200, map[bool]map[string]string{true: told, false: nil}[name == "nginx"]},
				{"a client that has its user dropped", "GET", "/orders", p.cookie, map[string]string{"Connection": "close, x-auth-request-user"}, 200, told},
				{"the question itself", "GET", "/kakao/auth", p.cookie, nil, closed, nil},
				{"the question itself, below", "GET", "/kakao/auth/x", p.cookie, nil, closed, nil},
				{"the inner address", "GET", "/_kakao_auth", "", nil, map[bool]int{true: 404, false: 401}[name == "nginx"], nil},
				{"the session", "GET", "/kakao/session", p.cookie, nil, 200, nil},
			} {
				status, got := proxied(t, test.method, p.origin+test.path, test.cookie, test.headers)
				if status != test.status {
					t.Errorf("%s: got %d, want %d", test.name, status, test.status)
				}
				if diff := gocmp.Diff(test.told, got); test.told != nil && diff != "" {
					t.Errorf("%s: the back end is told (-want +got):\n%s", test.name, diff)
				}
			}
			if status := upload(t, p.origin+"/photos", p.cookie); status != 200 {
				t.Errorf("a body of 2 MiB: got %d", status)
			}
			r, err := p.site.ask("POST", p.server+"/kakao/logout", p.cookie, []byte("{}"))
			if status, _ := proxied(t, "GET", p.origin+"/orders", p.cookie, nil); status != 401 {
				t.Errorf("after the logout (%d, %v): got %d", r.status, cmp.Or(err), status)
			}
		})
	}
}

// backEndGuide is the guide for back ends.
const backEndGuide = "../../docs/backends.md"

// What the guide shows for pages leads those who are not logged in to the login page,
// which is open to everybody, and tells the back end nothing that a client says.
func TestProxiesLeadToTheLoginPageAsTheGuideShows(t *testing.T) {
	for name, start := range map[string]startProxy{
		"nginx": func(t *testing.T, addr, token, app string) {
			auth := readDeployed(t, "nginx-auth.conf", "location / {", "location / {\nerror_page 401 = @login;") + guidetest.Code(t, backEndGuide, "nginx: login page")
			startNginxWith(t, addr, token, strings.ReplaceAll(auth, "127.0.0.1:3000", app))
		},
		"Caddy": func(t *testing.T, addr, token, app string) {
			file := readDeployed(t, "Caddyfile")
			startCaddyWith(t, addr, token, app, file[:strings.LastIndex(file, "\thandle {")]+guidetest.Code(t, backEndGuide, "Caddy: login page")+"}\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProxiedSite(t, start)
			forged := map[string]string{"X-Auth-Request-User": "666", "X_Auth_Request_User": "666", "X-Auth-Request-Email": "666"}
			for _, test := range []struct {
				name, path, cookie string
				status             int
				user               string
			}{
				{"a page without a session", "/orders", "", 302, ""},
				{"a page with one", "/orders", p.cookie, 200, fmt.Sprint(siteUser)},
				{"the login page", "/login", "", 200, ""},
				{"the login page with a session", "/login", p.cookie, 200, ""},
			} {
				status, told := proxied(t, "GET", p.origin+test.path, test.cookie, forged)
				if status != test.status || told["HTTP_X_AUTH_REQUEST_USER"] != test.user || told["HTTP_X_AUTH_REQUEST_EMAIL"] != "" {
					t.Errorf("%s: got %d %v", test.name, status, told)
				}
			}
		})
	}
}
