package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// quietLog is a logger that nobody reads.
func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// tokens is a token response of Kakao.
const tokens = `{"token_type":"bearer","access_token":"a","refresh_token":"r","expires_in":100,"refresh_token_expires_in":1000}`

// exchangeBody is a token request for the callback of a server.
func exchangeBody(publicURL string) string {
	body, _ := json.Marshal(map[string]string{
		"code": "code", "code_verifier": strings.Repeat("v", 43), "redirect_uri": publicURL + "/callback",
	})
	return string(body)
}

// pipes is a listener without a network, and the dialer of its clients, so that
// time on its connections is the fake clock's.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

// Accept implements [net.Listener].
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p *pipes) Close() error { close(p.closed); return nil }

// Addr implements [net.Listener].
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// dial connects to the listener, unless that is closed.
func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, accepted := net.Pipe()
	select {
	case p.conns <- accepted:
		return client, nil
	case <-p.closed:
		return nil, syscall.ECONNREFUSED
	}
}

// ask makes a request on a connection of its own and returns its status; 0 is no
// connection.
func (p *pipes) ask(method, path, body string) int {
	client := &http.Client{Transport: &http.Transport{DialContext: p.dial, DisableKeepAlives: true}}
	r, _ := http.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	r.Header.Set(contract.PageHeader, contract.PageHeaderValue)
	r.Header.Set("Content-Type", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// closingStore is a store that says when it was closed.
type closingStore struct {
	store.Store
	closed chan struct{}
}

// Close implements [store.Store].
func (s closingStore) Close() error { close(s.closed); return s.Store.Close() }

// isClosed reports whether a channel is closed.
func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// slowKakao answers token requests when it is let go.
type slowKakao struct{ release chan struct{} }

// RoundTrip implements [http.RoundTripper].
func (k slowKakao) RoundTrip(r *http.Request) (*http.Response, error) {
	<-k.release
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(tokens)),
	}, nil
}

// A service that is told to stop fails its readiness first, goes on for the
// delay, closes the listener, finishes what runs, and closes the store last.
func TestServeDrainsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kakaoSide := slowKakao{make(chan struct{})}
		const publicURL = "http://127.0.0.1/kakao"
		token, err := server.New(server.Config{
			PublicURL: publicURL, RESTAPIKey: "key", Logger: quietLog(), HTTPClient: &http.Client{Transport: kakaoSide},
			UpstreamTimeout: 20 * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
		web, logins := newPipes(), closingStore{memory.New(), make(chan struct{})}
		handler := http.NewServeMux()
		handler.Handle("/", token)
		handler.Handle("/readyz", token.Operations())
		s := &service{
			log: quietLog(), token: token, store: logins, drainDelay: 5 * time.Second,
			servers: []boundServer{{newHTTPServer(handler), web}},
		}
		ctx, stop := context.WithCancel(t.Context())
		ended, answered := make(chan error, 1), make(chan int, 1)
		go func() { ended <- s.serve(ctx) }()
		go func() { answered <- web.ask("POST", "/kakao/token", exchangeBody(publicURL)) }()
		synctest.Wait()
		if status := web.ask("GET", "/readyz", ""); status != http.StatusOK {
			t.Errorf("ready before: %d", status)
		}

		stop()
		synctest.Wait()
		if ready, session := web.ask("GET", "/readyz", ""), web.ask("GET", "/kakao/session", ""); ready != http.StatusServiceUnavailable || session != http.StatusOK {
			t.Errorf("during the delay: ready %d, session %d", ready, session)
		}
		time.Sleep(s.drainDelay)
		synctest.Wait()
		if status := web.ask("GET", "/kakao/session", ""); status != 0 {
			t.Errorf("after the delay: %d", status)
		}
		if len(answered) > 0 || isClosed(logins.closed) {
			t.Error("the running request is not waited for")
		}
		close(kakaoSide.release)
		if status := <-answered; status != http.StatusOK {
			t.Errorf("the running request got %d", status)
		}
		if err := <-ended; err != nil || !isClosed(logins.closed) {
			t.Errorf("ended with %v, store closed: %v", err, isClosed(logins.closed))
		}
	})
}

func TestServeEndsWhereAListenerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token, err := server.New(server.Config{PublicURL: "http://127.0.0.1/kakao", RESTAPIKey: "key", Logger: quietLog()})
		if err != nil {
			t.Fatal(err)
		}
		web, logins := newPipes(), closingStore{memory.New(), make(chan struct{})}
		s := &service{log: quietLog(), token: token, store: logins, servers: []boundServer{{newHTTPServer(token), web}}}
		_ = web.Close()
		s.servers[0].listener = brokenListener{web}
		if err := s.serve(t.Context()); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("got %v", err)
		}
		if !isClosed(logins.closed) {
			t.Error("the store stays open")
		}
	})
}

// Whoever lets Kakao take its time is still answered.
func TestAnswersMayTakeAsLongAsKakao(t *testing.T) {
	for upstream, want := range map[string]time.Duration{"500ms": 45 * time.Second, "10s": 45 * time.Second, "1m": 245 * time.Second} {
		c := parseServe(t, nil, "--addr=127.0.0.1:0", "--rest-api-key=key", "--store=memory", "--upstream-timeout="+upstream)
		s, err := c.prepare(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, bound := range s.servers {
			if bound.WriteTimeout != want {
				t.Errorf("%s: %v", upstream, bound.WriteTimeout)
			}
			_ = bound.listener.Close()
		}
		if err := s.close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// Each path has one answer: that of operations, or the token server's with all
// that belongs to it.
func TestOperationsAreAnsweredBesideTheTokenServer(t *testing.T) {
	token, err := server.New(server.Config{PublicURL: "http://127.0.0.1/kakao", RESTAPIKey: "key", Logger: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	handler := withOperations(token, token.Operations())
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 200, "/kakao/session": 200,
		"/healthz/": 404, "//healthz": 404, "//kakao/session": 404, "/kakao/../healthz": 404, "/kakao//session": 404, "/": 404,
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, http.NoBody))
		if answer.Code != want || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, answer.Code, answer.Header())
		}
	}
}

