package kakao

import "strings"

// Pair is one parameter of a query or form, in order.
type Pair struct{ Name, Value string }

// EncodeQuery writes pairs as a query string or an
// application/x-www-form-urlencoded body. It replaces net/url, which would cost
// each visitor almost as much as the whole SDK (docs/size.md).
func EncodeQuery(pairs []Pair) string {
	var b strings.Builder
	for _, p := range pairs {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		escape(&b, p.Name)
		b.WriteByte('=')
		escape(&b, p.Value)
	}
	return b.String()
}

// Escape percent-encodes s as one component of an address.
func Escape(s string) string {
	var b strings.Builder
	escape(&b, s)
	return b.String()
}

// escape percent-encodes everything but the unreserved characters of RFC 3986
// section 2.3, so that queries and forms read it alike.
func escape(b *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		if isUnreserved(c) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
