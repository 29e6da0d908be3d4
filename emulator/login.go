package emulator

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
)

const (
	pathLogin   = "/oauth/login"
	pathConsent = "/oauth/consent"

	sessionCookie = "kakao_emulator_session"
)

// loginForm is what the login page shows besides the accounts.
type loginForm struct {
	email   string
	unknown bool // nobody has this e-mail address
}

func (e *Emulator) showLogin(w http.ResponseWriter, request *authorizeRequest, browser session, form loginForm) {
	status := http.StatusOK
	if form.unknown {
		status = http.StatusUnprocessableEntity
	}
	e.showPage(w, status, request.language, "login", map[string]any{
		"App":     request.app,
		"Users":   e.cfg.Users,
		"Email":   form.email,
		"Unknown": form.unknown,
		"Ticket":  e.store.issueTicket(ticket{session: browser.key, request: request}),
	})
}

// login takes the forms of the login page: an account button, an e-mail
// address, or Cancel.
func (e *Emulator) login(w http.ResponseWriter, r *http.Request) {
	browser, t, ok := e.takeTicket(r)
	if !ok {
		e.showError(w, r, errOutdatedPage)
		return
	}
	if r.PostForm.Get("decision") == "cancel" {
		e.redirectError(w, r, t.request, errDenied)
		return
	}
	user := e.chosenUser(r)
	if user == nil {
		e.showLogin(w, t.request, browser, loginForm{email: r.PostForm.Get("email"), unknown: true})
		return
	}
	e.setSessionCookie(w, e.store.signIn(sessionID(r), user))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, t.request.afterLogin(kakao.PathAuthorize), http.StatusSeeOther)
}

// chosenUser is the account that a login form names, or nil.
func (e *Emulator) chosenUser(r *http.Request) *User {
	if r.PostForm.Get("action") == "login" {
		return e.cfg.userByEmail(strings.TrimSpace(r.PostForm.Get("email")))
	}
	id, err := strconv.ParseInt(r.PostForm.Get("user"), 10, 64)
	if err != nil {
		return nil
	}
	return e.cfg.userByID(id)
}

// takeTicket reads a form of a page and spends its ticket. The ticket proves
// that the form was shown to this browser: other sites cannot send it.
func (e *Emulator) takeTicket(r *http.Request) (session, ticket, bool) {
	if err := r.ParseForm(); err != nil {
		return session{}, ticket{}, false
	}
	browser, ok := e.store.session(sessionID(r))
	if !ok {
		return session{}, ticket{}, false
	}
	t, ok := e.store.takeTicket(r.PostForm.Get("ticket"), browser)
	return browser, t, ok
}

// browser returns the session of the browser that asks, and begins one if it
// has none.
func (e *Emulator) browser(w http.ResponseWriter, r *http.Request) session {
	if found, ok := e.store.session(sessionID(r)); ok {
		return found
	}
	id, opened := e.store.openSession()
	e.setSessionCookie(w, id)
	return opened
}

func sessionID(r *http.Request) string {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (e *Emulator) setSessionCookie(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{
		Name:     sessionCookie,
		Value:    id,
		Path:     "/oauth/",
		HttpOnly: true,
		Secure:   strings.HasPrefix(e.cfg.Issuer, "https://"),
		SameSite: http.SameSiteLaxMode,
	})
}
