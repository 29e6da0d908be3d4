package pages

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
)

// Problem is an error as a page shows it.
type Problem struct {
	KOE, Code, Description string
	Fix                    string      // what to change, "" where nobody knows
	Compared               *Comparison // nil if there is nothing to compare
}

// Error shows an error that must not be redirected.
func Error(tag language.Tag, refusal *Problem) g.Node {
	l := locale(tag)
	return l.card("error.title", h.H1(l.say("error.title")), h.P(h.Class("lead"), l.say("error.lead")), l.refused(refusal))
}

// Closed ends a request that redirects to nobody; without a refusal it says that all is done.
func Closed(tag language.Tag, refusal *Problem) g.Node {
	l := locale(tag)
	return l.card("closed.title", h.H1(l.say("closed.title")), h.P(h.Class("lead"), l.say("closed.lead")),
		g.Iff(refusal != nil, func() g.Node { return l.refused(refusal) }))
}

// Nothing is for an address at which there is nothing.
func Nothing(tag language.Tag, path string) g.Node {
	l := locale(tag)
	return l.card("nothing.title",
		h.H1(l.say("nothing.title")),
		h.P(h.Class("lead"), h.Code(g.Text(path))),
		h.P(l.say("nothing.lead")),
		h.P(h.Class("doors"),
			h.A(h.Class("primary"), h.Href(PathFrontDoor), l.say("nothing.front")), g.Text(" "),
			h.A(h.Class("quiet"), h.Href(PathConsole), l.say("front.console"))),
	)
}

// refused is an error with what to do about it.
func (l locale) refused(refusal *Problem) g.Node {
	return g.Group{
		h.Dl(h.Class("error"),
			g.If(refusal.KOE != "", pair("error_code", h.Code(g.Text(refusal.KOE)))),
			pair("error", h.Code(g.Text(refusal.Code))),
			pair("error_description", g.Text(refusal.Description)),
			g.If(refusal.Fix != "", pair(l.phrase("error.fix"), g.Text(refusal.Fix))),
		),
		l.compared(refusal.Compared),
	}
}

// pair is a name and its value in a list of them.
func pair(name string, value g.Node) g.Node {
	return g.Group{h.Dt(g.Text(name)), h.Dd(value)}
}

// compared shows what came beside what is registered; nil is nothing.
func (l locale) compared(e *Comparison) g.Node {
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

// Comparison is a mismatch as the pages show it.
type Comparison struct {
	Parameter string
	At        int
	Came      []mismatch.Segment
	// Registered are the values that would have been taken, the closest first.
	Registered [][]mismatch.Segment
	Console    string
	// Flag registers the value when the emulator starts; "" if none does.
	Flag string
}

// ConsoleOf is the page of the console where an app is registered; nil is no
// app, and leads to all of them.
func ConsoleOf(app *config.App) string {
	if app == nil {
		return PathConsole + "#/apps"
	}
	return fmt.Sprintf("%s#/apps/%d", PathConsole, app.ID)
}
