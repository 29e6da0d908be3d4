package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// oauth2-proxy in the place of a store: with its sessions in cookies, and in
// Redis.
const (
	peerCookie = "oauth2-proxy, cookie"
	peerRedis  = "oauth2-proxy, Redis"
)

// peerCallback is where Kakao would send browsers back to it. The benchmark
// takes the code there itself.
const peerCallback = "http://127.0.0.1:8480/oauth2/callback"

// twins say which oauth2-proxy a server is compared with: the one that keeps
// sessions without asking another process, or the one that asks the same Redis.
var twins = map[string]string{inMemory: peerCookie, inFile: peerCookie, inRedis: peerRedis}

// startPeers starts both, with what they log by themselves.
func (l *lab) startPeers(ctx context.Context, program string) error {
	for name, args := range map[string][]string{
		peerCookie: {"--session-store-type=cookie"},
		peerRedis:  {"--session-store-type=redis", "--redis-connection-url=" + l.redisURL()},
	} {
		addr, err := freeAddress()
		if err != nil {
			return err
		}
		_, err = l.run(ctx, name, `(Cookie settings):`, nil, program, append(args,
			"--http-address="+addr, "--provider=oidc", "--oidc-issuer-url="+l.kakao, "--redirect-url="+peerCallback,
			"--client-id="+emulator.DemoRESTAPIKey, "--client-secret="+emulator.DemoClientSecret, "--code-challenge-method=S256",
			"--scope=openid profile_nickname", "--oidc-email-claim=sub", "--insecure-oidc-allow-unverified-email", "--email-domain=*",
			"--cookie-secret=0123456789abcdef0123456789abcdef", "--cookie-secure=false", "--skip-provider-button",
			"--set-xauthrequest", "--upstream=static://202")...)
		if err != nil {
			return err
		}
		if err := awaitListening(ctx, addr); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		l.servers[name] = addr
	}
	return nil
}

// awaitListening waits until somebody listens at an address: oauth2-proxy does
// not say that it does.
func awaitListening(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := connect(addr)
		if err == nil {
			c.close()
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// freeAddress returns an address of loopback that nobody listens on.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It returns at once.
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// peerLogIn begins a session at an oauth2-proxy and returns its cookie.
func (l *lab) peerLogIn(ctx context.Context, addr string) (string, error) {
	began, err := l.visit(ctx, "http://"+addr+"/oauth2/start?rd=/", "")
	if err != nil {
		return "", err
	}
	granted, err := l.visit(ctx, began.target.String(), "")
	if err != nil {
		return "", err
	}
	ended, err := l.visit(ctx, "http://"+addr+granted.target.RequestURI(), began.cookies[0])
	if err != nil {
		return "", err
	}
	for _, cookie := range ended.cookies {
		if strings.HasPrefix(cookie, "_oauth2_proxy=") {
			return cookie, nil
		}
	}
	return "", errors.New("expected a session cookie of oauth2-proxy, got none")
}

// redirect is an answer that leads on and sets a cookie or more.
type redirect struct {
	target  *url.URL
	cookies []string // name=value; at least one, which may be empty
}

// visit asks for a page that redirects, and does not follow.
func (l *lab) visit(ctx context.Context, page, cookie string) (redirect, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return redirect{}, err
	}
	r.Header.Set("Cookie", cookie)
	response, err := l.web.Do(r)
	if err != nil {
		return redirect{}, err
	}
	defer response.Body.Close() //nolint:errcheck // It was only read.
	_, _ = io.Copy(io.Discard, response.Body)
	target, err := response.Location()
	if err != nil {
		return redirect{}, fmt.Errorf("expected a redirect, got %s: %w", response.Status, err)
	}
	cookies := []string{}
	for _, c := range response.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return redirect{target, append(cookies, "")}, nil
}

// newPeerStock logs visitors in at an oauth2-proxy.
func (l *lab) newPeerStock(ctx context.Context, addr string) (*stock, error) {
	cookies, err := l.prepared(connectionCounts[len(connectionCounts)-1], func() (string, error) { return l.peerLogIn(ctx, addr) })
	if err != nil {
		return nil, fmt.Errorf("logging in: %w", err)
	}
	return &stock{addr: addr, cached: cookies}, nil
}
