package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

var updateContract = flag.Bool("update-contract", false, "write docs/openapi.json and docs/http.md anew")

const (
	contractJSON = "../docs/openapi.json"
	contractMD   = "../docs/http.md"
)

// endpointDoc is an operation of the HTTP contract.
type endpointDoc struct {
	path, method, id, summary string
	// sent is the JSON body; form and query are the names of members, with what
	// they hold.
	sent        any
	form, query [][2]string
	answers     []answerDoc
	byPage      bool // takes the session cookie, and the header of the SDK where it changes something
}

// answerDoc is one status: its body, which is JSON of a type or of another
// media type, and when it comes.
type answerDoc struct {
	status int
	body   any
	media  string
	when   string
}

func page(when string) answerDoc {
	return answerDoc{status: http.StatusOK, media: "text/html", when: when}
}

func refused(status int, when string) answerDoc {
	return answerDoc{status: status, body: kakao.OAuthError{}, when: when}
}

// audienceRequest is the body of POST /session/token.
type audienceRequest struct {
	Audience string `json:"audience,omitempty"`
}

// keySet and discoveryDocument are what libraries read.
type keySet struct {
	Keys []map[string]any `json:"keys"`
}

type discoveryDocument struct {
	Issuer  string `json:"issuer"`
	JWKSURI string `json:"jwks_uri"`
}

