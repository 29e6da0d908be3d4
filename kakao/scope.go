package kakao

import "strings"

// HasScope reports whether a list of scopes, separated by commas or spaces,
// names scope.
func HasScope(scopes, scope string) bool {
	for _, s := range strings.FieldsFunc(scopes, func(r rune) bool { return r == ',' || r == ' ' }) {
		if s == scope {
			return true
		}
	}
	return false
}
