package bolt

import (
	"bytes"
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
	db     *database
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
	if errors.Is(err, store.ErrDamaged) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("store file %s: %w", path, err)
	}
	s := &Store{db: db, writes: newWriter(db), leases: lease.NewTable()}
	s.close = sync.OnceValue(s.shut)
	return s, nil
}

// open opens a database with its buckets.
func open(path string) (*database, error) {
	db, err := openFile(path, bbolt.Options{})
	if err != nil {
		return nil, err
	}
	if err := db.checkLoops(); err != nil {
		return nil, errors.Join(err, db.close())
	}
	if err := errors.Join(os.Chmod(path, fileMode), db.Update(db.makeBuckets)); err != nil {
		return nil, errors.Join(err, db.close())
	}
	return db, nil
}

// openFile opens a database as it is.
func openFile(path string, options bbolt.Options) (*database, error) {
	options.Timeout = time.Nanosecond // for the lock of the file; 0 would wait for ever
	options.FreelistType = bbolt.FreelistMapType
	db := &database{path: path}
	options.OpenFile = func(name string, flag int, mode os.FileMode) (file *os.File, err error) {
		db.file, err = os.OpenFile(name, flag, mode) //nolint:gosec // The file that was asked for.
		return db.file, err
	}
	err := guarded(func() (err error) {
		db.DB, err = bbolt.Open(path, fileMode, &options)
		return err
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrInUse
	}
	return db, db.describe(opened(err))
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (e store.Entry, err error) {
	if ctx.Err() != nil {
		return e, store.Unavailable(context.Cause(ctx))
	}
	var refusal error
	err = s.db.View(func(tx *bbolt.Tx) error {
		e, refusal = buckets{entries: s.db.entries(tx)}.live(key)
		return nil
	})
	if errors.Is(err, store.ErrDamaged) {
		return store.Entry{}, s.damaged(err)
	}
	if err != nil {
		return e, unavailable(err)
	}
	return e, refusal
}

// damaged is the failure to reach an entry for damage to the file: unreadable where
// others can still be reached.
func (s *Store) damaged(err error) error {
	if s.db.reaches(nil) || s.db.reaches(lastKey) {
		return fmt.Errorf("%w: %w", store.ErrUnreadable, err)
	}
	return store.Unavailable(err)
}

// lastKey is behind the keys of all entries.
var lastKey = bytes.Repeat([]byte{0xff}, 64)

// reaches reports whether the entries can be read where a key is, or would be.
func (d *database) reaches(key []byte) bool {
	err := d.View(func(tx *bbolt.Tx) error {
		d.entries(tx).get(key)
		return nil
	})
	return err == nil
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
	e, err := s.remove(ctx, key, v)
	if errors.Is(err, store.ErrDamaged) {
		return store.Entry{}, s.damaged(err) // Nobody can read it any more.
	}
	return e, err
}

// remove deletes an entry.
func (s *Store) remove(ctx context.Context, key string, v store.Version) (store.Entry, error) {
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
	ended, err := write(ctx, s.writes, func(b buckets) (int, error, error) {
		ended, err := b.removeOwned(o)
		return ended, nil, err
	})
	if errors.Is(err, store.ErrDamaged) {
		return s.deleteEach(ctx, o)
	}
	return ended, err
}

// deleteEach deletes the entries of an owner one by one, so that those that can be
// reached go although the file is damaged where another one is.
func (s *Store) deleteEach(ctx context.Context, o store.Owner) (ended int, err error) {
	var keys []string
	err = s.db.View(func(tx *bbolt.Tx) error {
		keys = s.db.buckets(tx).ownedBy(o)
		return nil
	})
	if err != nil {
		return 0, store.Unavailable(err)
	}
	for _, key := range keys {
		_, failed := s.Delete(ctx, key, store.AnyVersion)
		if failed == nil {
			ended++
		}
		if errors.Is(failed, store.ErrUnavailable) {
			err = failed
		}
	}
	return ended, err
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
	return s.db.close()
}

// unavailable is why the database could not do its work.
func unavailable(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		err = store.ErrClosed
	}
	return store.Unavailable(err)
}
