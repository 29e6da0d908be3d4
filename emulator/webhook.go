package emulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// UnlinkWebhook is where an app hears that a user has left it outside of it.
// Source: Kakao Login > Webhook > Unlink webhook.
type UnlinkWebhook struct {
	// URL is absolute, http or https; empty means none.
	URL string `json:"url,omitempty"`
	// Method is "POST", which is the default, or "GET".
	Method string `json:"method,omitempty"`
}

// AccountWebhook is where an app gets security event tokens about its users.
// Source: Kakao Login > Webhook > Account status change webhook.
type AccountWebhook struct {
	// URL is absolute, http or https; empty means none.
	URL string `json:"url,omitempty"`
	// Events are the types to send, of [catalog.AccountEvents]; empty means all.
	Events []string `json:"events,omitempty"`
}

// Referrer says how a user has left an app. Source: Kakao Login > Webhook >
// Unlink webhook, referrer_type.
type Referrer string

// The ways out.
const (
	AccountDelete       Referrer = "ACCOUNT_DELETE"
	ForcedAccountDelete Referrer = "FORCED_ACCOUNT_DELETE"
	UnlinkFromAdmin     Referrer = "UNLINK_FROM_ADMIN"
	UnlinkFromApps      Referrer = "UNLINK_FROM_APPS"
	IncompleteSignUp    Referrer = "INCOMPLETE_SIGN_UP"
)

var referrers = []Referrer{AccountDelete, ForcedAccountDelete, UnlinkFromAdmin, UnlinkFromApps, IncompleteSignUp}

// unlinkedByService is the reason of an unlinking that the app asked for. It
// comes with the account webhook only.
const unlinkedByService Referrer = "UNLINK_FROM_SERVICE"

// sampleEvent is the type of account event that errors name.
const sampleEvent = catalog.EventTokensRevoked

// webhookTimeout is how long a receiver has for its answer. Source: Kakao Login
// > Webhook.
const webhookTimeout = 3 * time.Second

// Delivery is a webhook that was sent.
type Delivery struct {
	// Number counts the deliveries, from 1.
	Number int       `json:"number"`
	At     time.Time `json:"at"` // by the platform's clock
	App    int64     `json:"app_id"`
	// UserID is the service user ID.
	UserID int64 `json:"user_id"`
	// Kind is "unlink" or the type of an account event.
	Kind string `json:"kind"`
	URL  string `json:"url"`
	// Status is that of the receiver's answer, 0 if there was none; then Problem
	// says why.
	Status  int    `json:"status"`
	Problem string `json:"problem,omitempty"`
	// Accepted tells that the receiver answered as Kakao demands.
	Accepted bool `json:"accepted"`
	// Body is what was sent: a form, or a security event token. Of a webhook by GET
	// it is the query.
	Body string `json:"body,omitempty"`
	// Answer is how the answer began.
	Answer string `json:"answer,omitempty"`
	// request is what was sent, to send it again; want is the status that Kakao
	// demands.
	request *http.Request
	want    int
}

// deliveriesKept is how many deliveries are remembered at most.
const deliveriesKept = 1000

// answerLength is how much of a receiver's answer is kept, in bytes.
const answerLength = 2 << 10

// outbox delivers webhooks. Each goes out in a goroutine of its own, which ends
// with the outbox.
type outbox struct {
	client  *http.Client
	context context.Context
	cancel  context.CancelFunc

	sent eventlog.Log[Delivery]

	mu      sync.Mutex
	closed  bool
	running int
	idle    chan struct{} // closed while nothing is under way
}

// newOutbox returns an outbox, which must be closed.
func newOutbox() *outbox {
	o := &outbox{
		client: &http.Client{
			Timeout:   webhookTimeout,
			Transport: &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment},
			// Webhooks follow no redirect.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		sent: eventlog.Log[Delivery]{Limit: deliveriesKept},
		idle: make(chan struct{}),
	}
	o.context, o.cancel = context.WithCancel(context.Background())
	close(o.idle)
	return o
}

func (o *outbox) close(ctx context.Context) error {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.cancel()
	return o.wait(ctx)
}

