// Package journal is what was called: requests and answers, in which login they
// belong together, and how they are shown without secrets. It knows what is secret
// from the catalogue, and nothing of who answers.
package journal

import (
	"bytes"
	"fmt"
	"io"
	"mime"
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
	maxCalls = 1000
	maxBody  = 16 << 10
	maxSize  = 8 << 20
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

// Journal is what was called, oldest first. Make one with [New]; it is safe for
// concurrent use.
type Journal struct {
	eventlog.Log[Call]
	logins logins
}

// New returns an empty journal.
func New() *Journal {
	return &Journal{Log: eventlog.Log[Call]{Limit: maxCalls, Size: Call.size, MaxSize: maxSize}}
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

func (j *Journal) add(c Call) {
	j.Add(func(number int) Call {
		c.Number, c.Login = number, j.logins.of(c)
		return c
	})
}

// Clear forgets all calls. Numbers of calls and logins go on.
func (j *Journal) Clear() {
	j.Log.Clear()
	j.logins.forget()
}

// Calls are those to a path, or all if path is empty, with a later number.
func (j *Journal) Calls(path string, after int) []Call {
	calls, _ := j.After(after)
	return slices.DeleteFunc(calls, func(c Call) bool { return path != "" && c.Path != path })
}

// Record writes what next is asked and answers into the journal, with times of a
// clock.
func (j *Journal) Record(next http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := readAhead(r)
		answer := &recorder.Response{ResponseWriter: w, Limit: maxBody}
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
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return url.Values{}
	}
	form, _ := url.ParseQuery(string(body))
	return form
}
