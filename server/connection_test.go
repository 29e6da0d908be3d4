package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// pipeListener is a listener without a network, so that time on its
// connections is the fake clock's.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error { close(l.closed); return nil }

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// Rule 11: a body that does not arrive is given up, also where the back end
// that mounts the server set no limit, and the limit ends with the body.
func TestRule11SlowBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, func(c *Config) { c.UpstreamTimeout = 2 * web.BodyTimeout })
		slowKakao := h.kakao.answers[callExchange]
		listener := &pipeListener{make(chan net.Conn), make(chan struct{})}
		front := &http.Server{Handler: h} // no limits: that is the point
		served := make(chan error, 1)
		go func() { served <- front.Serve(listener) }()
		defer func() {
			if err := front.Close(); err != nil {
				t.Error(err)
			}
			<-served
		}()

		send := func(path, body string, length int) (*http.Response, net.Conn) {
			client, accepted := net.Pipe()
			listener.conns <- accepted
			if _, err := fmt.Fprintf(client, "POST /kakao%s HTTP/1.1\r\nHost: app.example.com\r\nOrigin: %s\r\nKakaowasm: 1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, testOrigin, length, body); err != nil {
				t.Fatal(err)
			}
			res, err := http.ReadResponse(bufio.NewReader(client), nil)
			if err != nil {
				t.Fatal(err)
			}
			return res, client
		}

		for path, status := range map[string]int{"/token": 400, "/refresh": 401, "/logout": 204, "/nothing": 404} {
			start := time.Now()
			res, client := send(path, `{"code":`, 1000)
			if took := time.Since(start); res.StatusCode != status || took != web.BodyTimeout {
				t.Errorf("%s with a body that stops: %d after %v", path, res.StatusCode, took)
			}
			_ = client.Close()
		}

		h.kakao.on(callExchange, func(ctx context.Context, form url.Values) (int, string, error) {
			time.Sleep(web.BodyTimeout + time.Second)
			return slowKakao(ctx, form)
		})
		body := tokenRequestBody(nil)
		res, client := send("/token", body, len(body))
		if content, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || !strings.Contains(string(content), testAccessToken) {
			t.Errorf("a slow Kakao after a good body: %d %s", res.StatusCode, content)
		}
		_ = client.Close()
	})
}
