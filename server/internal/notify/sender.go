package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	// postTimeout bounds one try, and maxAnswer what is read of its answer, which
	// means nothing.
	postTimeout = 10 * time.Second
	maxAnswer   = 64 << 10
	// firstPause and longestPause are how long a failed notification waits.
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	// refusalLife is how long a notification is tried that the receiver refuses.
	refusalLife = time.Hour
	// lookInterval is how often an instance looks for what another one, which is
	// gone, has left behind.
	lookInterval = 30 * time.Second
	leaseTTL     = 30 * time.Second
	keyLease     = "notify"
)

// Config is what a [Sender] works with.
type Config struct {
	URL     string // of the receiver
	Secrets []Secret
	Store   store.Store
	Client  *http.Client // follows no redirects
	Log     *slog.Logger
	// Count is told of each try: "sent", "failed" or "given_up".
	Count func(outcome string)
}

// Sender hands notifications in, and sends them in a goroutine of its own until
// it is closed.
type Sender struct {
	Config
	outbox outbox

	wake   chan struct{} // one is there where something was handed in
	stop   context.CancelFunc
	closed chan struct{}
}

// Start returns a sender and begins to send what an earlier one has left. Close
// ends it.
func Start(cfg Config) *Sender {
	ctx, stop := context.WithCancel(context.Background())
	s := &Sender{Config: cfg, outbox: outbox{cfg.Store}, wake: make(chan struct{}, 1), stop: stop, closed: make(chan struct{})}
	go s.run(ctx)
	return s
}

// Close ends the sending. What has not been taken stays in the store.
func (s *Sender) Close() {
	s.stop()
	<-s.closed
}

// body is what a receiver gets.
type body struct {
	Type      string    `json:"type"`
	Number    uint64    `json:"number"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// Add hands a notification in. When it returns without error the store has it;
// errors are the store's.
func (s *Sender) Add(ctx context.Context, kind string, data any) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	err := s.outbox.add(ctx, func(number uint64) ([]byte, error) {
		return json.Marshal(body{Type: kind, Number: number, Timestamp: now, Data: data})
	})
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return err
}

// run sends until the context ends.
func (s *Sender) run(ctx context.Context) {
	defer close(s.closed)
	for ctx.Err() == nil {
		wait := s.turn(ctx)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
}

// turn sends what there is while it holds the lease that keeps the other
// instances from it, and returns when to look again. A panic of a store is an
// error here, and not the end of the process.
func (s *Sender) turn(ctx context.Context) (wait time.Duration) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(ctx, "sending notifications panics", "panic", fmt.Sprintf("%T", p))
			wait = lookInterval
		}
	}()
	err := store.Hold(ctx, s.Store, keyLease, leaseTTL, func(ctx context.Context) (err error) {
		wait, err = s.drain(ctx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "notifications wait for the store", "error", err)
		return lookInterval
	}
	return wait
}

// drain sends one notification after the other, until none is left, one is not
// taken, or the context ends, and returns when to look again.
func (s *Sender) drain(ctx context.Context) (time.Duration, error) {
	at, err := s.outbox.cursor(ctx)
	if err != nil {
		return 0, err
	}
	if pause := time.Until(at.NotBefore); pause > 0 && pause <= 2*longestPause {
		return pause, nil
	}
	from := at
	for {
		m, found, err := s.outbox.next(ctx, at.Next)
		if err != nil {
			return 0, err
		}
		if !found {
			break
		}
		if !m.Settled && !s.taken(ctx, m) {
			at.Tries++
			at.NotBefore = time.Now().Add(pauseAfter(at.Tries))
			return time.Until(at.NotBefore), s.outbox.move(context.WithoutCancel(ctx), at)
		}
		if !m.Settled {
			if err := s.outbox.settle(context.WithoutCancel(ctx), m); err != nil && !overtaken(err) {
				return 0, err
			}
		}
		at.Next, at.Tries, at.NotBefore = at.Next+1, 0, time.Time{}
	}
	if at != from {
		err = s.outbox.move(context.WithoutCancel(ctx), at)
	}
	return lookInterval, err
}

// pauseAfter is how long a notification waits after so many tries, give or take
// a quarter.
func pauseAfter(tries int) time.Duration {
	pause := longestPause
	if tries < 10 {
		pause = min(pause, firstPause<<(tries-1))
	}
	return pause*3/4 + rand.N(pause/2) //nolint:gosec // A pause is no secret.
}

// taken sends a notification once and reports whether it is done with.
func (s *Sender) taken(ctx context.Context, m message) bool {
	status, err := s.post(ctx, m)
	if err == nil && status/100 == 2 {
		s.Count("sent")
		return true
	}
	if ctx.Err() != nil {
		return false // This instance stops; the next one sends it.
	}
	refused := status/100 == 4 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
	attrs := []any{"number", m.Number, "status", status}
	if err != nil {
		attrs = append(attrs, "cause", transportfault.Kind(err))
	}
	if refused && time.Since(m.Since) > refusalLife {
		s.Count("given_up")
		s.Log.ErrorContext(ctx, "a notification is given up, because its receiver refuses it", attrs...)
		return true
	}
	s.Count("failed")
	s.Log.WarnContext(ctx, "a notification was not taken, and is sent again", attrs...)
	return false
}

// post sends a notification once.
func (s *Sender) post(ctx context.Context, m message) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(m.Body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "kakaowasm")
	sign(r.Header, s.Secrets, m.ID, time.Now(), m.Body)
	answer, err := s.Client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // So that the connection can be used again.
	return answer.StatusCode, nil
}