// contractOperations are the operations of the token server with everything
// configured.
func contractOperations() []endpointDoc {
	loginRequired := refused(http.StatusUnauthorized, "there is no session: `login_required`")
	return []endpointDoc{
		{
			path: contract.PathToken, method: http.MethodPost, id: "exchangeCode", byPage: true,
			summary: "Exchanges an authorization code, begins the session and sets its cookie. The same code gives the same answer for a short time.",
			sent:    tokenRequest{},
			answers: []answerDoc{
				{status: http.StatusOK, body: tokenResponse{}, when: "logged in"},
				refused(http.StatusBadRequest, "the request is wrong, or Kakao refuses the code: `invalid_request`, `invalid_grant`"),
				refused(http.StatusUnsupportedMediaType, "what is sent is no JSON: `invalid_request`"),
			},
		},
		{
			path: contract.PathRefresh, method: http.MethodPost, id: "renewToken", byPage: true,
			summary: "Gives a fresh access token for the session. Kakao is asked once, however many ask here.",
			answers: []answerDoc{{status: http.StatusOK, body: tokenResponse{}, when: "a fresh token"}, loginRequired},
		},
		{
			path: contract.PathSession, method: http.MethodGet, id: "getSession", byPage: true,
			summary: "Tells whether there is a session, and whose.",
			answers: []answerDoc{{status: http.StatusOK, body: sessionResponse{}, when: "with or without a session"}},
		},
		{
			path: contract.PathSessionToken, method: http.MethodPost, id: "signSessionToken", byPage: true,
			summary: "Gives a signed token of five minutes about the session, for a back end elsewhere. It is there if token audiences are configured.",
			sent:    audienceRequest{},
			answers: []answerDoc{
				{status: http.StatusOK, body: sessionTokenResponse{}, when: "the token, a JWT"},
				refused(http.StatusBadRequest, "no such audience for pages of this origin: `invalid_target`"), loginRequired,
			},
		},
		{
			path: contract.PathLogout, method: http.MethodPost, id: "endSession", byPage: true,
			summary: "Ends the session and the tokens at Kakao, and clears the cookie.",
			answers: []answerDoc{{status: http.StatusNoContent, when: "over, whether or not there was one"}},
		},
		{
			path: contract.PathBegin, method: http.MethodPost, id: "beginLogin",
			summary: "Notes that this browser begins a login on a page of another allowed origin. It is a beacon: a form with the Origin of that page.",
			form:    [][2]string{{contract.BeginState, "the state of the login"}, {contract.BeginReturnTo, "the address of the page, of its own origin"}},
			answers: []answerDoc{
				{status: http.StatusNoContent, when: "noted"},
				refused(http.StatusBadRequest, "no such login or page: `invalid_request`"),
				refused(http.StatusForbidden, "the origin is not allowed: `access_denied`"),
			},
		},
		{
			path: contract.PathAuth, method: http.MethodGet, id: "authenticateForProxy",
			summary: "Tells a reverse proxy who is asking, in the headers X-Auth-Request-User, -Scope, -Nickname and -Email. Only trusted proxies may ask. Below this path, such as /auth/x, a yes is 200, for Envoy.",
			answers: []answerDoc{
				{status: http.StatusAccepted, when: "logged in"},
				loginRequired,
				refused(http.StatusForbidden, "no trusted proxy, or a page of another site: `access_denied`"),
			},
		},
		{
			path: contract.PathCallback, method: http.MethodGet, id: "relay", summary: "The relay page: the redirect URI of logins that the SDK completes.",
			query:   [][2]string{{"code", "the authorization code"}, {"state", "the state of the login"}, {"error", "why there is no code"}},
			answers: []answerDoc{page("the page, which hands the answer to the SDK")},
		},
		{
			path: contract.PathCallbackScript, method: http.MethodGet, id: "relayScript", summary: "The script of the relay page.",
			answers: []answerDoc{{status: http.StatusOK, media: "text/javascript", when: "the script"}},
		},
		{
			path: contract.PathCallbackStyle, method: http.MethodGet, id: "relayStyle", summary: "The style of the relay page.",
			answers: []answerDoc{{status: http.StatusOK, media: "text/css", when: "the style"}},
		},
		{
			path: contract.PathLogoutAccount, method: http.MethodGet, id: "logOutOfAccount",
			summary: "Ends the session and leads on to Kakao's question whether to log out of the Kakao Account. A browser navigates here.",
			query:   [][2]string{{"return_to", "where to go afterwards: a path, or an address of an allowed origin"}},
			answers: []answerDoc{
				{status: http.StatusSeeOther, when: "to Kakao"},
				refused(http.StatusBadRequest, "return_to leads elsewhere: `invalid_request`"),
				refused(http.StatusForbidden, "a page of another site leads here: `access_denied`"),
			},
		},
		{
			path: contract.PathLogoutCallback, method: http.MethodGet, id: "loggedOutOfAccount",
			summary: "Where Kakao comes back to after that. It leads on to return_to.",
			query:   [][2]string{{"state", "what leads on"}},
			answers: []answerDoc{
				{status: http.StatusSeeOther, when: "to return_to, or to the root"},
				refused(http.StatusBadRequest, "the state is another's: `invalid_request`"),
			},
		},
		{
			path: contract.PathJWKS, method: http.MethodGet, id: "getKeys", summary: "The keys of the session tokens (RFC 7517).",
			answers: []answerDoc{{status: http.StatusOK, body: keySet{}, when: "the keys"}},
		},
		{
			path: contract.PathDiscovery, method: http.MethodGet, id: "discover", summary: "Where the keys are, for libraries (OpenID Connect Discovery 1.0).",
			answers: []answerDoc{{status: http.StatusOK, body: discoveryDocument{}, when: "the document"}},
		},
		{
			path: contract.PathWebhookUnlink, method: http.MethodGet, id: "unlinkedByGET", summary: "Kakao's webhook of users who left the app, with the admin key; GET or POST, as set in Kakao's console.",
			answers: []answerDoc{{status: http.StatusOK, when: "the user's sessions are over"}, refused(http.StatusUnauthorized, "it is not Kakao: the admin key is missing or wrong")},
		},
		{
			path: contract.PathWebhookUnlink, method: http.MethodPost, id: "unlinked", summary: "The same by POST.",
			answers: []answerDoc{{status: http.StatusOK, when: "the user's sessions are over"}, refused(http.StatusUnauthorized, "it is not Kakao: the admin key is missing or wrong")},
		},
		{
			path: contract.PathWebhookAccount, method: http.MethodPost, id: "accountChanged", summary: "Kakao's webhook of changes of a Kakao Account: a security event token (RFC 8935).",
			answers: []answerDoc{
				{status: http.StatusAccepted, when: "taken"},
				{status: http.StatusBadRequest, media: "application/json", when: "no valid token: `err` and `description` (RFC 8935, section 2.3)"},
			},
		},
		{
			path: contract.PathSDKIntegrity, method: http.MethodGet, id: "getIntegrity", summary: "The values for the attribute integrity of each file of the SDK, with addresses that never change.",
			answers: []answerDoc{{status: http.StatusOK, media: "application/json", when: "the list"}, refused(http.StatusNotFound, "the server has no SDK")},
		},
		{
			path: contract.PathSDK, method: http.MethodGet, id: "getSDKFile", summary: "A file of the SDK, below its version: /sdk/0.2.0/kakao.js.",
			answers: []answerDoc{{status: http.StatusOK, media: "text/javascript", when: "the file"}, refused(http.StatusNotFound, "no such version or file")},
		},
	}
}

