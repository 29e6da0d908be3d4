package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

const (
	publicURL = "http://127.0.0.1:8480/kakao"
	verifier  = "the-code-verifier-that-every-login-of-the-benchmark-uses"
	user      = "4210000001"
)

// The stores, in the order of the tables.
const (
	inMemory = "memory"
	inFile   = "bolt"
	inRedis  = "redis"
)

// express is what people would write instead, in the place of a store: Express
// with openid-client and sessions in memory.
const express = "Express"

// lab is everything that runs while it is measured.
type lab struct {
	dir       string
	web       *http.Client
	running   []*process
	kakao     string            // origin
	proxy     string            // address
	servers   map[string]string // addresses, by store
	redisPath string            // socket
	memories  map[string]int64  // of the servers when they were measured, in bytes
}

// openLab starts everything.
func openLab(ctx context.Context, program string) (_ *lab, err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	l := &lab{
		dir: dir, servers: map[string]string{}, redisPath: filepath.Join(dir, "redis.sock"),
		web: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if err := l.startKakao(ctx, program); err != nil {
		return nil, err
	}
	if err := l.startRedis(ctx); err != nil {
		return nil, err
	}
	return l, l.startServers(ctx, program)
}

// close ends everything.
func (l *lab) close() {
	for _, p := range l.running {
		p.stop()
	}
	_ = os.RemoveAll(l.dir)
}

// run starts a program of the lab and returns where it listens.
func (l *lab) run(ctx context.Context, called, ready string, env []string, program string, args ...string) (string, error) {
	p, err := start(ctx, regexp.MustCompile(ready), env, program, args...)
	if err != nil {
		return "", err
	}
	p.called = called
	l.running = append(l.running, p)
	return p.addr, nil
}

// process is the program that was called so.
func (l *lab) process(called string) *process {
	i := slices.IndexFunc(l.running, func(p *process) bool { return p.called == called })
	return l.running[i]
}

// startKakao starts the emulator and the bare proxy in front of it.
func (l *lab) startKakao(ctx context.Context, program string) (err error) {
	l.kakao, err = l.run(ctx, "emulator", `Kakao emulator on (\S+),`, nil, program, "emulate",
		"--addr=127.0.0.1:0", "--redirect-uri="+publicURL+"/callback", "--redirect-uri="+peerCallback, "--auto-login="+user)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	l.proxy, err = l.run(ctx, "bare proxy", `proxy on (\S+)`, nil, self, proxyRole, l.kakao)
	return err
}

// startRedis starts the Redis of the servers.
func (l *lab) startRedis(ctx context.Context) error { return l.startRedisAt(ctx, l.dir, l.redisPath) }

// startRedisAt starts a Redis that acknowledges what is on the disk, as logins
// deserve.
func (l *lab) startRedisAt(ctx context.Context, dir, socket string) error {
	_, err := l.run(ctx, "Redis", `(?i)(ready to accept connections at)`, nil, "redis-server", "--port", "0", "--unixsocket", socket,
		"--dir", dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always")
	return err
}

// startServers starts a token server for each store.
func (l *lab) startServers(ctx context.Context, program string) (err error) {
	for name, where := range map[string]string{
		inMemory: "memory", inFile: "bolt:" + filepath.Join(l.dir, "sessions.db"), inRedis: l.redisURL(),
	} {
		if l.servers[name], err = l.startServer(ctx, program, name, where); err != nil {
			return err
		}
	}
	return nil
}

// startServer starts a token server with a store. Its limits count as always,
// only higher.
func (l *lab) startServer(ctx context.Context, program, called, where string) (string, error) {
	env := []string{
		"KAKAO_REST_API_KEY=" + emulator.DemoRESTAPIKey,
		"KAKAO_CLIENT_SECRET=" + emulator.DemoClientSecret,
		"KAKAOWASM_SESSION_KEYS=" + keyring.Generate(),
	}
	return l.run(ctx, called, `"listening","address":"([^"]+)"`, env, program, "serve",
		"--addr=127.0.0.1:0", "--public-url="+publicURL, "--auth-origin="+l.kakao, "--store="+where,
		"--requests-per-minute=1000000000", "--session-requests-per-minute=1000000000", "--proxy-requests-per-minute=1000000000")
}

// startExpress starts the server in a folder.
func (l *lab) startExpress(ctx context.Context, folder string) (err error) {
	env := []string{
		"NODE_ENV=production", "KAKAO=" + l.kakao, "PUBLIC_URL=" + publicURL,
		"CLIENT_ID=" + emulator.DemoRESTAPIKey, "CLIENT_SECRET=" + emulator.DemoClientSecret,
	}
	l.servers[express], err = l.run(ctx, express, `express on (\S+)`, env, "node", filepath.Join(folder, "server.mjs"))
	return err
}

// redisURL is the address of the lab's Redis.
func (l *lab) redisURL() string { return "unix://" + l.redisPath }

// authorize logs the user in at Kakao for these scopes and returns the code.
func (l *lab) authorize(ctx context.Context, scope string) (string, error) {
	query := url.Values{
		"client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {publicURL + "/callback"}, "response_type": {"code"},
		"scope": {scope}, "state": {"s"},
		"code_challenge": {kakao.ChallengeS256(verifier)}, "code_challenge_method": {"S256"},
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.kakao+kakao.PathAuthorize+"?"+query.Encode(), nil)
	if err != nil {
		return "", err
	}
	response, err := l.web.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close() //nolint:errcheck // It was only read.
	_, _ = io.Copy(io.Discard, response.Body)
	target, err := response.Location()
	if err != nil {
		return "", fmt.Errorf("expected a redirect with a code, got %s: %w", response.Status, err)
	}
	return target.Query().Get("code"), nil
}
