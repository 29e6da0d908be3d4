package kauth

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// logoutOfAccount is /oauth/logout: the page that asks whether the session of
// the Kakao Account ends together with that of the service. A browser without
// such a session goes straight back. Source: Kakao Login > REST API > Logout of
// service and Kakao Account.
func (s *authServer) logoutOfAccount(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	d := s.registry.Directory()
	app, refusal := client(d, query)
	address := query.Get("logout_redirect_uri")
	switch {
	case refusal != nil:
	case repeats(query):
		refusal = errMalformed
	case !slices.Contains(app.LogoutRedirectURIs, address):
		refusal = errLogoutURI.comparing("logout_redirect_uri", address, app.LogoutRedirectURIs, app)
	}
	if refusal != nil {
		s.showError(w, r, refusal)
		return
	}
	known, _ := s.store.Session(s.sessionID(r))
	browser := visit(d, known)
	switch {
	case browser.user == nil:
	case r.Method != http.MethodPost:
		s.showLogout(w, r, app, browser)
		return
	default:
		t, _, ok := s.takeTicket(r)
		if !ok || t.Query != query.Encode() {
			s.showError(w, r, errOutdatedPage)
			return
		}
		if r.PostForm.Get("extent") == "account" {
			s.store.SignOut(s.sessionID(r))
		}
	}
	redirectTo(w, r, address, query.Get("state"), url.Values{})
}

func (s *authServer) showLogout(w http.ResponseWriter, r *http.Request, app *config.App, browser visitor) {
	query := r.URL.Query().Encode()
	l := language.Choose(r.URL.Query().Get("lang"), r)
	pages.Show(w, http.StatusOK, l, pages.Logout(l, pages.LogoutView{
		App: app, User: browser.user, Action: r.URL.Path + "?" + query,
		Ticket: s.store.IssueTicket(store.Ticket{Session: browser.Key, Query: query}),
	}))
}
