package kakao

import (
	"strings"
	"testing"
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
			"Invalid parameter keys: bogus,other at Auth.login", CodeUnknown,
		},
		"what is missing comes before what is unknown": {
			"Auth.createLoginButton", args("bogus", "Number", ""),
			"Missing required keys: container at Auth.createLoginButton", CodeMissing,
		},
		"what is unknown comes before a bad value": {
			"Auth.login", args("success", "Number", "", "bogus", "Number", ""),
			"Invalid parameter keys: bogus at Auth.login", CodeUnknown,
		},
		"the first bad value in the page's order wins": {
			"Auth.login", args("fail", "Number", "", "success", "Number", ""),
			`Illegal argument for "fail" in Auth.login`, CodeIllegal,
		},
		"an explicit undefined is fine where there is a default": {"Auth.login", args("throughTalk", "Undefined", ""), "", ""},
		"and refused where there is none": {
			"Auth.login", args("scope", "Undefined", ""),
			`Illegal argument for "scope" in Auth.login`, CodeIllegal,
		},
		"null is no function": {
			"Auth.login", args("always", "Null", ""),
			`Illegal argument for "always" in Auth.login`, CodeIllegal,
		},
		"one of a list": {
			"Auth.login", args("approvalType", "String", "Project"),
			`Illegal argument for "approvalType" in Auth.login`, CodeIllegal,
		},
		"an empty key": {
			"Auth.login", args("", "Number", ""),
			"Invalid parameter keys:  at Auth.login", CodeUnknown,
		},
		"prompts belong to authorize": {"Auth.authorize", args("prompts", "String", "login"), "", ""},
		"and not to login": {
			"Auth.login", args("prompts", "String", "login"),
			"Invalid parameter keys: prompts at Auth.login", CodeUnknown,
		},
		"a container is a selector":   {"Auth.createLoginButton", args("container", "String", "#c"), "", ""},
		"or an element":               {"Auth.createLoginButton", args("container", "Element", ""), "", ""},
		"and nothing else":            {"Auth.createLoginButton", args("container", "Object", ""), `Illegal argument for "container" in Auth.createLoginButton`, CodeIllegal},
		"data may be any object":      {"API.request", args("url", "String", "/v2/user/me", "data", "Map", ""), "", ""},
		"data may be no string":       {"API.request", args("url", "String", "/v2/user/me", "data", "String", "a"), `Illegal argument for "data" in API.request`, CodeIllegal},
		"unknown addresses":           {"API.request", args("url", "String", "/v1/user/me"), `Illegal argument for "url" in API.request`, CodeIllegal},
		"an address that takes none":  {"API.request - /v1/user/unlink", args("bogus", "Number", ""), "Invalid parameter keys: bogus at API.request - /v1/user/unlink", CodeUnknown},
		"an address that needs one":   {"API.request - /v2/user/revoke/scopes", nil, "Missing required keys: scopes at API.request - /v2/user/revoke/scopes", CodeMissing},
		"an array is no array-like":   {"API.request - /v2/user/scopes", args("scopes", "Object", ""), `Illegal argument for "scopes" in API.request - /v2/user/scopes`, CodeIllegal},
		"a boolean for user/me":       {"API.request - /v2/user/me", args("secure_resource", "Boolean", ""), "", ""},
		"a text for user/me's switch": {"API.request - /v2/user/me", args("secure_resource", "String", "true"), `Illegal argument for "secure_resource" in API.request - /v2/user/me`, CodeIllegal},
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
	f.Fuzz(func(t *testing.T, key, tag, text string) {
		for _, call := range append(calls, Endpoints[0].Call(), Endpoints[4].Call()) {
			fault := call.Check([]Arg{{key, tag, text}, {"url", "String", "/v2/user/me"}})
			if fault == nil {
				continue
			}
			if !strings.Contains(fault.Message, call.Name) || fault.Code == "" || fault.Hint == "" {
				t.Errorf("%s: a fault without its call, code or hint: %+v", call.Name, fault)
			}
		}
	})
}
