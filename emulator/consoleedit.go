package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
)

// changes tell in a description that members of T may be sent alone.
type changes[T any] struct{}

// combination makes the JSON of an element of the one before and the one sent.
type combination func(before, sent []byte) ([]byte, error)

func asSent(_, sent []byte) ([]byte, error) { return sent, nil }

// merged takes the members that were sent and keeps the others; null removes one
// (RFC 7396, for members that are no objects).
func merged(before, sent []byte) ([]byte, error) {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(before, &members); err != nil {
		return nil, err
	}
	changes := map[string]json.RawMessage{}
	if err := json.Unmarshal(sent, &changes); err != nil {
		return nil, err
	}
	maps.Copy(members, changes)
	maps.DeleteFunc(members, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	return json.Marshal(members)
}

// edit registers an element anew as a body says; keep sets what no body changes,
// what is the word for an element.
func edit[T any](a *consoleAPI, r *http.Request, what string, combine combination, find func(*Config) *T, keep func(before T, after *T)) error {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return badBody(err)
	}
	refusal := notFound(what)
	err = a.Update(func(c *Config) {
		element := find(c)
		if element == nil {
			return
		}
		var edited T
		if refusal = combined(*element, sent, combine, &edited); refusal == nil {
			keep(*element, &edited)
			*element = edited
		}
	})
	if refusal != nil {
		return refusal
	}
	return err
}

func combined(before any, sent []byte, combine combination, edited any) error {
	old, err := json.Marshal(before)
	if err != nil {
		return err
	}
	text, err := combine(old, sent)
	if err != nil {
		return badBody(err)
	}
	return decodeConsole(bytes.NewReader(text), edited)
}
