package console

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
)

// changes tell in a description that members of T may be sent alone.
type changes[T any] struct{ _ []T }

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

// registeredList is a list of what is registered, for calls that change one element.
type registeredList[T any] struct {
	name     string // of the list in the configuration
	one      string // word for an element
	elements func(*config.Config) *[]T
	is       func(element T, id int64) bool
	// keep sets what no body changes.
	keep func(before T, after *T)
}

// add registers a new element that a body describes; complete sets what it
// leaves out.
func add[T any](g *registry.Registry, r *http.Request, list registeredList[T], complete func(*config.Config, *T)) (made T, err error) {
	sent, err := readBody(r)
	if err != nil {
		return made, err
	}
	err = g.Change(func(c *config.Config) error {
		found := schema.Decode(sent, &made)
		complete(c, &made)
		elements := list.elements(c)
		*elements = append(*elements, made)
		return list.within(len(*elements)-1, found)
	})
	return made, refusalOf(err)
}

// edit registers an element anew as a body says.
func edit[T any](g *registry.Registry, r *http.Request, list registeredList[T], id int64, combine combination) error {
	sent, err := readBody(r)
	if err != nil {
		return err
	}
	err = g.Change(func(c *config.Config) error {
		elements := *list.elements(c)
		at := slices.IndexFunc(elements, func(element T) bool { return list.is(element, id) })
		if at < 0 {
			return NotFound(list.one)
		}
		var edited T
		found := combined(elements[at], sent, combine, &edited)
		list.keep(elements[at], &edited)
		elements[at] = edited
		return list.within(at, found)
	})
	return refusalOf(err)
}

// within places the mistakes of an element in the configuration.
func (l registeredList[T]) within(at int, err error) error {
	return mistake.Replaced(err, func(place string) string { return mistake.Member(fmt.Sprintf("%s[%d]", l.name, at), place) })
}

func combined[T any](before T, sent []byte, combine combination, edited *T) error {
	old, err := json.Marshal(before)
	if err != nil {
		return err
	}
	text, err := combine(old, sent)
	if err != nil {
		return badBody(err)
	}
	return schema.Decode(text, edited)
}
