package server

import (
	"errors"
	"net/http"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// sessionResponse is the answer to GET /session. Without a session it says so
// and nothing else.
type sessionResponse struct {
	Authenticated bool `json:"authenticated"`
	// UserID is Kakao's service user ID as text: it is a 64-bit number, which a
	// JavaScript number cannot hold. Empty where Kakao did not say.
	UserID string `json:"user_id,omitempty"`
	Scope  string `json:"scope,omitempty"`
	// ExpiresIn is how long the access token last handed out still lives, in
	// seconds. 0 means that it has expired; POST /refresh makes a new one.
	ExpiresIn *int64 `json:"expires_in,omitempty"`
}

// session answers GET /session: whether there is one, and whose.
func (s *Server) session(w http.ResponseWriter, r *http.Request) error {
	found, err := s.sessions.Find(r.Context(), s.cookies.sessionID(r))
	if errors.Is(err, session.ErrLoginRequired) {
		web.WriteJSON(w, http.StatusOK, sessionResponse{})
		return nil
	}
	if err != nil {
		return err
	}
	expiresIn := found.ExpiresIn()
	web.WriteJSON(w, http.StatusOK, sessionResponse{
		Authenticated: true, UserID: found.UserID, Scope: found.Scope, ExpiresIn: &expiresIn,
	})
	return nil
}
