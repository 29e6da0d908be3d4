package emulator

import (
	"errors"
	"regexp"
	"slices"
	"testing"
	"unicode"
)

var verb = regexp.MustCompile(`%[a-z]`)

func TestKoreanProblemsTakeTheSameValues(t *testing.T) {
	for en, ko := range koreanProblems {
		if want, got := verb.FindAllString(en, -1), verb.FindAllString(ko, -1); !slices.Equal(want, got) {
			t.Errorf("%q takes %v, its translation %q takes %v", en, want, ko, got)
		}
	}
}

// Every mistake that a configuration can have is said in Korean.
func TestMistakesAreSaidInKorean(t *testing.T) {
	app := App{
		RedirectURIs: []string{"x", "http://localhost/#x", "http://example.com/"}, SiteDomains: []string{"x"},
		UserProperties: []string{"a b", "nickname"},
		UnlinkWebhook:  UnlinkWebhook{URL: "x", Method: "PUT"}, AccountWebhook: AccountWebhook{Events: []string{"x"}},
		Scopes:       []Scope{{ID: ""}, {ID: "openid"}, {ID: "own"}, {ID: "gender", Required: true, InUse: true, Type: "x"}},
		ServiceTerms: []ServiceTerm{{Tag: "a b"}},
	}
	user := User{Email: "x", ShippingAddresses: []ShippingAddress{{}}, ServiceUserIDs: map[int64]int64{1: -1}}
	cfg := Config{Issuer: "x", Apps: []App{app, app}, Users: []User{user}}
	faults := []Fault{
		{Path: "x", Times: -1, Delay: -1, Status: 1}, {Path: "/*/*", Body: "x"}, {Path: "/"},
	}
	all := []error{cfg.validate(requireIssuer)}
	for _, fault := range faults {
		var m mistakes
		checkFault(fault, "fault", &m)
		all = append(all, errors.Join(m...))
	}
	for _, joined := range all {
		for _, err := range joined.(interface{ Unwrap() []error }).Unwrap() {
			var m *mistake
			if !errors.As(err, &m) || !slices.ContainsFunc([]rune(m.problem(korean)), isHangul) {
				t.Errorf("not in Korean: %v", err)
			}
		}
	}
}

func isHangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }
