package demo

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/internal/eventstream"
	"github.com/kakaowasm/kakaowasm/internal/recorder"
)

// Party is one of those who talk to each other in a login.
type Party string

// The parties.
const (
	Window      Party = "window" // a window that is led somewhere: the popup, or the page's own
	Page        Party = "page"   // a script of a page
	TokenServer Party = "server"
	Kakao       Party = "kakao"
)

// Step is one request of a login: what a page cannot see by itself, because another
// window or the token server has sent it. It holds no query and no body.
type Step struct {
	Number int `json:"number"`
	// At is when the request came, in milliseconds since 1970, of this machine's clock.
	At     float64 `json:"at"`
	From   Party   `json:"from"`
	To     Party   `json:"to"`
	Method string  `json:"method"`
	Path   string  `json:"path"`
	Status int     `json:"status"`
	// Took is how long the answer took, in milliseconds.
	Took int64 `json:"ms"`
}

// stepsKept is how many steps are remembered at most, for a page that comes later.
const stepsKept = 200

// Steps records the requests to token server and emulator, and streams them to the
// page, which shows them in its log. Make one with [NewSteps]; it is safe for
// concurrent use.
type Steps struct {
	log   eventlog.Log[Step]
	ended chan struct{}
	end   sync.Once
}

// NewSteps returns an empty record.
func NewSteps() *Steps {
	return &Steps{log: eventlog.Log[Step]{Limit: stepsKept}, ended: make(chan struct{})}
}

// End ends the streams, and those that begin later: a server that waits for its
// requests before it closes would wait for them.
func (s *Steps) End() { s.end.Do(func() { close(s.ended) }) }

// Record serves requests by next, which is the party to, and remembers them.
func (s *Steps) Record(to Party, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := sender(r)
		if from == "" {
			next.ServeHTTP(w, r)
			return
		}
		began := time.Now()
		answer := &recorder.Response{ResponseWriter: w}
		defer func() { // also where the handler drops the connection by a panic
			s.log.Add(func(number int) Step {
				return Step{
					Number: number, At: float64(began.UnixMicro()) / 1000, From: from, To: to, Method: r.Method, Path: r.URL.Path,
					Status: cmp.Or(answer.Status(), http.StatusOK), Took: time.Since(began).Milliseconds(),
				}
			})
		}()
		next.ServeHTTP(answer, r)
	})
}

// sender tells who sends a request by what browsers say of it (W3C Fetch Metadata);
// programs say nothing. Pictures, styles and preflights are no steps: it is empty.
func sender(r *http.Request) Party {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "document":
		return Window
	case "empty":
		if r.Method != http.MethodOptions {
			return Page
		}
	case "":
		return TokenServer
	}
	return ""
}

// since are the steps that came after a number and not before a time, and what is
// closed when there are more.
func (s *Steps) since(number int, time float64) ([]Step, <-chan struct{}) {
	steps, more := s.log.After(number)
	return slices.DeleteFunc(steps, func(step Step) bool { return step.At < time }), more
}

// ServeHTTP streams the steps as server-sent events (HTML, section 9.2): those since
// the time that the parameter since names, in milliseconds since 1970, or after
// the one that Last-Event-ID names, and then each that comes.
func (s *Steps) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	since, err := strconv.ParseFloat(r.URL.Query().Get("since"), 64)
	if err != nil {
		http.Error(w, "since must be a number of milliseconds since 1970", http.StatusBadRequest)
		return
	}
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-ID")) // none is 0
	eventstream.Serve(w, r, last, s.ended, func(last int) ([]eventstream.Event, <-chan struct{}) {
		steps, news := s.since(last, since)
		var events []eventstream.Event
		for _, step := range steps {
			events = append(events, eventstream.Event{Number: step.Number, Data: step})
		}
		return events, news
	})
}
