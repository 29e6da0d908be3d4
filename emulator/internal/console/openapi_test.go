package console

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

var update = flag.Bool("update", false, "write the descriptions anew")

// TestDescriptionsAreUpToDate holds the embedded descriptions against the route
// table and its types.
func TestDescriptionsAreUpToDate(t *testing.T) {
	for file, want := range map[string]any{"../schema/openapi.json": describeAPI(t), "../schema/seed.schema.json": describeSeed(t)} {
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(want); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		now, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text.String(), string(now)); diff != "" {
			t.Errorf("%s is stale (-want +got); write it anew with: go test ./emulator/internal/console -run Descriptions -update\n%s", file, diff)
		}
	}
}

// object is a JSON object.
type object = map[string]any

// describeAPI is the OpenAPI document of the route table.
func describeAPI(t *testing.T) object {
	schemas, paths := newSchemas(t), object{}
	// What is sent comes first: its members may be left out.
	for _, o := range operations(Setup{}) {
		schemas.require = false
		schemas.of(o.request)
	}
	for _, o := range operations(Setup{}) {
		item, _ := paths[o.path].(object)
		if item == nil {
			item = object{}
			if parameters := pathParameters(o.path); parameters != nil {
				item["parameters"] = parameters
			}
			paths[o.path] = item
		}
		item[strings.ToLower(o.method)] = describeOperation(schemas, o)
	}
	schemas.require = true
	refusal := schemas.of(consoleError{})
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Console of the Kakao emulator", "version": "1",
			"description": "Sets the state of a world of the emulator and asks what happened there. Each world answers at its own origin.",
		},
		"servers": []any{object{"url": pages.PathConsoleAPI}},
		"paths":   paths,
		"components": object{
			"schemas": schemas.named("#/components/schemas/"),
			"responses": object{"Refusal": object{
				"description": "400: no JSON or YAML; 403: a page of another origin; 404: what does not exist; 409: what cannot be now; 422: every mistake is named, and nothing was changed",
				"content":     object{"application/json": object{"schema": refusal}},
			}},
		},
	}
}

func describeOperation(schemas *schemas, o operation) object {
	resource, _, _ := strings.Cut(strings.TrimPrefix(o.path, "/"), "/")
	described := object{"operationId": o.id, "summary": o.summary, "tags": []string{resource}}
	if o.request != nil {
		schemas.require = false
		described["requestBody"] = object{"required": !o.optional, "content": bodyOf(schemas, o.request)}
	}
	var parameters []any
	for _, p := range o.query {
		parameters = append(parameters, object{"name": p.name, "in": "query", "description": p.description, "schema": object{"type": "string"}})
	}
	if parameters != nil {
		described["parameters"] = parameters
	}
	answers := object{"default": object{"$ref": "#/components/responses/Refusal"}}
	schemas.require = true
	switch {
	case o.stream != nil:
		answers["200"] = object{"description": "Events, until the reader or the emulator goes", "content": streamOf(schemas, o.event)}
	case o.answer == nil:
		answers["204"] = object{"description": "Done"}
	default:
		answers["200"] = object{"description": "Done", "content": bodyOf(schemas, o.answer)}
	}
	described["responses"] = answers
	return described
}

// streamOf describes server-sent events. OpenAPI 3.1 has no word for the data of
// each, so that it stands in an extension.
func streamOf(schemas *schemas, event any) object {
	return object{"text/event-stream": object{"schema": object{"type": "string"}, "x-event-data": schemas.of(event)}}
}

func bodyOf(schemas *schemas, value any) object {
	content := object{"application/json": object{"schema": schemas.of(value)}}
	if _, isSeed := value.(config.Seed); isSeed {
		content["application/yaml"] = content["application/json"]
	}
	return content
}

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

func pathParameters(path string) (parameters []any) {
	for _, name := range pathParameter.FindAllStringSubmatch(path, -1) {
		schema := object{"type": "integer", "format": "int64"}
		if name[1] == "world" || name[1] == "snapshot" {
			schema = object{"type": "string"}
		}
		parameters = append(parameters, object{"name": name[1], "in": "path", "required": true, "schema": schema})
	}
	return parameters
}

// describeSeed is the JSON Schema of a seed.
func describeSeed(t *testing.T) object {
	schemas := newSchemas(t)
	root := schemas.of(config.Seed{})
	defs := schemas.named("#/$defs/")
	for name, members := range seedRequires {
		defs[name].(object)["required"] = members
	}
	return object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Seed of the Kakao emulator",
		"$ref": strings.Replace(root["$ref"].(string), "#/components/schemas/", "#/$defs/", 1), "$defs": defs,
	}
}

// seedRequires are the members without which a seed is refused.
var seedRequires = map[string][]string{
	"App":             {"name", "id", "rest_api_key", "javascript_key"},
	"Channel":         {"channel_public_id", "channel_uuid"},
	"ChannelRelation": {"channel_public_id"},
	"Fault":           {"path"},
	"Friend":          {"user"},
	"Scope":           {"id"},
	"SeedLink":        {"app_id", "user_id"},
	"SeedToken":       {"app_id", "user_id"},
	"ServiceTerm":     {"tag", "title"},
	"ShippingAddress": {"id"},
	"Text":            {"ko", "en"},
	"User":            {"id", "nickname"},
}

// schemas collects the schemas of types by name.
type schemas struct {
	t        *testing.T
	comments map[string]string
	require  bool // members that are always there, as in answers
	byName   object
}

