package emulator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// streamBeat is how often a stream without news says that it is alive, so that
// one whose reader has gone ends.
const streamBeat = 15 * time.Second

// streams are the open streams of a world.
type streams struct {
	once  sync.Once
	ended chan struct{}
}

// end is closed once streams end.
func (s *streams) end() chan struct{} {
	s.once.Do(func() { s.ended = make(chan struct{}) })
	return s.ended
}

// EndStreams ends the streams of all worlds, and those that begin later: a server
// that waits for its requests before it closes would wait for them.
func (e *Emulator) EndStreams() {
	for _, world := range e.Worlds() {
		world.EndStreams()
	}
}

// EndStreams ends the streams of this world, and those that begin later.
func (e *World) EndStreams() {
	e.ending.Do(func() { close(e.streams.end()) })
}

// bell wakes those who wait for news.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // closed by the next ring
}

// wait is closed by the next ring.
func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// Follow calls each with every call to the platform that comes after those that
// are remembered now, in order, until ctx is done. Calls hold secrets: print them
// by [Call.String].
func (e *World) Follow(ctx context.Context, each func(Call)) {
	last := e.journal.lastNumber()
	for {
		news := e.journal.news.wait()
		for _, c := range e.journal.after(last) {
			last = c.Number
			each(c)
		}
		select {
		case <-news:
		case <-ctx.Done():
			return
		}
	}
}

// stream is GET /console/api/stream: server-sent events (HTML, section 9.2), one
// "call" for each call after the one that Last-Event-ID or ?after= names. It ends
// with the world.
func (e *World) stream(w http.ResponseWriter, r *http.Request) {
	last := e.journal.lastNumber()
	for _, asked := range []string{r.URL.Query().Get("after"), r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.Atoi(asked); err == nil {
			last = n
		}
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	flusher := http.NewResponseController(w)
	_ = flusher.SetWriteDeadline(time.Time{}) // the server's is that of an answer
	for {
		news := e.journal.news.wait()
		for _, c := range e.journal.after(last) {
			last = c.Number
			if !writeEvent(w, c) {
				return
			}
		}
		if flusher.Flush() != nil {
			return
		}
		select {
		case <-news:
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-e.streams.end():
			return
		}
	}
}

func writeEvent(w http.ResponseWriter, c Call) bool {
	data, err := json.Marshal(c.info())
	if err != nil {
		return true // a call that cannot be written is left out
	}
	_, err = fmt.Fprintf(w, "event: call\nid: %d\ndata: %s\n\n", c.Number, data)
	return err == nil
}