// everything is the server with everything configured.
func everything(t *testing.T) *Server {
	t.Helper()
	cfg := good()
	cfg.Logger = slog.New(slog.DiscardHandler)
	cfg.AppID, cfg.AdminKey = "1", "admin-key"
	cfg.TokenAudiences = []TokenAudience{{Origin: testOrigin, Audience: "https://api.example.com"}}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// The description has the routes that the server has, with their methods.
func TestContractDescribesEveryRoute(t *testing.T) {
	s := everything(t)
	table, err := s.table()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for _, o := range contractOperations() {
		want[o.path] = append(want[o.path], o.method)
	}
	got := map[string][]string{}
	for path, handler := range table {
		switch path {
		case "", authBelow: // no path of its own
		case contract.PathAuth: // asked with the method of the request that the proxy holds
			got[path] = []string{http.MethodGet}
		default:
			got[path] = methodsOf(t, handler, path)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-described +served):\n%s", diff)
	}
}

// methodsOf are the methods that a route allows, as its refusal of another says.
func methodsOf(t *testing.T, handler http.Handler, path string) []string {
	t.Helper()
	answer := httptest.NewRecorder()
	request := httptest.NewRequest("BREW", testPublicURL+path, nil)
	request.Header.Set(contract.PageHeader, contract.PageHeaderValue)
	request.Header.Set("Origin", testOrigin)
	handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusMethodNotAllowed {
		t.Fatalf("%s: expected 405, got %d %s", path, answer.Code, answer.Body)
	}
	methods := strings.Split(answer.Header().Get("Allow"), ", ")
	return slices.DeleteFunc(methods, func(m string) bool { return m == http.MethodHead || m == http.MethodOptions })
}

// What the server answers without Kakao is what the description says.
func TestContractIsTrue(t *testing.T) {
	s := everything(t)
	document := describeContract(t)
	compiler := validator.NewCompiler()
	if err := compiler.AddResource("contract.json", asAny(t, document)); err != nil {
		t.Fatal(err)
	}
	called := 0
	for _, o := range contractOperations() {
		request := httptest.NewRequest(o.method, testPublicURL+o.path, nil)
		if o.sent != nil {
			request = httptest.NewRequest(o.method, testPublicURL+o.path, strings.NewReader("{}"))
			request.Header.Set("Content-Type", "application/json")
		}
		if o.byPage {
			request.Header.Set(contract.PageHeader, contract.PageHeaderValue)
			request.Header.Set("Origin", testOrigin)
		}
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, request)
		at := slices.IndexFunc(o.answers, func(a answerDoc) bool { return a.status == answer.Code })
		if at < 0 {
			t.Errorf("%s: %d is not described: %s", o.id, answer.Code, answer.Body)
			continue
		}
		if o.answers[at].body == nil {
			continue
		}
		called++
		schema, err := compiler.Compile(fmt.Sprintf("contract.json#/paths/%s/%s/responses/%d/content/application~1json/schema",
			strings.ReplaceAll(o.path, "/", "~1"), strings.ToLower(o.method), answer.Code))
		if err != nil {
			t.Fatal(err)
		}
		body, err := validator.UnmarshalJSON(answer.Body)
		if err != nil {
			t.Fatalf("%s: %v", o.id, err)
		}
		if err := schema.Validate(body); err != nil {
			t.Errorf("%s: %v", o.id, err)
		}
	}
	if called < 8 {
		t.Errorf("only %d answers had a body to hold against the description", called)
	}
}

