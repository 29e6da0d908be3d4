package demo

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/eventstream"
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

// stepsKept is how many steps are remembered, for a page that comes later.
const stepsKept = 200

// Steps records the requests to token server and emulator, and streams them to the
// page, which shows them in its log. Make one with [NewSteps]; it is safe for
// concurrent use.
type Steps struct {
	mu    sync.Mutex
	last  int
	kept  []Step
	news  eventstream.Signal // sent with every step
	ended chan struct{}
	end   sync.Once
}

// NewSteps returns an empty record.
func NewSteps() *Steps {
	return &Steps{ended: make(chan struct{})}
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
		answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() { // also where the handler drops the connection by a panic
			s.add(Step{
				At: float64(began.UnixMicro()) / 1000, From: from, To: to, Method: r.Method, Path: r.URL.Path,
				Status: answer.status, Took: time.Since(began).Milliseconds(),
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

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach what the writer can do.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (s *Steps) add(step Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	step.Number = s.last
	if len(s.kept) == stepsKept {
		s.kept = append(s.kept[:0], s.kept[1:]...)
	}
	s.kept = append(s.kept, step)
	s.news.Send()
}

// after are the steps that came after a number and not before a time, and what is
// closed when there are more.
func (s *Steps) after(number int, since float64) ([]Step, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var steps []Step
	for _, step := range s.kept {
		if step.Number > number && step.At >= since {
			steps = append(steps, step)
		}
	}
	return steps, s.news.Wait()
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
		steps, news := s.after(last, since)
		var events []eventstream.Event
		for _, step := range steps {
			events = append(events, eventstream.Event{Number: step.Number, Data: step})
		}
		return events, news
	})
}
