package bolt

import (
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
	_, report, err := salvage(db)
	return report, errors.Join(err, db.close())
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
	found, report, err := salvage(db)
	if err == nil {
		err = replace(path, found, &report)
	}
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

// salvage reads everything that can be read. It is an error where even the buckets
// cannot be found.
func salvage(db *database) (found, Report, error) {
	all := found{entries: map[string]store.Entry{}}
	var report Report
	seen, indexed, used := map[string]bool{}, map[string]bool{}, map[uint64]bool{}
	report.Damage = db.roots(func(pages pageReader, b *bbolt.Bucket, name []byte, root uint64) error {
		take := func(key, value []byte) {
			switch string(name) {
			case string(entriesBucket):
				seen[string(key)] = true
				all.take(string(key), value, &report)
			case string(expiriesBucket):
				indexed[string(key[min(len(key), expirySize):])] = true
			case string(ownersBucket):
				indexed[keyOwned(key)] = true
			}
		}
		if root == 0 {
			return b.ForEach(func(key, value []byte) error {
				take(key, value)
				return nil
			})
		}
		return pages.walk(root, used, take)
	})
	if errors.Is(report.Damage, errBeginning) {
		return all, Report{}, report.Damage
	}
	err := db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(entriesBucket); b != nil {
			all.sequence = max(all.sequence, b.Sequence())
		}
		return nil
	})
	for key := range indexed {
		if report.Damage != nil && !seen[key] {
			report.Lost++
		}
	}
	report.Entries = len(all.entries)
	return all, report, err
}

// take reads one entry.
func (f *found) take(key string, record []byte, report *Report) {
	switch e, err := decode(record); {
	case err != nil:
		report.Unreadable++
	case !time.Now().Before(e.Expiry):
		report.Expired++
	default:
		f.entries[key] = e
		f.sequence = max(f.sequence, uint64(e.Version))
		report.Bytes += len(e.Value)
	}
}

// keyOwned is the key in an entry of the index of owners.
func keyOwned(indexed []byte) string {
	r := reader{rest: indexed}
	_, _ = r.text(), r.text()
	return string(r.rest)
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
