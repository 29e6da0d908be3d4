package bolt

import (
	"context"
	"errors"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// groupLimit is how many changes share one commit at most.
const groupLimit = 256

// writer makes changes in groups. While one group is on its way to the disk,
// the next gathers; so a lone change never waits for company, and many at once
// share the price of one commit. (The batches of bbolt instead make a lone
// change wait for a timer.)
type writer struct {
	db      *database
	queue   chan *change
	closing chan struct{}
	ended   chan struct{}
	// unswept says that damage was met, perhaps by the sweep: nothing is swept any
	// more, or no commit would succeed.
	unswept bool
}

// change is a change that waits to be made.
type change struct {
	apply func(buckets) error
	err   error
	made  chan struct{} // closed when err is known
}

// newWriter starts a writer. Its goroutine ends with close.
func newWriter(db *database) *writer {
	w := &writer{db: db, queue: make(chan *change), closing: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

// close ends the writer and waits for the group that is being committed. Call
// it once.
func (w *writer) close() {
	close(w.closing)
	<-w.ended
}

// write makes a change and returns its result once it is on the disk. The
// function returns the result, or why the change is refused, having changed
// nothing; its last error is one of the database, which fails the group.
func write[T any](ctx context.Context, w *writer, apply func(buckets) (result T, refusal, err error)) (T, error) {
	var result, none T
	var refusal error
	err := w.make(ctx, func(b buckets) (err error) {
		result, refusal, err = apply(b)
		return err
	})
	if err != nil {
		return none, unavailable(err) // The writer may still be at work on result.
	}
	return result, refusal
}

// make has a change made and waits for it.
func (w *writer) make(ctx context.Context, apply func(buckets) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c := &change{apply: apply, made: make(chan struct{})}
	select {
	case w.queue <- c:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.closing:
		return store.ErrClosed
	}
	select {
	case <-c.made:
		return c.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// run makes what is queued until the writer closes.
func (w *writer) run() {
	defer close(w.ended)
	for {
		select {
		case c := <-w.queue:
			w.commit(w.gather(c))
		case <-w.closing:
			return
		}
	}
}

// gather returns a group of the first change and those that are waiting now.
func (w *writer) gather(first *change) []*change {
	group := []*change{first}
	for len(group) < groupLimit {
		select {
		case c := <-w.queue:
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// commit makes a group of changes, all or none; where that meets damage, each by
// itself, so that one entry in a damaged page fails nobody else's.
func (w *writer) commit(group []*change) {
	err := w.update(group)
	if errors.Is(err, store.ErrDamaged) {
		w.unswept = true
		for _, c := range group {
			c.finish(w.update([]*change{c}))
		}
		return
	}
	for _, c := range group {
		c.finish(err)
	}
}

// update makes a group of changes in one transaction, and sweeps.
func (w *writer) update(group []*change) error {
	return w.db.Update(func(tx *bbolt.Tx) error {
		b := w.db.buckets(tx)
		for _, c := range group {
			if err := c.apply(b); err != nil {
				return err
			}
		}
		if w.unswept {
			return nil
		}
		return b.sweep()
	})
}

// finish tells who waits for a change what came of it.
func (c *change) finish(err error) {
	c.err = err
	close(c.made)
}
