package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"

	"github.com/kakaowasm/kakaowasm/server/store"
)

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

// newSessions returns the sessions of an app in a store. They end after their
// lifetime, and when they are idle for so long.
func newSessions(watched *storehealth.Store, app string, lifetime, idle time.Duration, log *slog.Logger) *sessions {
	return &sessions{store: watched, app: app, lifetime: lifetime, idle: idle, log: log}
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

// named returns a session whose user is known, with the name that tokens give it.
// A session of an earlier version gets its name now.
func (s *sessions) named(ctx context.Context, id string) (session, error) {
	for {
		found, err := s.findKnown(ctx, id)
		if err != nil || found.SID != "" {
			return found, err
		}
		found.SID = newSID()
		named, err := s.replace(ctx, found)
		if !errors.Is(err, store.ErrConflict) {
			return named, s.failure(ctx, "name", err)
		}
	}
}

// newSID names a session to others: it is random, and so says nothing of the
// session ID, whose hash is a secret's, too.
func newSID() string { return rand.Text() }
