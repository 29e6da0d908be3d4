package main

import (
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
	crowd   *crowd
	done    chan struct{} // receives one for each answer that acknowledges something
	stopped chan struct{}
	halt    func() // closes stopped, once
	ended   chan struct{}
	mu      sync.Mutex
	errs    []error
}

// send sets the crowd under way to a server. Each walker goes on until it is told
// to stop or gets an error.
func (c *crowd) send(origin string) *walk {
	w := &walk{crowd: c, done: make(chan struct{}), stopped: make(chan struct{}), ended: make(chan struct{})}
	w.halt = sync.OnceFunc(func() { close(w.stopped) })
	var walking sync.WaitGroup
	for range walkers {
		walking.Go(func() { w.stroll(origin) })
	}
	go func() {
		walking.Wait()
		close(w.ended)
	}()
	c.t.Cleanup(w.halt)
	return w
}

// stop tells all walkers to stop, waits for their last answers, and returns their
// errors.
func (w *walk) stop() []error {
	w.halt()
	<-w.ended
	return w.errs
}

// stroll is the way of one walker. A login whose code was spent begins again: an
// exchange that was cut off leaves nothing to lose.
func (w *walk) stroll(origin string) {
	for !isClosed(w.stopped) {
		err := w.crowd.visit(origin, w.acknowledge)
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

// acknowledge says that something was acknowledged.
func (w *walk) acknowledge() {
	select {
	case w.done <- struct{}{}:
	case <-w.stopped:
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
