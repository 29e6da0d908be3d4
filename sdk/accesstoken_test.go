package sdk

import "testing"

func TestStoredTokensAreReadAsTheyWereWritten(t *testing.T) {
	want := accessToken{value: "a.b.토큰", expires: 1_800_000_000_000, lifetime: 43199, persist: true, kept: true, began: longAgo}
	got := decodeToken(want.encode())
	if got == nil || *got != want {
		t.Errorf("read %+v, want %+v", got, want)
	}
	for _, text := range []string{"", "a", "1.2", "x.1.token", "1.x.token", "-1.1.token", "{\"token\":1}"} {
		if got := decodeToken(text); got != nil {
			t.Errorf("decodeToken(%q) = %+v, want none", text, got)
		}
	}
}

func TestDueOnlyShortlyBeforeExpiry(t *testing.T) {
	const now = 1_800_000_000_000
	tests := map[string]struct {
		token *accessToken
		want  bool
	}{
		"no token":         {nil, false},
		"the page's own":   {&accessToken{value: "t"}, false},
		"fresh":            {&accessToken{value: "t", expires: now + 43_199_000, lifetime: 43199}, false},
		"a minute to live": {&accessToken{value: "t", expires: now + 60_000, lifetime: 43199}, true},
		"expired":          {&accessToken{value: "t", expires: now - 1, lifetime: 43199}, true},
		"of an ended login": {
			&accessToken{value: "t", expires: now + 60_000, lifetime: 43199, last: true}, false,
		},
	}
	for name, test := range tests {
		if got := test.token.due(now); got != test.want {
			t.Errorf("%s: due() = %v", name, got)
		}
	}
}
