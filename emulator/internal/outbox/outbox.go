// Package outbox delivers webhooks and remembers how that went. It knows what a
// receiver has to do, and nothing of what a webhook says or who is told.
package outbox

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/eventlog"
)

// timeout is how long a receiver has for its answer. Source: Kakao Login >
// Webhook.
const timeout = 3 * time.Second

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

// Outbox delivers webhooks. Each goes out in a goroutine of its own, which ends
// with the outbox. Make one with [New] and end it with [Outbox.Close]; it is safe
// for concurrent use.
type Outbox struct {
	log     *slog.Logger
	now     func() time.Time
	client  *http.Client
	context context.Context
	cancel  context.CancelFunc

	sent eventlog.Log[Delivery]

	mu      sync.Mutex
	closed  bool
	running int
	idle    chan struct{} // closed while nothing is under way
}

// New returns an outbox that writes a line per webhook to log and dates deliveries
// by now.
func New(log *slog.Logger, now func() time.Time) *Outbox {
	o := &Outbox{
		log: log, now: now,
		client: &http.Client{
			Timeout:   timeout,
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

// Close ends what is under way, and waits for it, at most until ctx is done. The
// error is that of ctx. What is delivered later is not sent.
func (o *Outbox) Close(ctx context.Context) error {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.cancel()
	return o.Wait(ctx)
}

// Wait returns when nothing is under way, or with the error of ctx.
func (o *Outbox) Wait(ctx context.Context) error {
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
func (o *Outbox) begin() bool {
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
func (o *Outbox) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.running--
	if o.running == 0 {
		close(o.idle)
	}
}

// Deliver sends a request in the background and remembers how it went. d tells what
// it is about, want is the status of an answer that accepts it.
func (o *Outbox) Deliver(r *http.Request, d Delivery, want int) {
	if !o.begin() {
		return
	}
	d.At, d.request, d.want, d.Body = o.now(), r, want, sentBody(r)
	go func() {
		defer o.end()
		d := o.send(r, d)
		d.Accepted = d.Status == want
		o.sent.Add(func(number int) Delivery {
			d.Number = number
			return d
		})
		o.log.Info("webhook", "app", d.App, "kind", d.Kind, "status", d.Status, "problem", d.Problem)
	}()
}

func (o *Outbox) send(r *http.Request, d Delivery) Delivery {
	answer, err := o.client.Do(r.WithContext(o.context))
	if err != nil {
		d.Problem = Problem(err)
		return d
	}
	defer func() { _ = answer.Body.Close() }()
	d.Status = answer.StatusCode
	said, _ := io.ReadAll(io.LimitReader(answer.Body, answerLength))
	d.Answer = strings.ToValidUTF8(string(said), "")
	return d
}

// Problem is why there was no answer, without the address: it may hold
// what the app keeps secret there.
func Problem(err error) string {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err.Error()
	}
	return err.Error()
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

// Sent are the deliveries that are over, oldest first.
func (o *Outbox) Sent() []Delivery { return o.sent.All() }

// Clear forgets the deliveries.
func (o *Outbox) Clear() { o.sent.Clear() }

// Resend sends a webhook once more, by the number of its delivery, as it was: the
// address, the token and its times are the old ones. It reports whether there is
// such a delivery.
func (o *Outbox) Resend(number int) bool {
	d, kept := o.sent.Get(number)
	if !kept {
		return false
	}
	again := d.request.Clone(context.Background())
	if d.request.GetBody != nil {
		again.Body, _ = d.request.GetBody()
	}
	o.Deliver(again, Delivery{App: d.App, UserID: d.UserID, Kind: d.Kind, URL: d.URL}, d.want)
	return true
}
