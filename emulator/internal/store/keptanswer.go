package store

import (
	"errors"
	"net/url"
	"strings"
)

// Transaction names an authorization request to the page that polls for its
// answer: the client_id and the auth_tran_id of the request.
type Transaction struct{ clientID, id string }

// MarshalText writes the transaction as a key of a JSON object.
func (t Transaction) MarshalText() ([]byte, error) {
	return []byte(url.QueryEscape(t.clientID) + "/" + url.QueryEscape(t.id)), nil
}

// UnmarshalText reads what MarshalText writes.
func (t *Transaction) UnmarshalText(text []byte) error {
	clientID, id, _ := strings.Cut(string(text), "/")
	var errs [2]error
	t.clientID, errs[0] = url.QueryUnescape(clientID)
	t.id, errs[1] = url.QueryUnescape(id)
	return errors.Join(errs[:]...)
}

// PolledAnswer is an answer of /apiweb/code.json. Source: observed behaviour of the
// JavaScript SDK v1, Auth.authorize.
type PolledAnswer struct {
	Status      string `json:"status"`
	Code        string `json:"code,omitempty"`
	ErrorCode   string `json:"error_code,omitempty"`
	Error       string `json:"error,omitempty"`
	Description string `json:"error_description,omitempty"`
}

// TransactionOf reads a transaction from a query. It copies, so that an answer
// that waits does not keep a whole address in memory.
func TransactionOf(query url.Values) Transaction {
	return Transaction{strings.Clone(query.Get("client_id")), strings.Clone(query.Get("auth_tran_id"))}
}

// transactionLimit is how long an auth_tran_id may be, in bytes. The SDK makes
// up 60 characters.
const transactionLimit = 60

// Named reports whether a page polls for the answer.
func (t Transaction) Named() bool { return t.id != "" && len(t.id) <= transactionLimit }

// TooLong reports whether the ID is longer than that of any SDK.
func (t Transaction) TooLong() bool { return len(t.id) > transactionLimit }

// PolledCode is the answer that brings a code.
func PolledCode(code string) PolledAnswer { return PolledAnswer{Status: "ok", Code: code} }
