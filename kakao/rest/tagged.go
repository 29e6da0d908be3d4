package rest

import (
	"reflect"
	"strings"
	"sync"
)

// tagged knows which members of structs a tag names. It reads the tags of a type
// once: reading them takes longer than what they are read for.
type tagged struct {
	tag   string
	known sync.Map // []member by reflect.Type
}

// member is a member of a struct, and its name in the tag.
type member struct {
	index int
	name  string
}

// of returns the members of a struct type that have a name.
func (t *tagged) of(of reflect.Type) []member {
	if members, known := t.known.Load(of); known {
		return members.([]member) //nolint:forcetypeassert // Nothing else is stored.
	}
	var members []member
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get(t.tag), ",")
		if name != "" && name != "-" {
			members = append(members, member{i, name})
		}
	}
	t.known.Store(of, members)
	return members
}
