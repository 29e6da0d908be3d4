package sdk

import (
	"strconv"
	"strings"
)

// accessToken is the access token of the page. One that the token server issued
// has an expiry and is renewed; one that the page set by itself has none and is
// left alone, because the server's session may belong to somebody else.
type accessToken struct {
	value    string
	expires  int64  // milliseconds since 1970; 0 if the page set the token
	lifetime int    // seconds
	persist  bool   // kept in localStorage, beyond the page's life
	kept     bool   // it was seen in localStorage, which a browser may refuse
	last     bool   // the server has no login to renew it from
	began    int64  // when its login began; see Machine.moment
	of       string // the exchange.of that brought it
}

// see notes whether the entry in localStorage is t.
func (t *accessToken) see(entry string) {
	if t != nil && !t.kept && t.persist && entry != "" {
		t.kept = entry == t.encode()
	}
}

// renewable reports whether t came from the token server.
func (t *accessToken) renewable() bool { return t != nil && t.expires != 0 }

// isEmpty reports whether nobody is logged in by t. Many pages log out with
// setAccessToken(undefined) or an empty text, which is kept as an empty token.
func (t *accessToken) isEmpty() bool { return t == nil || t.value == "" }

// since is when the login of t began; without a token, long ago.
func (t *accessToken) since() int64 {
	if t == nil {
		return longAgo
	}
	return t.began
}

// text is t as it goes to Kakao; without a token what the legacy SDK sent.
func (t *accessToken) text() string {
	if t == nil {
		return "null"
	}
	return t.value
}

// renewAt is when t is to be renewed, in milliseconds since 1970.
func (t *accessToken) renewAt() int64 { return t.expires - int64(RenewBefore(t.lifetime))*1000 }

// due reports whether t is to be renewed before it is used.
func (t *accessToken) due(now int64) bool { return t.renewable() && !t.last && now >= t.renewAt() }

// encode writes t for localStorage.
func (t *accessToken) encode() string {
	return strconv.FormatInt(t.expires, 10) + "." + text(t.lifetime) + "." + t.value
}

// longAgo is when the login of a token began that was found in the storage, as
// far as this page knows.
const longAgo = 1

// decodeToken reads what encode wrote. Anything else is no token.
func decodeToken(entry string) *accessToken {
	expires, rest, ok := strings.Cut(entry, ".")
	lifetime, value, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 || !isNumber(expires) || !isNumber(lifetime) {
		return nil
	}
	return &accessToken{value: value, expires: Number(expires), lifetime: seconds(lifetime), persist: true, kept: true, began: longAgo}
}

// seconds reads a lifetime. The longest is some 68 years.
func seconds(s string) int { return int(min(Number(s), 1<<31-1)) }
