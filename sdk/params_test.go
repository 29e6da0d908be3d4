package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

func args(triples ...string) []Arg {
	var list []Arg
	for i := 0; i < len(triples); i += 3 {
		list = append(list, Arg{triples[i], triples[i+1], triples[i+2]})
	}
	return list
}

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		call    string
		args    []Arg
		message string
		code    string
	}{
		"nothing is fine for login": {"Auth.login", nil, "", ""},
		"boxed and empty strings":   {"Auth.login", args("scope", "String", ""), "", ""},
		"unknown keys are all named": {
			"Auth.login", args("bogus", "Number", "", "other", "Number", ""),
			"Invalid parameter keys: bogus,other at Auth.login", contract.CodeUnknownParameter,
		},
		"what is missing comes before what is unknown": {
			"Auth.createLoginButton", args("bogus", "Number", ""),
			"Missing required keys: container at Auth.createLoginButton", contract.CodeMissingParameter,
		},
		"what is unknown comes before a bad value": {
			"Auth.login", args("success", "Number", "", "bogus", "Number", ""),
			"Invalid parameter keys: bogus at Auth.login", contract.CodeUnknownParameter,
		},
		"the first bad value in the page's order wins": {
			"Auth.login", args("fail", "Number", "", "success", "Number", ""),
			`Illegal argument for "fail" in Auth.login`, contract.CodeIllegalParameter,
		},
		"an explicit undefined is fine where there is a default": {"Auth.login", args("throughTalk", "Undefined", ""), "", ""},
		"and refused where there is none": {
			"Auth.login", args("scope", "Undefined", ""),
			`Illegal argument for "scope" in Auth.login`, contract.CodeIllegalParameter,
		},
		"null is no function": {
			"Auth.login", args("always", "Null", ""),
			`Illegal argument for "always" in Auth.login`, contract.CodeIllegalParameter,
		},
		"one of a list": {
			"Auth.login", args("approvalType", "String", "Project"),
			`Illegal argument for "approvalType" in Auth.login`, contract.CodeIllegalParameter,
		},
		"an empty key": {
			"Auth.login", args("", "Number", ""),
			"Invalid parameter keys:  at Auth.login", contract.CodeUnknownParameter,
		},
		"prompts belong to authorize": {"Auth.authorize", args("prompts", "String", "login"), "", ""},
		"and not to login": {
			"Auth.login", args("prompts", "String", "login"),
			"Invalid parameter keys: prompts at Auth.login", contract.CodeUnknownParameter,
		},
		"a container is a selector":   {"Auth.createLoginButton", args("container", "String", "#c"), "", ""},
		"or an element":               {"Auth.createLoginButton", args("container", "Element", ""), "", ""},
		"and nothing else":            {"Auth.createLoginButton", args("container", "Object", ""), `Illegal argument for "container" in Auth.createLoginButton`, contract.CodeIllegalParameter},
		"data may be any object":      {"API.request", args("url", "String", "/v2/user/me", "data", "Map", ""), "", ""},
		"data may be no string":       {"API.request", args("url", "String", "/v2/user/me", "data", "String", "a"), `Illegal argument for "data" in API.request`, contract.CodeIllegalParameter},
		"unknown addresses":           {"API.request", args("url", "String", "/v1/user/me"), `Illegal argument for "url" in API.request`, contract.CodeIllegalParameter},
		"an address that takes none":  {"API.request - /v1/user/unlink", args("bogus", "Number", ""), "Invalid parameter keys: bogus at API.request - /v1/user/unlink", contract.CodeUnknownParameter},
		"an address that needs one":   {"API.request - /v2/user/revoke/scopes", nil, "Missing required keys: scopes at API.request - /v2/user/revoke/scopes", contract.CodeMissingParameter},
		"an array is no array-like":   {"API.request - /v2/user/scopes", args("scopes", "Object", ""), `Illegal argument for "scopes" in API.request - /v2/user/scopes`, contract.CodeIllegalParameter},
		"a boolean for user/me":       {"API.request - /v2/user/me", args("secure_resource", "Boolean", ""), "", ""},
		"a text for user/me's switch": {"API.request - /v2/user/me", args("secure_resource", "String", "true"), `Illegal argument for "secure_resource" in API.request - /v2/user/me`, contract.CodeIllegalParameter},
		"an integer":                  {"API.request - /v2/api/talk/memo/send", args("template_id", "Integer", ""), "", ""},
		"a fraction, NaN or a box":    {"API.request - /v2/api/talk/memo/send", args("template_id", "Number", ""), `Illegal argument for "template_id" in API.request - /v2/api/talk/memo/send`, contract.CodeIllegalParameter},
		"a default that is required":  {"API.request - /v1/api/talk/friends/message/send", args("template_id", "Integer", "", "receiver_uuids", "Array", "", "receiver_id_type", "Undefined", ""), "", ""},
		"files may be a list":         {"API.request", args("url", "String", "/v2/user/me", "files", "FileList", ""), "", ""},
		"files may be an array":       {"API.request", args("url", "String", "/v2/user/me", "files", "Array", "File:"+ItemEnd+"Blob:"), "", ""},
		"files may be none":           {"API.request", args("url", "String", "/v2/user/me", "files", "Array", ""), "", ""},
		"files are all files":         {"API.request", args("url", "String", "/v2/user/me", "files", "Array", "File:"+ItemEnd+"Null:"), `Illegal argument for "files" in API.request`, contract.CodeIllegalParameter},
		"one file is no files":        {"API.request", args("url", "String", "/v2/user/me", "files", "File", ""), `Illegal argument for "files" in API.request`, contract.CodeIllegalParameter},
		"file is one file":            {"API.request", args("url", "String", "/v2/user/me", "file", "Array", ""), `Illegal argument for "file" in API.request`, contract.CodeIllegalParameter},
		"a post of one character":     {"API.request - /v1/api/story/post/note", args("content", "String", "a"), "", ""},
		"a post of 2048 characters":   {"API.request - /v1/api/story/post/note", args("content", "String", strings.Repeat("가", 2048)), "", ""},
		"a post of 1025 lions":        {"API.request - /v1/api/story/post/note", args("content", "String", strings.Repeat("🦁", 1025)), "content length should be between 0 and 2048", contract.CodeIllegalParameter},
		"an empty post":               {"API.request - /v1/api/story/post/note", args("content", "String", ""), "content length should be between 0 and 2048", contract.CodeIllegalParameter},
		"a post that is no text":      {"API.request - /v1/api/story/post/note", args("content", "Integer", ""), `Illegal argument for "content" in API.request - /v1/api/story/post/note`, contract.CodeIllegalParameter},
		"uploaded images":             {"API.request - /v1/api/story/post/photo", args("image_url_list", "Array", "String:/a/b.jpg"+ItemEnd+"String:"+ItemEnd+"String://k.test/a.jpg"+ItemEnd+"String:http://localhost/a.jpg"), "", ""},
		"images of elsewhere":         {"API.request - /v1/api/story/post/photo", args("image_url_list", "Array", "String:/a/b.jpg"+ItemEnd+"String:HTTPS://me@k.test:8443/a.jpg"), "url in image_url_list should be a kage url, obtained from '/v1/api/story/upload/multi'.", contract.CodeIllegalParameter},
		"images that are no texts":    {"API.request - /v1/api/story/post/photo", args("image_url_list", "Array", "Integer:"), `Illegal argument for "image_url_list" in API.request - /v1/api/story/post/photo`, contract.CodeIllegalParameter},
		"prompt is v2's prompts":      {"Auth.authorize", args("prompt", "String", "login"), "", ""},
		"and not of login":            {"Auth.login", args("prompt", "String", "login"), "Invalid parameter keys: prompt at Auth.login", contract.CodeUnknownParameter},
		"autoLogin takes no scope":    {"Auth.autoLogin", args("scope", "String", "a"), "Invalid parameter keys: scope at Auth.autoLogin", contract.CodeUnknownParameter},
		"an address ID is an integer": {"Auth.updateShippingAddress", args("addressId", "String", "1"), `Illegal argument for "addressId" in Auth.updateShippingAddress`, contract.CodeIllegalParameter},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			call, ok := FindCall(test.call)
			if !ok {
				t.Fatalf("there is no call %q", test.call)
			}
			fault := call.Check(test.args)
			if fault == nil {
				if test.message != "" {
					t.Errorf("passed, want %q", test.message)
				}
				return
			}
			if fault.Message != test.message || fault.Code != test.code {
				t.Errorf("got %q (%s), want %q (%s)", fault.Message, fault.Code, test.message, test.code)
			}
			if fault.Error() != test.message || fault.Hint == "" {
				t.Errorf("the fault lacks its hint: %+v", fault)
			}
		})
	}
}

