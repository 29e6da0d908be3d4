package pages

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
)

// LogoutView is what the logout page shows.
type LogoutView struct {
	App            *config.App
	User           *config.User
	Action, Ticket string
}

// Logout asks whether the service alone is left, or the Kakao Account, too.
func Logout(tag language.Tag, v LogoutView) g.Node {
	l := locale(tag)
	return l.card("logout.title",
		l.parties(v.User, v.App),
		h.P(h.Class("lead"), l.say("logout.lead")),
		form(v.Action, "", v.Ticket, h.Div(h.Class("actions stacked"),
			submit("extent", "account", "primary", l.say("logout.account")),
			submit("extent", "service", "quiet", l.say("logout.service")),
		)),
	)
}