// The schema is the OpenAPI Initiative's own.
func TestContractIsOpenAPI(t *testing.T) {
	schema, err := validator.NewCompiler().Compile("../emulator/testdata/openapi/3.1-2022-10-07.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(asAny(t, describeContract(t))); err != nil {
		t.Error(err)
	}
}

// The documents are written from the operations.
func TestContractDocumentsAreUpToDate(t *testing.T) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(describeContract(t)); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{contractJSON: text.String(), contractMD: contractPage(t)} {
		if *updateContract {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		now, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(now)); diff != "" {
			t.Errorf("%s is stale (-want +got); write it anew with: go test ./server -run ContractDocuments -update-contract\n%s", file, diff)
		}
	}
}

func asAny(t *testing.T, document any) any {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	value, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

type object = map[string]any

// describeContract is the OpenAPI document.
func describeContract(t *testing.T) object {
	t.Helper()
	schemas, paths := object{}, object{}
	for _, o := range contractOperations() {
		item, _ := paths[o.path].(object)
		if item == nil {
			item = object{}
			paths[o.path] = item
		}
		item[strings.ToLower(o.method)] = describeOperation(t, schemas, o)
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Token server of kakaowasm", "version": kakao.Version, "license": object{"name": "Apache-2.0", "identifier": "Apache-2.0"},
			"description": "Exchanges codes, keeps refresh tokens, and tells back ends who is asking. Errors are objects of RFC 6749, section 5.2. Every operation may also answer 403 (origin), 421 (host), 429 and 503 with such an object; 429 and 503 carry Retry-After.",
		},
		"servers": []any{object{"url": contract.DefaultBase, "description": "on the page's own origin"}},
		"paths":   paths,
		"components": object{
			"schemas": schemas,
			"securitySchemes": object{"session": object{
				"type": "apiKey", "in": "cookie", "name": "__Host-kakao_session", "description": "HttpOnly; the name ends in a hash of the app",
			}},
		},
	}
}

func describeOperation(t *testing.T, schemas object, o endpointDoc) object {
	t.Helper()
	operation := object{"operationId": o.id, "summary": o.summary}
	var parameters []any
	if o.byPage {
		operation["security"] = []any{object{"session": []string{}}, object{}}
		if o.method == http.MethodPost {
			parameters = append(parameters, object{
				"name": contract.PageHeader, "in": "header", "schema": object{"const": contract.PageHeaderValue},
				"description": "that a page asks which the server allows; programs that are no browser may leave it out",
			})
		}
	}
	for _, q := range o.query {
		parameters = append(parameters, object{"name": q[0], "in": "query", "description": q[1], "schema": object{"type": "string"}})
	}
	if parameters != nil {
		operation["parameters"] = parameters
	}
	if o.sent != nil {
		operation["requestBody"] = object{"content": object{"application/json": object{"schema": schemaOf(t, schemas, o.sent)}}}
	}
	if o.form != nil {
		members, names := object{}, []string{}
		for _, f := range o.form {
			members[f[0]], names = object{"type": "string", "description": f[1]}, append(names, f[0])
		}
		operation["requestBody"] = object{"required": true, "content": object{
			"application/x-www-form-urlencoded": object{"schema": object{"type": "object", "properties": members, "required": names}},
		}}
	}
	responses := object{}
	for _, a := range o.answers {
		response := object{"description": a.when}
		switch {
		case a.body != nil:
			response["content"] = object{"application/json": object{"schema": schemaOf(t, schemas, a.body)}}
		case a.media != "":
			response["content"] = object{a.media: object{}}
		}
		responses[fmt.Sprint(a.status)] = response
	}
	operation["responses"] = responses
	return operation
}

