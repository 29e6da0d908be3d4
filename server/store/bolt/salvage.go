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

// errBeginning says that even the buckets of a file cannot be found.
var errBeginning = fmt.Errorf("%w: its beginning cannot be read", store.ErrDamaged)

// found is what was read of a file.
type found struct {
	pages         pageReader
	entries       map[string]store.Entry
	sequence      uint64          // the last version that was given
	seen, indexed map[string]bool // keys, in the entries and in the indexes
	used          map[uint64]bool // pages
	report        Report
}

// salvage reads everything that can be read. It is an error where not even the
// buckets can be found, and the free pages neither.
func salvage(db *database) (all *found, report Report, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		pages, err := db.pages(tx).from(db.file)
		if err != nil {
			return err
		}
		all = &found{pages: pages, entries: map[string]store.Entry{}, seen: map[string]bool{}, indexed: map[string]bool{}, used: map[uint64]bool{}}
		if all.pages.used < tx.Size() {
			all.damaged(fmt.Errorf("%w: the file is shorter than its %d bytes in use", store.ErrDamaged, tx.Size()))
		}
		return all.read()
	})
	if err != nil {
		return nil, Report{}, err
	}
	return all, all.sum(), nil
}

// read reads the trees and, where they are damaged, also the pages that no tree leads
// to any more.
func (f *found) read() error {
	homes, err := f.pages.homes()
	f.damaged(err)
	f.used[f.pages.names] = true
	for i, h := range homes {
		f.readBucket(allBuckets[i], h)
	}
	f.sequence = max(f.sequence, homes[0].sequence)
	if f.report.Damage == nil || f.readRest() || homes[0].known {
		return nil
	}
	return errBeginning
}

// readBucket reads one bucket.
func (f *found) readBucket(name []byte, h home) {
	switch {
	case !h.known:
		f.damaged(noBucketError(name))
	case h.root != 0:
		f.damaged(f.pages.walk(h.root, f.used, f.take))
	case !h.page.visit(f.take):
		f.damaged(pageError(f.pages.names))
	}
}

// readRest reads the leaves that no tree leads to. Free pages are not among them: they
// hold logins that have ended since. ok is false where it is not known which are free.
func (f *found) readRest() (ok bool) {
	free, ok := f.pages.free()
	for id := uint64(2); ok && f.pages.has(id); id++ {
		if f.used[id] || free[id] {
			continue
		}
		q, err := f.pages.read(id)
		if err != nil || q.flags != leafFlag {
			continue
		}
		q.visit(f.take)
		id += q.span(f.pages.size) - 1
	}
	return ok
}

// damaged notes damage; nil is none.
func (f *found) damaged(err error) {
	if err != nil {
		f.report.Damage = errors.Join(f.report.Damage, err)
	}
}

// take reads what a leaf has. Only entries have values. The index of expiries has a
// time before each key, which begins with two zeros; that of owners never does, as
// nobody is in it.
func (f *found) take(flags uint32, key, value []byte) {
	switch {
	case flags != 0:
	case len(value) > 0:
		f.takeEntry(string(key), value)
	case bytes.HasPrefix(key, []byte{0, 0}):
		f.indexed[string(key[min(len(key), expirySize):])] = true
	default:
		f.indexed[keyOwned(key)] = true
	}
}

// takeEntry reads one entry. Of two with one key, the later one counts.
func (f *found) takeEntry(key string, record []byte) {
	f.seen[key] = true
	e, err := decode(record)
	if err != nil {
		f.report.Unreadable++
		return
	}
	f.sequence = max(f.sequence, uint64(e.Version))
	if before, known := f.entries[key]; !known || before.Version < e.Version {
		f.entries[key] = e
	}
}

// sum drops what has expired, and reports what is left.
func (f *found) sum() Report {
	now := time.Now()
	for key, e := range f.entries {
		if now.Before(e.Expiry) {
			f.report.Bytes += len(e.Value)
			continue
		}
		f.report.Expired++
		delete(f.entries, key)
	}
	f.report.Entries = len(f.entries)
	for key := range f.indexed {
		if f.report.Damage != nil && !f.seen[key] {
			f.report.Lost++
		}
	}
	return f.report
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
func replace(path string, all *found, report *Report) error {
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
func fill(path string, all *found) error {
	db, err := open(path)
	if err != nil {
		return err
	}
	keys := slices.Sorted(maps.Keys(all.entries))
	for batch := range slices.Chunk(keys, compactBatch) {
		err = errors.Join(err, db.Update(func(tx *bbolt.Tx) error { return db.buckets(tx).restore(batch, all.entries) }))
	}
	return errors.Join(err, db.Update(func(tx *bbolt.Tx) error { return db.buckets(tx).entries.bucket.SetSequence(all.sequence) }), db.close())
}

// restore puts entries into an empty file as they were.
func (b buckets) restore(keys []string, entries map[string]store.Entry) error {
	for _, key := range keys {
		e := entries[key]
		err := errors.Join(b.entries.put([]byte(key), encode(e)), b.expiries.put(expiryKey(e.Expiry, key), nil), b.own(e.Owner, key))
		if err != nil {
			return err
		}
	}
	return nil
}
