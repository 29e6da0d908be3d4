package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// Request is what the pages of a login have in common.
type Request struct {
	Language language.Tag
	App      *config.App
	Ticket   string // of the page's form
	// other is where the link below the form leads, to another page of the login.
	Other string
}

// LoginForm is what the login page shows besides the accounts.
type LoginForm struct {
	Email   string
	Unknown bool // nobody has this address or number
}

// Login asks which account logs in.
func Login(r Request, users []config.User, typed LoginForm) g.Node {
	l := locale(r.Language)
	return l.card("login.title",
		l.service(r.App),
		h.H1(l.say("login.lead")),
		form(PathLogin, "accounts", r.Ticket, l.accounts(users)),
		h.P(h.Class("or"), h.Span(l.say("login.or"))),
		form(PathLogin, "by-email", r.Ticket,
			h.Label(h.For("email"), l.say("login.email")),
			h.Div(h.Class("row"),
				h.Input(h.ID("email"), h.Type("text"), h.Name("email"), h.Value(typed.Email), h.AutoComplete("username"),
					g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false"), h.Placeholder("name@example.com"), h.Required(),
					g.If(typed.Unknown, wrongField("nobody"))),
				submit("action", "login", "primary", l.say("login.submit")),
			),
			g.If(typed.Unknown, problemText("nobody", l.say("login.nobody"))),
		),
		aside(r.Other, l.say("login.create")),
		l.leave(r.Ticket),
	)
}

func (l locale) accounts(users []config.User) g.Node {
	if len(users) == 0 {
		return h.P(h.Class("lead"), l.say("login.empty"))
	}
	return g.Map(users, func(u config.User) g.Node { return l.account(&u, "", onward()) })
}

// Chooser asks which of the accounts that are logged in goes on.
func Chooser(r Request, accounts []*config.User) g.Node {
	l := locale(r.Language)
	return l.card("chooser.title",
		l.service(r.App),
		h.H1(l.say("login.lead")),
		form(PathLogin, "accounts", r.Ticket, hiddenField("action", "choose"),
			g.Map(accounts, func(u *config.User) g.Node { return l.account(u, "", onward()) })),
		aside(r.Other, l.say("chooser.other")),
		l.leave(r.Ticket),
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
