package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

const (
	loadLogins = 1000 // at the same time
	loadUsers  = 100
)

// visitor is one of many clients: it logs in by following redirects.
type loadClient struct {
	*http.Client
	url  string
	user int64
}

// send makes a request and decodes the answer, which must be 200 or 302.
func (c loadClient) send(method, path, authorization string, form url.Values) (members map[string]any, location string, err error) {
	target, body := c.url+path, io.Reader(nil)
	if method == http.MethodGet {
		target += "?" + form.Encode()
	} else {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(context.Background(), method, target, body)
	if err != nil {
		return nil, "", err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	answer, err := c.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return nil, "", err
	case answer.StatusCode == http.StatusFound:
		return nil, answer.Header.Get("Location"), nil
	case answer.StatusCode != http.StatusOK:
		return nil, "", fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, text)
	}
	return members, "", errors.Join(err, json.Unmarshal(text, &members))
}

// logIn makes one login from its beginning to its end.
func (c loadClient) logIn() error {
	_, location, err := c.send(http.MethodGet, kakao.PathAuthorize, "", url.Values{
		"client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {callback}, "response_type": {"code"},
		"login_hint": {fmt.Sprintf("user%d@example.com", c.user)},
	})
	if err != nil {
		return err
	}
	target, err := url.Parse(location)
	if err != nil {
		return err
	}
	credentials := url.Values{"client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret}}
	credentials.Set("grant_type", "authorization_code")
	credentials.Set("code", target.Query().Get("code"))
	credentials.Set("redirect_uri", callback)
	tokens, _, err := c.send(http.MethodPost, kakao.PathToken, "", credentials)
	if err != nil {
		return err
	}
	if tokens["id_token"] == nil {
		return fmt.Errorf("no ID token in %v", tokens)
	}
	bearer, _ := tokens["access_token"].(string)
	if err := c.wantID(http.MethodGet, "/v2/user/me", bearer); err != nil {
		return err
	}
	credentials.Set("grant_type", "refresh_token")
	credentials.Set("refresh_token", tokens["refresh_token"].(string))
	renewed, _, err := c.send(http.MethodPost, kakao.PathToken, "", credentials)
	if err != nil {
		return err
	}
	bearer, _ = renewed["access_token"].(string)
	return c.wantID(http.MethodPost, "/v1/user/logout", bearer)
}

// wantID makes a call whose answer must be about the client's user.
func (c loadClient) wantID(method, path, token string) error {
	answer, _, err := c.send(method, path, "Bearer "+token, nil)
	if err == nil && answer["id"] != float64(c.user) {
		err = fmt.Errorf("%s is about %v, want %d", path, answer["id"], c.user)
	}
	return err
}

// disturb registers, rotates and saves until ctx is done, and says how often.
func disturb(ctx context.Context, p *platform) (rounds int, err error) {
	for ; ctx.Err() == nil; rounds++ {
		err = errors.Join(err, p.RotateKeys(false), p.Update(func(c *emulator.Config) {
			c.Apps[0].Name = "책방 " + strconv.Itoa(rounds)
			c.Apps[0].Scopes[1].Required = rounds%2 == 0
			c.Users = append(c.Users, emulator.User{ID: int64(1_000_000 + rounds), Nickname: "새 사람"})
		}))
		if _, problem := p.State(); problem != nil {
			err = errors.Join(err, problem)
		}
	}
	return rounds, err
}

func TestAThousandLoginsAtOnceWhileEverythingChanges(t *testing.T) {
	p := start(t, func(c *emulator.Config) {
		for i := range int64(loadUsers) {
			c.Users = append(c.Users, emulator.User{ID: 1000 + i, Nickname: "사람", Email: fmt.Sprintf("user%d@example.com", 1000+i)})
		}
	})
	if err := p.AutoLogin(4210000001); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: loadLogins}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer transport.CloseIdleConnections()

	ctx, settle := context.WithCancel(t.Context())
	var disturbance errgroup.Group
	var rounds int
	disturbance.Go(func() (err error) {
		rounds, err = disturb(ctx, p)
		return err
	})
	began := time.Now()
	var logins errgroup.Group
	for i := range int64(loadLogins) {
		logins.Go(loadClient{client, p.url, 1000 + i%loadUsers}.logIn)
	}
	err := logins.Wait()
	took := time.Since(began)
	settle()
	if err := errors.Join(err, disturbance.Wait()); err != nil {
		t.Error(err)
	}
	t.Logf("%d logins of 5 requests in %v, during %d rounds of changes", loadLogins, took, rounds)
	if exchanged, renewed := p.Count("authorization_code"), p.Count("refresh_token"); exchanged != loadLogins || renewed != loadLogins {
		t.Errorf("%d exchanges and %d refreshes, want %d of each", exchanged, renewed, loadLogins)
	}
}
