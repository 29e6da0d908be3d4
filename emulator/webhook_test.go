package emulator_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

const app = 100001 // ID of the demo app

// webhook is a request that an app received.
type webhook struct {
	method string
	path   string
	query  url.Values
	header http.Header
	form   url.Values // of query or body
	body   string
}

// receiver is the server of an app, which takes webhooks.
type receiver struct {
	url string

	mu       sync.Mutex
	received []webhook
}

// newReceiver answers webhooks with a status.
func newReceiver(t *testing.T, status int) *receiver {
	t.Helper()
	r := &receiver{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.record(request)
		if status == http.StatusFound {
			http.Redirect(w, request, "/elsewhere", status)
			return
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL + "/hook"
	return r
}

func (r *receiver) record(request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	form, _ := url.ParseQuery(string(body))
	if request.Method == http.MethodGet {
		form = request.URL.Query()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.received = append(r.received, webhook{request.Method, request.URL.Path, request.URL.Query(), request.Header.Clone(), form, string(body)})
}

func (r *receiver) all() []webhook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.received)
}

// last is the webhook that came last, an empty one if none came.
func (r *receiver) last() webhook {
	all := r.all()
	if len(all) == 0 {
		return webhook{}
	}
	return all[len(all)-1]
}

// deliveries waits for the webhooks under way.
func (p *platform) deliveries() []emulator.Delivery {
	p.t.Helper()
	sent, err := p.Deliveries(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return sent
}

func (p *platform) disconnect(user int64) {
	p.t.Helper()
	if err := p.Disconnect(app, user, emulator.UnlinkFromApps); err != nil {
		p.t.Fatal(err)
	}
}

func TestUnlinkWebhook(t *testing.T) {
	want := url.Values{"app_id": {"100001"}, "user_id": {haneul}, "referrer_type": {"UNLINK_FROM_APPS"}}
	tests := []struct {
		name, method, address string
		wantMethod            string
		contentType           string
		extra                 url.Values // that the address has of its own
	}{
		{"POST by default", "", "", http.MethodPost, "application/x-www-form-urlencoded;charset=utf-8", url.Values{}},
		{"POST", http.MethodPost, "?key=of-its-own", http.MethodPost, "application/x-www-form-urlencoded;charset=utf-8", url.Values{"key": {"of-its-own"}}},
		{"GET", http.MethodGet, "?key=of-its-own", http.MethodGet, "", url.Values{"key": {"of-its-own"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := newReceiver(t, http.StatusOK)
			p := start(t, func(c *emulator.Config) {
				c.Apps[0].UnlinkWebhook = emulator.UnlinkWebhook{URL: hook.url + tt.address, Method: tt.method}
			})
			p.tokens(haneul)
			p.disconnect(4210000001)
			sent := p.deliveries()
			if len(sent) != 1 || len(hook.all()) != 1 {
				t.Fatalf("sent %+v, received %+v", sent, hook.all())
			}
			got := hook.last()
			if got.method != tt.wantMethod || got.path != "/hook" || got.header.Get("Content-Type") != tt.contentType ||
				got.header.Get("Authorization") != "KakaoAK "+emulator.DemoAdminKey {
				t.Errorf("got %s %s %v", got.method, got.path, got.header)
			}
			for name := range tt.extra {
				if got.query.Get(name) != tt.extra.Get(name) {
					t.Errorf("the address lost its %s: %v", name, got.query)
				}
				got.form.Del(name)
			}
			if diff := cmp.Diff(want, got.form); diff != "" {
				t.Error(diff)
			}
			if d := sent[0]; !d.Accepted || d.Status != http.StatusOK || d.Kind != "unlink" || d.App != app || d.UserID != 4210000001 || d.Number != 1 {
				t.Errorf("got %+v", d)
			}
		})
	}
}

func TestWhatSendsTheUnlinkWebhook(t *testing.T) {
	tests := []struct {
		name  string
		leave func(*platform, answer)
		want  string // referrer_type, "" if none is sent
	}{
		{"the app unlinks the user", func(p *platform, got answer) {
			p.call(http.MethodPost, "/v1/user/unlink", got.bearer(), nil)
		}, ""},
		{"the app unlinks the user with its admin key", func(p *platform, _ answer) {
			p.call(http.MethodPost, "/v1/user/unlink", "KakaoAK "+emulator.DemoAdminKey, nil, "Content-Type", "application/x-www-form-urlencoded")
			p.call(http.MethodPost, "/v1/user/unlink", "KakaoAK "+emulator.DemoAdminKey, url.Values{"target_id_type": {"user_id"}, "target_id": {haneul}})
		}, ""},
		{"the app logs the user out", func(p *platform, got answer) {
			p.call(http.MethodPost, "/v1/user/logout", got.bearer(), nil)
		}, ""},
		{"the user disconnects", func(p *platform, _ answer) { p.disconnect(4210000001) }, "UNLINK_FROM_APPS"},
		{"Kakao disconnects the user", func(p *platform, _ answer) {
			if err := p.Disconnect(app, 4210000001, emulator.UnlinkFromAdmin); err != nil {
				p.t.Error(err)
			}
		}, "UNLINK_FROM_ADMIN"},
		{"the user deletes the account", func(p *platform, _ answer) {
			if err := p.DeleteUser(4210000001); err != nil {
				p.t.Error(err)
			}
		}, "ACCOUNT_DELETE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := newReceiver(t, http.StatusOK)
			p := start(t, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = hook.url })
			got := p.tokens(haneul)
			tt.leave(p, got)
			p.deliveries()
			if hook.last().form.Get("referrer_type") != tt.want || len(hook.all()) > 1 {
				t.Errorf("received %+v, want %q", hook.all(), tt.want)
			}
			if me := p.call(http.MethodGet, pathMe, got.bearer(), nil); me.status != http.StatusUnauthorized {
				t.Errorf("the token lives on: %s", me.raw)
			}
		})
	}
}

func TestDeletingAnAccountTellsEveryAppOfIt(t *testing.T) {
	hook, other := newReceiver(t, http.StatusOK), newReceiver(t, http.StatusOK)
	p := start(t, secondApp, func(c *emulator.Config) {
		c.Apps[0].UnlinkWebhook.URL, c.Apps[1].UnlinkWebhook.URL, c.Apps[1].AdminKey = hook.url, other.url, "other-admin"
	})
	p.tokens(haneul)
	b := p.browser()
	b.logIn(b.authorize("client_id", "other-rest"), haneul)
	if err := p.DeleteUser(4210000001); err != nil {
		t.Fatal(err)
	}
	p.deliveries()
	if here, there := hook.last(), other.last(); here.form.Get("user_id") != haneul || there.form.Get("app_id") != "2" ||
		there.form.Get("user_id") == haneul || there.header.Get("Authorization") != "KakaoAK other-admin" {
		t.Errorf("received %+v and %+v", here, there)
	}
	if shown := b.authorize("client_id", "other-rest"); strings.Contains(shown.body, haneul) {
		t.Error("the login page still shows the account")
	}
	if err := p.DeleteUser(4210000001); err == nil {
		t.Error("an account can be deleted twice")
	}
}

func TestActionsOnUsersWhoAreNotLinked(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].AccountWebhook.URL = "http://127.0.0.1:1/" })
	for name, err := range map[string]error{
		"disconnect":       p.Disconnect(app, 4210000001, emulator.UnlinkFromApps),
		"an event":         p.SendEvent(app, 4210000001, catalog.EventTokenIssued),
		"of another app":   p.SendEvent(1, 4210000001, catalog.EventTokenIssued),
		"of another user":  p.SendEvent(app, 1, catalog.EventTokenIssued),
		"disconnect again": p.Disconnect(1, 1, emulator.UnlinkFromApps),
	} {
		if err == nil || !strings.Contains(err.Error(), emulator.ErrNotLinked.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.tokens(haneul)
	if err := p.SendEvent(app, 4210000001, "made-up"); err == nil || !strings.Contains(err.Error(), "made-up") {
		t.Errorf("an unknown event: %v", err)
	}
	bare := start(t)
	bare.tokens(haneul)
	if err := bare.SendEvent(app, 4210000001, catalog.EventTokenIssued); err == nil || !strings.Contains(err.Error(), "no account webhook") {
		t.Errorf("no webhook: %v", err)
	}
}

func TestReceiversThatDoNotAnswerAsKakaoDemands(t *testing.T) {
	tests := []struct {
		name   string
		status int
		want   emulator.Delivery
	}{
		{"another status", http.StatusNoContent, emulator.Delivery{Status: http.StatusNoContent}},
		{"a failure", http.StatusInternalServerError, emulator.Delivery{Status: http.StatusInternalServerError}},
		{"a redirect, which is not followed", http.StatusFound, emulator.Delivery{Status: http.StatusFound}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := newReceiver(t, tt.status)
			p := start(t, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = hook.url })
			p.tokens(haneul)
			p.disconnect(4210000001)
			sent := p.deliveries()
			if len(sent) != 1 || sent[0].Accepted || sent[0].Status != tt.want.Status || len(hook.all()) != 1 {
				t.Errorf("sent %+v, received %d", sent, len(hook.all()))
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = "http://127.0.0.1:1/?secret=of-the-app" })
		p.tokens(haneul)
		p.disconnect(4210000001)
		sent := p.deliveries()
		if len(sent) != 1 || sent[0].Accepted || sent[0].Status != 0 || sent[0].Problem == "" || strings.Contains(sent[0].Problem, "of-the-app") {
			t.Errorf("sent %+v", sent)
		}
	})
}

