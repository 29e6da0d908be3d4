package kauth

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// sessionCookie is the name of the cookie in the default world.
const sessionCookie = "kakao_emulator_session"

// browsers know people's browsers by their cookies: which session one has, and what
// was left there for its next page.
type browsers struct {
	store *store.Store
	world string // its name, "" for the default one
	// secure tells whether a request came over https, as browsers know it.
	secure func(*http.Request) bool
}

func (b browsers) takeTicket(r *http.Request) (store.Ticket, store.Session, bool) {
	if err := r.ParseForm(); err != nil {
		return store.Ticket{}, store.Session{}, false
	}
	browser, ok := b.store.Session(b.sessionID(r))
	if !ok {
		return store.Ticket{}, store.Session{}, false
	}
	t, ok := b.store.TakeTicket(r.PostForm.Get("ticket"), browser)
	return t, browser, ok
}

// signIn makes user the current account of the browser; fresh tells that they
// logged in just now.
func (b browsers) signIn(w http.ResponseWriter, r *http.Request, user *config.User, fresh bool) {
	b.setSessionCookie(w, r, b.store.SignIn(b.sessionID(r), user.ID, fresh))
}

// browser returns the session of the browser that asks, and begins one if it
// has none.
func (b browsers) browser(w http.ResponseWriter, r *http.Request) store.Session {
	if found, ok := b.store.Session(b.sessionID(r)); ok {
		return found
	}
	id, opened := b.store.OpenSession()
	b.setSessionCookie(w, r, id)
	return opened
}

// sessionCookieName tells worlds apart, whose ports share the cookies of a host
// (RFC 6265, section 8.5).
func (b browsers) sessionCookieName() string {
	if b.world == "" {
		return sessionCookie
	}
	return sessionCookie + "_" + b.world
}

func (b browsers) sessionID(r *http.Request) string {
	cookie, err := r.Cookie(b.sessionCookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (b browsers) setSessionCookie(w http.ResponseWriter, r *http.Request, id string) {
	b.setCookie(w, r, b.sessionCookieName(), id, 0)
}

// setCookie keeps a value in the browser for the login pages, for some seconds, 0
// until the browser ends, less to remove it.
func (b browsers) setCookie(w http.ResponseWriter, r *http.Request, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure, where browsers came by https
		Name:     name,
		Value:    value,
		Path:     "/oauth/",
		MaxAge:   seconds,
		HttpOnly: true,
		Secure:   b.secure(r),
		SameSite: http.SameSiteLaxMode,
	})
}
