package pages

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// FrontDoorView is what the page at the root shows of a world.
type FrontDoorView struct {
	World               string // "" for the default world
	Addresses           []Address
	Apps                []config.App
	Users               []config.User
	LoggedIn, Automatic *config.User // nil for nobody
}

// FrontDoor says what this is, and where everything is.
func FrontDoor(tag language.Tag, v FrontDoorView) g.Node {
	l := locale(tag)
	title := l.phrase("front.title")
	if v.World != "" {
		title += " · " + v.World
	}
	return l.document("front.title", nil, h.Body(h.Class("wide"), h.Main(h.Class("card front"),
		l.brand(),
		h.H1(g.Text(title)),
		h.P(h.Class("lead"), l.say("front.lead")),
		l.done("front.loggedIn", v.LoggedIn, h.Role("status")),
		l.done("front.automatic", v.Automatic, nil),
		h.Nav(h.Class("doors"), h.Aria("label", l.phrase("front.doors")),
			h.A(h.Class("primary"), h.Href(PathConsole), l.say("front.console")), g.Text(" "),
			h.A(h.Class("quiet"), h.Href(PathConsoleAPI+"/openapi.json"), g.Text("OpenAPI")), g.Text(" "),
			h.A(h.Class("quiet"), h.Href(guide), l.say("front.guide")),
		),
		h.H2(l.say("front.addresses")),
		h.Dl(h.Class("pairs"), g.Map(v.Addresses, func(a Address) g.Node { return copied(l.phrase(a.Label), a.URL) })),
		l.apps(v.Apps),
		h.H2(l.say("front.users")),
		h.P(h.Class("lead below"), l.say("front.usersLead")),
		h.Form(h.Method("post"), h.Action(PathLogInAs), h.Class("accounts"), l.frontDoorUsers(v.Users)),
		l.notice(),
	)))
}

// done says what is so for a user; nil says nothing.
func (l locale) done(key string, user *config.User, role g.Node) g.Node {
	if user == nil {
		return nil
	}
	return h.P(h.Class("done"), role, l.say(key), g.Text(" "), h.Strong(g.Text(user.Nickname)))
}

// copied is a value that people copy; an empty one is nothing.
func copied(name, value string) g.Node {
	return g.If(value != "", h.Div(pair(name, h.Code(g.Text(value)))))
}

func (l locale) apps(apps []config.App) g.Node {
	if len(apps) == 0 {
		return h.P(h.Class("lead"), l.say("front.noApps"))
	}
	return g.Map(apps, l.frontDoorApp)
}

func (l locale) frontDoorApp(app config.App) g.Node {
	redirects := g.Map(app.RedirectURIs, func(uri string) g.Node { return h.Dd(h.Code(g.Text(uri))) })
	if len(redirects) == 0 {
		redirects = g.Group{h.Dd(h.A(h.Href(ConsoleOf(&app)), l.say("front.register")))}
	}
	secret := app.ClientSecret
	if app.ClientSecretOff {
		secret = ""
	}
	return g.Group{
		h.H2(g.Text(app.Name)),
		h.Dl(h.Class("pairs"),
			copied(l.phrase("front.rest"), app.RESTAPIKey),
			copied(l.phrase("front.javascript"), app.JavaScriptKey),
			copied(l.phrase("front.secret"), secret),
			copied(l.phrase("front.admin"), app.AdminKey),
			h.Div(h.Dt(l.say("front.redirects")), redirects),
		),
	}
}

func (l locale) frontDoorUsers(users []config.User) g.Node {
	if len(users) == 0 {
		return h.P(h.Class("lead"), l.say("front.noUsers"))
	}
	return g.Map(users, func(u config.User) g.Node {
		return l.account(&u, " · "+strconv.FormatInt(u.ID, 10), h.Span(h.Class("as"), l.say("front.logInAs")))
	})
}

// Address is an address of the platform that people copy.
type Address struct{ Label, URL string }
