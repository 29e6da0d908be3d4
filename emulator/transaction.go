package emulator

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// redirectSDK is the redirect URI that the SDK sends for a page that gave none:
// nobody is redirected, the answer is only to be polled.
const redirectSDK = "JS-SDK"

// transactionLimit is how long an auth_tran_id may be, in bytes. The SDK makes
// up 60 characters.
const transactionLimit = 60

// transaction names an authorization request to the page that polls for its
// answer: the client_id and the auth_tran_id of the request.
type transaction struct{ clientID, id string }

// MarshalText writes the transaction as a key of a JSON object.
func (t transaction) MarshalText() ([]byte, error) {
	return []byte(url.QueryEscape(t.clientID) + "/" + url.QueryEscape(t.id)), nil
}

// UnmarshalText reads what MarshalText writes.
func (t *transaction) UnmarshalText(text []byte) error {
	clientID, id, _ := strings.Cut(string(text), "/")
	var errs [2]error
	t.clientID, errs[0] = url.QueryUnescape(clientID)
	t.id, errs[1] = url.QueryUnescape(id)
	return errors.Join(errs[:]...)
}

// transactionOf reads a transaction from a query. It copies, so that an answer
// that waits does not keep a whole address in memory.
func transactionOf(query url.Values) transaction {
	return transaction{strings.Clone(query.Get("client_id")), strings.Clone(query.Get("auth_tran_id"))}
}

func (t transaction) named() bool { return t.id != "" && len(t.id) <= transactionLimit }

func (t transaction) tooLong() bool { return len(t.id) > transactionLimit }

// Codes of polled answers; the SDK compares them as text.
const (
	codeUndecided = "300"
	codeRefused   = "400"
)

// polledAnswer is an answer of [kakao.PathCode]. Source: observed behaviour of the
// JavaScript SDK v1, Auth.authorize.
type polledAnswer struct {
	Status      string `json:"status"`
	Code        string `json:"code,omitempty"`
	ErrorCode   string `json:"error_code,omitempty"`
	Error       string `json:"error,omitempty"`
	Description string `json:"error_description,omitempty"`
}

func polledCode(code string) polledAnswer { return polledAnswer{Status: "ok", Code: code} }

func polledError(refusal *oauthError) polledAnswer {
	return polledAnswer{Status: "error", ErrorCode: codeRefused, Error: refusal.Code, Description: refusal.Description}
}

// undecided answers also for transactions that nobody began, whose answer was
// fetched or has expired: who polls cannot tell them apart.
var undecided = polledAnswer{Status: "error", ErrorCode: codeUndecided}

// poll is GET /apiweb/code.json. Pages of the app may read it; among them, the
// random auth_tran_id is what keeps an answer for the page that made it up.
func (s *authServer) poll(w http.ResponseWriter, r *http.Request) {
	if refusal := s.registry.directory().checkPage(r, r.URL.Query().Get("client_id")); refusal != nil {
		s.writeOAuthError(w, r, refusal)
		return
	}
	answer, decided := s.store.takeAnswer(transactionOf(r.URL.Query()))
	if !decided {
		answer = undecided
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeJSON(w, http.StatusOK, answer)
}

// keepAnswer leaves the answer to a request where its page polls for it, if it
// does.
func (s *authServer) keepAnswer(request *authorizeRequest, answer polledAnswer) {
	if request.transaction.named() {
		s.store.keepAnswer(request.transaction, answer)
	}
}

// showClosed ends a request that redirects to nobody. Apart from the user's own
// refusal, a refusal is spelled out: it is a mistake in the request.
func (a answers) showClosed(w http.ResponseWriter, request *authorizeRequest, refusal *oauthError) {
	if refusal == errDenied {
		refusal = nil
	}
	a.showPage(w, http.StatusOK, request.language, closedPage(request.language, refusal))
}
