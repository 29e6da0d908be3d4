package redis

import (
	"context"
	"strings"
	"sync"

	goredis "github.com/redis/go-redis/v9"
)

// bell wakes those who wait for a lease when Redis says that it is free. All
// share one connection, which only carries the ends of leases that somebody
// waits for.
type bell struct {
	sub      *goredis.PubSub
	channels string // what their names begin with
	ended    chan struct{}

	mu      sync.Mutex
	waiting map[string]*room
}

// room is where those wait who wait for the lease of one key.
type room struct {
	freed chan struct{} // closed when the lease may be free
	users int
}

// newBell listens to the channels whose names begin with channels. Its
// goroutine ends with close.
func newBell(client *goredis.Client, channels string) *bell {
	b := &bell{
		sub:      client.PSubscribe(context.Background(), globEscaper.Replace(channels)+"*"),
		channels: channels,
		ended:    make(chan struct{}),
		waiting:  make(map[string]*room),
	}
	go b.run()
	return b
}

// globEscaper takes their meaning from the characters of a pattern.
var globEscaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// run rings for each message.
func (b *bell) run() {
	defer close(b.ended)
	for message := range b.sub.ChannelWithSubscriptions() {
		switch m := message.(type) {
		case *goredis.Message:
			b.ring(strings.TrimPrefix(m.Channel, b.channels))
		case *goredis.Subscription:
			b.ringAll() // The connection is new: what was said meanwhile is lost.
		}
	}
}

// close ends the bell and the waiting of all. The client must be closed by
// then, so that none of them begins to wait again.
func (b *bell) close() {
	_ = b.sub.Close() // Closing again is its only error.
	<-b.ended
	b.ringAll()
}

// listen returns a channel that is closed when the lease of a key may have
// become free, and a function to call when it is no longer waited for.
func (b *bell) listen(key string) (freed <-chan struct{}, leave func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.waiting[key]
	if r == nil {
		r = &room{freed: make(chan struct{})}
		b.waiting[key] = r
	}
	r.users++
	return r.freed, func() { b.leave(key, r) }
}

// leave takes a user from a room.
func (b *bell) leave(key string, r *room) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.users--; r.users == 0 && b.waiting[key] == r {
		delete(b.waiting, key)
	}
}

// ring wakes those who wait for the lease of a key.
func (b *bell) ring(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.waiting[key]; r != nil {
		close(r.freed)
		delete(b.waiting, key)
	}
}

// ringAll wakes everybody.
func (b *bell) ringAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, r := range b.waiting {
		close(r.freed)
		delete(b.waiting, key)
	}
}
