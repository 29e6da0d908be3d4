// Package eventstream serves server-sent events (HTML, section 9.2): what has
// happened, and then each event as it comes. It knows nothing of what they tell.
package eventstream

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// heartbeat is how often a stream without news says that it is alive, so that
// one whose reader has gone ends.
const heartbeat = 15 * time.Second

// Event is one event of a stream.
type Event struct {
	// Number is its id, which a reader who comes back names in Last-Event-ID.
	Number int
	// Type is the name under which readers listen; empty means "message".
	Type string
	// Data is written as JSON. An event whose data cannot be is left out.
	Data any
}

// Serve streams the events that follow the one with number last, until the request
// or the stream ends. after returns those that follow a number, in order, and what
// is closed once there are more.
func Serve(w http.ResponseWriter, r *http.Request, last int, ended <-chan struct{}, after func(last int) ([]Event, <-chan struct{})) {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	connection := http.NewResponseController(w)
	_ = connection.SetWriteDeadline(time.Time{}) // the server's is that of an answer
	for {
		events, more := after(last)
		for _, e := range events {
			last = e.Number
			if !e.write(w) {
				return
			}
		}
		if connection.Flush() != nil {
			return
		}
		select {
		case <-more:
		case <-alive.C:
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-ended:
			return
		}
	}
}

// write reports whether the reader is still there.
func (e Event) write(w http.ResponseWriter) bool {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return true
	}
	if e.Type != "" {
		_, _ = fmt.Fprintf(w, "event: %s\n", e.Type) // the next line meets the same fault
	}
	_, err = fmt.Fprintf(w, "id: %d\ndata: %s\n\n", e.Number, data)
	return err == nil
}

// Signal tells those who wait that there is something new. The zero Signal is
// ready; it is safe for concurrent use.
type Signal struct {
	mu   sync.Mutex
	next chan struct{}
}

// Wait returns what the next Send closes.
func (s *Signal) Wait() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	return s.next
}

// Send wakes everybody who waits.
func (s *Signal) Send() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}
