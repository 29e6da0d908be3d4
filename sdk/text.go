package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// latin1 reads bytes that JavaScript wrote as characters up to 255.
func latin1(s string) []byte {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r&0xff))
	}
	return b
}

// Number reads a decimal number, 0 if s is none or longer than 18 digits.
// strconv's errors would cost each visitor 4 KB (docs/size.md).
func Number(s string) int64 {
	if len(s) > 18 {
		return 0
	}
	n := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

// isNumber reports whether Number reads s.
func isNumber(s string) bool { return s == "0" || Number(s) > 0 }

// jsonObject writes pairs as a JSON object of strings, as JSON.stringify does,
// after the members that are written already.
func jsonObject(written string, pairs []kakao.Pair) string {
	var b strings.Builder
	b.WriteByte('{')
	b.WriteString(written)
	for _, p := range pairs {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		quote(&b, p.Name)
		b.WriteByte(':')
		quote(&b, p.Value)
	}
	b.WriteByte('}')
	return b.String()
}

func quote(b *strings.Builder, s string) {
	const short, long, hex = "\b\t\n\f\r\"\\", `btnfr"\`, "0123456789abcdef"
	b.WriteByte('"')
	for i := range len(s) {
		c := s[i]
		if at := strings.IndexByte(short, c); at >= 0 {
			b.WriteByte('\\')
			b.WriteByte(long[at])
		} else if c < ' ' {
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}
