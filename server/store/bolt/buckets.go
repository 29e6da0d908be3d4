package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// The buckets of the file. Only the first holds what cannot be made anew from
// the others.
var (
	entriesBucket  = []byte("entries")  // key: record
	ownersBucket   = []byte("owners")   // owner, key: nothing
	expiriesBucket = []byte("expiries") // expiry, key: nothing
)

// allBuckets are the buckets of a file, in the order of the fields of buckets.
var allBuckets = [][]byte{entriesBucket, ownersBucket, expiriesBucket}

// sweepLimit is how many expired entries a commit drops at most, so that none
// pays for a whole day's logins at once.
const sweepLimit = 512

// buckets are the buckets in one transaction.
type buckets struct {
	entries, owners, expiries tree
}

// makeBuckets makes those that are not there yet.
func (d *database) makeBuckets(tx *bbolt.Tx) error {
	must(d.pages(tx).homes())
	for _, name := range allBuckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

// buckets are the buckets as a transaction sees them.
func (d *database) buckets(tx *bbolt.Tx) buckets {
	pages := d.pages(tx)
	homes := must(pages.homes())
	return buckets{newTree(tx, pages, homes, 0), newTree(tx, pages, homes, 1), newTree(tx, pages, homes, 2)}
}

// entries are the entries alone, for who changes nothing.
func (d *database) entries(tx *bbolt.Tx) tree {
	pages := d.pages(tx)
	return newTree(tx, pages, must(pages.homes()), 0)
}

// live returns the entry of a key, or why there is none.
func (b buckets) live(key string) (store.Entry, error) {
	record := b.entries.get([]byte(key))
	if record == nil {
		return store.Entry{}, store.ErrNotFound
	}
	e, err := decode(record)
	if err == nil && !time.Now().Before(e.Expiry) {
		return store.Entry{}, store.ErrNotFound
	}
	return e, err
}

// put stores an entry over whatever is at the key. What stays as it was is not
// written again: each page that a commit writes costs all who wait for it.
func (b buckets) put(key string, e store.Entry) (store.Version, error) {
	if err := b.index(key, e); err != nil {
		return 0, err
	}
	sequence, err := b.entries.bucket.NextSequence()
	if err != nil {
		return 0, err
	}
	e.Version = store.Version(sequence)
	return e.Version, b.entries.put([]byte(key), encode(e))
}

// index takes a key with its new entry into the indexes, and out of where the
// entry that it has now stands in them.
func (b buckets) index(key string, e store.Entry) error {
	before, known := b.stored(key)
	if !known {
		return errors.Join(b.expiries.put(expiryKey(e.Expiry, key), nil), b.own(e.Owner, key))
	}
	var errs []error
	if millis(before.Expiry) != millis(e.Expiry) {
		errs = append(errs, b.expiries.delete(expiryKey(before.Expiry, key)), b.expiries.put(expiryKey(e.Expiry, key), nil))
	}
	if before.Owner != e.Owner {
		errs = append(errs, b.owners.delete(append(ownerPrefix(before.Owner), key...)), b.own(e.Owner, key))
	}
	return errors.Join(errs...)
}

// stored returns what is at a key, expired or not. Where a record that cannot be
// read stands in the indexes is not known.
func (b buckets) stored(key string) (e store.Entry, known bool) {
	record := b.entries.get([]byte(key))
	if record == nil {
		return e, false
	}
	e, err := decode(record)
	return e, err == nil
}

// own takes a key into the index of owners.
func (b buckets) own(o store.Owner, key string) error {
	if o.Nobody() {
		return nil
	}
	return b.owners.put(append(ownerPrefix(o), key...), nil)
}

// remove takes whatever is at a key out of all buckets.
func (b buckets) remove(key string) error {
	record := b.entries.get([]byte(key))
	if record == nil {
		return nil
	}
	e, err := decode(record)
	if err != nil {
		return b.entries.delete([]byte(key)) // Where the indexes have it is not known.
	}
	return errors.Join(
		b.entries.delete([]byte(key)),
		b.expiries.delete(expiryKey(e.Expiry, key)),
		b.owners.delete(append(ownerPrefix(e.Owner), key...)),
	)
}

// removeOwned removes the entries of an owner and counts those that lived.
func (b buckets) removeOwned(o store.Owner) (ended int, err error) {
	for _, key := range b.ownedBy(o) {
		e, known := b.stored(key)
		if known && e.Owner != o {
			continue // It was replaced in this very transaction, or the index is damaged.
		}
		if known && time.Now().Before(e.Expiry) {
			ended++
		}
		if err := errors.Join(b.remove(key), b.owners.delete(append(ownerPrefix(o), key...))); err != nil {
			return 0, err
		}
	}
	return ended, nil
}

// ownedBy returns the keys of an owner's entries as they were before this transaction.
func (b buckets) ownedBy(o store.Owner) (keys []string) {
	prefix := ownerPrefix(o)
	b.owners.ascend(prefix, func(k []byte) bool {
		owned := bytes.HasPrefix(k, prefix)
		if owned {
			keys = append(keys, string(k[len(prefix):]))
		}
		return owned
	})
	return keys
}

// sweep removes some of what has expired.
func (b buckets) sweep() error {
	now := time.Now()
	for _, k := range b.expired(now) {
		key := string(k[expirySize:])
		var err error
		if e, known := b.stored(key); !known || !now.Before(e.Expiry) {
			err = b.remove(key)
		}
		if err := errors.Join(err, b.expiries.delete(k)); err != nil {
			return err
		}
	}
	return nil
}

// expired returns the index entries of some keys that had expired before this
// transaction, the oldest first.
func (b buckets) expired(now time.Time) (indexed [][]byte) {
	end := expiryKey(now.Add(time.Millisecond), "")
	b.expiries.ascend(nil, func(k []byte) bool {
		old := len(indexed) < sweepLimit && bytes.Compare(k, end) < 0
		if old && len(k) > expirySize {
			indexed = append(indexed, bytes.Clone(k))
		}
		return old
	})
	return indexed
}

// expirySize is the length of an expiry in front of a key.
const expirySize = 8

// expiryKey is where the index of expiries has a key: in the order of time.
func expiryKey(expiry time.Time, key string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, millis(expiry)), key...)
}

// ownerPrefix is what the index of owners has before the keys of an owner. The
// lengths keep one owner from being the beginning of another.
func ownerPrefix(o store.Owner) []byte {
	return appendText(appendText(nil, o.App), o.UserID)
}
