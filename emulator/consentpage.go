package emulator

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// consentPage asks for what is missing.
func consentPage(request *authorizeRequest, ticket string, user *config.User, asked missing) g.Node {
	l, lead := locale(request.language), "consent.link"
	if len(asked.scopes)+len(asked.terms) > 0 {
		lead = "consent.lead"
	}
	terms := g.Map(asked.terms, func(t config.ServiceTerm) g.Node {
		return l.item("service_terms", t.Tag, t.Title, t.Required, false)
	})
	scopes := g.Map(asked.scopes, func(s config.Scope) g.Node { return l.item("scope", s.ID, s.Name, s.Required, s.InUse) })
	return l.document("consent.title", h.Script(h.Src(pathScript), h.Defer()), h.Body(h.Main(h.Class("card"),
		l.brand(),
		l.parties(user, request.app),
		h.P(h.Class("lead"), l.say(lead)),
		form(pathConsent, "consent", ticket,
			g.If(asked.offersChoice(), l.allItems()),
			l.items("consent.terms", terms),
			l.items("consent.items", scopes),
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
func (l locale) item(name, value string, label Text, required, inUse bool) g.Node {
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
