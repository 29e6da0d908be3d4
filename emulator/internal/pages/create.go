package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Create is the sign-up of a Kakao Account.
func Create(r Request, typed CreateForm) g.Node {
	l, wrong := locale(r.Language), typed.Problem != ""
	return l.card("create.title",
		l.service(r.App),
		h.H1(l.say("create.title")),
		form(PathCreate, "create", r.Ticket,
			h.Label(h.For("nickname"), l.say("create.nickname")),
			h.Input(h.ID("nickname"), h.Type("text"), h.Name("nickname"), h.Value(typed.Nickname), h.AutoComplete("nickname"),
				h.MaxLength("20"), h.Required(), g.If(wrong, h.Aria("describedby", "problem"))),
			h.Label(h.For("email"), l.say("create.email")),
			h.Input(h.ID("email"), h.Type("email"), h.Name("email"), h.Value(typed.Email), h.AutoComplete("email"),
				h.Placeholder("name@example.com"), g.If(wrong, wrongField("problem"))),
			g.If(wrong, problemText("problem", l.say(typed.Problem))),
			h.Div(h.Class("actions"),
				submit("decision", "create", "primary", l.say("create.submit")),
				submit("decision", "cancel", "quiet", l.say("cancel"), h.FormNoValidate()),
			),
		),
		aside(r.Other, l.say("create.have")),
	)
}

// CreateForm is what the sign-up page shows.
type CreateForm struct {
	Email, Nickname string
	Problem         string // key of the phrase that says what is wrong
}
