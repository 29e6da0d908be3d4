// Package schema reads what is sent to the console, and seeds: against the
// descriptions that are generated from the route table, so that members that are
// unknown or of another type are named, each at its place.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

// SyntaxError is the error of a text that is neither JSON nor YAML.
type SyntaxError struct{ err error }

func (e *SyntaxError) Error() string { return e.err.Error() }

// Decode reads a text in JSON into a value, which must be a pointer to a type of
// the console's description. The error is a [syntaxError], or names every member
// that is unknown or of another type; what could be read is in value then.
func Decode(text []byte, value any) error {
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return &SyntaxError{err}
	}
	schema, err := schemaOf(reflect.TypeOf(value).Elem())
	if err != nil {
		return err
	}
	var m mistake.List
	var invalid *jsonschema.ValidationError
	if errors.As(schema.Validate(whole), &invalid) {
		addInvalid(&m, invalid)
	}
	// The decoder goes on after a value of a wrong type, which the schema names.
	err = json.Unmarshal(text, value)
	var unfit *json.UnmarshalTypeError
	if err != nil && m == nil {
		if !errors.As(err, &unfit) {
			return &SyntaxError{err}
		}
		m.Add(unfit.Field, "the value %s does not fit", unfit.Value)
	}
	return errors.Join(m...)
}

// ToJSON turns YAML into JSON. A text that begins with a brace is JSON already.
func ToJSON(text []byte) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n\ufeff"), []byte("{")) {
		return bytes.TrimPrefix(text, []byte("\ufeff")), nil
	}
	var value any
	err := yaml.Unmarshal(text, &value)
	if err == nil {
		text, err = json.Marshal(textKeys(value))
	}
	if err != nil {
		return nil, &SyntaxError{err}
	}
	return text, nil
}

// textKeys makes texts of the keys of maps, which YAML takes for numbers where
// they look like some.
func textKeys(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = textKeys(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = textKeys(value[key])
		}
	case map[any]any:
		keyed := map[string]any{}
		for key, member := range value {
			keyed[fmt.Sprint(key)] = textKeys(member)
		}
		return keyed
	}
	return value
}

// ToYAML writes what JSON holds, with its members in their order.
func ToYAML(text []byte) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	inBlocks(&document)
	return yaml.Marshal(&document)
}

// inBlocks writes lists and maps line by line, and quotes only where it must.
func inBlocks(node *yaml.Node) {
	node.Style = 0
	for _, child := range node.Content {
		inBlocks(child)
	}
}

// components are the schemas of the console's description.
var components = sync.OnceValues(func() (*jsonschema.Compiler, error) {
	description, err := jsonschema.UnmarshalJSON(bytes.NewReader(OpenAPI))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	return compiler, compiler.AddResource(descriptionURL, description)
})

// descriptionURL names the description to the compiler, which reads it from
// memory.
const descriptionURL = "memory:///openapi.json"

// compiling is held while a schema is compiled: the compiler is for one at a
// time.
var compiling sync.Mutex

// schemaOf is the schema of a type in the console's description.
func schemaOf(t reflect.Type) (*jsonschema.Schema, error) {
	compiler, err := components()
	if err != nil {
		return nil, fmt.Errorf("emulator: read the description of the console: %w", err)
	}
	compiling.Lock()
	defer compiling.Unlock()
	return compiler.Compile(descriptionURL + "#/components/schemas/" + Name(t))
}

// Name names a type in the console's description.
func Name(t reflect.Type) string {
	if t.Name() == "" {
		return ""
	}
	return strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
}

// addInvalid names what a schema refuses, each at its place.
func addInvalid(m *mistake.List, invalid *jsonschema.ValidationError) {
	place := placeOf(invalid.InstanceLocation)
	switch k := invalid.ErrorKind.(type) {
	case *kind.Type:
		if slices.Equal(k.Want, []string{"string"}) && (k.Got == "number" || k.Got == "boolean") {
			m.Add(place, "is of the type %s, expected a string: put it in quotes", k.Got)
			return
		}
		m.Add(place, "is of the type %s, expected %s", k.Got, strings.Join(k.Want, " or "))
	case *kind.AdditionalProperties:
		for _, name := range slices.Sorted(slices.Values(k.Properties)) {
			m.Add(mistake.Member(place, name), "is not known; check how it is spelled")
		}
	case *kind.Required:
		for _, name := range k.Missing {
			m.Add(mistake.Member(place, name), "is required")
		}
	case *kind.OneOf:
		m.Add(place, "must be a text, or an object with an id")
	case *kind.Pattern:
		m.Add(place, "%q is not a duration such as 12h, 90s or 60d", k.Got)
	case *kind.Format:
		m.Add(place, "%q is not a time such as 2026-01-31T09:00:00Z (RFC 3339)", k.Got)
	case *kind.Enum:
		m.Add(place, "%q is none of %v", k.Got, k.Want)
	default:
		for _, cause := range invalid.Causes {
			addInvalid(m, cause)
		}
	}
}

// placeOf writes a location in a JSON value as mistakes name it, such as
// apps[0].name.
func placeOf(location []string) string {
	var place string
	for _, step := range location {
		if listIndex.MatchString(step) {
			place += "[" + step + "]"
			continue
		}
		place = mistake.Member(place, step)
	}
	return place
}

var listIndex = regexp.MustCompile(`^\d+$`)
