package kauth

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

func (s *authServer) showLogin(w http.ResponseWriter, request *authorizeRequest, browser visitor, form pages.LoginForm) {
	pages.Show(w, http.StatusOK, request.language, pages.Login(s.page(request, browser, 0, promptCreate), request.directory.Users, form))
}

// showChooser offers the accounts that are logged in already.
func (s *authServer) showChooser(w http.ResponseWriter, request *authorizeRequest, browser visitor) {
	pages.Show(w, http.StatusOK, request.language, pages.Chooser(s.page(request, browser, 0, promptLogin), browser.accounts))
}

// login takes the forms of the login page and the chooser: an account button, an
// e-mail address, or Cancel.
func (s *authServer) login(w http.ResponseWriter, r *http.Request) {
	request, _, _, refusal := s.resume(r)
	if refusal != nil {
		s.showError(w, r, refusal)
		return
	}
	if r.PostForm.Get("decision") == "cancel" {
		s.redirectError(w, r, request, errDenied)
		return
	}
	user := chosenUser(request.directory, r.PostForm)
	if user == nil {
		s.showAgain(w, r, request.withPrompt(promptLogin), refill{Email: r.PostForm.Get("email"), Problem: "login.nobody"})
		return
	}
	s.signIn(w, r, user, r.PostForm.Get("action") != "choose")
	s.goOn(w, r, request)
}

// goOn returns to the authorization request once somebody has logged in.
func (s *authServer) goOn(w http.ResponseWriter, r *http.Request, request *authorizeRequest) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, request.withPrompt(""), http.StatusSeeOther)
}

// chosenUser is the account that a login form names, or nil.
func chosenUser(d *registry.Directory, form url.Values) *config.User {
	if form.Get("action") == "login" {
		return d.UserByHint(form.Get("email"))
	}
	id, err := strconv.ParseInt(form.Get("user"), 10, 64)
	if err != nil {
		return nil
	}
	return d.UsersByID[id]
}

// page is what every page of a login shows; other is the prompt that its link leads
// to, and user as in ticket.
func (s *authServer) page(request *authorizeRequest, browser visitor, user int64, other string) pages.Request {
	return pages.Request{Language: request.language, App: request.app, Ticket: s.ticket(request, browser, user), Other: request.withPrompt(other)}
}

// ticket makes a form of a page that belongs to a request; user is whom the
// page is about, or 0.
func (s *authServer) ticket(request *authorizeRequest, browser visitor, user int64) string {
	return s.store.IssueTicket(store.Ticket{Session: browser.Key, Query: request.query.Encode(), User: user})
}

// resume reads a form of a page, spends its ticket and returns to the request
// that the page belongs to. The ticket proves that the form was shown to this
// browser: other sites cannot send it.
func (s *authServer) resume(r *http.Request) (*authorizeRequest, visitor, store.Ticket, *oauthError) {
	t, browser, ok := s.takeTicket(r)
	if !ok {
		return nil, visitor{}, store.Ticket{}, errOutdatedPage
	}
	request, refusal := s.parseAuthorize(t.Query, r)
	if refusal != nil {
		return nil, visitor{}, store.Ticket{}, refusal
	}
	return request, visit(request.directory, browser), t, nil
}
