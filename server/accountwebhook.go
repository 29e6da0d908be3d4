package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// consequence is what an account event means for the sessions of its user.
type consequence struct {
	ends bool   // every session of the user ends
	left bool   // the user has left the app, and OnUnlink is told
	why  string // for the log
}

// consequences are those of every type of account event that Kakao sends. The
// events about one login end all of the user's, because they name the user only.
// Source: Kakao Login > Webhook > Account status change webhook; OpenID RISC
// Profile 1.0, section 2; OpenID CAEP 1.0, section 3.
var consequences = map[string]consequence{
	catalog.EventUserLinked:        {why: "a login brings its session by itself"},
	catalog.EventUserUnlinked:      {ends: true, left: true, why: "the user has left the app, and may not come back"},
	catalog.EventUserScopeConsent:  {why: "the user may do what they could do before"},
	catalog.EventUserScopeWithdraw: {why: "Kakao itself refuses what the user has withdrawn; they are still logged in"},
	catalog.EventTokenIssued:       {why: "a login and a renewal bring their tokens by themselves"},
	catalog.EventTokensRevoked:     {ends: true, why: "no token of the user is left, so that no session could be renewed"},
	catalog.EventTokenRevoked:      {why: "one token of perhaps many; the session that it belonged to ends at its next renewal, the others must not"},

	catalog.EventAccountCredentialChangeRequired: {ends: true, why: "somebody else may know the password"},
	catalog.EventAccountDisabled:                 {ends: true, why: "nobody can log in to the account, and who is logged in may not be its owner"},
	catalog.EventAccountEnabled:                  {why: "the user can log in again, and does"},
	catalog.EventAccountPurged:                   {ends: true, left: true, why: "the account is gone for ever"},
	catalog.EventCredentialCompromise:            {ends: true, why: "somebody else knows the password"},
	catalog.EventIdentifierChanged:               {why: "sessions belong to the user ID, which does not change with an address or a number"},
	catalog.EventIdentifierRecycled:              {why: "sessions belong to the user ID, which is given to nobody else"},
	catalog.EventSessionsRevoked:                 {ends: true, why: "Kakao has logged the user out everywhere"},

	catalog.EventAssuranceLevelChange: {why: "sessions do not depend on how the user has logged in"},
	catalog.EventCredentialChange:     {ends: true, why: "who logged in with the old password or key must log in with the new one"},

	catalog.EventUserProfileChanged: {why: "the user is the same"},
}

// accountWebhook answers POST /webhooks/account: it takes a security event token
// about a user's account (RFC 8935) and does what the event means for the user's
// sessions.
func (s *Server) accountWebhook(w http.ResponseWriter, r *http.Request) error {
	if web.MediaType(r) != signedtoken.EventType {
		return web.InvalidRequest(http.StatusBadRequest, "expected the header Content-Type: "+signedtoken.EventType)
	}
	body, err := readWebhook(w, r)
	if err != nil {
		return err
	}
	event, err := s.events.Verify(r.Context(), string(body))
	if err != nil {
		return eventTokenFailure(err)
	}
	if meaning := s.meaningOf(r.Context(), event); meaning.ends {
		if err := s.inBackground(r.Context(), func(ctx context.Context) { s.takeEvent(ctx, event, meaning.left) }); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// meaningOf returns all consequences of an event together, and logs it. A type
// that is not known has none: the recipient of a token passes over those (RFC
// 8417, section 2.2), and Kakao adds to them.
func (s *Server) meaningOf(ctx context.Context, event *signedtoken.EventClaims) consequence {
	var all consequence
	for name := range event.Events {
		one, known := consequences[name]
		if !known {
			name, one.why = "unknown", "a type that this version does not know"
		}
		s.log.LogAttrs(ctx, slog.LevelInfo, "account webhook",
			slog.String("event", name), slog.Bool("ends_sessions", one.ends), slog.String("why", one.why))
		all.ends, all.left = all.ends || one.ends, all.left || one.left
	}
	return all
}

// takeEvent ends the sessions of an event's user, unless it has done that
// already. Only what was done is remembered: Kakao may send the same token again
// because nobody has answered the first time.
func (s *Server) takeEvent(ctx context.Context, event *signedtoken.EventClaims, left bool) {
	if s.isTaken(ctx, event) {
		s.log.InfoContext(ctx, "an account event that was taken before is passed over")
		return
	}
	if s.endUser(ctx, event.Subject, left) != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	until := event.IssuedAt.Add(signedtoken.MaxEventAge + 2*signedtoken.ClockSkew)
	_, err := s.cfg.Store.Create(ctx, eventKey(event), store.Entry{Expiry: until})
	if err != nil && !errors.Is(err, store.ErrExists) {
		s.log.WarnContext(ctx, "the same account event would be taken again", "error", err)
	}
}

// isTaken reports whether an event was taken before. Where the store does not
// say, it was not: to end sessions that have ended does no harm.
func (s *Server) isTaken(ctx context.Context, event *signedtoken.EventClaims) bool {
	ctx, cancel := context.WithTimeout(ctx, storeGrace)
	defer cancel()
	_, err := s.cfg.Store.Get(ctx, eventKey(event))
	return err == nil || errors.Is(err, store.ErrUnreadable)
}

// eventKey is where it is remembered that an event was taken.
func eventKey(event *signedtoken.EventClaims) string { return "event:" + session.Hash(event.ID) }

// eventError is the answer to a token that is not taken (RFC 8935, section 2.3).
type eventError struct {
	Err         string `json:"err"`
	Description string `json:"description"`
}

// writeEventFailure answers with an error of RFC 8935.
func writeEventFailure(w http.ResponseWriter, f *web.Failure) {
	web.SetRetryAfter(w, f)
	web.WriteJSON(w, f.Status, eventError{f.Code, f.Description})
}
