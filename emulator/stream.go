package emulator

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"github.com/kakaowasm/kakaowasm/emulator/internal/journal"
	"github.com/kakaowasm/kakaowasm/internal/eventstream"
)

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

// Call is one request to the platform and the answer that it got. It holds what
// came over the wire, secrets included; the console shows it without them.
type Call = journal.Call

// Calls returns the calls to a path, or all if path is empty, oldest first. The
// last 900 at least are remembered, as far as 8 MB hold them.
func (e *World) Calls(path string) []Call { return e.journal.Calls(path, 0) }

// Follow calls each with every call to the platform that comes after those that
// are remembered now, in order, until ctx is done. Calls hold secrets: print them
// by [Call.String].
func (e *World) Follow(ctx context.Context, each func(Call)) {
	last := e.journal.Last()
	for {
		calls, more := e.journal.After(last)
		for _, c := range calls {
			last = c.Number
			each(c)
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

// stream is GET /console/api/stream: server-sent events (HTML, section 9.2), one
// "call" for each call after the one that Last-Event-ID or ?after= names. It ends
// with the world.
func (e *World) stream(w http.ResponseWriter, r *http.Request) {
	last := e.journal.Last()
	for _, asked := range []string{r.URL.Query().Get("after"), r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.Atoi(asked); err == nil {
			last = n
		}
	}
	eventstream.Serve(w, r, last, e.streams.end(), func(last int) ([]eventstream.Event, <-chan struct{}) {
		calls, more := e.journal.After(last)
		var events []eventstream.Event
		for _, c := range calls {
			events = append(events, eventstream.Event{Number: c.Number, Type: "call", Data: c.Info()})
		}
		return events, more
	})
}
