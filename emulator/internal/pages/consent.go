package pages

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// Consent asks for what is missing.
func Consent(r Request, user *config.User, scopes []config.Scope, serviceTerms []config.ServiceTerm) g.Node {
	l, lead := locale(r.Language), "consent.link"
	if len(scopes)+len(serviceTerms) > 0 {
		lead = "consent.lead"
	}
	terms := g.Map(serviceTerms, func(t config.ServiceTerm) g.Node {
		return l.item("service_terms", t.Tag, t.Title, t.Required, false)
	})
	items := g.Map(scopes, func(s config.Scope) g.Node { return l.item("scope", s.ID, s.Name, s.Required, s.InUse) })
	return l.document("consent.title", h.Script(h.Src(PathScript), h.Defer()), h.Body(h.Main(h.Class("card"),
		l.brand(),
		l.parties(user, r.App),
		h.P(h.Class("lead"), l.say(lead)),
		form(PathConsent, "consent", r.Ticket,
			g.If(offersChoice(scopes, serviceTerms), l.allItems()),
			l.items("consent.terms", terms),
			l.items("consent.items", items),
			h.Div(h.Class("actions"),
				submit("decision", "accept", "primary", l.say("consent.accept")),
				submit("decision", "cancel", "quiet", l.say("cancel")),
			),
		),
		l.notice(),
	)))
}

// allItems is the box that checks all others; the script shows it.
func (l locale) allItems() g.Node {
	return h.Label(h.Class("item all"), h.Hidden("hidden"), h.Input(h.Type("checkbox"), h.ID("agree-all")), h.Span(l.say("consent.all")))
}

// items are those of one kind; none are nothing.
func (l locale) items(legend string, items g.Group) g.Node {
	return g.If(len(items) > 0, h.FieldSet(h.Legend(l.say(legend)), items))
}

// item is a box of the consent page, which cannot be unchecked where it must be or is agreed to.
func (l locale) item(name, value string, label language.Text, required, inUse bool) g.Node {
	class, need := "need required", "consent.required"
	switch {
	case required:
	case inUse:
		need = "consent.inUse"
	default:
		class, need = "need", "consent.optional"
	}
	return h.Label(h.Class("item"),
		h.Input(h.Type("checkbox"), h.Name(name), h.Value(value), g.If(required || inUse, g.Group{h.Checked(), h.Disabled()})),
		h.Span(g.Text(label.In(language.Tag(l)))),
		h.Em(h.Class(class), l.say(need)),
	)
}

// offersChoice reports whether any item can be left out.
func offersChoice(scopes []config.Scope, terms []config.ServiceTerm) bool {
	return slices.ContainsFunc(scopes, func(s config.Scope) bool { return !s.Fixed() }) ||
		slices.ContainsFunc(terms, func(t config.ServiceTerm) bool { return !t.Required })
}
