package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// Report is what a store file holds.
type Report struct {
	// Entries and Bytes are those of the entries that live and their values.
	Entries, Bytes int
	// Expired are entries whose time is over.
	Expired int
	// Unreadable are entries that are there and hold no record of this package.
	Unreadable int
	// Lost are entries that an index still names and that cannot be reached.
	Lost int
	// Damage is what is wrong with the file; nil where it is whole.
	Damage error
	// Kept is where [Compact] has put the old file, if it was damaged.
	Kept string
}

// Check reads a file as a whole and reports what it holds. It changes nothing. It
// is [ErrInUse] while a server has the file open, and an error where not even the
// beginning of the file can be read.
func Check(path string) (Report, error) {
	db, err := openReadOnly(path)
	if err != nil {
		return Report{}, err
	}
	_, report := salvage(db)
	return report, db.close()
}

// Compact puts into the place of a file a new one that holds every entry that can
// be read and lives, and nothing else. A damaged file is kept beside it, under the
// name in the report. Its errors are those of [Check], and those of writing: then
// the file is as it was.
func Compact(path string) (Report, error) {
	db, err := openReadOnly(path)
	if err != nil {
		return Report{}, err
	}
	found, report := salvage(db)
	err = replace(path, found, &report)
	return report, errors.Join(err, db.close())
}

// openReadOnly opens a file that nobody has open, and leaves it as it is.
func openReadOnly(path string) (*database, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := openFile(path, bbolt.Options{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("store file %s: %w", path, err)
	}
	return db, nil
}

// found is what was read of a file.
type found struct {
	entries  map[string]store.Entry
	sequence uint64 // the last version that was given
}

// salvage reads everything that can be read. Where a page is damaged, the entries
// are looked for from both ends and by the keys that the indexes name.
func salvage(db *database) (found, Report) {
	all := found{entries: map[string]store.Entry{}}
	var report Report
	keys, damage := db.keys()
	for key := range keys {
		all.take(db, key, &report)
	}
	report.Entries, report.Damage = len(all.entries), errors.Join(damage, db.checkPages(damage))
	return all, report
}

// take reads one entry.
func (f *found) take(db *database, key string, report *Report) {
	var e store.Entry
	var refusal error
	err := db.View(func(tx *bbolt.Tx) error {
		b := bucketsOf(tx)
		f.sequence = max(f.sequence, b.entries.Sequence())
		e, refusal = b.live(key)
		return nil
	})
	switch {
	case err != nil:
		report.Lost++
	case errors.Is(refusal, store.ErrUnreadable):
		report.Unreadable++
	case errors.Is(refusal, store.ErrNotFound):
		report.Expired++
	default:
		f.entries[key] = e
		f.sequence = max(f.sequence, uint64(e.Version))
		report.Bytes += len(e.Value)
	}
}

// keys are the keys of all entries that can be found, and what was damaged on the
// way to them. The indexes are asked only then: they may name what is gone.
func (d *database) keys() (map[string]bool, error) {
	keys := map[string]bool{}
	damage := d.walk(entriesBucket, func(key []byte) { keys[string(key)] = true })
	if damage == nil {
		return keys, nil
	}
	return keys, errors.Join(damage,
		d.walk(expiriesBucket, func(indexed []byte) { keys[string(indexed[min(len(indexed), expirySize):])] = true }),
		d.walk(ownersBucket, func(indexed []byte) { keys[keyOwned(indexed)] = true }))
}

// keyOwned is the key in an entry of the index of owners.
func keyOwned(indexed []byte) string {
	r := reader{rest: indexed}
	_, _ = r.text(), r.text()
	return string(r.rest)
}

// errOrder says that the keys of a bucket are not in order, as where its pages lead
// back to one another.
var errOrder = fmt.Errorf("%w: keys out of order", store.ErrDamaged)

// walk visits the keys of a bucket, and where that breaks off, again from the other
// end.
func (d *database) walk(bucket []byte, visit func(key []byte)) error {
	damage := d.walkFrom(bucket, (*bbolt.Cursor).First, (*bbolt.Cursor).Next, 1, visit)
	if damage != nil {
		_ = d.walkFrom(bucket, (*bbolt.Cursor).Last, (*bbolt.Cursor).Prev, -1, visit)
	}
	return damage
}

// step moves a cursor.
type step func(*bbolt.Cursor) (key, value []byte)

// walkFrom visits the keys of a bucket from one end, in ascending (1) or descending
// (-1) order.
func (d *database) walkFrom(bucket []byte, start, next step, order int, visit func(key []byte)) error {
	return d.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		if b == nil {
			return fmt.Errorf("%w: it has no bucket %s", store.ErrDamaged, bucket)
		}
		c := b.Cursor()
		var before []byte
		for k, _ := start(c); k != nil; k, _ = next(c) {
			if before != nil && bytes.Compare(k, before) != order {
				return errOrder
			}
			before = bytes.Clone(k)
			visit(before)
		}
		return nil
	})
}

// checkPages has bbolt check its pages, unless damage is known by then: its check
// follows every page, and must not be led to where there is none.
func (d *database) checkPages(known error) error {
	if known != nil {
		return nil
	}
	return d.View(func(tx *bbolt.Tx) error {
		if info, err := os.Stat(d.path); err != nil || info.Size() < tx.Size() {
			return errors.Join(err, fmt.Errorf("%w: the file is shorter than its %d bytes in use", store.ErrDamaged, tx.Size()))
		}
		var damage error
		for err := range tx.Check() {
			damage = errors.Join(damage, fmt.Errorf("%w: %w", store.ErrDamaged, err))
		}
		return damage
	})
}

// compactBatch is how many entries one commit of a new file holds.
const compactBatch = 1000

// replace puts a new file with the entries into the place of an old one.
func replace(path string, all found, report *Report) error {
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := errors.Join(fill(fresh, all), keepOwner(path, fresh)); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	if report.Damage != nil {
		report.Kept = path + ".damaged-" + time.Now().UTC().Format("20060102T150405Z")
		if err := os.Link(path, report.Kept); err != nil {
			return errors.Join(err, os.Remove(fresh))
		}
	}
	return os.Rename(fresh, path)
}

// fill makes a file that holds the entries, with the versions that they have.
func fill(path string, all found) error {
	db, err := open(path)
	if err != nil {
		return err
	}
	keys := slices.Sorted(maps.Keys(all.entries))
	for batch := range slices.Chunk(keys, compactBatch) {
		err = errors.Join(err, db.Update(func(tx *bbolt.Tx) error { return bucketsOf(tx).restore(batch, all.entries) }))
	}
	return errors.Join(err, db.Update(func(tx *bbolt.Tx) error { return bucketsOf(tx).entries.SetSequence(all.sequence) }), db.close())
}

// restore puts entries into an empty file as they were.
func (b buckets) restore(keys []string, entries map[string]store.Entry) error {
	for _, key := range keys {
		e := entries[key]
		err := errors.Join(b.entries.Put([]byte(key), encode(e)), b.expiries.Put(expiryKey(e.Expiry, key), nil), b.own(e.Owner, key))
		if err != nil {
			return err
		}
	}
	return nil
}
