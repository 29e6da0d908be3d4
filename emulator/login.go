package emulator

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	pathLogin   = "/oauth/login"
	pathConsent = "/oauth/consent"

	sessionCookie = "kakao_emulator_session"
)

// loginForm is what the login page shows besides the accounts.
type loginForm struct {
	email   string
	unknown bool // nobody has this address or number
}

func (e *World) showLogin(w http.ResponseWriter, request *authorizeRequest, browser visitor, form loginForm) {
	e.showPage(w, http.StatusOK, request.language, loginPage(request, e.ticket(request, browser, 0), form))
}

// showChooser offers the accounts that are logged in already.
func (e *World) showChooser(w http.ResponseWriter, request *authorizeRequest, browser visitor) {
	e.showPage(w, http.StatusOK, request.language, chooserPage(request, e.ticket(request, browser, 0), browser.accounts))
}

// login takes the forms of the login page and the chooser: an account button, an
// e-mail address, or Cancel.
func (e *World) login(w http.ResponseWriter, r *http.Request) {
	request, _, _, refusal := e.resume(r)
	if refusal != nil {
		e.showError(w, r, refusal)
		return
	}
	if r.PostForm.Get("decision") == "cancel" {
		e.redirectError(w, r, request, errDenied)
		return
	}
	user := chosenUser(request.directory, r.PostForm)
	if user == nil {
		e.showAgain(w, r, request.withPrompt(promptLogin), refill{Email: r.PostForm.Get("email"), Problem: "login.nobody"})
		return
	}
	e.signIn(w, r, user, r.PostForm.Get("action") != "choose")
	e.goOn(w, r, request)
}

// goOn returns to the authorization request once somebody has logged in.
func (e *World) goOn(w http.ResponseWriter, r *http.Request, request *authorizeRequest) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, request.withPrompt(""), http.StatusSeeOther)
}

// chosenUser is the account that a login form names, or nil.
func chosenUser(d *directory, form url.Values) *User {
	if form.Get("action") == "login" {
		return d.userByHint(form.Get("email"))
	}
	id, err := strconv.ParseInt(form.Get("user"), 10, 64)
	if err != nil {
		return nil
	}
	return d.usersByID[id]
}

// ticket makes a form of a page that belongs to a request; user is whom the
// page is about, or 0.
func (e *World) ticket(request *authorizeRequest, browser visitor, user int64) string {
	return e.store.issueTicket(ticket{Session: browser.Key, Query: request.query.Encode(), User: user})
}

// resume reads a form of a page, spends its ticket and returns to the request
// that the page belongs to. The ticket proves that the form was shown to this
// browser: other sites cannot send it.
func (e *World) resume(r *http.Request) (*authorizeRequest, visitor, ticket, *oauthError) {
	t, browser, ok := e.takeTicket(r)
	if !ok {
		return nil, visitor{}, ticket{}, errOutdatedPage
	}
	request, refusal := e.parseAuthorize(t.Query, r)
	if refusal != nil {
		return nil, visitor{}, ticket{}, refusal
	}
	return request, request.directory.visit(browser), t, nil
}

func (e *World) takeTicket(r *http.Request) (ticket, session, bool) {
	if err := r.ParseForm(); err != nil {
		return ticket{}, session{}, false
	}
	browser, ok := e.store.session(e.sessionID(r))
	if !ok {
		return ticket{}, session{}, false
	}
	t, ok := e.store.takeTicket(r.PostForm.Get("ticket"), browser)
	return t, browser, ok
}

// signIn makes user the current account of the browser; fresh tells that they
// logged in just now.
func (e *World) signIn(w http.ResponseWriter, r *http.Request, user *User, fresh bool) {
	e.setSessionCookie(w, r, e.store.signIn(e.sessionID(r), user.ID, fresh))
}

// browser returns the session of the browser that asks, and begins one if it
// has none.
func (e *World) browser(w http.ResponseWriter, r *http.Request) session {
	if found, ok := e.store.session(e.sessionID(r)); ok {
		return found
	}
	id, opened := e.store.openSession()
	e.setSessionCookie(w, r, id)
	return opened
}

// sessionCookieName tells worlds apart, whose ports share the cookies of a host
// (RFC 6265, section 8.5).
func (e *World) sessionCookieName() string {
	if e.Name() == DefaultWorld {
		return sessionCookie
	}
	return sessionCookie + "_" + e.Name()
}

func (e *World) sessionID(r *http.Request) string {
	cookie, err := r.Cookie(e.sessionCookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (e *World) setSessionCookie(w http.ResponseWriter, r *http.Request, id string) {
	e.setCookie(w, r, e.sessionCookieName(), id, 0)
}

// setCookie keeps a value in the browser for the login pages, for some seconds, 0
// until the browser ends, less to remove it.
func (e *World) setCookie(w http.ResponseWriter, r *http.Request, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name:     name,
		Value:    value,
		Path:     "/oauth/",
		MaxAge:   seconds,
		HttpOnly: true,
		Secure:   strings.HasPrefix(e.platform(r).Auth, "https://"),
		SameSite: http.SameSiteLaxMode,
	})
}
