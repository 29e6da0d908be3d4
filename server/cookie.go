package server

import (
	"net/http"
	"regexp"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
)

// Names of the cookies, to which hostPrefix is added where there is https. The
// prefix makes browsers refuse a cookie of that name that is not Secure, has a
// Domain or another Path, so that neither a sibling host nor plain http can plant
// one (RFC 6265bis, section 4.1.3.2). It needs https, so that loopback does
// without.
const (
	hostPrefix        = "__Host-"
	sessionCookieName = "kakao_session"
	logoutCookieName  = "kakao_logout" // of a logout of the Kakao Account under way
	beginCookieName   = "kakao_begin"  // of a login under way; what tells it apart follows
)

// sessionIDForm is what a session ID looks like: 32 random bytes as base64url.
var sessionIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// suffixLength is how many characters of a hash tell the cookies of two servers on
// one host apart.
const suffixLength = 8

// cookieJar reads and writes one cookie.
type cookieJar struct {
	http.Cookie
	// earlier is the name that the cookie had in version 0.1: one name for every
	// server on a host. It is read where there is no other, until the next answer
	// sets the cookie.
	earlier string
}

// newCookieJar returns the cookie of a name for where the server is reached, and
// for whom: browsers know neither ports nor, for these cookies, paths, so that two
// servers on one host would otherwise take each other's cookie for their own.
func newCookieJar(at publicURL, name, appKey string, sameSite http.SameSite, partitioned bool) cookieJar {
	earlier := name
	name += "_" + session.Hash(at.origin + at.base + "\n" + appKey)[:suffixLength]
	jar := cookieJar{earlier: hostPrefix + earlier, Cookie: http.Cookie{
		Name:     hostPrefix + name,
		Path:     "/",
		Secure:   true,
		HttpOnly: true,
		SameSite: sameSite,
	}}
	if !at.secure {
		jar.Name, jar.earlier, jar.Secure = name, earlier, false
	}
	if partitioned {
		jar.Partitioned, jar.SameSite = true, http.SameSiteNoneMode
	}
	return jar
}

// sessionID is the session ID that a request carries, or "" where it carries
// none, several, or one that this server cannot have made.
func (c cookieJar) sessionID(r *http.Request) string {
	sent := r.CookiesNamed(c.Name)
	if len(sent) == 0 {
		sent = r.CookiesNamed(c.earlier)
	}
	if len(sent) != 1 || !sessionIDForm.MatchString(sent[0].Value) {
		return ""
	}
	return sent[0].Value
}

// set gives the browser a value to keep until its expiry.
func (c cookieJar) set(w http.ResponseWriter, value string, expiry time.Time) {
	cookie := c.Cookie
	cookie.Value = value
	cookie.MaxAge = max(1, int(time.Until(expiry)/time.Second))
	http.SetCookie(w, &cookie)
}

// clearEarlier makes the browser forget the cookie of the earlier name, if it sent
// only that: it has the session under the new name by then, or none.
func (c cookieJar) clearEarlier(w http.ResponseWriter, r *http.Request) {
	if len(r.CookiesNamed(c.earlier)) == 0 || len(r.CookiesNamed(c.Name)) > 0 {
		return // The first is the rule, and told without taking a cookie apart.
	}
	c.Name = c.earlier
	c.clear(w)
}

// clear makes the browser forget the cookie.
func (c cookieJar) clear(w http.ResponseWriter) {
	cookie := c.Cookie
	cookie.MaxAge = -1
	http.SetCookie(w, &cookie)
}