// stalled takes webhooks and does not answer until the other end gives up.
func stalled(t *testing.T) (address string, arrived <-chan struct{}) {
	t.Helper()
	came := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		came <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL, came
}

func TestClosingEndsWebhooksUnderWay(t *testing.T) {
	address, arrived := stalled(t)
	p := start(t, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = address })
	p.tokens(haneul)
	p.tokens(dohyun)
	p.disconnect(4210000001)
	<-arrived
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sent := p.deliveries(); len(sent) != 1 || sent[0].Problem == "" {
		t.Errorf("sent %+v", sent)
	}
	p.disconnect(4210000002) // after the end nothing is sent
	if sent := p.deliveries(); len(sent) != 1 {
		t.Errorf("sent %+v", sent)
	}
}

func TestDeliveriesWaitNoLongerThanTheirContext(t *testing.T) {
	address, arrived := stalled(t)
	p := start(t, func(c *emulator.Config) { c.Apps[0].UnlinkWebhook.URL = address })
	p.tokens(haneul)
	p.disconnect(4210000001)
	<-arrived
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if sent, err := p.Deliveries(ctx); err == nil || sent != nil {
		t.Errorf("got %+v, %v", sent, err)
	}
}

// setClaims verifies a security event token with the platform's key set.
func (p *platform) setClaims(issuer, token string) (header map[string]any, claims jwt.MapClaims) {
	p.t.Helper()
	claims = jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims, func(token *jwt.Token) (any, error) {
		return p.publicKey(token.Header["kid"])
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithAudience(emulator.DemoRESTAPIKey))
	if err != nil {
		p.t.Fatal(err)
	}
	return parsed.Header, claims
}

func TestAccountWebhookIsASecurityEventToken(t *testing.T) {
	hook := newReceiver(t, http.StatusAccepted)
	p := start(t, func(c *emulator.Config) {
		c.Apps[0].AccountWebhook = emulator.AccountWebhook{URL: hook.url, Events: []string{catalog.EventUserUnlinked}}
	})
	p.tokens(haneul)
	for i, event := range catalog.AccountEvents() {
		if err := p.SendEvent(app, 4210000001, event); err != nil {
			t.Fatal(err)
		}
		sent := p.deliveries()
		if len(sent) != i+1 || sent[i].Kind != event || !sent[i].Accepted {
			t.Fatalf("%s: sent %+v", event, sent)
		}
		got := hook.last()
		if got.method != http.MethodPost || got.header.Get("Content-Type") != "application/secevent+jwt" ||
			got.header.Get("Accept") != "application/json" || got.header.Get("Authorization") != "" {
			t.Errorf("%s: got %s %v", event, got.method, got.header)
		}
		header, claims := p.setClaims(p.url, got.body)
		if header["typ"] != "secevent+jwt" || header["alg"] != "RS256" {
			t.Errorf("header %v", header)
		}
		for _, random := range []string{"jti", "txm"} {
			if id, _ := claims[random].(string); len(id) != 36 {
				t.Errorf("%s %q is no UUID", random, id)
			}
			delete(claims, random)
		}
		now := float64(p.clock.Now().Unix())
		want := jwt.MapClaims{
			"iss": p.url, "aud": emulator.DemoRESTAPIKey, "sub": haneul, "iat": now, "toe": now,
			"events": map[string]any{event: map[string]any{
				"subject": map[string]any{"subject_type": "iss-sub", "iss": p.url, "sub": haneul},
			}},
		}
		if diff := cmp.Diff(want, claims); diff != "" {
			t.Error(diff)
		}
	}
}

func TestWhatHappensIsSentToTheAccountWebhook(t *testing.T) {
	const linked, issued = catalog.EventUserLinked, catalog.EventTokenIssued
	tests := []struct {
		name   string
		events []string
		want   []string
	}{
		{"every type", nil, []string{linked, issued, catalog.EventUserScopeConsent, catalog.EventUserScopeWithdraw, catalog.EventTokensRevoked, catalog.EventUserUnlinked}},
		{"chosen types only", []string{linked, catalog.EventUserUnlinked}, []string{linked, catalog.EventUserUnlinked}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := newReceiver(t, http.StatusAccepted)
			p := start(t, func(c *emulator.Config) {
				c.Apps[0].AccountWebhook = emulator.AccountWebhook{URL: hook.url, Events: tt.events}
			})
			b := p.browser()
			done := b.logIn(b.authorize(), haneul)
			p.deliveries()
			got := p.exchange(done.redirect.Get("code"))
			p.deliveries()
			b.accept(b.authorize("scope", "gender"), "gender")
			p.deliveries()
			p.call(http.MethodPost, pathRevoke, got.bearer(), url.Values{"scopes": {`["gender"]`}})
			p.deliveries()
			p.call(http.MethodPost, "/v1/user/logout", got.bearer(), nil)
			p.deliveries()
			p.call(http.MethodPost, "/v1/user/unlink", "KakaoAK "+emulator.DemoAdminKey, url.Values{"target_id_type": {"user_id"}, "target_id": {haneul}})
			var kinds []string
			for _, d := range p.deliveries() {
				kinds = append(kinds, d.Kind)
			}
			if diff := cmp.Diff(tt.want, kinds); diff != "" {
				t.Error(diff)
			}
			_, claims := p.setClaims(p.url, hook.last().body)
			events, _ := claims["events"].(map[string]any)
			unlinked, _ := events[catalog.EventUserUnlinked].(map[string]any)
			if unlinked["reason"] != "UNLINK_FROM_SERVICE" {
				t.Errorf("got %v", claims)
			}
		})
	}
}

func TestASecurityEventTokenThatIsNotAccepted(t *testing.T) {
	hook := newReceiver(t, http.StatusOK) // RFC 8935 and Kakao want 202
	p := start(t, func(c *emulator.Config) { c.Apps[0].AccountWebhook.URL = hook.url })
	p.tokens(haneul)
	for _, d := range p.deliveries() {
		if d.Accepted || d.Status != http.StatusOK {
			t.Errorf("got %+v", d)
		}
	}
}

func TestDeliveriesAreReadWhileOthersAreSent(t *testing.T) {
	hook := newReceiver(t, http.StatusAccepted)
	p := start(t, func(c *emulator.Config) { c.Apps[0].AccountWebhook.URL = hook.url })
	p.tokens(haneul)
	before := len(p.deliveries())
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 10 {
				if err := p.SendEvent(app, 4210000001, catalog.EventTokenIssued); err != nil {
					t.Error(err)
				}
				if _, err := p.Deliveries(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	sent := p.deliveries()
	if len(sent) != before+80 || len(hook.all()) != before+80 {
		t.Errorf("%d sent and %d received, want %d", len(sent), len(hook.all()), before+80)
	}
	for i, d := range sent {
		if d.Number != i+1 || !d.Accepted {
			t.Fatalf("delivery %d: %+v", i, d)
		}
	}
}
