package emulator

import (
	"net/http"
	"net/url"
	"slices"
)

// logoutOfAccount is /oauth/logout: the page that asks whether the session of
// the Kakao Account ends together with that of the service. A browser without
// such a session goes straight back. Source: Kakao Login > REST API > Logout of
// service and Kakao Account.
func (e *World) logoutOfAccount(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	d := e.directory()
	app, refusal := d.client(query)
	address := query.Get("logout_redirect_uri")
	switch {
	case refusal != nil:
	case repeats(query):
		refusal = errMalformed
	case !slices.Contains(app.LogoutRedirectURIs, address):
		refusal = errLogoutURI.comparing("logout_redirect_uri", address, app.LogoutRedirectURIs, app)
	}
	if refusal != nil {
		e.showError(w, r, refusal)
		return
	}
	known, _ := e.store.session(e.sessionID(r))
	browser := d.visit(known)
	switch {
	case browser.user == nil:
	case r.Method != http.MethodPost:
		e.showLogout(w, r, app, browser)
		return
	default:
		t, _, ok := e.takeTicket(r)
		if !ok || t.Query != query.Encode() {
			e.showError(w, r, errOutdatedPage)
			return
		}
		if r.PostForm.Get("extent") == "account" {
			e.store.signOut(e.sessionID(r))
		}
	}
	redirectTo(w, r, address, query.Get("state"), url.Values{})
}

func (e *World) showLogout(w http.ResponseWriter, r *http.Request, app *App, browser visitor) {
	query := r.URL.Query().Encode()
	e.showPage(w, http.StatusOK, chooseLanguage(r.URL.Query().Get("lang"), r), "logout", map[string]any{
		"App":    app,
		"User":   browser.user,
		"Action": r.URL.Path + "?" + query,
		"Ticket": e.store.issueTicket(ticket{Session: browser.Key, Query: query}),
	})
}
