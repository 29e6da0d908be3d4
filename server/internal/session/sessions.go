package session

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

// Sessions keeps logins in the store, each in an entry under the hash of its
// session ID that its user owns. A session is its entry: once that has ended, no
// write brings it back, because every change names the version that it changes.
type Sessions struct {
	store          *storehealth.Store
	app            string // the owners' app
	lifetime, idle time.Duration
	log            *slog.Logger
}

// Session is a login as it is in the store.
type Session struct {
	Login
	ID      string
	Version store.Version
}

// New returns the sessions of an app in a store. They end after their
// lifetime, and when they are idle for so long.
func New(watched *storehealth.Store, app string, lifetime, idle time.Duration, log *slog.Logger) *Sessions {
	return &Sessions{store: watched, app: app, lifetime: lifetime, idle: idle, log: log}
}

// Find returns a session, or ErrLoginRequired; "" is no session's ID. It does
// not count as use: reading never writes.
func (s *Sessions) Find(ctx context.Context, id string) (Session, error) {
	if id == "" {
		return Session{}, ErrLoginRequired
	}
	found, err := s.Get(ctx, id)
	return found, s.Failure(ctx, "read", err)
}

// FindKnown returns a session whose user is known. Without it nobody can be told
// who is asking.
func (s *Sessions) FindKnown(ctx context.Context, id string) (Session, error) {
	found, err := s.Find(ctx, id)
	if err == nil && found.UserID == "" {
		err = ErrUnknownUser
	}
	return found, err
}

// Get reads a session. Its errors are the store's.
func (s *Sessions) Get(ctx context.Context, id string) (Session, error) {
	e, err := s.store.Get(ctx, Key(id))
	if err != nil {
		return Session{}, err
	}
	return Decode(id, e)
}

// Create begins the session of a login under a new ID, so that an ID known
// before the login is worth nothing after it.
func (s *Sessions) Create(ctx context.Context, l Login) (Session, error) {
	begun := Session{Login: l, ID: NewID()}
	e, err := s.entry(begun)
	if err != nil {
		return Session{}, err
	}
	begun.Version, err = storehealth.RetryWhile(ctx, s.store.MayWrite, func() (store.Version, error) { return s.store.Create(ctx, Key(begun.ID), e) })
	if errors.Is(err, store.ErrExists) {
		err = nil // An earlier try made it, although the store did not say so.
	}
	return begun, s.Failure(ctx, "create", err)
}

// Replace stores a changed session in place of the version that it was read at.
// Its errors are the store's.
func (s *Sessions) Replace(ctx context.Context, changed Session) (Session, error) {
	e, err := s.entry(changed)
	if err != nil {
		return Session{}, err
	}
	changed.Version, err = s.store.Replace(ctx, Key(changed.ID), e)
	return changed, err
}

// Under returns a session as a lease has brought it, or ErrLoginRequired. It is
// mostly as it was found before, and then is not read again.
func (s *Sessions) Under(ctx context.Context, lease store.EntryLease, before Session) (Session, error) {
	e, err := lease.Entry()
	if err != nil {
		return Session{}, s.Failure(ctx, "read", err)
	}
	if e.Version == before.Version {
		return before, nil
	}
	found, err := Decode(before.ID, e)
	return found, s.Failure(ctx, "decode", err)
}

// LastUnder is replace for the last change under a lease, which goes with it.
func (s *Sessions) LastUnder(lease store.EntryLease) func(context.Context, Session) (Session, error) {
	return func(ctx context.Context, changed Session) (Session, error) {
		e, err := s.entry(changed)
		if err != nil {
			return Session{}, err
		}
		changed.Version, err = lease.ReplaceAndRelease(ctx, e)
		return changed, err
	}
}

// End ends a session and returns the login that it held. Of several callers one
// gets it; for the others it is ErrLoginRequired.
func (s *Sessions) End(ctx context.Context, id string) (Login, error) {
	if id == "" {
		return Login{}, ErrLoginRequired
	}
	e, err := s.store.Delete(ctx, Key(id), store.AnyVersion)
	if err != nil {
		return Login{}, s.Failure(ctx, "delete", err)
	}
	ended, err := Decode(id, e)
	return ended.Login, s.Failure(ctx, "decode", err)
}

// EndAt ends a session that is still as it was found. Its errors are the
// store's.
func (s *Sessions) EndAt(ctx context.Context, found Session) error {
	_, err := s.store.Delete(ctx, Key(found.ID), found.Version)
	return err
}

// EndAll ends every session of a user and returns how many there were. Its
// errors are the store's.
func (s *Sessions) EndAll(ctx context.Context, userID string) (int, error) {
	return s.store.DeleteOwned(ctx, store.Owner{App: s.app, UserID: userID})
}

// entry is what the store keeps of a session.
func (s *Sessions) entry(of Session) (store.Entry, error) {
	value, err := json.Marshal(of.Login)
	return store.Entry{
		Value: value, Owner: store.Owner{App: s.app, UserID: of.UserID},
		Expiry: s.Expiry(of.Login), Version: of.Version,
	}, err
}

// Decode reads what entry has written, or is store.ErrUnreadable: the
// error of package json could repeat what it has read.
func Decode(id string, e store.Entry) (Session, error) {
	found := Session{ID: id, Version: e.Version}
	if json.Unmarshal(e.Value, &found.Login) != nil {
		return Session{}, fmt.Errorf("%w: it holds no login", store.ErrUnreadable)
	}
	return found, nil
}

// Deadline is when the session of a login ends, however much it is used. A cookie
// lives until then: that nobody uses the session any more only the store can tell.
func (s *Sessions) Deadline(l Login) time.Time { return l.Deadline(s.lifetime) }

// Expiry is when the session of a login ends unless it is used again.
func (s *Sessions) Expiry(l Login) time.Time {
	end, idle := s.Deadline(l), l.lastUse().Add(s.idle)
	if idle.Before(end) {
		return idle
	}
	return end
}

// Key is where a session is kept. A stolen store must not hold what a
// cookie needs.
func Key(id string) string {
	sum := sha256.Sum256([]byte(id))
	key := make([]byte, 0, len(sessionPrefix)+base64.RawURLEncoding.EncodedLen(len(sum)))
	return string(base64.RawURLEncoding.AppendEncode(append(key, sessionPrefix...), sum[:]))
}

const sessionPrefix = "session:"

// Hash is the hash of a secret that has so much randomness that it cannot be
// guessed.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// NewID is 256 random bits as 43 characters.
func NewID() string {
	random := make([]byte, sha256.Size)
	_, _ = rand.Read(random) // It never fails: crypto/rand ends the process instead.
	return base64.RawURLEncoding.EncodeToString(random)
}

// Named returns a session whose user is known, with the name that tokens give it.
// A session of an earlier version gets its name now.
func (s *Sessions) Named(ctx context.Context, id string) (Session, error) {
	for {
		found, err := s.FindKnown(ctx, id)
		if err != nil || found.SID != "" {
			return found, err
		}
		found.SID = NewSID()
		named, err := s.Replace(ctx, found)
		if !errors.Is(err, store.ErrConflict) {
			return named, s.Failure(ctx, "name", err)
		}
	}
}

// NewSID names a session to others: it is random, and so says nothing of the
// session ID, whose hash is a secret's, too.
func NewSID() string { return rand.Text() }
