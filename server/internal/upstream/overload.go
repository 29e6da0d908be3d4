package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
)

const (
	// BreakerFailures is how many calls to one origin must fail in a row before no
	// more are made for breakerPause; then one is, and its outcome decides.
	BreakerFailures = 10
	breakerPause    = time.Second
	// MaxOpenCalls is how many calls to one origin may be open. Whoever comes then
	// waits for slotWait, and is refused.
	MaxOpenCalls = 128
	slotWait     = time.Second
	// ProbesPerSecond is how many calls are made all the same where that many hang: by
	// one that is answered it is seen that the origin is back.
	ProbesPerSecond = 1
)

// Failures of calls that are not made.
var (
	errBreakerOpen  = transportfault.NotMade("not asked: it has failed many times in a row, and is asked again in a second")
	errTooManyCalls = transportfault.NotMade("not asked: too many calls to it are open already")
)

// overloadGuard is a transport that keeps an origin that is slow or fails from being
// asked more than it can answer (design, rule 11).
type overloadGuard struct {
	next    http.RoundTripper
	mu      sync.Mutex
	origins map[string]*originGuard
}

// guardedFromOverload returns a transport whose calls pass the guard.
func guardedFromOverload(next http.RoundTripper) http.RoundTripper {
	return &overloadGuard{next: next, origins: map[string]*originGuard{}}
}

// RoundTrip implements [http.RoundTripper].
func (g *overloadGuard) RoundTrip(r *http.Request) (*http.Response, error) {
	origin := g.origin(r.URL.Scheme + "://" + r.URL.Host)
	release, probing, err := origin.enter(r.Context())
	if err != nil {
		return nil, err
	}
	res, err := origin.call(r, g.next)
	if err != nil {
		release()
		return nil, err
	}
	if probing && res.StatusCode < http.StatusInternalServerError {
		origin.renewSlots()
	}
	res.Body = &releasingBody{ReadCloser: res.Body, release: sync.OnceFunc(release)}
	return res, nil
}

// origin returns the guard of an origin. There are few: those of the platform.
func (g *overloadGuard) origin(name string) *originGuard {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.origins[name] == nil {
		g.origins[name] = newOriginGuard()
	}
	return g.origins[name]
}

// originGuard bounds the calls to one origin.
type originGuard struct {
	breaker *gobreaker.CircuitBreaker[*http.Response]
	probes  *rate.Limiter
	slots   atomic.Pointer[semaphore.Weighted]
}

func newOriginGuard() *originGuard {
	g := &originGuard{
		probes: rate.NewLimiter(ProbesPerSecond, 1),
		breaker: gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{ //nolint:bodyclose // It makes no call.
			Timeout:      breakerPause,
			ReadyToTrip:  func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= BreakerFailures },
			IsSuccessful: func(err error) bool { return err == nil || saysNothing(err) },
		}),
	}
	g.renewSlots()
	return g
}

// renewSlots gives an origin that answers again all its slots: calls that still hang
// keep those that they had.
func (g *originGuard) renewSlots() { g.slots.Store(semaphore.NewWeighted(MaxOpenCalls)) }

// enter takes a slot, and returns what gives it back. Where every slot is taken by
// calls that hang, it lets one call a second pass, which is probing.
func (g *originGuard) enter(ctx context.Context) (release func(), probing bool, err error) {
	slots := g.slots.Load()
	if slots.TryAcquire(1) || acquireSoon(ctx, slots) {
		return func() { slots.Release(1) }, false, nil
	}
	if ctx.Err() != nil {
		return nil, false, context.Cause(ctx)
	}
	if g.probes.Allow() {
		return func() {}, true, nil
	}
	return nil, false, errTooManyCalls
}

// acquireSoon takes a slot that becomes free within slotWait.
func acquireSoon(ctx context.Context, slots *semaphore.Weighted) bool {
	ctx, cancel := context.WithTimeout(ctx, slotWait)
	defer cancel()
	return slots.Acquire(ctx, 1) == nil
}

// errFailed makes an answer of a server that fails count as a failure.
var errFailed = errors.New("status 5xx")

// call makes a call unless the breaker is open.
func (g *originGuard) call(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	var answer *http.Response
	_, err := g.breaker.Execute(func() (*http.Response, error) {
		res, err := next.RoundTrip(r)
		if answer = res; err == nil && res.StatusCode >= http.StatusInternalServerError {
			err = errFailed
		}
		return nil, err
	})
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return nil, errBreakerOpen
	case errors.Is(err, errFailed):
		return answer, nil
	}
	return answer, err
}

// saysNothing reports whether a failure says nothing about the origin: the caller
// has given up. A time-out is left to the bound on open calls: an origin that is
// slow may yet answer.
func saysNothing(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// releasingBody gives a slot back with the end of an answer.
type releasingBody struct {
	io.ReadCloser
	release func()
}

// Close implements [io.Closer].
func (b *releasingBody) Close() error {
	b.release()
	return b.ReadCloser.Close()
}
