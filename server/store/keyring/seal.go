package keyring

import (
	"bytes"
	"context"
	"encoding/binary"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// Seal returns a store that keeps its values in s sealed by the ring. A value
// is bound to its key and owner: where somebody with write access to s moves it
// or gives it to another user, it is [store.ErrUnreadable]. Keys, owners and
// expiries stay in the clear, since s works with them.
//
// A Delete of what cannot be opened deletes it nonetheless and is
// ErrUnreadable. Closing the store closes s.
func Seal(s store.Store, r *Ring) store.Store { return &sealed{s, r} }

// sealed is a store whose values are sealed in the store beneath it.
type sealed struct {
	store.Store
	ring *Ring
}

// Get implements [store.Store].
func (s *sealed) Get(ctx context.Context, key string) (store.Entry, error) {
	e, err := s.Store.Get(ctx, key)
	return s.open(key, e, err)
}

// Create implements [store.Store].
func (s *sealed) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.Store.Create(ctx, key, s.seal(key, e))
}

// Replace implements [store.Store].
func (s *sealed) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.Store.Replace(ctx, key, s.seal(key, e))
}

// Delete implements [store.Store].
func (s *sealed) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	e, err := s.Store.Delete(ctx, key, v)
	return s.open(key, e, err)
}

// AcquireEntry implements [store.EntryLeaser].
func (s *sealed) AcquireEntry(ctx context.Context, key string, ttl time.Duration) (store.EntryLease, error) {
	l, err := store.AcquireEntry(ctx, s.Store, key, ttl)
	if err != nil {
		return nil, err
	}
	return &sealedLease{l, s, key}, nil
}

// sealedLease is a lease of an entry whose value is sealed.
type sealedLease struct {
	store.EntryLease
	sealed *sealed
	key    string
}

// Entry implements [store.EntryLease].
func (l *sealedLease) Entry() (store.Entry, error) {
	e, err := l.EntryLease.Entry()
	e.Value = bytes.Clone(e.Value) // Who asks again gets the same.
	return l.sealed.open(l.key, e, err)
}

// ReplaceAndRelease implements [store.EntryLease].
func (l *sealedLease) ReplaceAndRelease(ctx context.Context, e store.Entry) (store.Version, error) {
	return l.EntryLease.ReplaceAndRelease(ctx, l.sealed.seal(l.key, e))
}

// seal returns the entry with its value sealed.
func (s *sealed) seal(key string, e store.Entry) store.Entry {
	e.Value = s.ring.Seal(e.Value, additionalData(key, e.Owner))
	return e
}

// open returns the entry with its value opened, unless there is an error
// already. The value is the caller's to change, and so is opened where it is.
func (s *sealed) open(key string, e store.Entry, err error) (store.Entry, error) {
	if err != nil {
		return store.Entry{}, err
	}
	e.Value, err = s.ring.openInPlace(e.Value, additionalData(key, e.Owner))
	if err != nil {
		return store.Entry{}, err
	}
	return e, nil
}

const additionalDataPrefix = "kakaowasm store entry"

// additionalData are where a value belongs (RFC 5116). The lengths keep the parts apart.
func additionalData(key string, o store.Owner) []byte {
	p := make([]byte, 0, len(additionalDataPrefix)+3*binary.MaxVarintLen16+len(key)+len(o.App)+len(o.UserID))
	p = append(p, additionalDataPrefix...)
	for _, part := range [...]string{key, o.App, o.UserID} {
		p = binary.AppendUvarint(p, uint64(len(part)))
		p = append(p, part...)
	}
	return p
}
