package emulator

import (
	"net/http"
	"net/url"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
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
	s.showPage(w, http.StatusOK, l, logoutMarkup(locale(l), logoutView{
		app: app, user: browser.user, action: r.URL.Path + "?" + query,
		ticket: s.store.IssueTicket(store.Ticket{Session: browser.Key, Query: query}),
	}))
}

// logoutView is what the logout page shows.
type logoutView struct {
	app            *config.App
	user           *config.User
	action, ticket string
}

// logoutMarkup asks whether the service alone is left, or the Kakao Account, too.
func logoutMarkup(l locale, v logoutView) g.Node {
	return l.card("logout.title",
		l.parties(v.user, v.app),
		h.P(h.Class("lead"), l.say("logout.lead")),
		form(v.action, "", v.ticket, h.Div(h.Class("actions stacked"),
			submit("extent", "account", "primary", l.say("logout.account")),
			submit("extent", "service", "quiet", l.say("logout.service")),
		)),
	)
}
