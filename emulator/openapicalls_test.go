package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// operationCalls are calls of every operation in an order that works, on a
// platform where a user is linked, each with the path below the console's API
// and a body.
var operationCalls = []struct{ id, method, path, body string }{
	{"getOverview", "GET", "/overview", ""},
	{"saveSnapshot", "POST", "/snapshots", `{"name":"s"}`},
	{"listSnapshots", "GET", "/snapshots", ""},
	{"exportState", "GET", "/state", ""},
	{"listApps", "GET", "/apps", ""},
	{"addApp", "POST", "/apps", `{"name":"a","id":7,"unlink_webhook":{"url":"http://127.0.0.1:1/"},"service_terms":[{"tag":"t","title":{"ko":"약관","en":"Terms"}}]}`},
	{"getApp", "GET", "/apps/7", ""},
	{"replaceApp", "PUT", "/apps/7", `{"name":"b","rest_api_key":"r","javascript_key":"j"}`},
	{"changeApp", "PATCH", "/apps/7", `{"name":"c","admin_key":null}`},
	{"removeApp", "DELETE", "/apps/7", ""},
	{"changeApp", "PATCH", "/apps/100001", `{"account_webhook":{"url":"http://127.0.0.1:1/"}}`},
	{"listUsers", "GET", "/users", ""},
	{"addUser", "POST", "/users", `{"nickname":"n","id":8}`},
	{"getUser", "GET", "/users/8", ""},
	{"replaceUser", "PUT", "/users/8", `{"nickname":"m"}`},
	{"changeUser", "PATCH", "/users/8", `{"email":"m@example.com","name":null}`},
	{"removeUser", "DELETE", "/users/8", ""},
	{"listLinks", "GET", "/links", ""},
	{"sendEvent", "POST", "/links/100001/4210000001/events", `{"type":"` + catalog.EventTokensRevoked + `"}`},
	{"unlinkUser", "POST", "/links/100001/4210000001/unlink", `{"referrer_type":"UNLINK_FROM_APPS"}`},
	{"listDeliveries", "GET", "/webhooks", ""},
	{"resendDelivery", "POST", "/webhooks/1/resend", ""},
	{"listMessages", "GET", "/messages", ""},
	{"getClock", "GET", "/clock", ""},
	{"setClock", "POST", "/clock", `{"advance":"1h","set":"2026-01-01T00:00:00Z","stopped":true}`},
	{"addFault", "POST", "/faults", `{"path":"/v2/*","delay":"1ms","status":500,"body":"{}"}`},
	{"listFaults", "GET", "/faults", ""},
	{"removeFault", "DELETE", "/faults/1", ""},
	{"clearFaults", "DELETE", "/faults", ""},
	{"listCalls", "GET", "/calls?path=/oauth/token&after=0", ""},
	{"getCall", "GET", "/calls/1", ""},
	{"replayCall", "POST", "/calls/1/replay", ""},
	{"clearCalls", "DELETE", "/calls", ""},
	{"rotateKeys", "POST", "/keys/rotate", `{"retire":true}`},
	{"expireAccessTokens", "POST", "/tokens/expire-access", ""},
	{"expireRefreshTokens", "POST", "/tokens/expire-refresh", ""},
	{"setAutoLogin", "PUT", "/auto-login", `{"user":4210000002}`},
	{"restoreSnapshot", "POST", "/snapshots/s/restore", ""},
	{"removeSnapshot", "DELETE", "/snapshots/s", ""},
	{"importState", "PUT", "/state", `{"apps":[{"id":1,"name":"a","rest_api_key":"r","javascript_key":"j","scopes":[{"id":"gender"}]}],"users":[{"id":1,"nickname":"n"}],
		"links":[{"app_id":1,"user_id":1,"scopes":["gender"]}],"tokens":[{"app_id":1,"user_id":1,"access_token":"a","expires_at":"2036-01-01T00:00:00Z"}]}`},
	{"addWorld", "POST", "/worlds", `{"name":"w","seed":{"apps":[],"users":[]}}`},
	{"listWorlds", "GET", "/worlds", ""},
	{"getWorld", "GET", "/worlds/w", ""},
	{"removeWorld", "DELETE", "/worlds/w", ""},
	{"reset", "POST", "/reset", ""},
}

