package store

import (
	"context"
	"errors"
	"fmt"
)

// What the methods of a [Store] answer instead of doing what they were asked.
var (
	// ErrNotFound: the key has no entry, or it has expired.
	ErrNotFound = errors.New("store: no such entry")
	// ErrExists: the key has an entry already.
	ErrExists = errors.New("store: the key has an entry already")
	// ErrConflict: somebody else changed the entry first. Read it again.
	ErrConflict = errors.New("store: the entry was changed meanwhile; read it again")
	// ErrLeaseHeld: the context ended while somebody else held the lease.
	ErrLeaseHeld = errors.New("store: the lease is held by another")
	// ErrLeaseLost: the lease has expired or was released.
	ErrLeaseLost = errors.New("store: the lease is over")
	// ErrUnavailable: the store cannot do its work now. Try again later.
	ErrUnavailable = errors.New("store: unavailable")
	// ErrUnreadable: the entry is there, but what it holds is damaged or was
	// encrypted with a key that is not in the key ring. Trying again does not
	// help. A Delete that answers it has deleted the entry.
	ErrUnreadable = errors.New("store: the entry cannot be read; it is damaged, or its key is missing in the key ring")
	// ErrDamaged: what the store keeps its entries in is damaged. It comes with
	// ErrUnreadable where that has taken one entry and others can be read, and
	// with ErrUnavailable otherwise. Neither passes by itself.
	ErrDamaged = errors.New("store: damaged")
)

// ErrClosed is the cause of an [ErrUnavailable] after Close.
var ErrClosed = errors.New("the store is closed")

// Unavailable returns an [ErrUnavailable] that also matches its cause. It is
// for those who write stores.
func Unavailable(cause error) error {
	return fmt.Errorf("%w: %w", ErrUnavailable, cause)
}

// LeaseHeld returns an [ErrLeaseHeld] that also matches the cause of the
// context's end. It is for those who write stores.
func LeaseHeld(ctx context.Context) error {
	return fmt.Errorf("%w: %w", ErrLeaseHeld, context.Cause(ctx))
}
