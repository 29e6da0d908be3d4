package kakao

import "testing"

func TestHasScope(t *testing.T) {
	for _, test := range []struct {
		scopes string
		want   bool
	}{
		{"", false},
		{"openid", true},
		{"account_email,openid", true},
		{"account_email openid", true},
		{"openid_connect", false},
		{"not-openid", false},
	} {
		if got := HasScope(test.scopes, "openid"); got != test.want {
			t.Errorf("HasScope(%q, openid) = %v", test.scopes, got)
		}
	}
}
