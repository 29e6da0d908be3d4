package rest_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// binding says which types stand for a call of the catalogue.
type binding struct {
	call    catalog.Call
	request any // nil if there is nothing to ask for
	answer  any // nil if the browser brings it
}

var bindings = []binding{
	{catalog.Authorize, rest.AuthorizeRequest{}, nil},
	{catalog.AutoLogin, rest.AuthorizeRequest{}, nil},
	{catalog.RequestConsent, rest.AuthorizeRequest{}, nil},
	{catalog.RequestTerms, rest.AuthorizeRequest{}, nil},
	{catalog.PollCode, rest.PollRequest{}, rest.PolledCode{}},
	{catalog.Exchange, rest.ExchangeRequest{}, rest.Tokens{}},
	{catalog.Refresh, rest.RefreshRequest{}, rest.Tokens{}},
	{catalog.LogoutOfAccount, rest.LogoutRequest{}, nil},
	{catalog.Logout, nil, rest.UserID{}},
	{catalog.Unlink, nil, rest.UserID{}},
	{catalog.TokenInfo, nil, rest.TokenInfo{}},
	{catalog.Me, rest.MeRequest{}, rest.User{}},
	{catalog.UpdateProfile, rest.UpdateProfileRequest{}, rest.UserID{}},
	{catalog.Signup, rest.SignupRequest{}, rest.UserID{}},
	{catalog.UserIDs, rest.UserIDsRequest{}, rest.UserIDs{}},
	{catalog.AppUsers, rest.AppUsersRequest{}, rest.AppUsers{}},
	{catalog.ShippingAddresses, rest.ShippingAddressesRequest{}, rest.ShippingAddresses{}},
	{catalog.Scopes, rest.ScopesRequest{}, rest.Scopes{}},
	{catalog.RevokeScopes, rest.RevokeScopesRequest{}, rest.Scopes{}},
	{catalog.ServiceTerms, rest.ServiceTermsRequest{}, rest.ServiceTerms{}},
	{catalog.RevokeServiceTerms, rest.RevokeServiceTermsRequest{}, rest.RevokedServiceTerms{}},
	{catalog.UpgradeServiceTerms, rest.UpgradeServiceTermsRequest{}, rest.UpgradedServiceTerms{}},
	{catalog.ServiceTermsV1, rest.ServiceTermsV1Request{}, rest.ServiceTermsV1{}},
	{catalog.Discovery, nil, rest.Metadata{}},
	{catalog.JWKS, nil, rest.JWKS{}},
	{catalog.UserInfo, nil, rest.UserInfo{}},
	{catalog.IDTokenInfo, rest.IDTokenInfoRequest{}, rest.IDTokenInfo{}},
}

func TestEachCallOfTheCatalogueHasItsTypesAndMethods(t *testing.T) {
	clients := map[string]reflect.Type{
		"Client": reflect.TypeFor[*rest.Client](), "AppClient": reflect.TypeFor[rest.AppClient](),
		"UserClient": reflect.TypeFor[rest.UserClient](), "AdminClient": reflect.TypeFor[rest.AdminClient](),
		"TargetClient": reflect.TypeFor[rest.TargetClient](),
	}
	for _, c := range catalog.Calls() {
		if !slices.ContainsFunc(bindings, func(b binding) bool { return b.call.Name == c.Name }) {
			t.Errorf("%s has no types", c.Name)
		}
		for _, auth := range c.Auth {
			if _, ok := clients[c.ClientType(auth)].MethodByName(c.Name); !ok {
				t.Errorf("%s has no method %s", c.ClientType(auth), c.Name)
			}
		}
	}
}

// No credential can make a call that belongs to another.
func TestCredentialsHaveNoMethodsOfOthers(t *testing.T) {
	forbidden := map[reflect.Type][]string{
		reflect.TypeFor[rest.TargetClient](): {"TokenInfo", "UpdateProfile", "Signup", "UserInfo", "UserIDs", "AppUsers", "Exchange"},
		reflect.TypeFor[rest.UserClient]():   {"UserIDs", "AppUsers", "For", "Exchange", "Refresh"},
		reflect.TypeFor[rest.AdminClient]():  {"Me", "Logout", "Unlink", "TokenInfo", "UserInfo"},
		reflect.TypeFor[rest.AppClient]():    {"Me", "UserIDs"},
	}
	for client, methods := range forbidden {
		for _, name := range methods {
			if _, ok := client.MethodByName(name); ok {
				t.Errorf("%s has the method %s", client, name)
			}
		}
	}
	for _, a := range []reflect.Type{reflect.TypeFor[rest.UserToken](), reflect.TypeFor[rest.AdminKey]()} {
		for _, b := range []reflect.Type{reflect.TypeFor[rest.UserToken](), reflect.TypeFor[rest.AdminKey](), reflect.TypeFor[string]()} {
			if a != b && (a.AssignableTo(b) || b.AssignableTo(a)) {
				t.Errorf("%s passes for %s", b, a)
			}
		}
	}
}

