package sdk

import "testing"

// Rule 4: a login that made a nonce takes an ID token with that nonce only, and
// one that asked for openid takes no answer without an ID token.
func TestNonceOfTheIDToken(t *testing.T) {
	for name, test := range map[string]struct {
		nonce  string
		openid bool
		answer []string
		want   bool
	}{
		"its nonce":                       {"n", true, []string{"id_token", "t", "nonce", "n"}, true},
		"another nonce":                   {"n", true, []string{"id_token", "t", "nonce", "x"}, false},
		"a nonce that begins alike":       {"n", true, []string{"id_token", "t", "nonce", "nn"}, false},
		"no nonce":                        {"n", true, []string{"id_token", "t", "nonce", ""}, false},
		"no ID token":                     {"n", true, nil, false},
		"the page's nonce, no ID token":   {"n", false, nil, true},
		"the page's nonce, another's":     {"n", false, []string{"id_token", "t", "nonce", "x"}, false},
		"a login without nonce, no token": {"", false, nil, true},
	} {
		f := &exchange{secrets: secrets{nonce: test.nonce, openid: test.openid}}
		if got := f.hasNonce(&Event{Type: Answer, Data: test.answer}); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