// wait returns when nothing is under way.
func (o *outbox) wait(ctx context.Context) error {
	o.mu.Lock()
	idle := o.idle
	o.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// begin counts a delivery that goes out, unless the outbox is closed.
func (o *outbox) begin() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	if o.running == 0 {
		o.idle = make(chan struct{})
	}
	o.running++
	return true
}

// end counts a delivery that is over.
func (o *outbox) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.running--
	if o.running == 0 {
		close(o.idle)
	}
}

// deliver sends a request in the background and records how it went.
func (o *outbox) deliver(r *http.Request, d Delivery, want int, done func(Delivery)) {
	if !o.begin() {
		return
	}
	go func() {
		defer o.end()
		d := o.send(r, d)
		d.Accepted = d.Status == want
		o.record(d)
		done(d)
	}()
}

func (o *outbox) send(r *http.Request, d Delivery) Delivery {
	answer, err := o.client.Do(r.WithContext(o.context)) //nolint:gosec // the owner of the app says where webhooks go
	if err != nil {
		d.Problem = undeliverable(err)
		return d
	}
	defer func() { _ = answer.Body.Close() }()
	d.Status = answer.StatusCode
	said, _ := io.ReadAll(io.LimitReader(answer.Body, answerLength))
	d.Answer = strings.ToValidUTF8(string(said), "")
	return d
}

// undeliverable is why there was no answer, without the address: it may hold
// what the app keeps secret there.
func undeliverable(err error) string {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err.Error()
	}
	return err.Error()
}

// record keeps a delivery that is over.
func (o *outbox) record(d Delivery) {
	o.sent.Add(func(number int) Delivery {
		d.Number = number
		return d
	})
}

// Deliveries waits until no webhook is under way, at most until ctx is done, and
// returns those that were sent, oldest first: also those of sign-ups that lapsed
// meanwhile. The error is that of ctx.
func (e *World) Deliveries(ctx context.Context) ([]Delivery, error) {
	e.lapseSignups()
	if err := e.outbox.wait(ctx); err != nil {
		return nil, err
	}
	return e.outbox.sent.All(), nil
}

// sendUnlinkWebhook sends the unlink webhook of an app, if it has one.
func (e *World) sendUnlinkWebhook(d *directory, l link, referrer Referrer) {
	app, user, registered := d.registered(l)
	if !registered || app.UnlinkWebhook.URL == "" {
		return
	}
	id := user.ServiceUserIDs[app.ID]
	form := url.Values{
		"app_id":        {strconv.FormatInt(app.ID, 10)},
		"user_id":       {strconv.FormatInt(id, 10)},
		"referrer_type": {string(referrer)},
	}
	r, err := unlinkRequest(app.UnlinkWebhook, form)
	if err != nil {
		e.log.Error("unlink webhook not sent", "app", app.ID, "error", undeliverable(err))
		return
	}
	r.Header.Set("Authorization", catalog.ByAdminKey.Scheme()+" "+app.AdminKey)
	e.deliver(r, Delivery{App: app.ID, UserID: id, Kind: "unlink", URL: app.UnlinkWebhook.URL}, http.StatusOK)
}

func unlinkRequest(hook UnlinkWebhook, form url.Values) (*http.Request, error) {
	if hook.Method == http.MethodGet {
		address, err := url.Parse(hook.URL)
		if err != nil {
			return nil, err
		}
		query := address.Query()
		for name := range form {
			query.Set(name, form.Get(name))
		}
		address.RawQuery = query.Encode()
		return http.NewRequest(http.MethodGet, address.String(), nil)
	}
	r, err := http.NewRequest(http.MethodPost, hook.URL, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	}
	return r, err
}

// SendEvent sends an account event about a user to an app, whatever types its
// webhook has chosen. user is the number of the account, event one of
// [catalog.AccountEvents]. The error is [ErrNotLinked], or tells that app or event is
// unknown, or that the app has no account webhook.
func (e *World) SendEvent(app, user int64, event string) error {
	d, l := e.directory(), link{app, user}
	registered, _, ok := d.registered(l)
	if _, linked := e.store.connection(l); !ok || !linked {
		return ErrNotLinked
	}
	switch {
	case registered.AccountWebhook.URL == "":
		return &mistake{"account_webhook.url", "app %d has no account webhook; register its address first", []any{app}}
	case !slices.Contains(catalog.AccountEvents(), event):
		return &mistake{"type", "%q is not an event type of Kakao's such as " + sampleEvent, []any{event}}
	}
	e.sendEvent(d, l, event, nil)
	return nil
}

