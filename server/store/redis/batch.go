package redis

import (
	"context"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

const (
	// batchLimit is how many commands go to Redis together at most.
	batchLimit = 128
	// roundTrips is how many are on their way at a time: while Redis works on
	// one, the next batch gathers, and a slow one does not stop all others.
	roundTrips = 2
	// batchGrace is how much longer than its callers a batch waits for Redis, so
	// that each caller is told of the end of its own time, and not of the batch's.
	batchGrace = time.Second
)

// batcher sends commands of many callers in one pipeline: what comes while
// others are on their way is the next batch. A lone command is sent by its caller
// at once, and many share the price of a round trip and, in Redis, of a write to
// the disk.
type batcher struct {
	client  goredis.UniversalClient
	onWay   chan struct{} // holds one item for each round trip
	queue   chan *call
	closing chan struct{}
	workers sync.WaitGroup
}

// call is a command that waits to be sent.
type call struct {
	cmd      goredis.Cmder
	deadline time.Time     // zero for none
	answered chan struct{} // closed when the command has its answer
}

// newBatcher starts the workers. They end with close.
func newBatcher(client goredis.UniversalClient) *batcher {
	b := &batcher{client: client, onWay: make(chan struct{}, roundTrips), queue: make(chan *call), closing: make(chan struct{})}
	for range roundTrips {
		b.workers.Go(b.work)
	}
	return b
}

// close ends the workers. The client must be closed by then.
func (b *batcher) close() {
	close(b.closing)
	b.workers.Wait()
}

// process sends a command and waits for its answer. Where the context ends
// first, the command may still be at work and must not be looked at.
func (b *batcher) process(ctx context.Context, cmd goredis.Cmder) error {
	select {
	case b.onWay <- struct{}{}:
		defer func() { <-b.onWay }()
		return b.client.Process(ctx, cmd)
	default:
		return b.share(ctx, cmd)
	}
}

// share is process in a batch.
func (b *batcher) share(ctx context.Context, cmd goredis.Cmder) error {
	c := &call{cmd: cmd, answered: make(chan struct{})}
	c.deadline, _ = ctx.Deadline()
	select {
	case b.queue <- c:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-b.closing:
		return goredis.ErrClosed
	}
	select {
	case <-c.answered:
		return cmd.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// work sends what is queued until the batcher closes.
func (b *batcher) work() {
	for {
		select {
		case c := <-b.queue:
			b.onWay <- struct{}{}
			b.send(b.gather(c))
			<-b.onWay
		case <-b.closing:
			return
		}
	}
}

// gather returns a batch of the first call and those that are waiting now.
func (b *batcher) gather(first *call) []*call {
	batch := []*call{first}
	for len(batch) < batchLimit {
		select {
		case c := <-b.queue:
			batch = append(batch, c)
		default:
			return batch
		}
	}
	return batch
}

// send sends a batch. It may take a little longer than the last of its
// callers waits.
func (b *batcher) send(batch []*call) {
	ctx, cancel := batchContext(batch)
	defer cancel()
	pipe := b.client.Pipeline()
	for _, c := range batch {
		_ = pipe.Process(ctx, c.cmd) // It only queues.
	}
	_, _ = pipe.Exec(ctx) // Each command has its own error.
	for _, c := range batch {
		close(c.answered)
	}
}

// batchContext returns a context that ends soon after none of the callers waits any
// more.
func batchContext(batch []*call) (context.Context, context.CancelFunc) {
	var latest time.Time
	for _, c := range batch {
		if c.deadline.IsZero() {
			return context.WithCancel(context.Background())
		}
		if c.deadline.After(latest) {
			latest = c.deadline
		}
	}
	return context.WithDeadline(context.Background(), latest.Add(batchGrace))
}
