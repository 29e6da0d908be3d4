package emulator

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/eventstream"
)

// How much is remembered: the last calls, of each answer so many bytes, and of
// all together so many.
const (
	journalLength = 1000
	journalBody   = 16 << 10
	journalSize   = 8 << 20
)

// Call is one request to the platform and the answer that it got. It holds what
// came over the wire, secrets included; the console shows it without them.
type Call struct {
	// Number counts the calls, from 1.
	Number int
	At     time.Time // by the platform's clock
	Method string
	Host   string
	Path   string
	// Query and Form are the parameters of address and body.
	Query, Form url.Values
	Header      http.Header
	// Status is that of the answer; 0 if the connection was dropped.
	Status       int
	AnswerHeader http.Header
	// Answer is the body of the answer, up to 16 KiB.
	Answer []byte
	// Duration is how long the answer took.
	Duration time.Duration
	// Login numbers the login that the call belongs to: calls of one share a
	// state, a form, a code or a token. It is 0 for calls of none.
	Login int
}

// String says what was called and how it ended, without any parameter.
func (c Call) String() string {
	return fmt.Sprintf("%s %s -> %d", c.Method, c.Path, c.Status)
}

// journal is what was called, oldest first.
type journal struct {
	news eventstream.Signal // sent with every call

	mu     sync.Mutex
	last   int
	size   int
	calls  []Call
	logins logins
}

// size is about how many bytes a call takes.
func (c Call) size() int {
	size := len(c.Method) + len(c.Host) + len(c.Path) + len(c.Answer)
	for _, values := range []map[string][]string{c.Query, c.Form, c.Header, c.AnswerHeader} {
		for name, list := range values {
			size += len(name)
			for _, value := range list {
				size += len(value)
			}
		}
	}
	return size
}

func (j *journal) add(c Call) {
	j.mu.Lock()
	defer j.news.Send()
	defer j.mu.Unlock()
	j.last++
	c.Number, c.Login = j.last, j.logins.of(c)
	j.calls = append(j.calls, c)
	j.size += c.size()
	if len(j.calls) > journalLength || j.size > journalSize {
		j.forgetOldest()
	}
}

// forgetOldest makes room for a tenth of what is remembered. The caller holds the
// lock.
func (j *journal) forgetOldest() {
	oldest := 0
	for len(j.calls)-oldest > journalLength*9/10 || j.size > journalSize*9/10 {
		j.size -= j.calls[oldest].size()
		oldest++
	}
	j.calls = slices.Delete(j.calls, 0, oldest)
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls, j.size, j.logins.byKey = nil, 0, nil
}

// lastNumber is that of the last call so far.
func (j *journal) lastNumber() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// after are the calls with a later number.
func (j *journal) after(number int) []Call {
	j.mu.Lock()
	defer j.mu.Unlock()
	i, _ := slices.BinarySearchFunc(j.calls, number+1, func(c Call, n int) int { return c.Number - n })
	return slices.Clone(j.calls[i:])
}

// numbered is the call of a number, if it is remembered.
func (j *journal) numbered(number int) (Call, bool) {
	calls := j.after(number - 1)
	if len(calls) == 0 || calls[0].Number != number {
		return Call{}, false
	}
	return calls[0], true
}

// Calls returns the calls to a path, or all if path is empty, oldest first. The
// last 1,000 are remembered.
func (e *World) Calls(path string) []Call {
	e.journal.mu.Lock()
	defer e.journal.mu.Unlock()
	var found []Call
	for _, c := range e.journal.calls {
		if path == "" || c.Path == path {
			found = append(found, c)
		}
	}
	return found
}

// recorded writes what next is asked and answers into the journal.
func (e *World) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := readAhead(r)
		answer := &recorder{ResponseWriter: w}
		began := time.Now() // the platform's clock may stand still
		defer func() {
			e.journal.add(Call{
				At: e.clock.Now(), Method: r.Method, Host: r.Host, Path: r.URL.Path,
				Query: r.URL.Query(), Form: formOf(r.Header, body), Header: r.Header.Clone(),
				Status: answer.status, AnswerHeader: w.Header().Clone(), Answer: answer.body.Bytes(),
				Duration: time.Since(began),
			})
		}()
		next.ServeHTTP(answer, r)
	})
}

// readAhead takes the body, whose size is limited, off the connection and leaves
// a copy in its place. The journal then has it whatever answers, and the server
// notices who gives up: it does not watch a connection with a body left to read.
func readAhead(r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	copied := io.Reader(bytes.NewReader(body))
	if err != nil {
		copied = io.MultiReader(copied, broken{err})
	}
	r.Body = io.NopCloser(copied)
	return body
}

// broken is where a body ended too early.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// formOf are the parameters of a body; one of another type has none.
func formOf(header http.Header, body []byte) url.Values {
	if !isForm(header) {
		return url.Values{}
	}
	form, _ := url.ParseQuery(string(body))
	return form
}

// recorder remembers an answer that passes through it.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(p[:min(len(p), journalBody-r.body.Len())])
	return r.ResponseWriter.Write(p)
}

// Unwrap lets [http.ResponseController] find the writer behind.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
