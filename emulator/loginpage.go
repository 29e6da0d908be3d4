package emulator

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
)

// loginPage asks which account logs in.
func loginPage(request *authorizeRequest, ticket string, typed loginForm) g.Node {
	l := locale(request.language)
	return l.card("login.title",
		l.service(request.app),
		h.H1(l.say("login.lead")),
		form(pathLogin, "accounts", ticket, l.accounts(request.directory.Users)),
		h.P(h.Class("or"), h.Span(l.say("login.or"))),
		form(pathLogin, "by-email", ticket,
			h.Label(h.For("email"), l.say("login.email")),
			h.Div(h.Class("row"),
				h.Input(h.ID("email"), h.Type("text"), h.Name("email"), h.Value(typed.email), h.AutoComplete("username"),
					g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false"), h.Placeholder("name@example.com"), h.Required(),
					g.If(typed.unknown, wrongField("nobody"))),
				submit("action", "login", "primary", l.say("login.submit")),
			),
			g.If(typed.unknown, problemText("nobody", l.say("login.nobody"))),
		),
		aside(request.withPrompt(promptCreate), l.say("login.create")),
		l.leave(ticket),
	)
}

func (l locale) accounts(users []config.User) g.Node {
	if len(users) == 0 {
		return h.P(h.Class("lead"), l.say("login.empty"))
	}
	return g.Map(users, func(u config.User) g.Node { return l.account(&u, "", onward()) })
}

// chooserPage asks which of the accounts that are logged in goes on.
func chooserPage(request *authorizeRequest, ticket string, accounts []*config.User) g.Node {
	l := locale(request.language)
	return l.card("chooser.title",
		l.service(request.app),
		h.H1(l.say("login.lead")),
		form(pathLogin, "accounts", ticket, hiddenField("action", "choose"),
			g.Map(accounts, func(u *config.User) g.Node { return l.account(u, "", onward()) })),
		aside(request.withPrompt(promptLogin), l.say("chooser.other")),
		l.leave(ticket),
	)
}

// wrongField marks a field whose problem stands in the element of that ID, and puts the cursor into it.
func wrongField(problem string) g.Node {
	return g.Group{h.Aria("invalid", "true"), h.Aria("describedby", problem), h.AutoFocus()}
}

// problemText says what is wrong with a field.
func problemText(id string, text g.Node) g.Node {
	return h.P(h.ID(id), h.Class("problem"), h.Role("alert"), text)
}
