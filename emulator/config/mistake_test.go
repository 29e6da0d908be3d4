package config

import (
	"errors"
	"slices"
	"testing"
	"unicode"

	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

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
	faults := []fault.Fault{
		{Path: "x", Times: -1, Delay: -1, Status: 1}, {Path: "/*/*", Body: "x"}, {Path: "/"},
	}
	all := []error{cfg.Check(RequireIssuer)}
	for _, fault := range faults {
		var m mistake.List
		CheckFault(fault, "fault", &m)
		all = append(all, errors.Join(m...))
	}
	for _, joined := range all {
		for _, err := range joined.(interface{ Unwrap() []error }).Unwrap() {
			var m *mistake.Mistake
			if !errors.As(err, &m) || !slices.ContainsFunc([]rune(m.Problem(language.Korean)), isHangul) {
				t.Errorf("not in Korean: %v", err)
			}
		}
	}
}

func isHangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }
