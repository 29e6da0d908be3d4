package pages

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// NothingHere shows a page to browsers that ask for what there is not; programs
// get the answer of otherwise.
func NothingHere(otherwise http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !web.WantsPage(r) {
			otherwise(w, r)
			return
		}
		l := language.OfRequest(r)
		Show(w, http.StatusNotFound, l, Nothing(l, web.Shorten(r.URL.Path)))
	}
}