// send sends an event that happened to the app's account webhook, if the app has
// chosen its type.
func (e *World) send(d *directory, l link, event string, more jwt.MapClaims) {
	app := d.appsByID[l.App]
	if app == nil || app.AccountWebhook.URL == "" {
		return
	}
	if chosen := app.AccountWebhook.Events; len(chosen) > 0 && !slices.Contains(chosen, event) {
		return
	}
	e.sendEvent(d, l, event, more)
}

// sendEvent sends a security event token (RFC 8417) as RFC 8935 has it. Kakao's
// document spells the transaction's claim "txm"; more are members of the event.
func (e *World) sendEvent(d *directory, l link, event string, more jwt.MapClaims) {
	app, user, registered := d.registered(l)
	if !registered {
		return
	}
	id := user.ServiceUserIDs[app.ID]
	sub, issuer, now := strconv.FormatInt(id, 10), d.Issuer, e.clock.Now().Unix()
	members := jwt.MapClaims{"subject": jwt.MapClaims{"subject_type": "iss-sub", "iss": issuer, "sub": sub}}
	for name, value := range more {
		members[name] = value
	}
	token, err := e.keys.current().sign("secevent+jwt", jwt.MapClaims{
		"iss": issuer, "aud": app.RESTAPIKey, "sub": sub, "iat": now, "toe": now,
		"jti": uuid.NewString(), "txm": uuid.NewString(), "events": jwt.MapClaims{event: members},
	})
	if err != nil {
		e.log.Error("account event not signed", "app", app.ID, "error", err)
		return
	}
	r, err := http.NewRequest(http.MethodPost, app.AccountWebhook.URL, strings.NewReader(token))
	if err != nil {
		e.log.Error("account webhook not sent", "app", app.ID, "error", undeliverable(err))
		return
	}
	r.Header.Set("Content-Type", "application/secevent+jwt")
	r.Header.Set("Accept", "application/json")
	e.deliver(r, Delivery{App: app.ID, UserID: id, Kind: event, URL: app.AccountWebhook.URL}, http.StatusAccepted)
}

func (e *World) deliver(r *http.Request, d Delivery, want int) {
	d.At, d.request, d.want = e.clock.Now(), r, want
	d.Body = sentBody(r)
	e.outbox.deliver(r, d, want, func(d Delivery) {
		e.log.Info("webhook", "app", d.App, "kind", d.Kind, "status", d.Status, "problem", d.Problem)
	})
}

// sentBody is what a webhook sends, once more readable.
func sentBody(r *http.Request) string {
	if r.GetBody == nil {
		return r.URL.RawQuery
	}
	body, _ := r.GetBody() // of a text: nothing can fail
	sent, _ := io.ReadAll(body)
	return string(sent)
}

// Resend sends a webhook once more, by the number of its delivery, as it was: the
// address, the token and its times are the old ones. It reports whether there is
// such a delivery.
func (e *World) Resend(number int) bool {
	d, kept := e.outbox.sent.Get(number)
	if !kept {
		return false
	}
	again := d.request.Clone(context.Background())
	if d.request.GetBody != nil {
		again.Body, _ = d.request.GetBody()
	}
	e.deliver(again, Delivery{App: d.App, UserID: d.UserID, Kind: d.Kind, URL: d.URL}, d.want)
	return true
}

const pathEventConfiguration = "/.well-known/sse-configuration"

// eventConfiguration describes the account webhook. Source: Kakao Login >
// Subscribe to security event, where delivery_methods_supported is one string.
func (e *World) eventConfiguration(w http.ResponseWriter, r *http.Request) {
	platform := e.platform(r)
	writeJSON(w, http.StatusOK, map[string]string{
		"issuer":                     platform.Auth,
		"jwks_uri":                   platform.Auth + kakao.PathJWKS,
		"delivery_methods_supported": "http://schemas.openid.net/secevent/risc/delivery-method/push",
	})
}
