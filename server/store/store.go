package store

import (
	"context"
	"time"
)

// Store keeps entries under keys until they expire, and lends leases. It is
// safe for concurrent use, and several instances may share its data where the
// store says so.
//
// A key is a string of 1 to 1,024 bytes of any kind, a value up to 1 MB. An
// entry whose expiry has come is gone: no method finds, counts or changes it,
// and its key is free.
//
// Each method but DeleteOwned is one atomic step. What a call returned without error is seen
// by every later call of every instance and survives whatever the store
// promises to survive.
//
// Every error matches with [errors.Is] one of those that the method names or
// [ErrUnavailable]: the store could not do its work, or the context ended
// first. After ErrUnavailable it is unknown whether a change was made, unless
// the context had ended before the call: then nothing was done. No error holds
// a key or a value.
type Store interface {
	// Get returns the entry of a key, or ErrNotFound. The caller may change
	// what it gets.
	Get(ctx context.Context, key string) (Entry, error)

	// Create stores an entry under a key that has none and returns its
	// version; the version in e is ignored. Where there is one, it is
	// ErrExists and nothing changes.
	Create(ctx context.Context, key string, e Entry) (Version, error)

	// Replace stores e in place of the version e.Version of the entry, and
	// returns the new version. Value, owner and expiry become those of e. It is
	// ErrConflict where the entry has another version by now, ErrNotFound where
	// it has ended; then nothing changes.
	Replace(ctx context.Context, key string, e Entry) (Version, error)

	// Delete ends the entry of a key and returns it as it was last, so that of
	// several that end a session exactly one gets its tokens to revoke. With
	// AnyVersion it deletes whatever is there; with another version it is
	// ErrConflict, and nothing changes, where the entry has moved on. Without an
	// entry it is ErrNotFound.
	Delete(ctx context.Context, key string, v Version) (Entry, error)

	// DeleteOwned ends all entries of an owner and returns how many it ended. It
	// may end one after the other, because a store may keep them on several
	// machines: an entry that another call makes or gives to the owner meanwhile
	// may live on, and then the next DeleteOwned ends it. Every entry is ended
	// once, by one caller. After an error some may have ended; call it again. For
	// an owner who is nobody it does nothing.
	DeleteOwned(ctx context.Context, o Owner) (int, error)

	// Acquire takes the lease of a key for ttl, which is at least a millisecond.
	// While somebody else holds it, Acquire waits, without asking over and over,
	// until the lease is released or expires. Where the context ends first, it
	// is ErrLeaseHeld. Leases and entries do not touch each other: a lease needs
	// no entry.
	Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error)

	// Close lets go of what the store holds open. Later calls, and those that
	// are waiting for a lease, are ErrUnavailable. Leases that are still held
	// expire by themselves. Closing again does nothing.
	Close() error
}

// Entry is what a store keeps under a key.
type Entry struct {
	Value []byte
	// Owner is whom the entry belongs to. It is kept in the clear.
	Owner Owner
	// Expiry is when the entry ends. Stores may round it down to a millisecond.
	Expiry time.Time
	// Version names this state of the entry. Only stores make versions.
	Version Version
}

// Version names one state of one entry. Versions have no order, and none comes
// again, not even when its key is created anew.
type Version uint64

// AnyVersion stands for whichever version there is. No entry has it.
const AnyVersion Version = 0

// Owner is whom entries belong to: a user of a Kakao app.
type Owner struct {
	App string // app ID
	// UserID is the service user ID. Where it is empty the owner is nobody, and
	// the entry is found by its key only.
	UserID string
}

// Nobody reports whether the owner is nobody.
func (o Owner) Nobody() bool { return o.UserID == "" }

// Lease is the right, for a time, to be the only one that works on a key. Its
// methods are safe for concurrent use.
type Lease interface {
	// Renew extends the lease to ttl from now. Where it has expired or was
	// released it is ErrLeaseLost, and whoever holds the key's lease by now is
	// left alone.
	Renew(ctx context.Context, ttl time.Duration) error

	// Release ends the lease and wakes who waits for it. Its errors are those of
	// Renew.
	Release(ctx context.Context) error
}
