package pages

import (
	"cmp"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// The pages are made of Go functions and not of html/template: that calls methods by name, whereupon the linker
// keeps every method of every library, and a program with the emulator inside weighs twice as much. Texts and
// attributes are escaped; no address in them comes from a user.

// document is a page as a whole; head is what it loads beside the style of all pages.
func (l locale) document(title string, head g.Node, body g.Node) g.Node {
	return h.Doctype(h.HTML(h.Lang(string(l)),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.Meta(h.Name("robots"), h.Content("noindex")),
			h.Link(h.Rel("icon"), h.Href("data:,")),
			h.Link(h.Rel("stylesheet"), h.Href(PathStyle)),
			h.TitleEl(g.Text(l.phrase(title)+" · "+l.phrase("badge"))),
			head,
		),
		body,
	))
}

// card is a page with one column.
func (l locale) card(title string, content ...g.Node) g.Node {
	return l.document(title, nil, h.Body(h.Main(h.Class("card"), l.brand(), g.Group(content), l.notice())))
}

func (l locale) brand() g.Node {
	return h.Header(h.Class("top"),
		h.Span(h.Class("brand"), h.Aria("hidden", "true")),
		h.Span(h.Class("brand-name"), g.Text("kakao account")),
		h.Span(h.Class("badge"), l.say("badge")),
	)
}

func (l locale) notice() g.Node { return h.Footer(h.Class("notice"), l.say("notice")) }

// service says which app the user logs in to.
func (l locale) service(app *config.App) g.Node {
	return h.P(h.Class("service"), h.Span(l.say("login.to")), g.Text(" "), h.Strong(g.Text(app.Name)))
}

// parties shows who the user is, and the app.
func (l locale) parties(user *config.User, app *config.App) g.Node {
	return g.Group{
		h.Section(h.Class("parties"), portrait(user, "52"), l.who(user, "")),
		h.H1(g.Text(app.Name)),
	}
}

// who names a user; more follows the e-mail address.
func (l locale) who(user *config.User, more string) g.Node {
	return h.Span(h.Class("who"), h.Strong(g.Text(user.Nickname)), h.Small(g.Text(cmp.Or(user.Email, l.phrase("login.noMail"))+more)))
}

// portrait is the profile image of a user; size is in CSS pixels.
func portrait(user *config.User, size string) g.Node {
	return h.Img(h.Src(account.AvatarPath(user.ID, account.ThumbnailSize)), h.Alt(""), h.Width(size), h.Height(size))
}

// account is a button that chooses a user.
func (l locale) account(user *config.User, more string, mark g.Node) g.Node {
	return h.Button(h.Type("submit"), h.Name("user"), h.Value(strconv.FormatInt(user.ID, 10)), h.Class("account"),
		portrait(user, "44"), l.who(user, more), mark)
}

// onward is the mark of an account that leads on.
func onward() g.Node { return h.Span(h.Class("go"), h.Aria("hidden", "true")) }

// form is a form of one page of a login, which the ticket belongs to.
func form(action, class, ticket string, content ...g.Node) g.Node {
	return h.Form(h.Method("post"), h.Action(action), g.If(class != "", h.Class(class)), hiddenField("ticket", ticket), g.Group(content))
}

func hiddenField(name, value string) g.Node {
	return h.Input(h.Type("hidden"), h.Name(name), h.Value(value))
}

// submit is a button that sends a form.
func submit(name, value, class string, label g.Node, more ...g.Node) g.Node {
	return h.Button(h.Type("submit"), h.Name(name), h.Value(value), h.Class(class), g.Group(more), label)
}

// leave is the form that gives a login up.
func (l locale) leave(ticket string) g.Node {
	return form(PathLogin, "leave", ticket, submit("decision", "cancel", "quiet", l.say("cancel")))
}

// aside is a link below the forms.
func aside(address string, label g.Node) g.Node {
	return h.P(h.Class("aside"), h.A(h.Href(address), label))
}

// locale is the language of a page, in which its parts are written.
type locale language.Tag
