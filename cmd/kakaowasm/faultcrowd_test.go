package main

import (
	"context"
	"sync"
	"testing"
	"time"
)

// walkers is how many visitors of a crowd are under way at a time.
const walkers = 8

// crowd is the load of a site: visitors log in, renew and look, one after the
// other on each of so many ways. It remembers everybody whose login was
// acknowledged.
type crowd struct {
	*site
	mu       sync.Mutex
	visitors []*visitor
}

// walk is a crowd under way.
type walk struct {
	crowd  *crowd
	done   chan struct{} // receives one for each answer that acknowledges something
	cancel context.CancelFunc
	ended  chan struct{}
	mu     sync.Mutex
	errs   []error
}

// send sets the crowd under way to a server. Each walker goes on until it is told
// to stop or gets an error.
func (c *crowd) send(origin string) *walk {
	ctx, cancel := context.WithCancel(context.Background())
	w := &walk{crowd: c, done: make(chan struct{}), cancel: cancel, ended: make(chan struct{})}
	var walking sync.WaitGroup
	for range walkers {
		walking.Go(func() { w.stroll(ctx, origin) })
	}
	go func() {
		walking.Wait()
		close(w.ended)
	}()
	c.t.Cleanup(func() { w.stop() })
	return w
}

// stop tells all walkers to stop, waits for their last answers, and returns their
// errors.
func (w *walk) stop() []error {
	w.cancel()
	<-w.ended
	return w.errs
}

// stroll is the way of one walker. A login whose code was spent begins again: an
// exchange that was cut off leaves nothing to lose.
func (w *walk) stroll(ctx context.Context, origin string) {
	for ctx.Err() == nil {
		err := w.crowd.visit(origin, func() { w.tell(ctx) })
		if err == nil {
			continue
		}
		w.mu.Lock()
		w.errs = append(w.errs, err)
		w.mu.Unlock()
		if !isSpent(err) {
			return
		}
	}
}

// visit is one visitor's way.
func (c *crowd) visit(origin string, acknowledged func()) error {
	v, err := c.logIn(origin)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.visitors = append(c.visitors, v)
	c.mu.Unlock()
	acknowledged()
	for _, step := range []func(string, *visitor) error{c.renew, c.look, c.renew} {
		if err := step(origin, v); err != nil {
			return err
		}
		acknowledged()
	}
	return nil
}

// tell says that something was acknowledged.
func (w *walk) tell(ctx context.Context) {
	select {
	case w.done <- struct{}{}:
	case <-ctx.Done():
	}
}

// await waits until so many things more were acknowledged.
func (w *walk) await(t *testing.T, n int) {
	t.Helper()
	limit := time.After(2 * answerLimit)
	for got := range n {
		select {
		case <-w.done:
		case <-w.ended:
			t.Fatalf("nobody is under way any more: %v", w.errs)
		case <-limit:
			t.Fatalf("%d answers of %d", got, n)
		}
	}
}
