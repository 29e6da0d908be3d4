package server

import (
	"net/http"
	"regexp"
	"time"
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
)

// sessionIDForm is what a session ID looks like: 32 random bytes as base64url.
var sessionIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// cookieJar reads and writes one cookie.
type cookieJar struct{ http.Cookie }

// newCookieJar returns the cookie of a name for where the server is reached.
func newCookieJar(at place, name string, sameSite http.SameSite, partitioned bool) cookieJar {
	jar := cookieJar{http.Cookie{
		Name:     hostPrefix + name,
		Path:     "/",
		Secure:   true,
		HttpOnly: true,
		SameSite: sameSite,
	}}
	if !at.secure {
		jar.Name, jar.Secure = name, false
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

// clear makes the browser forget the cookie.
func (c cookieJar) clear(w http.ResponseWriter) {
	cookie := c.Cookie
	cookie.MaxAge = -1
	http.SetCookie(w, &cookie)
}