func TestHintsSayWhatWasExpectedAndWhatCame(t *testing.T) {
	fault := callLogin.Check(args("deviceType", "String", "phone"))
	if want := "expected one of watch, tv, got String"; fault.Hint != want {
		t.Errorf("hint %q, want %q", fault.Hint, want)
	}
}

func TestFindCallOfAnUnknownName(t *testing.T) {
	if call, ok := FindCall("Auth.nothing"); ok {
		t.Errorf("found %+v", call)
	}
}

// FuzzCheck holds hostile settings against every call: each ends in a pass or
// in one of the legacy messages, never in a panic.
func FuzzCheck(f *testing.F) {
	f.Add("scope", "String", "a")
	f.Add("__proto__", "Object", "")
	f.Add("", "Symbol", strings.Repeat("x", 1000))
	f.Add("files", "Array", "File:"+ItemEnd)
	f.Add("content", "String", "\xff\xf0\x9f")
	f.Add("image_url_list", "Array", ItemEnd+":"+ItemEnd+"String:ftp://a.b")
	all := slices.Clone(calls)
	for _, e := range Endpoints {
		all = append(all, e.Call())
	}
	f.Fuzz(func(t *testing.T, key, tag, text string) {
		for _, call := range all {
			// Everything that the call needs, so that the value is looked at.
			given := []Arg{{key, tag, text}}
			for _, p := range call.Params {
				if p.Required && p.Name != key {
					given = append(given, Arg{p.Name, "Object", ""})
				}
			}
			fault := call.Check(given)
			if fault == nil {
				continue
			}
			named := strings.Contains(fault.Message, call.Name) ||
				slices.Contains([]string{"content", "image_url_list"}, fault.Param)
			if !named || fault.Code == "" || fault.Hint == "" {
				t.Errorf("%s: a fault without its call, code or hint: %+v", call.Name, fault)
			}
		}
	})
}