// schemaOf is a reference to the schema of a type.
func schemaOf(t *testing.T, schemas object, value any) object {
	t.Helper()
	name := schemaName(value)
	reflector := jsonschema.Reflector{Anonymous: true, DoNotReference: true, AllowAdditionalProperties: true}
	text, err := json.Marshal(reflector.Reflect(value))
	if err != nil {
		t.Fatal(err)
	}
	var schema object
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	delete(schema, "$schema")
	if value == any(tokenRequest{}) { // of which a login needs the first one
		schema["required"] = []string{"code"}
	}
	schemas[name] = schema
	return object{"$ref": "#/components/schemas/" + name}
}

func schemaName(value any) string {
	name := reflect.TypeOf(value).Name()
	return strings.ToUpper(name[:1]) + name[1:]
}

// contractPage is the same for people.
func contractPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("# The token server's HTTP contract\n\n" +
		"What the token server answers, below its base path, `" + contract.DefaultBase + "` if nobody says otherwise. [openapi.json](openapi.json) says the\n" +
		"same in OpenAPI 3.1, for generators of clients and for tools. Both are written from the server's routes and types by\n" +
		"`go test ./server -run ContractDocuments -update-contract`, and a test holds what the server answers against them.\n\n" +
		"Errors are objects of RFC 6749, section 5.2: `error`, and mostly `error_description`, `error_code` and `hint`;\n" +
		"[errors.md](errors.md) lists them. Besides what is said below, every request may be refused with 403 (its origin is not\n" +
		"allowed), 421 (another host), 429 (too many) and 503 (the store is away); 429 and 503 carry `Retry-After`. Pages send the\n" +
		"header `" + contract.PageHeader + ": " + contract.PageHeaderValue + "` with every POST, but for `" + contract.PathBegin + "`. The session is a cookie that only the browser and this\n" +
		"server see.\n")
	for _, o := range contractOperations() {
		fmt.Fprintf(&b, "\n## %s %s\n\n%s\n\n", o.method, o.path, o.summary)
		for kind, members := range map[string][][2]string{"Query": o.query, "Form": o.form} {
			if members == nil {
				continue
			}
			fmt.Fprintf(&b, "%s:\n\n", kind)
			for _, m := range members {
				fmt.Fprintf(&b, "- `%s`: %s\n", m[0], m[1])
			}
			b.WriteString("\n")
		}
		if o.sent != nil {
			fmt.Fprintf(&b, "JSON: %s\n\n", strings.Join(membersOf(o.sent), ", "))
		}
		b.WriteString("| status | when | body |\n| --- | --- | --- |\n")
		for _, a := range o.answers {
			fmt.Fprintf(&b, "| %d | %s | %s |\n", a.status, a.when, bodyFor(a))
		}
	}
	return b.String()
}

func bodyFor(a answerDoc) string {
	switch {
	case a.body == any(kakao.OAuthError{}):
		return "an error"
	case a.body != nil:
		return strings.Join(membersOf(a.body), ", ")
	case a.media != "":
		return "`" + a.media + "`"
	default:
		return "none"
	}
}

// membersOf are the names of a type's JSON members.
func membersOf(value any) (names []string) {
	typ := reflect.TypeOf(value)
	for i := range typ.NumField() {
		name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		text := "`" + name + "`"
		if options == "omitempty" {
			text += "?"
		}
		names = append(names, text)
	}
	return names
}

// IDs are names of functions in generated clients.
func TestContractIDsAreUnique(t *testing.T) {
	seen := map[string]int{}
	for _, o := range contractOperations() {
		seen[o.id]++
	}
	maps.DeleteFunc(seen, func(_ string, n int) bool { return n == 1 })
	if len(seen) > 0 {
		t.Errorf("%v", seen)
	}
}
