package kauth

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// comparing returns the same error with what came and what is registered.
func (e *oauthError) comparing(parameter, came string, registered []string, app *config.App) *oauthError {
	compared := *e
	compared.mismatch = mismatch.New(parameter, came, registered, pages.ConsoleOf(app))
	return &compared
}

// unknownScope is the first scope of a request that the app has not, with those
// that it has.
func (a *authorizeRequest) unknownScope(refusal *oauthError) *oauthError {
	registered := []string{}
	if a.app.OpenIDConnect {
		registered = append(registered, config.ScopeOpenID)
	}
	for _, scope := range a.app.Scopes {
		registered = append(registered, scope.ID)
	}
	for _, id := range a.scopes {
		if id == config.ScopeOpenID && !a.app.OpenIDConnect || id != config.ScopeOpenID && a.app.Scope(id) == nil {
			return refusal.comparing("scope", id, registered, a.app)
		}
	}
	return refusal
}

// explainTo tells programs, such as the doctor, what a page shows.
func (e *oauthError) explainTo(header http.Header) {
	header.Set(mismatch.HeaderError, cmp.Or(e.KOE, e.Code))
	if e.mismatch != nil {
		header.Set(mismatch.HeaderMismatch, e.mismatch.Header())
	}
}

// advice is what the error catalogue says to change here, in Korean or else in
// English.
func advice(l language.Tag, koe string) string {
	problem, _ := catalog.FindKOE(koe)
	text := problem.Fix
	if problem.Emulator != (catalog.Text{}) {
		text = problem.Emulator
	}
	if l == language.Korean {
		return text.Ko
	}
	return text.En
}

// explained prepares what a page shows of an error; nil if there is nothing to
// compare.
func (e *oauthError) explained() *pages.Comparison {
	if e.mismatch == nil {
		return nil
	}
	shown := &pages.Comparison{Parameter: e.mismatch.Parameter, At: e.mismatch.At(), Console: e.mismatch.Console, Flag: e.flag()}
	shown.Came = []mismatch.Segment{{Text: mismatch.Visible(e.mismatch.Came), Differs: true}}
	for i, value := range e.mismatch.Registered {
		came, registered := mismatch.Compare(e.mismatch.Came, value)
		if i == 0 {
			shown.Came = came
		}
		shown.Registered = append(shown.Registered, registered)
	}
	return shown
}

// shown is the error as a page in a language shows it; nil stays nil.
func (e *oauthError) shown(l language.Tag) *pages.Problem {
	if e == nil {
		return nil
	}
	return &pages.Problem{KOE: e.KOE, Code: e.Code, Description: e.Description, Fix: advice(l, e.KOE), Compared: e.explained()}
}

// flags of `kakaowasm emulate` that register an address, by error code.
var flags = map[string]string{"KOE006": "--redirect-uri", "KOE007": "--logout-redirect-uri"}

// plainArgument is what a shell takes as it is, in and outside of quotes.
var plainArgument = regexp.MustCompile(`^[A-Za-z0-9:/?._~%+=&@,-]+$`)

func (e *oauthError) flag() string {
	flag, value := flags[e.KOE], e.mismatch.Came
	if u, err := url.Parse(value); flag == "" || err != nil || u.Host == "" || !plainArgument.MatchString(value) {
		return ""
	}
	return flag + " '" + value + "'"
}