// byCredential are parameters that a credential fills, not a request.
var byCredential = []string{"client_id", "client_secret", "target_id"}

func TestRequestsHaveTheParametersOfTheCatalogue(t *testing.T) {
	for _, b := range bindings {
		tags := map[string]reflect.Type{}
		if b.request != nil {
			for field := range reflect.TypeOf(b.request).Fields() {
				if name := field.Tag.Get("kakao"); name != "" {
					tags[name] = field.Type
				}
			}
		}
		for _, auth := range b.call.Auth {
			for _, p := range b.call.ParamsFor(auth) {
				given, ok := tags[p.Name]
				switch {
				case slices.Contains(byCredential, p.Name):
					if ok {
						t.Errorf("%s: the request holds %s", b.call.Name, p.Name)
					}
				case !ok && p.Fixed == "":
					t.Errorf("%s: the request lacks %s", b.call.Name, p.Name)
				case ok && !takes(p.Type, p.List, given):
					t.Errorf("%s: %s is a %s", b.call.Name, p.Name, given)
				}
			}
		}
		for name := range tags {
			if !slices.ContainsFunc(b.call.Params, func(p catalog.Param) bool { return p.Name == name }) {
				t.Errorf("%s: %s is no parameter", b.call.Name, name)
			}
		}
	}
}

func TestAnswersHaveTheMembersOfTheCatalogue(t *testing.T) {
	for _, b := range bindings {
		if b.answer != nil {
			wantMembers(t, b.call.Name, b.call.Fields, reflect.TypeOf(b.answer))
		}
	}
}

func wantMembers(t *testing.T, where string, fields []catalog.Field, answer reflect.Type) {
	t.Helper()
	if raw, ok := answer.FieldByName("Raw"); !ok || raw.Type != reflect.TypeFor[rest.Raw]() {
		t.Errorf("%s: %s has no Raw", where, answer)
	}
	for member := range answer.Fields() {
		name := member.Tag.Get("json")
		at := slices.IndexFunc(fields, func(f catalog.Field) bool { return f.Name == name })
		switch {
		case member.Name == "Raw":
			continue
		case at < 0 && answer == reflect.TypeFor[rest.Tokens]():
			continue // one type for both grants
		case at < 0:
			t.Errorf("%s: %s.%s is no member of the answer", where, answer, member.Name)
			continue
		}
		if f := fields[at]; !takes(f.Type, f.List, member.Type) {
			t.Errorf("%s.%s is a %s", where, f.Name, member.Type)
		}
	}
	for _, f := range fields {
		member, ok := memberType(answer, f.Name)
		if !ok {
			t.Errorf("%s: %s lacks %s", where, answer, f.Name)
			continue
		}
		if f.Type == catalog.Object {
			if f.List {
				member = member.Elem()
			}
			wantMembers(t, where+"."+f.Name, f.Fields, member)
		}
	}
}

func memberType(answer reflect.Type, name string) (reflect.Type, bool) {
	for member := range answer.Fields() {
		if member.Tag.Get("json") == name {
			return member.Type, true
		}
	}
	return nil, false
}

// takes reports whether a Go type holds what the catalogue describes. Whole
// numbers are int64: in a float64 a service user ID would change.
func takes(t catalog.Type, list bool, given reflect.Type) bool {
	if list {
		return given.Kind() == reflect.Slice && takes(t, false, given.Elem())
	}
	_, secret := given.MethodByName("Reveal")
	switch t {
	case catalog.Boolean:
		return given.Kind() == reflect.Bool || given == reflect.TypeFor[*bool]()
	case catalog.Integer:
		return given.Kind() == reflect.Int64
	case catalog.Long:
		return given == reflect.TypeFor[int64]()
	case catalog.Datetime:
		return given == reflect.TypeFor[time.Time]()
	case catalog.Object:
		return given.Kind() == reflect.Struct
	case catalog.Map:
		return given.Kind() == reflect.Map && given.Elem().Kind() == reflect.String
	}
	return given.Kind() == reflect.String || secret
}

// Tokens are of types that show nothing.
func TestTokensOfAnswersAreHidden(t *testing.T) {
	for _, name := range []string{"access_token", "refresh_token", "id_token"} {
		member, ok := memberType(reflect.TypeFor[rest.Tokens](), name)
		if _, hidden := member.MethodByName("Reveal"); !ok || !hidden {
			t.Errorf("%s is a %s", name, member)
		}
	}
}
