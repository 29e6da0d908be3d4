package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// Console is what the console's script fills; other is the language that it can be changed to.
func Console(tag language.Tag, other string) g.Node {
	l := locale(tag)
	head := g.Group{
		h.Link(h.Rel("stylesheet"), h.Href(PathConsole+"/console.css")),
		h.Script(h.Src(PathConsole+"/main.js"), h.Type("module")),
	}
	return l.document("console.title", head, h.Body(h.Class("console"),
		h.A(h.Class("skip"), h.Href("#view"), l.say("console.skip")),
		l.consoleFrame(other),
		h.Main(
			h.P(h.ID("offline"), h.Class("offline"), h.Role("alert"), h.Hidden("hidden")),
			h.Div(h.ID("view"), h.TabIndex("-1")),
			h.NoScript(h.P(h.Class("offline"), l.say("console.noscript"))),
		),
		h.P(h.ID("status"), h.Class("toast"), h.Role("status")),
	))
}

// consoleFrame is what stands beside every view.
func (l locale) consoleFrame(other string) g.Node {
	return h.Header(h.Class("frame"),
		h.P(h.Class("title"), h.Span(h.Class("brand"), h.Aria("hidden", "true")), g.Text(" "),
			h.Strong(g.Text("kakao platform")), g.Text(" "), h.Span(h.Class("badge"), l.say("badge"))),
		h.Nav(h.ID("nav"), h.Aria("label", l.phrase("console.title"))),
		h.P(h.Class("foot"),
			h.A(h.ID("clock"), h.Href("#/platform"), h.Title(l.phrase("console.clock"))), g.Text(" "),
			h.A(h.ID("other"), h.Href("?lang="+other), g.Attr("hreflang", other), h.Lang(other), l.say("console.other"))),
	)
}
