package redis

import (
	"context"
	"strings"
	"sync"

	goredis "github.com/redis/go-redis/v9"
)

// notifier wakes those who wait for a lease when Redis publishes that it is
// free. All share one connection, which only carries the ends of leases that
// somebody waits for.
type notifier struct {
	sub      *goredis.PubSub
	channels string // what their names begin with
	ended    chan struct{}

	mu     sync.Mutex
	queues map[string]*queue
}

// queue holds those who wait for the lease of one key.
type queue struct {
	freed chan struct{} // closed when the lease may be free
	users int
}

// newNotifier subscribes to the channels whose names begin with channels. Its
// goroutine ends with close.
func newNotifier(client goredis.UniversalClient, channels string) *notifier {
	n := &notifier{
		sub:      client.PSubscribe(context.Background(), globEscaper.Replace(channels)+"*"),
		channels: channels,
		ended:    make(chan struct{}),
		queues:   make(map[string]*queue),
	}
	go n.run()
	return n
}

// globEscaper takes their meaning from the characters of a pattern.
var globEscaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// run passes on each message.
func (n *notifier) run() {
	defer close(n.ended)
	for message := range n.sub.ChannelWithSubscriptions() {
		switch m := message.(type) {
		case *goredis.Message:
			n.wake(strings.TrimPrefix(m.Channel, n.channels))
		case *goredis.Subscription:
			n.wakeAll() // The connection is new: what was published meanwhile is lost.
		}
	}
}

// close ends the subscription and the waiting of all. The client must be closed
// by then, so that none of them begins to wait again.
func (n *notifier) close() {
	_ = n.sub.Close() // Closing again is its only error.
	<-n.ended
	n.wakeAll()
}

// join returns a channel that is closed when the lease of a key may have become
// free, and a function to call when it is no longer waited for.
func (n *notifier) join(key string) (freed <-chan struct{}, leave func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	q := n.queues[key]
	if q == nil {
		q = &queue{freed: make(chan struct{})}
		n.queues[key] = q
	}
	q.users++
	return q.freed, func() { n.leave(key, q) }
}

// leave takes a user from a queue.
func (n *notifier) leave(key string, q *queue) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if q.users--; q.users == 0 && n.queues[key] == q {
		delete(n.queues, key)
	}
}

// wake wakes those who wait for the lease of a key.
func (n *notifier) wake(key string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if q := n.queues[key]; q != nil {
		close(q.freed)
		delete(n.queues, key)
	}
}

// wakeAll wakes everybody.
func (n *notifier) wakeAll() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for key, q := range n.queues {
		close(q.freed)
		delete(n.queues, key)
	}
}
