//go:build more

package server

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/internal/guidetest"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
)

const (
	// backEndPackages are the npm packages that the guides for back ends name.
	backEndPackages = "../tools/backends/node_modules"
	// frameworkPackages are what the npm package is tested with, Next.js among it.
	frameworkPackages = "../npm/frameworks"
	// debianPython has the packages of Debian, where another python3 has its own.
	debianPython = "/usr/bin/python3"
)

// The code that the guide shows for frameworks, in servers of theirs, lets in who is logged in at the token server, which is logged in at the
// emulator, and nobody else.
func TestMoreFrameworksVerifyAsTheGuideShows(t *testing.T) {
	platform := newPlatform(t)
	site := newTokenSite(t, signing.RS256, onEmulator(platform), func(c *Config) {
		c.RedirectURIs = []string{testPublicURL + "/callback"}
	})
	site.exchange(map[string]any{"code": authorize(t, platform), "nonce": testNonce})
	good := site.token()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(good, claims); err != nil {
		t.Fatal(err)
	}
	signed := func(change jwt.MapClaims) string {
		changed := jwt.MapClaims{}
		for name, value := range claims {
			changed[name] = value
		}
		for name, value := range change {
			changed[name] = value
		}
		token, err := site.signing.Sign(t.Context(), changed)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	past, future := time.Now().Add(-time.Hour), time.Now().Add(20*time.Second)
	ahead := signed(jwt.MapClaims{"iat": future.Unix(), "exp": future.Add(5 * time.Minute).Unix()})
	refused := map[string]string{
		"no token":              "",
		"no token of anybody":   "Bearer x.y.z",
		"an altered one":        "Bearer " + withoutTail(good),
		"one of another issuer": "Bearer " + signed(jwt.MapClaims{"iss": testOrigin}),
		"one for another":       "Bearer " + signed(jwt.MapClaims{"aud": otherBackEnd}),
		"one that has expired":  "Bearer " + signed(jwt.MapClaims{"iat": past.Unix(), "exp": past.Add(5 * time.Minute).Unix()}),
	}
	for name, serve := range map[string]func(*testing.T, string) string{
		"Express": serveExpress, "NestJS": serveNest, "Next.js": serveNext, "Nuxt": serveNitro, "Django": serveDjango, "Laravel": serveLaravel,
	} {
		t.Run(name, func(t *testing.T) {
			origin := serve(t, site.issuer)
			for what, token := range map[string]string{"the user": good, "the user, by a server whose clock is ahead": ahead} {
				if status, id := askBackEnd(t, origin, "Bearer "+token); status != http.StatusOK || id != emulatorUser {
					t.Errorf("%s: %d %q, want %s", what, status, id, emulatorUser)
				}
			}
			if name != "Laravel" { // Laravel 8 has no CORS of its own.
				expectShared(t, origin+"/orders", "")
				expectShared(t, origin+"/orders", "Bearer "+good)
				expectPreflight(t, origin+"/orders")
			}
			for what, authorization := range refused {
				if status, id := askBackEnd(t, origin, authorization); status != http.StatusUnauthorized || id != "" {
					t.Errorf("%s: %d %q", what, status, id)
				}
			}
		})
	}
}

// The code that the guide shows for notifications, in an Express server, takes what
// the token server sends, and nothing else.
func TestMoreExpressTakesNotificationsAsTheGuideShows(t *testing.T) {
	sent := forgedNotifications(oneNotification(t))
	t.Setenv("NOTIFY_SECRET", testNotifySecret)
	code := guidetest.Code(t, backEndGuides[0], "node: verify") + strings.Replace(template(t, "express_hook.mjs"), "// GUIDE\n", guidetest.Code(t, backEndGuides[0], "node: hook"), 1)
	origin := run(t, "node", write(t, "server.mjs", code))
	said := map[string]bool{}
	for name, n := range sent {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+"/hooks/kakao", strings.NewReader(n.Body))
		if err != nil {
			t.Fatal(err)
		}
		for header, value := range n.Headers {
			r.Header.Set(header, value)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		said[name] = res.StatusCode == http.StatusNoContent
		if !said[name] && res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: got %d", name, res.StatusCode)
		}
	}
	expectVerdicts(t, "the guide's", said, sent)
}

// askBackEnd asks a back end with an Authorization header, and returns whom it
// believes to hear.
func askBackEnd(t *testing.T, origin, authorization string) (status int, id string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/orders", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return backEndAnswer(t, r)
}

// expectShared checks that the page reads what a back end of another origin answers.
func expectShared(t *testing.T, address, authorization string) {
	t.Helper()
	if got := fromPage(t, http.MethodGet, address, map[string]string{"Authorization": authorization}).Get("Access-Control-Allow-Origin"); got != testOrigin {
		t.Errorf("Access-Control-Allow-Origin: got %q, want %s", got, testOrigin)
	}
}

// expectPreflight checks that the page may send the token.
func expectPreflight(t *testing.T, address string) {
	t.Helper()
	said := fromPage(t, http.MethodOptions, address, map[string]string{
		"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization",
	})
	origin, allowed := said.Get("Access-Control-Allow-Origin"), strings.ToLower(said.Get("Access-Control-Allow-Headers"))
	if origin != testOrigin || !strings.Contains(allowed, "authorization") {
		t.Errorf("a page asks whether it may send the token: got %q %q", origin, allowed)
	}
}

// fromPage is the header of the answer to a page of the token server's origin. One
// to OPTIONS must be a success, or the browser does not look at it.
func fromPage(t *testing.T, method, address string, headers map[string]string) http.Header {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", testOrigin)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if method == http.MethodOptions && res.StatusCode >= 300 {
		t.Errorf("%s: %d", method, res.StatusCode)
	}
	return res.Header
}

