package emulator

import (
	"net/http"
	"slices"
)

// missing is what a user has not agreed to yet and an authorization request
// asks for.
type missing struct {
	// needed is set also if there is no item to choose: the first login
	// always asks whether to link the account with the app.
	needed bool
	scopes []Scope
	terms  []ServiceTerm
}

// missingConsent compares a request with what the user agreed to before.
//
// The first login asks for every consent item and all terms of the app, or the
// terms that the request names. Later logins ask for what the request names and
// for required items that were added since. Terms alone bring up the page only
// if one of those named is required. Source: Kakao Login > Concepts > Consent,
// Additional consent; Kakao Login > REST API > Getting consent to desired
// service terms.
func (e *Emulator) missingConsent(request *authorizeRequest, user *User) missing {
	linked, known := e.store.connection(request.app, user)
	var m missing
	for _, scope := range request.app.Scopes {
		_, agreed := linked.scopes[scope.ID]
		asked := scope.Required || slices.Contains(request.scopes, scope.ID) ||
			!known && request.scopes == nil
		if asked && !agreed {
			m.scopes = append(m.scopes, scope)
		}
	}
	for _, term := range request.app.ServiceTerms {
		_, agreed := linked.terms[term.Tag]
		asked := slices.Contains(request.terms, term.Tag) || !known && request.terms == nil
		if asked && !agreed {
			m.terms = append(m.terms, term)
		}
	}
	m.needed = !known || len(m.scopes) > 0 || len(m.terms) > 0 && request.namesRequiredTerm()
	return m
}

func (a *authorizeRequest) namesRequiredTerm() bool {
	return slices.ContainsFunc(a.app.ServiceTerms, func(t ServiceTerm) bool {
		return t.Required && slices.Contains(a.terms, t.Tag)
	})
}

// accepted returns what of m the user agrees to with the boxes that are
// checked: those, and everything required, whose boxes cannot be unchecked.
func (m missing) accepted(checkedScopes, checkedTerms []string) (scopes, terms []string) {
	for _, scope := range m.scopes {
		if scope.Required || slices.Contains(checkedScopes, scope.ID) {
			scopes = append(scopes, scope.ID)
		}
	}
	for _, term := range m.terms {
		if term.Required || slices.Contains(checkedTerms, term.Tag) {
			terms = append(terms, term.Tag)
		}
	}
	return scopes, terms
}

// offersChoice reports whether any item can be left out.
func (m missing) offersChoice() bool {
	return slices.ContainsFunc(m.scopes, func(s Scope) bool { return !s.Required }) ||
		slices.ContainsFunc(m.terms, func(t ServiceTerm) bool { return !t.Required })
}

func (e *Emulator) showConsent(w http.ResponseWriter, request *authorizeRequest, browser session, asked missing) {
	e.showPage(w, http.StatusOK, request.language, "consent", map[string]any{
		"App":    request.app,
		"User":   browser.user,
		"Scopes": asked.scopes,
		"Terms":  asked.terms,
		"Choice": asked.offersChoice(),
		"Ticket": e.store.issueTicket(ticket{session: browser.key, request: request, user: browser.user}),
	})
}

// consent takes the form of the consent page.
func (e *Emulator) consent(w http.ResponseWriter, r *http.Request) {
	browser, t, ok := e.takeTicket(r)
	if !ok || t.user == nil || t.user != browser.user {
		e.showError(w, r, errOutdatedPage)
		return
	}
	if r.PostForm.Get("decision") != "accept" {
		e.redirectError(w, r, t.request, errDenied)
		return
	}
	asked := e.missingConsent(t.request, browser.user)
	scopes, terms := asked.accepted(r.PostForm["scope"], r.PostForm["service_terms"])
	e.store.agree(t.request.app, browser.user, scopes, terms)
	e.redirectCode(w, r, t.request, browser)
}