// brokenListener is a listener that was closed by somebody else.
type brokenListener struct{ *pipes }

// Close implements [net.Listener].
func (brokenListener) Close() error { return nil }

// program is `kakaowasm serve` as a process of its own.
type program struct {
	t       *testing.T
	process *exec.Cmd
	log     *bufio.Scanner
}

// startProgram starts the program.
func startProgram(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p := &program{t: t, process: exec.CommandContext(t.Context(), os.Args[0], append([]string{"serve"}, args...)...)}
	p.process.Env = append(os.Environ(), append(env, asProgram+"=1")...)
	stderr, err := p.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	p.log = bufio.NewScanner(stderr)
	return p
}

// await reads the log until a line with this message, which it returns.
func (p *program) await(message string) map[string]any {
	p.t.Helper()
	var seen []string
	for p.log.Scan() {
		var line map[string]any
		if err := json.Unmarshal(p.log.Bytes(), &line); err != nil {
			p.t.Fatalf("expected JSON, got %s", p.log.Text())
		}
		if line["msg"] == message {
			return line
		}
		seen = append(seen, p.log.Text())
	}
	p.t.Fatalf("the log lacks %q:\n%s", message, strings.Join(seen, "\n"))
	return nil
}

// playSystemd is the socket at which systemd hears of a service's life.
func playSystemd(t *testing.T) *net.UnixConn {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil { // told nothing, the test fails
		t.Fatal(err)
	}
	return conn
}

// heard returns what systemd is told next.
func heard(t *testing.T, systemd *net.UnixConn) string {
	t.Helper()
	said := make([]byte, 256)
	n, err := systemd.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	return string(said[:n])
}

func TestTheProgramDrainsOnSIGTERM(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	kakaoSide := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == kakao.PathToken {
			close(asked)
			<-release
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, tokens)
	}))
	defer kakaoSide.Close()
	logins := filepath.Join(t.TempDir(), "sessions.db")
	const publicURL = "http://127.0.0.1:8480/kakao"
	systemd := playSystemd(t)
	p := startProgram(t, []string{"NOTIFY_SOCKET=" + systemd.LocalAddr().String(), "KAKAO_REST_API_KEY=key", "KAKAOWASM_SESSION_KEYS_FILE=" + file(t, keyring.Generate())},
		"--addr=127.0.0.1:0", "--public-url="+publicURL, "--auth-origin="+kakaoSide.URL, "--store=bolt:"+logins, "--drain-delay=1s")
	origin := "http://" + p.await("listening")["address"].(string)
	if told := heard(t, systemd); told != "READY=1" {
		t.Errorf("systemd is told %q", told)
	}
	if _, err := bolt.Open(logins); err == nil {
		t.Error("the store is not open")
	}

	answered := make(chan int, 1)
	go func() {
		request, _ := http.NewRequest(http.MethodPost, origin+"/kakao/token", strings.NewReader(exchangeBody(publicURL)))
		request.Header = http.Header{contract.PageHeader: {contract.PageHeaderValue}, "Content-Type": {"application/json"}}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			answered <- 0
			return
		}
		defer response.Body.Close()
		answered <- response.StatusCode
	}()
	<-asked
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if line := p.await("draining"); line["delay"] != 1.0 {
		t.Errorf("the delay is logged as %v, want 1 second", line["delay"])
	}
	if told := heard(t, systemd); told != "STOPPING=1" {
		t.Errorf("systemd is told %q", told)
	}
	if response, _ := fetch(t, origin+"/readyz", ""); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", response.StatusCode)
	}
	close(release)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the running request got %d", status)
	}
	if line := p.await("request"); line["request_id"] == nil {
		t.Errorf("no request ID: %v", line)
	}
	for p.log.Scan() { // until the process ends
		_ = p.log.Text()
	}
	if err := p.process.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
	reopened, err := bolt.Open(logins)
	if err != nil {
		t.Fatalf("the store was not closed: %v", err)
	}
	_ = reopened.Close()
	http.DefaultClient.CloseIdleConnections()
}

func TestTheProgramNamesItsMistakesAndFails(t *testing.T) {
	p := startProgram(t, nil, "--store=nowhere", "--log-level=loud", "--public-url=x", "--addr=8480", "--operations-addr=127.0.0.1:99999")
	var said []string
	for p.log.Scan() {
		said = append(said, p.log.Text())
	}
	var failed *exec.ExitError
	if err := p.process.Wait(); !errors.As(err, &failed) || failed.ExitCode() != exitUsage {
		t.Errorf("ended with %v, want exit code %d, after which systemd does not try again", err, exitUsage)
	}
	for _, want := range []string{"--addr", "--operations-addr", "--store", "--log-level", "--public-url", "--rest-api-key"} {
		if !strings.Contains(strings.Join(said, "\n"), want+" (") {
			t.Errorf("%s is missing in:\n%s", want, strings.Join(said, "\n"))
		}
	}
}
