package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
	"github.com/kakaowasm/kakaowasm/server/internal/web"

	"github.com/kakaowasm/kakaowasm/server/store"
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
	found, err := s.sessions.find(r.Context(), s.cookies.sessionID(r))
	if errors.Is(err, errLoginRequired) {
		web.WriteJSON(w, http.StatusOK, sessionResponse{})
		return nil
	}
	if err != nil {
		return err
	}
	expiresIn := found.expiresIn()
	web.WriteJSON(w, http.StatusOK, sessionResponse{
		Authenticated: true, UserID: found.UserID, Scope: found.Scope, ExpiresIn: &expiresIn,
	})
	return nil
}

// storeTimeout is how long a login or renewal that Kakao has granted waits for
// a store that cannot take it. Its tokens are nowhere else.
const storeTimeout = 30 * time.Second

// sessions keeps logins in the store, each in an entry under the hash of its
// session ID that its user owns. A session is its entry: once that has ended, no
// write brings it back, because every change names the version that it changes.
type sessions struct {
	store          *storehealth.Store
	app            string // the owners' app
	lifetime, idle time.Duration
	log            *slog.Logger
}

// session is a login as it is in the store.
type session struct {
	login
	id      string
	version store.Version
}

// newSessions returns the sessions in the configured store.
func newSessions(cfg Config, watched *storehealth.Store) *sessions {
	return &sessions{
		store: watched, app: cmp.Or(cfg.AppID, cfg.RESTAPIKey),
		lifetime: cfg.SessionLifetime, idle: cfg.SessionIdle, log: cfg.Logger,
	}
}

// find returns a session, or errLoginRequired; "" is no session's ID. It does
// not count as use: reading never writes.
func (s *sessions) find(ctx context.Context, id string) (session, error) {
	if id == "" {
		return session{}, errLoginRequired
	}
	found, err := s.get(ctx, id)
	return found, s.failure(ctx, "read", err)
}

// findKnown returns a session whose user is known. Without it nobody can be told
// who is asking.
func (s *sessions) findKnown(ctx context.Context, id string) (session, error) {
	found, err := s.find(ctx, id)
	if err == nil && found.UserID == "" {
		err = errUnknownUser
	}
	return found, err
}

// get reads a session. Its errors are the store's.
func (s *sessions) get(ctx context.Context, id string) (session, error) {
	e, err := s.store.Get(ctx, sessionKey(id))
	if err != nil {
		return session{}, err
	}
	return decodeSession(id, e)
}

// create begins the session of a login under a new ID, so that an ID known
// before the login is worth nothing after it.
func (s *sessions) create(ctx context.Context, l login) (session, error) {
	begun := session{login: l, id: randomID()}
	e, err := s.entry(begun)
	if err != nil {
		return session{}, err
	}
	begun.version, err = storehealth.RetryWhile(ctx, s.store.MayWrite, func() (store.Version, error) { return s.store.Create(ctx, sessionKey(begun.id), e) })
	if errors.Is(err, store.ErrExists) {
		err = nil // An earlier try made it, although the store did not say so.
	}
	return begun, s.failure(ctx, "create", err)
}

// replace stores a changed session in place of the version that it was read at.
// Its errors are the store's.
func (s *sessions) replace(ctx context.Context, changed session) (session, error) {
	e, err := s.entry(changed)
	if err != nil {
		return session{}, err
	}
	changed.version, err = s.store.Replace(ctx, sessionKey(changed.id), e)
	return changed, err
}

// under returns the session that a lease has brought, or errLoginRequired.
func (s *sessions) under(ctx context.Context, lease store.EntryLease, id string) (session, error) {
	e, err := lease.Entry()
	if err != nil {
		return session{}, s.failure(ctx, "read", err)
	}
	found, err := decodeSession(id, e)
	return found, s.failure(ctx, "decode", err)
}

// lastUnder is replace for the last change under a lease, which goes with it.
func (s *sessions) lastUnder(lease store.EntryLease) func(context.Context, session) (session, error) {
	return func(ctx context.Context, changed session) (session, error) {
		e, err := s.entry(changed)
		if err != nil {
			return session{}, err
		}
		changed.version, err = lease.ReplaceAndRelease(ctx, e)
		return changed, err
	}
}

