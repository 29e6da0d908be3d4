package kauth

import (
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// missing is what a user has not agreed to yet and an authorization request
// asks for.
type missing struct {
	// needed is set also if there is no item to choose: the first login
	// always asks whether to link the account with the app.
	needed bool
	scopes []config.Scope
	terms  []config.ServiceTerm
}

// missingConsent compares a request with what the user agreed to before.
//
// The first login asks for every consent item and all terms of the app, or the
// terms that the request names. Later logins ask for what the request names and
// for required items that were added since. Terms alone bring up the page only
// if one of those named is required. Source: Kakao Login > Concepts > Consent,
// Additional consent; Kakao Login > REST API > Getting consent to desired
// service terms.
func (s *authServer) missingConsent(request *authorizeRequest, user *config.User) missing {
	linked, known := s.store.Connection(store.Link{App: request.app.ID, User: user.ID})
	var m missing
	for _, scope := range request.app.Scopes {
		_, agreed := linked.Scopes[scope.ID]
		asked := scope.Required || slices.Contains(request.scopes, scope.ID) ||
			!known && request.scopes == nil && !scope.InUse
		if asked && !agreed && account.Holds(user, scope.ID) {
			m.scopes = append(m.scopes, scope)
		}
	}
	for _, term := range request.app.ServiceTerms {
		_, agreed := linked.Terms[term.Tag]
		asked := slices.Contains(request.terms, term.Tag) || !known && request.terms == nil
		if asked && !agreed {
			m.terms = append(m.terms, term)
		}
	}
	m.needed = !known || len(m.scopes) > 0 || len(m.terms) > 0 && request.namesRequiredTerm()
	return m
}

func (a *authorizeRequest) namesRequiredTerm() bool {
	return slices.ContainsFunc(a.app.ServiceTerms, func(t config.ServiceTerm) bool {
		return t.Required && slices.Contains(a.terms, t.Tag)
	})
}

// ids are all consent items of m.
func (m missing) ids() []string {
	var ids []string
	for _, scope := range m.scopes {
		ids = append(ids, scope.ID)
	}
	return ids
}

// tags are all terms of m.
func (m missing) tags() []string {
	var tags []string
	for _, term := range m.terms {
		tags = append(tags, term.Tag)
	}
	return tags
}

// accepted returns what of m the user agrees to with the boxes that are
// checked: those, and everything whose boxes cannot be unchecked.
func (m missing) accepted(checkedScopes, checkedTerms []string) (scopes, terms []string) {
	for _, scope := range m.scopes {
		if scope.Fixed() || slices.Contains(checkedScopes, scope.ID) {
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

func (s *authServer) showConsent(w http.ResponseWriter, request *authorizeRequest, browser visitor, asked missing) {
	pages.Show(w, http.StatusOK, request.language, pages.Consent(s.page(request, browser, browser.user.ID, ""), browser.user, asked.scopes, asked.terms))
}

// consent takes the form of the consent page.
func (s *authServer) consent(w http.ResponseWriter, r *http.Request) {
	request, browser, t, refusal := s.resume(r)
	if refusal == nil && (t.User == 0 || browser.user == nil || t.User != browser.user.ID) {
		refusal = errOutdatedPage
	}
	if refusal != nil {
		s.showError(w, r, refusal)
		return
	}
	if r.PostForm.Get("decision") != "accept" {
		s.redirectError(w, r, request, errDenied)
		return
	}
	asked := s.missingConsent(request, browser.user)
	scopes, terms := asked.accepted(r.PostForm["scope"], r.PostForm["service_terms"])
	s.agree(request, browser.user, scopes, terms)
	s.redirectCode(w, r, request, browser)
}

// agree records consents and tells the app of them.
func (s *authServer) agree(request *authorizeRequest, user *config.User, scopes, terms []string) {
	l := store.Link{App: request.app.ID, User: user.ID}
	_, known := s.store.Connection(l)
	s.store.Agree(l, store.Connection{Synced: request.app.UsesSync(), Preregistered: request.app.ManualLink}, scopes, terms, config.AgreedOnPage)
	switch {
	case !known && !request.app.ManualLink:
		s.webhooks.Send(request.directory, l, catalog.EventUserLinked, nil)
	case known && len(scopes) > 0:
		s.webhooks.Send(request.directory, l, catalog.EventUserScopeConsent, nil)
	}
}
