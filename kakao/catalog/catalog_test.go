package catalog_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// A page may make these calls, each with its user's token or with the app's key.
func TestPageCalls(t *testing.T) {
	calls := catalog.PageCalls()
	if len(calls) != 42 {
		t.Errorf("%d calls, SDK v1 has 41, and v2 one more", len(calls))
	}
	paths := map[string]bool{}
	for _, c := range calls {
		if paths[c.Path] {
			t.Errorf("%s twice", c.Path)
		}
		paths[c.Path] = true
		if c.Host != catalog.KAPI || !slices.Contains(c.Auth, catalog.ByUserToken) == !slices.Contains(c.Auth, catalog.ByAppKey) {
			t.Errorf("%s: host %d, authorized by %v", c.Path, c.Host, c.Auth)
		}
		for _, p := range c.Params {
			if p.Page.ChecksValues && p.OneOf == nil || p.Page.SendsDefault && p.Default == "" {
				t.Errorf("%s: %s has no values to check, or no default to send", c.Path, p.Name)
			}
		}
	}
}

func TestEachCallIsWhole(t *testing.T) {
	names := map[string]bool{}
	for _, c := range append(catalog.Calls(), catalog.TalkCalls()...) {
		if c.Name == "" || c.Title == "" || c.Path == "" || c.Source == "" || len(c.Methods) == 0 || len(c.Auth) == 0 || len(c.Fields) == 0 {
			t.Errorf("%s %s: something is missing", c.Name, c.Path)
		}
		if names[c.Name] {
			t.Errorf("%s: two calls of that name", c.Name)
		}
		names[c.Name] = true
		for _, p := range c.Params {
			checkDoc(t, c.Name+" "+p.Name, p.Doc)
			if p.With != "" && !slices.ContainsFunc(c.Params, func(o catalog.Param) bool { return o.Name == p.With }) {
				t.Errorf("%s: %s goes with %s, which is not there", c.Name, p.Name, p.With)
			}
		}
		checkFields(t, c.Name, c.Fields)
		for _, e := range c.Errors {
			if (e.Code == 0) == (e.Name == "") {
				t.Errorf("%s: %+v is an error of neither host, or of both", c.Name, e)
			}
		}
	}
}

func checkFields(t *testing.T, where string, fields []catalog.Field) {
	t.Helper()
	names := map[string]bool{}
	for _, f := range fields {
		checkDoc(t, where+" "+f.Name, f.Doc)
		if names[f.Name] {
			t.Errorf("%s: %s twice", where, f.Name)
		}
		names[f.Name] = true
		if (f.Type == catalog.Object) != (len(f.Fields) > 0) {
			t.Errorf("%s: %s is an object without members, or none with members", where, f.Name)
		}
		checkFields(t, where+" "+f.Name, f.Fields)
	}
}

func checkDoc(t *testing.T, where, doc string) {
	t.Helper()
	if !strings.HasSuffix(doc, ".") || strings.Contains(doc, "\n") {
		t.Errorf("%s: %q is not a line that ends in a full stop", where, doc)
	}
}

// Only what changes nothing may be repeated.
func TestRepeatableCallsOnlyRead(t *testing.T) {
	for _, c := range catalog.Calls() {
		reads := c.Methods[0] == kakao.Get && !c.Redirect && c.Name != "PollCode" || c.Name == "IDTokenInfo"
		if c.Repeatable != reads {
			t.Errorf("%s (%v): repeatable %t", c.Name, c.Methods, c.Repeatable)
		}
	}
}

func TestAdminKeyNamesTheUser(t *testing.T) {
	cases := []struct {
		call  catalog.Call
		auth  catalog.Auth
		first string
		count int
	}{
		{catalog.Me, catalog.ByUserToken, "property_keys", 2},
		{catalog.Me, catalog.ByAdminKey, "target_id_type", 4},
		{catalog.Logout, catalog.ByAdminKey, "target_id_type", 2},
		{catalog.UserIDs, catalog.ByAdminKey, "limit", 3},
		{catalog.AppUsers, catalog.ByAdminKey, "target_id_type", 3},
	}
	for _, c := range cases {
		got := c.call.ParamsFor(c.auth)
		if len(got) != c.count || got[0].Name != c.first {
			t.Errorf("%s by %d: %d parameters, first %s", c.call.Name, c.auth, len(got), got[0].Name)
		}
	}
}

func TestClientTypeFollowsFromTheCredential(t *testing.T) {
	cases := []struct {
		call catalog.Call
		auth catalog.Auth
		want string
	}{
		{catalog.Exchange, catalog.ByApp, "AppClient"},
		{catalog.Me, catalog.ByUserToken, "UserClient"},
		{catalog.Me, catalog.ByAdminKey, "TargetClient"},
		{catalog.UserIDs, catalog.ByAdminKey, "AdminClient"},
		{catalog.JWKS, catalog.ByNobody, "Client"},
	}
	for _, c := range cases {
		if got := c.call.ClientType(c.auth); got != c.want {
			t.Errorf("%s: %s, want %s", c.call.Name, got, c.want)
		}
	}
}

func TestSchemesOfTheAuthorizationHeader(t *testing.T) {
	for auth, want := range map[catalog.Auth]string{
		catalog.ByNobody: "", catalog.ByApp: "", catalog.ByUserToken: "Bearer", catalog.ByAdminKey: "KakaoAK", catalog.ByAppKey: "KakaoAK",
	} {
		if got := auth.Scheme(); got != want {
			t.Errorf("%d: %q, want %q", auth, got, want)
		}
	}
}

func TestFindsACallByItsPath(t *testing.T) {
	if c, ok := catalog.Find("/v2/user/me"); !ok || c.Name != "Me" {
		t.Errorf("got %s, %t", c.Name, ok)
	}
	if _, ok := catalog.Find("/v1/api/talk/profile"); ok {
		t.Error("a call outside Kakao Login was found")
	}
	if got := catalog.KAuth.Origin(kakao.Production) + catalog.KAPI.Origin(kakao.Production); got != "https://kauth.kakao.comhttps://kapi.kakao.com" {
		t.Error(got)
	}
}

