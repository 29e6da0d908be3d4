package kauth

import (
	"log/slog"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
)

// showError shows an error that must not be redirected.
func (a answers) showError(w http.ResponseWriter, r *http.Request, refusal *oauthError) {
	a.logRefusal(r, refusal)
	refusal.explainTo(w.Header())
	l := language.OfRequest(r)
	pages.Show(w, refusal.status, l, pages.Error(l, refusal.shown(l)))
}

// answers are pages and errors, and a line of the log for each refusal.
type answers struct{ log *slog.Logger }
