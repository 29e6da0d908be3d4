package emulator

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// createPage is the sign-up of a Kakao Account.
func createPage(request *authorizeRequest, ticket string, typed createForm) g.Node {
	l, wrong := locale(request.language), typed.problem != ""
	return l.card("create.title",
		l.service(request.app),
		h.H1(l.say("create.title")),
		form(pathCreate, "create", ticket,
			h.Label(h.For("nickname"), l.say("create.nickname")),
			h.Input(h.ID("nickname"), h.Type("text"), h.Name("nickname"), h.Value(typed.nickname), h.AutoComplete("nickname"),
				h.MaxLength("20"), h.Required(), g.If(wrong, h.Aria("describedby", "problem"))),
			h.Label(h.For("email"), l.say("create.email")),
			h.Input(h.ID("email"), h.Type("email"), h.Name("email"), h.Value(typed.email), h.AutoComplete("email"),
				h.Placeholder("name@example.com"), g.If(wrong, wrongField("problem"))),
			g.If(wrong, problemText("problem", l.say(typed.problem))),
			h.Div(h.Class("actions"),
				submit("decision", "create", "primary", l.say("create.submit")),
				submit("decision", "cancel", "quiet", l.say("cancel"), h.FormNoValidate()),
			),
		),
		aside(request.withPrompt(promptLogin), l.say("create.have")),
	)
}
