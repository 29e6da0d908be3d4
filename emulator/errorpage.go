package emulator

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
)

// errorPage shows an error that must not be redirected.
func errorPage(l locale, refusal *oauthError) g.Node {
	return l.card("error.title", h.H1(l.say("error.title")), h.P(h.Class("lead"), l.say("error.lead")), l.problem(refusal))
}

// closedPage ends a request that redirects to nobody; without a refusal it says that all is done.
func closedPage(l locale, refusal *oauthError) g.Node {
	return l.card("closed.title", h.H1(l.say("closed.title")), h.P(h.Class("lead"), l.say("closed.lead")),
		g.Iff(refusal != nil, func() g.Node { return l.problem(refusal) }))
}

// nothingPage is for an address at which there is nothing.
func nothingPage(l locale, path string) g.Node {
	return l.card("nothing.title",
		h.H1(l.say("nothing.title")),
		h.P(h.Class("lead"), h.Code(g.Text(path))),
		h.P(l.say("nothing.lead")),
		h.P(h.Class("doors"),
			h.A(h.Class("primary"), h.Href(pathFrontDoor), l.say("nothing.front")), g.Text(" "),
			h.A(h.Class("quiet"), h.Href(pathConsole), l.say("front.console"))),
	)
}

// problem is an error with what to do about it.
func (l locale) problem(refusal *oauthError) g.Node {
	fix := advice(language.Tag(l), refusal.KOE)
	return g.Group{
		h.Dl(h.Class("error"),
			g.If(refusal.KOE != "", pair("error_code", h.Code(g.Text(refusal.KOE)))),
			pair("error", h.Code(g.Text(refusal.Code))),
			pair("error_description", g.Text(refusal.Description)),
			g.If(fix != "", pair(l.phrase("error.fix"), g.Text(fix))),
		),
		l.compared(refusal.explained()),
	}
}

// pair is a name and its value in a list of them.
func pair(name string, value g.Node) g.Node {
	return g.Group{h.Dt(g.Text(name)), h.Dd(value)}
}

// compared shows what came beside what is registered; nil is nothing.
func (l locale) compared(e *explanation) g.Node {
	if e == nil {
		return nil
	}
	registered := g.Map(e.Registered, func(value []mismatch.Segment) g.Node { return h.Dd(h.Code(segments(value))) })
	if len(registered) == 0 {
		registered = g.Group{h.Dd(l.say("error.nothing"))}
	}
	return h.Section(h.Class("compared"),
		h.H2(g.Text(e.Parameter)),
		h.Dl(pair(l.phrase("error.came"), h.Code(segments(e.Came))), h.Dt(l.say("error.registered")), registered),
		g.If(len(e.Registered) > 0, h.P(l.say("error.at"), g.Text(" "), h.Strong(g.Text(strconv.Itoa(e.At))))),
		g.If(e.Flag != "", h.P(l.say("error.flag"), h.Br(), h.Code(g.Text("kakaowasm emulate "+e.Flag)))),
		h.P(h.A(h.Class("primary"), h.Href(e.Console), l.say("error.console"))),
	)
}

// segments is a value with the parts marked that differ.
func segments(value []mismatch.Segment) g.Node {
	return g.Map(value, func(s mismatch.Segment) g.Node {
		if s.Differs {
			return h.Mark(g.Text(s.Text))
		}
		return g.Text(s.Text)
	})
}
