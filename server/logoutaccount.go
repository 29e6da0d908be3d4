package server

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// logoutStateLife is how long a user may look at Kakao's logout page.
const logoutStateLife = 10 * time.Minute

// logoutOfAccount answers GET /logout/account, to which a page leads its
// visitor's browser: it ends the session as POST /logout does, and leads on to
// Kakao's page, where the user may end the session of the Kakao Account, too.
//
// The session ends here and not at the callback: whoever has asked to be logged
// out is, also if Kakao is away or the user never leaves its page. So a link must
// not do it that a page of somebody else has put there; see mayLogOut.
func (s *Server) logoutOfAccount(w http.ResponseWriter, r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errReturnAddress
	}
	back, err := s.returnAddress(query["return_to"])
	if err != nil {
		return err
	}
	if !s.mayLogOut(r.Header) {
		return errForeignLogout
	}
	state := session.NewID()
	address, err := s.kakao.LogoutURL(rest.LogoutRequest{LogoutRedirectURI: s.at.logoutCallback(), State: state})
	if err != nil {
		return err
	}
	if err := s.endSession(w, r); err != nil {
		return err
	}
	s.logouts.set(w, state+"."+base64.RawURLEncoding.EncodeToString([]byte(back)), time.Now().Add(logoutStateLife))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// loggedOutOfAccount answers GET /logout/callback, to which Kakao leads the
// browser after the logout: it leads on to where the logout was to return to. It
// does so only for the browser that began it, by the state that Kakao sends back.
func (s *Server) loggedOutOfAccount(w http.ResponseWriter, r *http.Request) error {
	state, back := s.logoutUnderWay(r)
	sent := r.URL.Query()["state"]
	if state == "" || len(sent) != 1 || subtle.ConstantTimeCompare([]byte(sent[0]), []byte(state)) != 1 {
		return errLogoutState
	}
	address, err := s.returnAddress([]string{back})
	if err != nil {
		return err
	}
	s.logouts.clear(w)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// logoutUnderWay returns the state of the logout that the browser has begun, and
// where it is to return to; no state where it has begun none.
func (s *Server) logoutUnderWay(r *http.Request) (state, back string) {
	kept := r.CookiesNamed(s.logouts.Name)
	if len(kept) != 1 {
		return "", ""
	}
	state, encoded, _ := strings.Cut(kept[0].Value, ".")
	address, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !sessionIDForm.MatchString(state) {
		return "", ""
	}
	return state, string(address)
}

// mayLogOut reports whether it is the user who navigates: by a link or a script
// of a page that may call the server, or by hand. A page of an allowed origin
// other than the server's own must therefore let its origin be known, which pages
// do unless their Referrer-Policy forbids it. Anything that is not a navigation
// of a whole window, such as an image, a frame or a page that is fetched in case
// the user will want it, logs nobody out.
//
// Other than for unsafe methods, a request without Sec-Fetch-Site must have the
// Referer of an allowed page: browsers send no Origin with a link by which an old
// one could be told from a program.
func (s *Server) mayLogOut(h http.Header) bool {
	dest, site := h.Get("Sec-Fetch-Dest"), h.Get("Sec-Fetch-Site")
	switch {
	case dest != "" && dest != "document", h.Get("Sec-Purpose") != "":
		return false
	case site == "same-origin", site == "none":
		return true
	}
	page, err := url.Parse(h.Get("Referer"))
	return err == nil && s.pages.Allows(page.Scheme+"://"+page.Host)
}

// Failures of logouts of the Kakao Account.
var (
	errForeignLogout = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
		Code: contract.CodeAccessDenied, Description: "expected a navigation from a page of an allowed origin, by a link or location.assign; a page of another origin than the server's own must not hide where it links from (Referrer-Policy)",
	}}
	errLogoutState = web.InvalidRequest(http.StatusBadRequest, "this browser has begun no logout with this state, or it was more than ten minutes ago; the user is logged out of the service all the same")
)
