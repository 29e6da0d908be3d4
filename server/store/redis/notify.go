package redis

import (
	"context"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store/internal/queue"
)

// notifier wakes those who wait for a lease when Redis publishes that it is
// free. All share one connection, which only carries the ends of leases that
// somebody waits for.
type notifier struct {
	*queue.Queues
	sub      *goredis.PubSub
	channels string // what their names begin with
	ended    chan struct{}
}

// newNotifier subscribes to the channels whose names begin with channels. Its
// goroutine ends with close.
func newNotifier(client goredis.UniversalClient, channels string) *notifier {
	n := &notifier{
		Queues:   queue.New(),
		sub:      client.PSubscribe(context.Background(), globEscaper.Replace(channels)+"*"),
		channels: channels,
		ended:    make(chan struct{}),
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
			n.Wake(strings.TrimPrefix(m.Channel, n.channels))
		case *goredis.Subscription:
			n.WakeAll() // The connection is new: what was published meanwhile is lost.
		}
	}
}

// close ends the subscription and the waiting of all. The client must be closed
// by then, so that none of them begins to wait again.
func (n *notifier) close() {
	_ = n.sub.Close() // Closing again is its only error.
	<-n.ended
	n.WakeAll()
}
