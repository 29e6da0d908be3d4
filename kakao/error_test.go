package kakao

import (
	"errors"
	"fmt"
	"testing"
)

func TestOAuthErrorIs(t *testing.T) {
	err := fmt.Errorf("refresh: %w", &OAuthError{Code: "invalid_grant", KOE: "KOE322", Description: "gone"})
	tests := []struct {
		target *OAuthError
		want   bool
	}{
		{&OAuthError{Code: "invalid_grant"}, true},
		{&OAuthError{KOE: "KOE322"}, true},
		{&OAuthError{Code: "invalid_grant", KOE: "KOE322"}, true},
		{&OAuthError{Code: "invalid_client"}, false},
		{&OAuthError{Code: "invalid_grant", KOE: "KOE320"}, false},
	}
	for _, test := range tests {
		if got := errors.Is(err, test.target); got != test.want {
			t.Errorf("errors.Is(%v, %+v) = %v", err, test.target, got)
		}
	}
}

func TestErrorsSayTheirCode(t *testing.T) {
	for want, err := range map[string]error{
		"Kakao API error -401":                &APIError{Code: CodeInvalidToken},
		"Kakao API error -402: no such scope": &APIError{Code: -402, Msg: "no such scope"},
		"invalid_grant":                       &OAuthError{Code: "invalid_grant"},
	} {
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}
