package bolt

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// bbolt trusts its file: a page that is damaged ends in a panic, and one that is
// missing in a fault of the memory that the file is mapped to, which would end the
// process. Every call of bbolt therefore goes through guarded.

// guarded does something with a database, and is a [store.ErrDamaged] where the
// file is damaged.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch p := recover().(type) {
		case nil:
		case damage:
			err = p.error
		default:
			err = fmt.Errorf("%w: %v", store.ErrDamaged, p)
		}
	}()
	return do()
}

// damage is what is thrown where a page is damaged, as bbolt does it.
type damage struct{ error }

// must returns what was read, or throws the damage.
func must[T any](read T, err error) T {
	if err != nil {
		panic(damage{err})
	}
	return read
}

// database is a bbolt database whose damage is an error.
type database struct {
	*bbolt.DB
	path string
	file *os.File // bbolt's own
	// dead says that bbolt has panicked while it held its own locks: whoever asked
	// it again would wait for ever.
	dead atomic.Bool
	// looped says that pages lead back to one another. Where bbolt merges such pages it
	// ends the process, so that nothing is written any more.
	looped atomic.Bool
}

// View makes a transaction that reads.
func (d *database) View(read func(*bbolt.Tx) error) error { return d.transaction(d.DB.View, read) }

// Update makes a transaction that writes.
func (d *database) Update(write func(*bbolt.Tx) error) error {
	if d.looped.Load() {
		return d.describe(fmt.Errorf("%w; nothing is written to it any more", errLoop))
	}
	return d.transaction(d.DB.Update, write)
}

// transaction makes a transaction. After damage in the middle of it, the database
// goes on: bbolt has rolled it back.
func (d *database) transaction(make func(func(*bbolt.Tx) error) error, do func(*bbolt.Tx) error) error {
	if d.dead.Load() {
		return d.describe(fmt.Errorf("%w: bbolt has given up", store.ErrDamaged))
	}
	var begun *bbolt.Tx
	err := guarded(func() error {
		return make(func(tx *bbolt.Tx) error {
			begun = tx
			return do(tx)
		})
	})
	if errors.Is(err, store.ErrDamaged) && (begun == nil || begun.DB() != nil) {
		d.dead.Store(true)
	}
	if errors.Is(err, errLoop) {
		d.looped.Store(true)
	}
	return d.describe(err)
}

// describe says which file is damaged, and what to do.
func (d *database) describe(err error) error { return describe(d.path, err) }

// opened is what an error of opening a file means: one that does not come from the
// operating system says that the file is no database, or not a whole one.
func opened(err error) error {
	var system syscall.Errno
	if err == nil || errors.As(err, &system) || errors.Is(err, store.ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrDamaged, err)
}

// describe says of a damaged file which one it is, and what to do.
func describe(path string, err error) error {
	if !errors.Is(err, store.ErrDamaged) {
		return err
	}
	return fmt.Errorf("the store file %s: %w; stop the server, and see with `kakaowasm store check` what is left in the file and with `kakaowasm store compact` save it, or put a backup in its place", path, err)
}

// close closes the database, unless bbolt would wait for ever for its own locks.
func (d *database) close() error {
	if d.dead.Load() {
		return nil
	}
	return guarded(d.Close)
}