// backEndAnswer is the answer to a request, and of whom it is.
func backEndAnswer(t *testing.T, r *http.Request) (status int, id string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var user struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&user); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, user.ID
}

// shown is the code of the guide for an issuer.
func shown(t *testing.T, name, issuer string) string {
	t.Helper()
	return strings.ReplaceAll(guidetest.Code(t, backEndGuides[0], name), "https://app.example.com/kakao", issuer)
}

// template is a file of a server without the guide's code.
func template(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "backends", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// write writes a file of a project that has the packages, and returns where.
func write(t *testing.T, name, content string) (path string) {
	t.Helper()
	folder := t.TempDir()
	packages, err := filepath.Abs(backEndPackages)
	if err == nil {
		err = os.Symlink(packages, filepath.Join(folder, "node_modules"))
	}
	path = filepath.Join(folder, name)
	if err = errors.Join(err, os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

func serveExpress(t *testing.T, issuer string) string {
	server := strings.Replace(template(t, "express.mjs"), "// GUIDE\n", shown(t, "node: cors", issuer), 1)
	return run(t, "node", write(t, "server.mjs", shown(t, "node: requireUser", issuer)+server))
}

func serveNest(t *testing.T, issuer string) string {
	code := strings.ReplaceAll(template(t, "nest.ts"), "https://app.example.com/kakao", issuer)
	source := write(t, "server.ts", strings.Replace(code, "// GUIDE\n", shown(t, "nest: KakaoGuard", issuer), 1))
	built := strings.TrimSuffix(source, ".ts") + ".mjs"
	build := exec.CommandContext(t.Context(), filepath.Join(backEndPackages, ".bin", "esbuild"), source, "--outfile="+built, "--format=esm", "--target=node20",
		`--tsconfig-raw={"compilerOptions":{"experimentalDecorators":true}}`)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return run(t, "node", built)
}

// serveNext builds the guide's Next.js app beside the packages of the tests of the
// npm package, which have Next.js, and serves it.
func serveNext(t *testing.T, issuer string) string {
	packages, err := filepath.Abs(frameworkPackages)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(packages, "app-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	writeProject(t, dir, "next", issuer, "next: ", "lib/user.js", "app/orders/route.js", "next.config.mjs")
	build(t, dir, "../node_modules/.bin/next", "build")
	origin := run(t, "node", filepath.Join(dir, "server.mjs"))
	expectNamedByProxy(t, origin, "(await headers()).get('x-auth-request-user')")
	return origin
}

// serveNitro builds the server side of the guide's Nuxt app, with the part of Nuxt
// that is its server, and serves it.
func serveNitro(t *testing.T, issuer string) string {
	dir := filepath.Dir(write(t, "package.json", `{"type":"module"}`))
	writeProject(t, dir, "nitro", issuer, "nuxt: ", "server/middleware/user.js", "server/api/orders.get.js")
	build(t, dir, "node_modules/.bin/nitropack", "build")
	origin := run(t, "node", filepath.Join(dir, "server.mjs"))
	expectNamedByProxy(t, origin, "getRequestHeader(event, 'x-auth-request-user')")
	return origin + "/api"
}

// writeProject writes a project: what is in a folder of testdata, and the files that
// the guide shows.
func writeProject(t *testing.T, dir, folder, issuer, mark string, files ...string) {
	t.Helper()
	err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "backends", folder)))
	for _, file := range files {
		path := filepath.Join(dir, file)
		err = errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(shown(t, mark+file, issuer)), 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// build runs the build of a project.
func build(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(dir, program), args...)
	command.Dir, command.Env = dir, append(os.Environ(), "NEXT_TELEMETRY_DISABLED=1")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// expectNamedByProxy checks that a server hears of its user by the code that the
// guide shows for servers behind a proxy, which the server's project has.
func expectNamedByProxy(t *testing.T, origin, code string) {
	t.Helper()
	for _, guide := range backEndGuides {
		if text, err := os.ReadFile(guide); err != nil || !strings.Contains(string(text), "`"+code+"`") {
			t.Errorf("%s does not show %s (%v)", guide, code, err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/who", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Auth-Request-User", emulatorUser)
	if _, id := backEndAnswer(t, r); id != emulatorUser {
		t.Errorf("behind a proxy: %q, want %s", id, emulatorUser)
	}
}

func serveDjango(t *testing.T, issuer string) string {
	server := strings.Replace(template(t, "django_orders.py"), "# GUIDE\n", shown(t, "python: settings", issuer), 1)
	return run(t, debianPython, write(t, "server.py", shown(t, "python: user_id", issuer)+server))
}

func serveLaravel(t *testing.T, issuer string) string {
	dir := t.TempDir()
	writeProject(t, dir, "laravel", issuer, "php: ", "app/Http/Middleware/KakaoUser.php")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	starter := `printf 'listening on %s\n' "$1"; exec /usr/bin/php -S "$1" "$2"`
	origin := run(t, "sh", "-c", starter, "sh", address, filepath.Join(dir, "index.php"))
	for t.Context().Err() == nil {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			break
		}
	}
	return origin
}

// run starts a server, which ends with the test, and returns its origin.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	server := exec.CommandContext(t.Context(), program, args...)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait() // It tells of the signal.
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, found := strings.CutPrefix(lines.Text(), "listening on "); found {
			return "http://" + address
		}
	}
	t.Fatalf("%s %v has not started", program, args)
	return ""
}
