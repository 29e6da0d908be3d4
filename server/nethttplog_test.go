package server

import (
	"bufio"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
)

// wireKakao is a Kakao on a real connection that answers with these bytes, in which
// echo stands for the body of the request.
type wireKakao struct {
	listener net.Listener
	mu       sync.Mutex
	answer   string
	asked    sync.WaitGroup
}

func newWireKakao(t *testing.T) *wireKakao {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It takes a moment.
	if err != nil {
		t.Fatal(err)
	}
	k := &wireKakao{listener: listener}
	k.asked.Go(k.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		k.asked.Wait()
	})
	return k
}

func (k *wireKakao) says(answer string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answer = answer
}

func (k *wireKakao) accept() {
	for {
		conn, err := k.listener.Accept()
		if err != nil {
			return
		}
		k.asked.Go(func() { k.serve(conn) })
	}
}

// serve answers one request, and keeps the connection until the client closes it.
func (k *wireKakao) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	r, err := http.ReadRequest(in)
	if err != nil || r.ParseForm() != nil {
		return
	}
	k.mu.Lock()
	answer := k.answer
	k.mu.Unlock()
	sent := strings.Join([]string{r.Form.Get("code"), r.Form.Get("client_secret"), r.Form.Get("refresh_token"), testAccessToken + "-wire"}, " ")
	if strings.HasSuffix(answer, hangUp) {
		_, _ = fmt.Fprint(conn, strings.ReplaceAll(strings.TrimSuffix(answer, hangUp), echo, sent))
		return
	}
	_, _ = fmt.Fprint(conn, strings.ReplaceAll(answer, echo, sent))
	_, _ = in.ReadByte() // until the client hangs up
}

// hangUp at the end of an answer closes the connection after it.
const hangUp = "\x00hang up"

// brokenHTTP are answers that are no HTTP, or not all of it.
var brokenHTTP = []string{
	echo + "\r\n\r\n",
	`{"access_token":"` + echo + `"}` + hangUp,
	"HTTP/9.9 " + echo + "\r\n\r\n",
	"HTTP/1.1 " + echo + " OK\r\n\r\n",
	"HTTP/1.1 99999 " + echo + "\r\n\r\n",
	"HTTP/1.1 200 OK\r\n" + echo + "\r\n\r\n",
	"HTTP/1.1 200 OK\r\nX-" + echo + ": \x01\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: " + echo + "\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + echo + "\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + echo + "\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + echo + "\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdeX" + echo + "\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + echo + hangUp,
	"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" + strings.Repeat("x", 40),
	"HTTP/1.1 302 Found\r\nLocation: http://%zz/?" + echo + "\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 302 Found\r\nLocation: ://" + echo + "\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + `{"access_token":"` + echo + `"}`,
	hangUp,
}

// Rule 1: what a peer sends that is no HTTP reaches neither log nor answer, whether
// this package logs it or net/http by its own logger.
func TestRule01BrokenHTTPIsLoggedByItsKind(t *testing.T) {
	k := newWireKakao(t)
	origin := "http://" + k.listener.Addr().String()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	h := newHarness(t, func(c *Config) {
		c.Platform = kakao.Platform{Auth: origin, API: origin}
		c.HTTPClient = &http.Client{Transport: transport}
	})
	flags, before := log.Flags(), log.Writer()
	t.Cleanup(func() { log.SetOutput(before); log.SetFlags(flags) })
	log.SetFlags(0)
	log.SetOutput(HTTPLog(slog.New(slog.NewJSONHandler(h.logs, nil))).Writer())

	for i, answer := range brokenHTTP {
		k.says(answer)
		code := "code-secret-" + strconv.Itoa(i)
		h.do("POST", "/token", tokenRequestBody(map[string]any{"code": code}))
		begun, err := h.sessions.Create(t.Context(), session.Login{UserID: testUser, RefreshToken: testRefreshToken})
		if err != nil {
			t.Fatal(err)
		}
		h.cookie = begun.ID
		h.do("POST", "/refresh", "")
		_, err = h.idTokens.VerifyLogin(t.Context(), signedWith(t, map[string]any{"iss": origin}), testNonce)
		if err == nil {
			t.Fatal("a token was believed without keys")
		}
		f := idTokenFailure(err)
		h.log.WarnContext(t.Context(), "keys", "error", f, "cause", f.Upstream)
		h.do("POST", "/logout", "")
		transport.CloseIdleConnections()
	}
	out := h.logs.String() + h.said.String()
	for _, secret := range []string{"code-secret-", testSecret, testRefreshToken, testAccessToken + "-wire"} {
		for _, form := range []string{secret, url.QueryEscape(secret)} {
			if i := strings.Index(out, form); i >= 0 {
				t.Errorf("%q leaked: …%s…", secret, out[max(0, i-300):min(len(out), i+60)])
			}
		}
	}
	if !strings.Contains(h.logs.String(), "not readable HTTP") {
		t.Error("the log does not name the kind of the faults")
	}
}

// Lines of net/http are known by what they begin with, and nothing else of them is
// logged unless it is the program's own.
func TestHTTPLogHoldsNothingOfAPeer(t *testing.T) {
	for line, want := range map[string]string{
		`Unsolicited response received on idle HTTP channel starting with "secret"; err=<nil>`: "Content-Length may be too short",
		"http: TLS handshake error from 192.0.2.1:5: secret":                                   "handshake",
		"http: panic serving 192.0.2.1:5: secret\ngoroutine 1":                                 "panicked",
		"http2: server connection error from x: secret":                                        "HTTP/2",
		"http: Accept error: accept tcp: too many open files; retrying in 5ms":                 "too many open files",
		"http: a line of another release: secret":                                              "held back",
		"secret": "held back",
	} {
		var out syncBuffer
		HTTPLog(slog.New(slog.NewTextHandler(&out, nil))).Print(line)
		if said := out.String(); strings.Contains(said, "secret") || !strings.Contains(said, want) {
			t.Errorf("%s: got %s", line, said)
		}
	}
}
