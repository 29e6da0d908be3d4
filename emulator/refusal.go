package emulator

import (
	"log/slog"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// showError shows an error that must not be redirected.
func (a answers) showError(w http.ResponseWriter, r *http.Request, refusal *oauthError) {
	a.logRefusal(r, refusal)
	refusal.explainTo(w.Header())
	l := language.OfRequest(r)
	pages.Show(w, refusal.status, l, pages.Error(l, refusal.shown(l)))
}

// nothingHere shows a page to browsers that ask for what there is not; programs
// get the answer of otherwise.
func (a answers) nothingHere(otherwise http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !web.WantsPage(r) {
			otherwise(w, r)
			return
		}
		l := language.OfRequest(r)
		pages.Show(w, http.StatusNotFound, l, pages.Nothing(l, web.Shorten(r.URL.Path)))
	}
}

// answers are pages and errors, and a line of the log for each refusal.
type answers struct{ log *slog.Logger }
