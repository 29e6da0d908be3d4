package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/internal/lease"
)

// fileMode lets nobody but the owner of the process read the file.
const fileMode = 0o600

// ErrInUse says that another process has the file open.
var ErrInUse = errors.New("the file is in use by another process; stop that one, give this one a file of its own, or use Redis or PostgreSQL to run several instances")

// Store is a [store.Store] in a file.
type Store struct {
	db     *bbolt.DB
	writes *writer
	leases *lease.Table
	close  func() error
}

// Open opens the file at path, which it makes if there is none, and makes it
// readable for its owner only. It is ErrInUse while another process has the
// file open, and another error where the file cannot be made or is no file of
// this package.
func Open(path string) (*Store, error) {
	db, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("store file %s: %w", path, err)
	}
	s := &Store{db: db, writes: newWriter(db), leases: lease.NewTable()}
	s.close = sync.OnceValue(s.shut)
	return s, nil
}

// open opens a database with its buckets.
func open(path string) (*bbolt.DB, error) {
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{
		Timeout:      time.Nanosecond, // for the lock of the file; 0 would wait for ever
		FreelistType: bbolt.FreelistMapType,
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Chmod(path, fileMode), db.Update(makeBuckets)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (e store.Entry, err error) {
	if ctx.Err() != nil {
		return e, store.Unavailable(context.Cause(ctx))
	}
	var refusal error
	err = s.db.View(func(tx *bbolt.Tx) error {
		e, refusal = bucketsOf(tx).live(key)
		return nil
	})
	if err != nil {
		return e, unavailable(err)
	}
	return e, refusal
}

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.put(ctx, key, e, func(b buckets) error {
		_, err := b.live(key)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return store.ErrExists
	})
}

// Replace implements [store.Store].
func (s *Store) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.put(ctx, key, e, func(b buckets) error {
		current, err := b.live(key)
		if err == nil && current.Version != e.Version {
			return store.ErrConflict
		}
		return err
	})
}

// put stores an entry unless it is refused.
func (s *Store) put(ctx context.Context, key string, e store.Entry, refuse func(buckets) error) (store.Version, error) {
	return write(ctx, s.writes, func(b buckets) (store.Version, error, error) {
		if refusal := refuse(b); refusal != nil {
			return 0, refusal, nil
		}
		v, err := b.put(key, e)
		return v, nil, err
	})
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	return write(ctx, s.writes, func(b buckets) (store.Entry, error, error) {
		e, refusal := b.live(key)
		if errors.Is(refusal, store.ErrNotFound) {
			return e, refusal, nil
		}
		if v != store.AnyVersion && v != e.Version {
			return store.Entry{}, store.ErrConflict, nil
		}
		return e, refusal, b.remove(key)
	})
}

// DeleteOwned implements [store.Store].
func (s *Store) DeleteOwned(ctx context.Context, o store.Owner) (int, error) {
	return write(ctx, s.writes, func(b buckets) (int, error, error) {
		ended, err := b.removeOwned(o)
		return ended, nil, err
	})
}

// Acquire implements [store.Store].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	if ctx.Err() != nil {
		return nil, store.Unavailable(context.Cause(ctx))
	}
	return s.leases.Acquire(ctx, key, ttl)
}

// Close implements [store.Store]. It waits until the writes that have begun are
// on the disk.
func (s *Store) Close() error { return s.close() }

// shut closes the store, once.
func (s *Store) shut() error {
	s.leases.Close()
	s.writes.close()
	return s.db.Close()
}

// unavailable is why the database could not do its work.
func unavailable(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		err = store.ErrClosed
	}
	return store.Unavailable(err)
}