// TestTheDescriptionIsTrue calls every operation of the description that is
// served, and holds requests and answers against it.
func TestTheDescriptionIsTrue(t *testing.T) {
	p := startWorlds(t)
	p.LogInAs(4210000001)
	if got := logInAt(t, &http.Client{}, p.URL); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	d := readDescription(t, call(t, http.MethodGet, p.URL+"/console/api/openapi.json", "", "").raw)
	called := map[string]bool{}
	for _, c := range operationCalls {
		called[c.id] = true
		t.Run(c.id, func(t *testing.T) {
			d.check(t, c.id, c.method, c.path, c.body, call(t, c.method, p.URL+"/console/api"+c.path, "", c.body))
		})
	}
	called["streamCalls"] = true
	t.Run("streamCalls", func(t *testing.T) {
		call(t, http.MethodGet, p.URL+kakao.PathJWKS, "", "")
		stream := openStream(t, p.URL, "?after=0")
		d.validate(t, d.operations["streamCalls"].pointer+"/responses/200/content/text~1event-stream/x-event-data", nextData(t, stream))
	})
	for id := range d.operations {
		if !called[id] {
			t.Errorf("%s is not called", id)
		}
	}
}

// The schema is the OpenAPI Initiative's own.
func TestTheDescriptionIsOpenAPI(t *testing.T) {
	p := startWorlds(t)
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("testdata/openapi/3.1-2022-10-07.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for path, valid := range map[string]bool{"openapi.json": true, "overview": false} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(call(t, http.MethodGet, p.URL+"/console/api/"+path, "", "").raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); (err == nil) != valid {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// description is an OpenAPI document to hold calls against.
type description struct {
	compiler   *jsonschema.Compiler
	operations map[string]describedOperation // by ID
}

// describedOperation is an operation with where it stands in the document.
type describedOperation struct{ method, path, pointer string }

func readDescription(t *testing.T, text string) description {
	t.Helper()
	whole, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := description{jsonschema.NewCompiler(), map[string]describedOperation{}}
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource("memory:///openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths {
		for method, member := range item {
			var operation struct{ OperationID string }
			if method != "parameters" && json.Unmarshal(member, &operation) == nil {
				escaped := strings.ReplaceAll(strings.ReplaceAll(path, "~", "~0"), "/", "~1")
				d.operations[operation.OperationID] = describedOperation{
					strings.ToUpper(method), path, "memory:///openapi.json#/paths/" + url.PathEscape(escaped) + "/" + method,
				}
			}
		}
	}
	return d
}

// check holds a call and its answer against an operation.
func (d description) check(t *testing.T, id, method, path, body string, got answer) {
	t.Helper()
	operation, described := d.operations[id]
	path, _, _ = strings.Cut(path, "?")
	pattern := regexp.MustCompile("^" + regexp.MustCompile(`\{\w+\}`).ReplaceAllString(operation.path, `[^/]+`) + "$")
	if !described || method != operation.method || !pattern.MatchString(path) {
		t.Fatalf("%s %s is not described as %s", method, path, id)
	}
	if body != "" {
		d.validate(t, operation.pointer+"/requestBody/content/application~1json/schema", body)
	}
	switch got.status {
	case http.StatusOK:
		d.validate(t, operation.pointer+"/responses/200/content/application~1json/schema", got.raw)
	case http.StatusNoContent:
		if got.raw != "" {
			t.Errorf("got %q", got.raw)
		}
		if _, err := d.compiler.Compile(operation.pointer + "/responses/204"); err != nil {
			t.Errorf("204 is not described: %v", err)
		}
	default:
		t.Errorf("got %d %s", got.status, got.raw)
	}
}

func (d description) validate(t *testing.T, pointer, text string) {
	t.Helper()
	schema, err := d.compiler.Compile(pointer)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v in %s", err, text)
	}
}

// A refusal is described, too.
func TestARefusalIsAsDescribed(t *testing.T) {
	p := startWorlds(t)
	api := p.URL + "/console/api"
	d := readDescription(t, call(t, http.MethodGet, api+"/openapi.json", "", "").raw)
	for path, status := range map[string]int{"/apps/1": http.StatusNotFound, "/nothing": http.StatusNotFound} {
		got := call(t, http.MethodGet, api+path, "", "")
		if got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
		d.validate(t, "memory:///openapi.json#/components/responses/Refusal/content/application~1json/schema", got.raw)
	}
	got := call(t, http.MethodPost, api+"/users", "", `{"id":"x","nick":1,"birthday":"13"}`)
	if got.status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", got.status, got.raw)
	}
	d.validate(t, "memory:///openapi.json#/components/responses/Refusal/content/application~1json/schema", got.raw)
	want := []string{"nick", "id", "nickname", "birthday"}
	var places []string
	for _, m := range read[refusal](t, got).Mistakes {
		places = append(places, m.Place)
	}
	slices.Sort(places)
	slices.Sort(want)
	if !slices.Equal(places, want) {
		t.Errorf("mistakes at %v, want %v", places, want)
	}
}
