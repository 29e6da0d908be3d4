package emulator

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/eventlog"
	"github.com/kakaowasm/kakaowasm/internal/recorder"
)

// How much is remembered at most: so many calls, of each answer so many bytes, and
// of all together so many.
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

// journal is what was called.
type journal struct {
	log    eventlog.Log[Call]
	logins logins
}

// newJournal returns an empty journal.
func newJournal() *journal {
	return &journal{log: eventlog.Log[Call]{Limit: journalLength, Size: Call.size, MaxSize: journalSize}}
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
	j.log.Add(func(number int) Call {
		c.Number, c.Login = number, j.logins.of(c)
		return c
	})
}

func (j *journal) clear() {
	j.log.Clear()
	j.logins.forget()
}

// calls are those to a path, or all if path is empty, with a later number.
func (j *journal) calls(path string, after int) []Call {
	calls, _ := j.log.After(after)
	return slices.DeleteFunc(calls, func(c Call) bool { return path != "" && c.Path != path })
}

// Calls returns the calls to a path, or all if path is empty, oldest first. The
// last 900 at least are remembered, as far as 8 MB hold them.
func (e *World) Calls(path string) []Call { return e.journal.calls(path, 0) }

// record writes what next is asked and answers into the journal, with times of a
// clock.
func (j *journal) record(next http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := readAhead(r)
		answer := &recorder.Response{ResponseWriter: w, Limit: journalBody}
		began := time.Now() // the platform's clock may stand still
		defer func() {
			j.add(Call{
				At: now(), Method: r.Method, Host: r.Host, Path: r.URL.Path,
				Query: r.URL.Query(), Form: formOf(r.Header, body), Header: r.Header.Clone(),
				Status: answer.Status(), AnswerHeader: w.Header().Clone(), Answer: answer.Body(),
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