func newSchemas(t *testing.T) *schemas {
	return &schemas{t: t, comments: comments(t), byName: object{}}
}

// of is a reference to the schema of a value's type; nil for none.
func (s *schemas) of(value any) object {
	if value == nil {
		return nil
	}
	typ := reflect.TypeOf(value)
	if typ.Kind() == reflect.Slice {
		return object{"type": "array", "items": s.of(reflect.Zero(typ.Elem()).Interface())}
	}
	reflector := jsonschema.Reflector{
		Anonymous: true, RequiredFromJSONSchemaTags: !s.require,
		Mapper: mapType, Namer: schema.Name,
		LookupComment: func(t reflect.Type, field string) string { return s.comments[strings.Trim(t.Name()+"."+field, ".")] },
	}
	text, err := json.Marshal(reflector.ReflectFromType(described(typ)))
	if err != nil {
		s.t.Fatal(err)
	}
	var whole struct {
		Defs object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &whole); err != nil {
		s.t.Fatal(err)
	}
	for name, schema := range whole.Defs {
		if _, known := s.byName[name]; !known {
			s.byName[name] = schema
		}
	}
	name := schema.Name(described(typ))
	if changed(typ) {
		s.byName[name+"Changes"] = nullable(s.byName[name].(object))
		name += "Changes"
	}
	return object{"$ref": "#/components/schemas/" + name}
}

// changed reports whether a type stands for the changes of another.
func changed(t reflect.Type) bool { return strings.HasPrefix(t.Name(), "changes[") }

// described is the type that is described: of changes, what is changed.
func described(t reflect.Type) reflect.Type {
	if changed(t) {
		return t.Field(0).Type.Elem()
	}
	return t
}

// nullable is the schema of changes: null takes a member away.
func nullable(schema object) object {
	changes := maps.Clone(schema)
	members := object{}
	for name, member := range schema["properties"].(object) {
		members[name] = object{"anyOf": []any{member, object{"type": "null"}}}
	}
	changes["properties"] = members
	return changes
}

// named are the schemas, which refer to each other at a place.
func (s *schemas) named(place string) object {
	text, err := json.Marshal(s.byName)
	if err != nil {
		s.t.Fatal(err)
	}
	text = regexp.MustCompile(`"#/(\$defs|components/schemas)/`).ReplaceAll(text, []byte(`"`+strings.ReplaceAll(place, "$", "$$")))
	var moved object
	if err := json.Unmarshal(text, &moved); err != nil {
		s.t.Fatal(err)
	}
	return moved
}

// mapType describes the types that write themselves.
func mapType(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[config.Duration]():
		return &jsonschema.Schema{
			Type: "string", Pattern: `^(\d+d|-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+|0)$`, Examples: []any{"12h", "90s", "60d"},
		}
	case reflect.TypeFor[webhook.Referrer]():
		return &jsonschema.Schema{Type: "string", Enum: anyOf(webhook.Referrers)}
	case reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{}
	case reflect.TypeFor[config.SeedConsent]():
		type plain config.SeedConsent
		reflector := jsonschema.Reflector{Anonymous: true, DoNotReference: true, RequiredFromJSONSchemaTags: true}
		whole := reflector.ReflectFromType(reflect.TypeFor[plain]())
		whole.Version, whole.Required = "", []string{"id"}
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string"}, whole}}
	}
	return nil
}

func anyOf[T any](list []T) (values []any) {
	for _, value := range list {
		values = append(values, value)
	}
	return values
}

// comments are those of the types and their members.
func comments(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	var files []string
	for _, folder := range []string{"../../config/*.go", "../*/*.go"} {
		below, err := filepath.Glob(folder)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, below...)
	}
	for _, name := range slices.Sorted(slices.Values(files)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			decl, isDecl := n.(*ast.GenDecl)
			if !isDecl || decl.Tok != token.TYPE {
				return true
			}
			for _, spec := range decl.Specs {
				typ := spec.(*ast.TypeSpec)
				if typ.Assign.IsValid() {
					continue // the type's own comment is elsewhere
				}
				found[typ.Name.Name] = plainText(decl.Doc)
				members, isStruct := typ.Type.(*ast.StructType)
				if !isStruct {
					continue
				}
				for _, field := range members.Fields.List {
					for _, member := range field.Names {
						found[typ.Name.Name+"."+member.Name] = strings.TrimSpace(plainText(field.Doc) + " " + plainText(field.Comment))
					}
				}
			}
			return true
		})
	}
	return found
}

// docLink is a link of Go's documentation.
var docLink = regexp.MustCompile(`\[([A-Za-z.]+)\]`)

func plainText(comment *ast.CommentGroup) string {
	return docLink.ReplaceAllString(strings.Join(strings.Fields(comment.Text()), " "), "$1")
}

func TestEveryOperationIsDescribedOnce(t *testing.T) {
	ids, routes := map[string]bool{}, map[string]bool{}
	for _, o := range operations(Setup{}) {
		route := fmt.Sprintf("%s %s", o.method, pathParameter.ReplaceAllString(o.path, "{}"))
		if o.id == "" || o.summary == "" || (o.serve == nil) == (o.stream == nil) || ids[o.id] || routes[route] {
			t.Errorf("%s: id %q, summary %q, or one of them twice", route, o.id, o.summary)
		}
		ids[o.id], routes[route] = true, true
	}
}
