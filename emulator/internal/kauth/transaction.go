package kauth

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// Codes of polled answers; the SDK compares them as text.
const (
	codeUndecided = "300"
	codeRefused   = "400"
)

func polledError(refusal *oauthError) store.PolledAnswer {
	return store.PolledAnswer{Status: "error", ErrorCode: codeRefused, Error: refusal.Code, Description: refusal.Description}
}

// undecided answers also for transactions that nobody began, whose answer was
// fetched or has expired: who polls cannot tell them apart.
var undecided = store.PolledAnswer{Status: "error", ErrorCode: codeUndecided}

// poll is GET /apiweb/code.json. Pages of the app may read it; among them, the
// random auth_tran_id is what keeps an answer for the page that made it up.
func (s *authServer) poll(w http.ResponseWriter, r *http.Request) {
	if refusal := checkPage(s.registry.Directory(), r, r.URL.Query().Get("client_id")); refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	answer, decided := s.store.TakeAnswer(store.TransactionOf(r.URL.Query()))
	if !decided {
		answer = undecided
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	web.WriteJSON(w, http.StatusOK, answer)
}

// keepAnswer leaves the answer to a request where its page polls for it, if it
// does.
func (s *authServer) keepAnswer(request *authorizeRequest, answer store.PolledAnswer) {
	if request.transaction.Named() {
		s.store.KeepAnswer(request.transaction, answer)
	}
}

// showClosed ends a request that redirects to nobody. Apart from the user's own
// refusal, a refusal is spelled out: it is a mistake in the request.
func (a answers) showClosed(w http.ResponseWriter, request *authorizeRequest, refusal *oauthError) {
	if refusal == errDenied {
		refusal = nil
	}
	pages.Show(w, http.StatusOK, request.language, pages.Closed(request.language, refusal.shown(request.language)))
}
