package server

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
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
	id := s.cookies.sessionID(r)
	if id == "" {
		writeJSON(w, http.StatusOK, sessionResponse{})
		return nil
	}
	l, err := s.sessions.find(r.Context(), id)
	if errors.Is(err, errLoginRequired) {
		writeJSON(w, http.StatusOK, sessionResponse{})
		return nil
	}
	if err != nil {
		return err
	}
	expiresIn := l.expiresIn()
	writeJSON(w, http.StatusOK, sessionResponse{
		Authenticated: true, UserID: l.UserID, Scope: l.Scope, ExpiresIn: &expiresIn,
	})
	return nil
}

// loginKey is the one key of a session's data.
const loginKey = "login"

// sessionLocks is the number of locks that sessions share.
const sessionLocks = 256

// sessions keeps logins in the store. Each change is one step under the lock of
// its session, so that a renewal cannot bring back a session that a logout has
// ended meanwhile. No lock is held while Kakao is asked.
type sessions struct {
	manager *scs.SessionManager
	seed    maphash.Seed
	locks   [sessionLocks]sync.Mutex
}

// newSessions returns the sessions in the configured store.
func newSessions(cfg Config) *sessions {
	// Not scs.New, which also starts the goroutine of a store of its own.
	manager := &scs.SessionManager{
		Store:       cfg.Store,
		Codec:       scs.GobCodec{},
		Lifetime:    cfg.SessionLifetime,
		IdleTimeout: cfg.SessionIdle,
		// A stolen store must not hold what a cookie needs.
		HashTokenInStore: true,
	}
	return &sessions{manager: manager, seed: maphash.MakeSeed()}
}

// lock takes the lock of a session and returns its release.
func (s *sessions) lock(id string) func() {
	mu := &s.locks[maphash.String(s.seed, id)%sessionLocks]
	mu.Lock()
	return mu.Unlock
}

// find returns the login of a session, or errLoginRequired. It does not count
// as use: reading never writes, so that it cannot write back what is stale.
func (s *sessions) find(ctx context.Context, id string) (login, error) {
	_, l, err := s.load(ctx, id)
	return l, err
}

// create begins the session of a login under a new ID and ends the session
// that the same browser had before, so that an ID known before the login is
// worth nothing after it.
func (s *sessions) create(ctx context.Context, before string, l login) (id string, expiry time.Time, err error) {
	if before != "" {
		defer s.lock(before)()
	}
	ctx, err = s.manager.Load(ctx, before)
	if err != nil {
		return "", time.Time{}, s.broken("load", err)
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return "", time.Time{}, s.broken("delete", err)
	}
	return s.commit(ctx, l)
}

// update stores a changed login, unless its session has ended: then it is
// errLoginRequired and nothing is stored.
func (s *sessions) update(ctx context.Context, id string, l login) (expiry time.Time, err error) {
	defer s.lock(id)()
	ctx, _, err = s.load(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	_, expiry, err = s.commit(ctx, l)
	return expiry, err
}

// end deletes a session and returns the login that it held. Where there is
// none, it is errLoginRequired.
func (s *sessions) end(ctx context.Context, id string) (login, error) {
	defer s.lock(id)()
	ctx, l, err := s.load(ctx, id)
	if err != nil {
		return login{}, err
	}
	if err := s.manager.Destroy(ctx); err != nil {
		return l, s.broken("delete", err)
	}
	return l, nil
}

// load reads a session into a context, as the methods of the manager want it.
func (s *sessions) load(ctx context.Context, id string) (context.Context, login, error) {
	var l login
	ctx, err := s.manager.Load(ctx, id)
	if err != nil {
		return nil, l, s.broken("load", err)
	}
	data := s.manager.GetBytes(ctx, loginKey)
	if data == nil {
		return nil, l, errLoginRequired
	}
	if err := json.Unmarshal(data, &l); err != nil {
		return nil, l, s.broken("decode", err)
	}
	return ctx, l, nil
}

// commit stores a login in the session of the context.
func (s *sessions) commit(ctx context.Context, l login) (id string, expiry time.Time, err error) {
	data, err := json.Marshal(l)
	if err != nil {
		return "", time.Time{}, s.broken("encode", err)
	}
	s.manager.Put(ctx, loginKey, data)
	s.manager.SetDeadline(ctx, l.deadline(s.manager.Lifetime))
	id, expiry, err = s.manager.Commit(ctx)
	if err != nil {
		return "", time.Time{}, s.broken("commit", err)
	}
	return id, expiry, nil
}

// expiry is when the session of a login ends unless it is renewed again.
func (s *sessions) expiry(l login) time.Time {
	end, idle := l.deadline(s.manager.Lifetime), l.RenewedAt.Add(s.manager.IdleTimeout)
	if idle.Before(end) {
		return idle
	}
	return end
}

// broken is the failure of a store that cannot do what it is asked. The page
// learns only that; the log says which step failed and how.
func (s *sessions) broken(step string, err error) error {
	f := *errStore
	f.Endpoint, f.Upstream = "store "+step, err.Error()
	return &f
}
