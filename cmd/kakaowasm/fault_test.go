package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// The tests of the files fault*_test.go do to processes what happens to servers.
// They run the program itself, against the emulator and real stores, with nothing
// replaced inside. What they cannot do to a process is to set its clock: jumps of
// the clock are tested in package server.

const (
	sitePublicURL = "http://127.0.0.1:8480/kakao"
	siteUser      = 4210000001
	siteVerifier  = "the-code-verifier-that-every-visitor-of-the-site-uses"
)

// unlimited lets a crowd come from one address.
const unlimited = "--requests-per-minute=-1"

// answerLimit is when a test gives up on an answer: later than the longest time
// for which the program itself may make a request wait.
const answerLimit = time.Minute

// site is an app whose users log in by way of token servers.
type site struct {
	t     *testing.T
	kakao *emulator.Platform
	web   *http.Client
	args  []string // options of every server
	env   []string
}

// newSite starts the platform of a site.
func newSite(t *testing.T, edit ...func(*emulator.Config)) *site {
	t.Helper()
	platform := emulator.Start(t, edit...)
	platform.AllowRedirect(sitePublicURL + "/callback")
	platform.LogInAs(siteUser)
	transport := &http.Transport{MaxIdleConnsPerHost: 1000}
	t.Cleanup(transport.CloseIdleConnections)
	return &site{
		t: t, kakao: platform,
		web: &http.Client{
			Transport: transport, Timeout: answerLimit,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		args: []string{
			"--addr=127.0.0.1:0", "--public-url=" + sitePublicURL, "--auth-origin=" + platform.Config().Issuer,
		},
		env: []string{
			"KAKAO_REST_API_KEY=" + emulator.DemoRESTAPIKey,
			"KAKAO_CLIENT_SECRET=" + emulator.DemoClientSecret,
			"KAKAOWASM_SESSION_KEYS_FILE=" + file(t, keyring.Generate()),
		},
	}
}

// rotating makes the platform replace the refresh token at each renewal, as Kakao
// does in its last month.
func rotating(c *emulator.Config) { c.RefreshTokenTTL = emulator.Duration(10 * 24 * time.Hour) }

// instance is a running server of a site.
type instance struct {
	*program
	origin string
	kill   func() // kills it as kill -9 does, and waits for its end; once
}

// start starts a server and waits until it listens. It ends with the test.
func (s *site) start(args ...string) *instance {
	s.t.Helper()
	p := startProgram(s.t, s.env, slices.Concat(s.args, args)...)
	i := &instance{program: p, origin: "http://" + p.await("listening")["address"].(string)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		i.readLog()
	}()
	i.kill = sync.OnceFunc(func() {
		_ = p.process.Process.Kill()
		<-read
		_ = p.process.Wait() // It tells of the signal.
	})
	s.t.Cleanup(i.kill)
	return i
}

// readLog reads the log until the process ends, because a full pipe would stop
// it. No fault may make the server panic or race.
func (i *instance) readLog() {
	for i.log.Scan() {
		var line struct{ Level, Msg string }
		if err := json.Unmarshal(i.log.Bytes(), &line); err != nil || line.Level == "ERROR" {
			i.t.Errorf("the server logs: %s", i.log.Text())
		}
	}
}

// reply is the answer of a server to a visitor.
type reply struct {
	status  int
	cookie  string // that it sets
	body    map[string]any
	problem string // the error of the body
}

// passes reports whether an answer tells its visitor to try again.
func (a reply) passes() bool { return a.problem == "temporarily_unavailable" }

// err is why an answer is not the one that was hoped for.
func (a reply) err() error {
	if a.status == http.StatusOK {
		return nil
	}
	return fmt.Errorf("answered %d %v", a.status, a.body)
}

// ask makes a request to the origin of a server.
func (s *site) ask(method, address, cookie string, body []byte) (reply, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, address, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	response, err := s.web.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	a := reply{status: response.StatusCode}
	err = json.NewDecoder(response.Body).Decode(&a.body)
	a.problem, _ = a.body["error"].(string)
	for _, c := range response.Cookies() {
		a.cookie = c.Name + "=" + c.Value
	}
	return a, err
}

// visitor is somebody with a session cookie.
type visitor struct {
	cookie, accessToken string
	// unsure is whether the last renewal has not been answered.
	unsure bool
}

// authorize logs the user in at Kakao and returns the code.
func (s *site) authorize() (string, error) {
	query := url.Values{
		"client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {sitePublicURL + "/callback"}, "response_type": {"code"},
		"scope": {"openid,profile_nickname"}, "state": {"s"},
		"code_challenge": {kakao.ChallengeS256(siteVerifier)}, "code_challenge_method": {"S256"},
	}
	response, err := s.web.Get(s.kakao.URL + kakao.PathAuthorize + "?" + query.Encode())
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	target, err := response.Location()
	if err != nil {
		return "", err
	}
	return target.Query().Get("code"), nil
}

// postCode posts a code to a server, once.
func (s *site) postCode(origin, code string) (reply, error) {
	body, _ := json.Marshal(map[string]string{
		"code": code, "code_verifier": siteVerifier, "redirect_uri": sitePublicURL + "/callback",
	})
	return s.ask("POST", origin+"/kakao/token", "", body)
}

// logIn begins a session.
func (s *site) logIn(origin string) (*visitor, error) {
	code, err := s.authorize()
	if err != nil {
		return nil, err
	}
	a, err := s.patiently(func() (reply, error) { return s.postCode(origin, code) })
	if err = cmp.Or(err, a.err()); err != nil {
		if a.body["error_code"] == "KOE320" {
			err = &spentError{err, code}
		}
		return nil, fmt.Errorf("login: %w", err)
	}
	token, _ := a.body["access_token"].(string)
	return &visitor{cookie: a.cookie, accessToken: token}, nil
}

// logInAll begins so many sessions, and fails the test where one does not begin. On
// a machine so busy that an exchange took longer than the server waits for Kakao,
// the code is spent, and the user logs in again.
func (s *site) logInAll(origin string, n int) []*visitor {
	s.t.Helper()
	visitors := make([]*visitor, n)
	for i := range visitors {
		v, err := s.logIn(origin)
		if isSpent(err) {
			v, err = s.logIn(origin)
		}
		if err != nil {
			s.t.Fatal(err)
		}
		visitors[i] = v
	}
	return visitors
}

// refresh asks once for a fresh access token.
func (s *site) refresh(origin string, v *visitor) (reply, error) {
	return s.ask("POST", origin+"/kakao/refresh", v.cookie, nil)
}

// renew gets a fresh access token for a visitor.
func (s *site) renew(origin string, v *visitor) error {
	v.unsure = true
	a, err := s.patiently(func() (reply, error) { return s.refresh(origin, v) })
	if err = cmp.Or(err, a.err()); err != nil {
		return fmt.Errorf("renewal: %w", err)
	}
	v.accessToken, _ = a.body["access_token"].(string)
	v.unsure = false
	return nil
}

// look asks whether a visitor is logged in.
func (s *site) look(origin string, v *visitor) error {
	a, err := s.patiently(func() (reply, error) { return s.ask("GET", origin+"/kakao/session", v.cookie, nil) })
	if err = cmp.Or(err, a.err()); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	if a.body["authenticated"] != true {
		return errors.New("session: the visitor is logged out")
	}
	return nil
}

// retryPause is how long a visitor waits before trying again; pages are told to
// wait for seconds.
const retryPause = 50 * time.Millisecond

// patiently tries again while the answer says so, as a page does.
func (s *site) patiently(ask func() (reply, error)) (reply, error) {
	deadline := time.Now().Add(answerLimit)
	for {
		a, err := ask()
		if err != nil || !a.passes() || time.Now().After(deadline) {
			return a, err
		}
		time.Sleep(retryPause)
	}
}

// expectUsable fails the test unless a visitor is logged in, the access token
// that was handed out last is good, and the refresh token in the store is, too:
// a renewal that Kakao has made anew says so. The server hands out the result of
// one for a while before it asks Kakao again.
func (s *site) expectUsable(origin string, v *visitor) {
	s.t.Helper()
	before := v.accessToken
	err := cmp.Or(s.expectToken(v), s.look(origin, v))
	for deadline := time.Now().Add(answerLimit); err == nil && v.accessToken == before; {
		err = s.renew(origin, v)
		if time.Now().After(deadline) {
			err = errors.New("no renewal is made anew")
		}
		if v.accessToken == before {
			time.Sleep(retryPause)
		}
	}
	if err = cmp.Or(err, s.expectToken(v)); err != nil {
		s.t.Errorf("what was acknowledged is lost: %v", err)
	}
}

// expectToken asks Kakao whether an access token is good.
func (s *site) expectToken(v *visitor) error {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.kakao.URL+"/v1/user/access_token_info", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+v.accessToken)
	response, err := s.web.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("Kakao says of an access token: %s", response.Status)
	}
	return nil
}

// expectHealthy fails the test unless a server says that it lives.
func (s *site) expectHealthy(i *instance) {
	s.t.Helper()
	a, err := s.ask("GET", i.origin+"/healthz", "", nil)
	if err = cmp.Or(err, a.err()); err != nil {
		s.t.Errorf("/healthz: %v", err)
	}
}

// spentError is why a login failed whose code was redeemed before.
type spentError struct {
	error
	code string
}

// isSpent reports whether a login failed because its code was redeemed before.
func isSpent(err error) bool {
	var spent *spentError
	return errors.As(err, &spent)
}