// end ends a session and returns the login that it held. Of several callers one
// gets it; for the others it is errLoginRequired.
func (s *sessions) end(ctx context.Context, id string) (login, error) {
	if id == "" {
		return login{}, errLoginRequired
	}
	e, err := s.store.Delete(ctx, sessionKey(id), store.AnyVersion)
	if err != nil {
		return login{}, s.failure(ctx, "delete", err)
	}
	ended, err := decodeSession(id, e)
	return ended.login, s.failure(ctx, "decode", err)
}

// endAt ends a session that is still as it was found. Its errors are the
// store's.
func (s *sessions) endAt(ctx context.Context, found session) error {
	_, err := s.store.Delete(ctx, sessionKey(found.id), found.version)
	return err
}

// endAll ends every session of a user and returns how many there were. Its
// errors are the store's.
func (s *sessions) endAll(ctx context.Context, userID string) (int, error) {
	return s.store.DeleteOwned(ctx, store.Owner{App: s.app, UserID: userID})
}

// entry is what the store keeps of a session.
func (s *sessions) entry(of session) (store.Entry, error) {
	value, err := json.Marshal(of.login)
	return store.Entry{
		Value: value, Owner: store.Owner{App: s.app, UserID: of.UserID},
		Expiry: s.expiry(of.login), Version: of.version,
	}, err
}

// decodeSession reads what entry has written, or is store.ErrUnreadable: the
// error of package json could repeat what it has read.
func decodeSession(id string, e store.Entry) (session, error) {
	found := session{id: id, version: e.Version}
	if json.Unmarshal(e.Value, &found.login) != nil {
		return session{}, fmt.Errorf("%w: it holds no login", store.ErrUnreadable)
	}
	return found, nil
}

// deadline is when the session of a login ends, however much it is used. A cookie
// lives until then: that nobody uses the session any more only the store can tell.
func (s *sessions) deadline(l login) time.Time { return l.deadline(s.lifetime) }

// expiry is when the session of a login ends unless it is used again.
func (s *sessions) expiry(l login) time.Time {
	end, idle := s.deadline(l), l.lastUse().Add(s.idle)
	if idle.Before(end) {
		return idle
	}
	return end
}

// failure is what an error of the store means for the caller of an endpoint;
// what is a failure already stays as it is.
//
// A session that cannot be read is none: its user can log in again, while
// nothing else would ever help. It stays in the store, so that a server that was
// started with the wrong keys does no harm that putting them right does not mend.
func (s *sessions) failure(ctx context.Context, step string, err error) error {
	var f *web.Failure
	switch {
	case err == nil, errors.As(err, &f), errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled):
		return err // The last one is a caller who is gone, not a fault of the store.
	case errors.Is(err, store.ErrNotFound):
		return errLoginRequired
	case errors.Is(err, store.ErrUnreadable):
		s.log.ErrorContext(ctx, "a session is ignored", "step", step, "error", err)
		return errLoginRequired
	case errors.Is(err, store.ErrLeaseHeld), errors.Is(err, store.ErrConflict):
		return errUnderWay
	}
	return storeFailure(step, err)
}

// storeFailure is the failure of a store that does not do a step.
func storeFailure(step string, err error) *web.Failure {
	broken := *errStore
	broken.Endpoint, broken.Upstream, broken.Cause = "store "+step, err.Error(), err
	return &broken
}

// sessionKey is where a session is kept. A stolen store must not hold what a
// cookie needs.
func sessionKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	key := make([]byte, 0, len(sessionPrefix)+base64.RawURLEncoding.EncodedLen(len(sum)))
	return string(base64.RawURLEncoding.AppendEncode(append(key, sessionPrefix...), sum[:]))
}

const sessionPrefix = "session:"

// hashed is the hash of a secret that has so much randomness that it cannot be
// guessed.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// randomID is 256 random bits as 43 characters.
func randomID() string {
	random := make([]byte, sha256.Size)
	_, _ = rand.Read(random) // It never fails: crypto/rand ends the process instead.
	return base64.RawURLEncoding.EncodeToString(random)
}
