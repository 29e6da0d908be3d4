//go:build js

package main

import (
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// How often the code is asked for, how many times, and how long one answer may
// take, in milliseconds.
const (
	pollEvery   = time.Second
	pollTries   = 600
	pollTimeout = 10_000
)

// The codes of the polling's answers.
const (
	pollWaiting = "300" // the user has not decided
	pollNetwork = "700" // Kakao wants its own error page to be shown
)

// field is one member of an answer that goes to the page as it came.
type field struct {
	name  string
	value js.Value
}

// polled is the end of a polling.
type polled struct {
	// answer holds the code, or the error; nil if there was none.
	answer []field
	// network tells that the page is to be led to Kakao's error page.
	network bool
	// timeout tells that the last try brought nothing.
	timeout bool
}

// poll asks for the code of a transaction until there is an answer. It ends
// without one when stop is closed, or when the window is: by the SDK, or, if
// theUserMay, by the user.
func (s *sdk) poll(transaction string, stop <-chan struct{}, w *window, theUserMay bool) polled {
	address := rules.CodeURL(s.platform, s.appKey, transaction, s.agent)
	for range pollTries {
		select {
		case <-stop:
			return polled{}
		case <-time.After(pollEvery):
		}
		if w != nil && w.value.IsUndefined() {
			return polled{}
		}
		last := w != nil && theUserMay && w.isClosed() // a code that came with the window's last breath counts
		if end, ok := s.pollOnce(address); ok && !isClosed(stop) {
			return end
		}
		if last || isClosed(stop) {
			return polled{}
		}
	}
	return polled{timeout: true}
}

func (s *sdk) pollOnce(address string) (polled, bool) {
	response, err := jsbridge.Fetch(jsbridge.Request{Method: kakao.Get, URL: address, Timeout: pollTimeout})
	if err != nil {
		return polled{}, false
	}
	body := response.Body
	defer jsbridge.Release(body)
	if response.Status != 200 || body.Type() != js.TypeObject {
		return polled{}, false
	}
	code := body.Get("code")
	number := body.Get("error_code")
	defer jsbridge.Release(number)
	switch status := jsbridge.Text(body, "status"); {
	case status == "ok" && code.Truthy():
		return polled{answer: []field{{"code", code}}}, true
	case status == "error" && number.Truthy() && !isText(number, pollWaiting):
		return polled{
			answer:  []field{{"error", body.Get("error")}, {"error_description", body.Get("error_description")}},
			network: isText(number, pollNetwork),
		}, true
	}
	return polled{}, false
}

// isText reports whether v is exactly that string.
func isText(v js.Value, text string) bool { return v.Type() == js.TypeString && v.String() == text }

// object makes an object of the fields and releases them.
func object(fields []field) js.Value {
	var members []any
	for _, f := range fields {
		members = append(members, f.name, f.value)
	}
	made := jsbridge.Object(members...)
	release(fields)
	return made
}

// pairs writes the fields as parameters and releases them.
func pairs(fields []field) []kakao.Pair {
	list := make([]kakao.Pair, len(fields))
	for i, f := range fields {
		list[i] = kakao.Pair{Name: f.name, Value: jsbridge.TextOf(f.value)}
	}
	release(fields)
	return list
}

func release(fields []field) {
	for _, f := range fields {
		jsbridge.Release(f.value)
	}
}