func TestWritesAndReadsParameters(t *testing.T) {
	cases := []struct {
		name  string
		param catalog.Param
		value any
		text  string
	}{
		{"string", catalog.Param{}, "값 &=", "값 &="},
		{"one of some", catalog.Param{OneOf: []string{"asc", "desc"}}, "desc", "desc"},
		{"fixed", catalog.Param{Fixed: "code"}, "code", "code"},
		{"boolean", catalog.Param{Type: catalog.Boolean}, true, "true"},
		{"integer", catalog.Param{Type: catalog.Integer, Min: 1, Max: 100}, int64(100), "100"},
		{"long beyond a double", catalog.Param{Type: catalog.Long}, int64(9007199254740993), "9007199254740993"},
		{"longs", catalog.Param{Type: catalog.Long, List: true, Encoding: catalog.JSON}, []int64{1, 9007199254740993}, "[1,9007199254740993]"},
		{"list by commas", catalog.Param{List: true, Encoding: catalog.Commas}, []string{"a", "b"}, "a,b"},
		{"list as JSON", catalog.Param{List: true, Encoding: catalog.JSON}, []string{"a", `b"`}, `["a","b\""]`},
		{"map", catalog.Param{Type: catalog.Map, Encoding: catalog.JSON}, map[string]string{"size": "small"}, `{"size":"small"}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, err := c.param.Format(c.value)
			if err != nil || text != c.text {
				t.Errorf("Format: %q, %v", text, err)
			}
			value, err := c.param.Parse(c.text)
			if err != nil || !cmp.Equal(value, c.value) {
				t.Errorf("Parse: %v, %v", value, err)
			}
		})
	}
}

func TestReadsListsInTheFormsThatAreDescribed(t *testing.T) {
	commas := catalog.Param{List: true, Encoding: catalog.Commas}
	inJSON := catalog.Param{List: true, Encoding: catalog.JSON}
	either := catalog.Param{List: true, Encoding: catalog.JSON, AlsoCommas: true}
	cases := []struct {
		param catalog.Param
		text  string
		want  any
	}{
		{commas, "a,b", []string{"a", "b"}},
		{commas, "a, b", []string{"a", "b"}},
		{commas, "a b", []string{"a", "b"}},
		{commas, "[a]", []string{"[a]"}},
		{inJSON, `["a","b"]`, []string{"a", "b"}},
		{inJSON, "a,b", nil},
		{either, ` ["a","b"]`, []string{"a", "b"}},
		{either, "a,b", []string{"a", "b"}},
		{either, "[a", nil},
	}
	for _, c := range cases {
		if got, err := c.param.Parse(c.text); !cmp.Equal(got, c.want) || (err != nil) != (c.want == nil) {
			t.Errorf("%s: %v, %v", c.text, got, err)
		}
	}
}

func TestRefusesValuesAndSaysWhatItTakes(t *testing.T) {
	cases := []struct {
		name     string
		param    catalog.Param
		value    any
		expected string
	}{
		{"number as a string", catalog.Param{}, int64(1), "a string"},
		{"list as a string", catalog.Param{}, []string{"secret"}, "a string"},
		{"string as a list", catalog.Param{List: true}, "secret", "values separated by commas"},
		{"another constant", catalog.Param{Fixed: "code"}, "secret", "code"},
		{"none of some", catalog.Param{OneOf: []string{"asc", "desc"}}, "secret", "one of asc, desc"},
		{"an item of a list", catalog.Param{List: true, OneOf: []string{"a", "b"}}, []string{"a", "secret"}, "some of a, b"},
		{"a comma in an item", catalog.Param{List: true, Encoding: catalog.Commas}, []string{"se,cret"}, "items without comma and space"},
		{"an empty item", catalog.Param{List: true, Encoding: catalog.Commas}, []string{""}, "items without comma and space"},
		{"too small", catalog.Param{Type: catalog.Integer, Min: 2}, int64(1), "a whole number of 2 or more"},
		{"too large", catalog.Param{Type: catalog.Integer, Min: 1, Max: 100}, int64(101), "a whole number from 1 to 100"},
		{"too many", catalog.Param{Type: catalog.Long, List: true, MaxItems: 1}, []int64{1, 2}, "a JSON array of whole numbers, at most 1 of them"},
		{"boolean as a number", catalog.Param{Type: catalog.Long}, true, "a whole number"},
		{"map as a boolean", catalog.Param{Type: catalog.Boolean}, map[string]string{}, "true or false"},
		{"boolean as a map", catalog.Param{Type: catalog.Map}, true, `a JSON object of strings such as {"key":"value"}`},
		{"no UTF-8", catalog.Param{}, "\x98secret", "UTF-8"},
		{"no UTF-8 in a map", catalog.Param{Type: catalog.Map}, map[string]string{"a": "\x98"}, `a JSON object of strings such as {"key":"value"}`},
		{"something else", catalog.Param{List: true, Encoding: catalog.JSON}, 1.5, `a JSON array of strings such as ["a","b"]`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.param.Name = "p"
			_, err := c.param.Format(c.value)
			wantRefusal(t, err, kakao.CodeIllegal, c.expected)
		})
	}
}

func TestRefusesTextThatIsNoValue(t *testing.T) {
	cases := []struct {
		name  string
		param catalog.Param
		text  string
	}{
		{"boolean", catalog.Param{Type: catalog.Boolean}, "yes"},
		{"integer", catalog.Param{Type: catalog.Integer}, "1.5"},
		{"long beyond 64 bits", catalog.Param{Type: catalog.Long}, "9223372036854775808"},
		{"longs", catalog.Param{Type: catalog.Long, List: true}, "1,2"},
		{"list of numbers", catalog.Param{List: true, Encoding: catalog.JSON}, "[1]"},
		{"no list", catalog.Param{List: true, Encoding: catalog.Commas}, " ,"},
		{"map of null", catalog.Param{Type: catalog.Map}, "null"},
		{"one of some", catalog.Param{OneOf: []string{"a"}}, "b"},
		{"no UTF-8", catalog.Param{}, "\x98"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.param.Name = "p"
			_, err := c.param.Parse(c.text)
			wantRefusal(t, err, kakao.CodeIllegal, "")
		})
	}
	wantRefusal(t, catalog.Param{Name: "p", OneOf: []string{"a"}}.Missing(), kakao.CodeMissing, "")
}

func wantRefusal(t *testing.T, err error, code, expected string) {
	t.Helper()
	var refusal *kakao.ParamError
	if !errors.As(err, &refusal) || refusal.Code != code || refusal.Param != "p" || refusal.Hint == "" {
		t.Fatalf("got %#v", err)
	}
	if !strings.HasSuffix(refusal.Message, expected) || strings.Contains(refusal.Message+refusal.Hint, "secret") {
		t.Errorf("message %q, want one that ends in %q", refusal.Message, expected)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "true", "12", `["a"]`, "[1,2]", "a,b", `{"a":"b"}`, "null", "[null]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range slices.Concat(catalog.Calls(), catalog.TalkCalls(), catalog.SDKCalls()) {
			for _, p := range c.ParamsFor(c.Auth[len(c.Auth)-1]) {
				value, err := p.Parse(text)
				if err != nil {
					continue
				}
				if written, err := p.Format(value); err == nil {
					if again, err := p.Parse(written); err == nil && !equalAsJSON(again, value) {
						t.Errorf("%s %s: %q became %v, then %v", c.Path, p.Name, text, value, again)
					}
				}
			}
		}
	})
}

func equalAsJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
