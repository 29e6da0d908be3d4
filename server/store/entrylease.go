package store

import (
	"context"
	"time"
)

// EntryLease is the lease of a key together with the entry that the key had when
// the lease began: nobody who works under the lease has changed it since.
type EntryLease interface {
	Lease

	// Entry returns the entry, or the error of [Store.Get].
	Entry() (Entry, error)

	// ReplaceAndRelease is [Store.Replace] of the key and, where that succeeds,
	// Release: the last change that is made under the lease. Where it fails, the
	// lease is held as before.
	ReplaceAndRelease(ctx context.Context, e Entry) (Version, error)
}

// EntryLeaser is a [Store] that does two steps of an [EntryLease] in one, because
// each costs a round trip or a write to a disk.
type EntryLeaser interface {
	// AcquireEntry is Acquire and Get.
	AcquireEntry(ctx context.Context, key string, ttl time.Duration) (EntryLease, error)
}

// AcquireEntry takes the lease of a key and reads its entry: in one step where the
// store is an [EntryLeaser]. Its errors are those of Acquire.
func AcquireEntry(ctx context.Context, s Store, key string, ttl time.Duration) (EntryLease, error) {
	if one, ok := s.(EntryLeaser); ok {
		return one.AcquireEntry(ctx, key, ttl)
	}
	lease, err := s.Acquire(ctx, key, ttl)
	if err != nil {
		return nil, err
	}
	l := &entryLease{Lease: lease, store: s, key: key}
	l.entry, l.err = s.Get(ctx, key)
	return l, nil
}

// entryLease is an EntryLease that takes each step by itself.
type entryLease struct {
	Lease
	store Store
	key   string
	entry Entry
	err   error // why there is no entry
}

// Entry implements [EntryLease].
func (l *entryLease) Entry() (Entry, error) { return l.entry, l.err }

// ReplaceAndRelease implements [EntryLease]. A lease that could not be released
// expires by itself.
func (l *entryLease) ReplaceAndRelease(ctx context.Context, e Entry) (Version, error) {
	v, err := l.store.Replace(ctx, l.key, e)
	if err == nil {
		letGo(context.WithoutCancel(ctx), l.Lease)
	}
	return v, err
}
