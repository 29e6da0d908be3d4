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

// sweepLimit is how many expired entries a commit drops at most, so that none
// pays for a whole day's logins at once.
const sweepLimit = 512

// buckets are the buckets in one transaction.
type buckets struct {
	entries, owners, expiries *bbolt.Bucket
}

// makeBuckets makes those that are not there yet.
func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{entriesBucket, ownersBucket, expiriesBucket} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

func bucketsOf(tx *bbolt.Tx) buckets {
	return buckets{tx.Bucket(entriesBucket), tx.Bucket(ownersBucket), tx.Bucket(expiriesBucket)}
}

// live returns the entry of a key, or why there is none.
func (b buckets) live(key string) (store.Entry, error) {
	record := b.entries.Get([]byte(key))
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
	sequence, err := b.entries.NextSequence()
	if err != nil {
		return 0, err
	}
	e.Version = store.Version(sequence)
	return e.Version, b.entries.Put([]byte(key), encode(e))
}

// index takes a key with its new entry into the indexes, and out of where the
// entry that it has now stands in them.
func (b buckets) index(key string, e store.Entry) error {
	before, known := b.stored(key)
	if !known {
		return errors.Join(b.expiries.Put(expiryKey(e.Expiry, key), nil), b.own(e.Owner, key))
	}
	var errs []error
	if millis(before.Expiry) != millis(e.Expiry) {
		errs = append(errs, b.expiries.Delete(expiryKey(before.Expiry, key)), b.expiries.Put(expiryKey(e.Expiry, key), nil))
	}
	if before.Owner != e.Owner {
		errs = append(errs, b.owners.Delete(append(ownerPrefix(before.Owner), key...)), b.own(e.Owner, key))
	}
	return errors.Join(errs...)
}

// stored returns what is at a key, expired or not. Where a record that cannot be
// read stands in the indexes is not known.
func (b buckets) stored(key string) (e store.Entry, known bool) {
	record := b.entries.Get([]byte(key))
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
	return b.owners.Put(append(ownerPrefix(o), key...), nil)
}

// remove takes whatever is at a key out of all buckets.
func (b buckets) remove(key string) error {
	record := b.entries.Get([]byte(key))
	if record == nil {
		return nil
	}
	e, err := decode(record)
	if err != nil {
		return b.entries.Delete([]byte(key)) // Where the indexes have it is not known.
	}
	return errors.Join(
		b.entries.Delete([]byte(key)),
		b.expiries.Delete(expiryKey(e.Expiry, key)),
		b.owners.Delete(append(ownerPrefix(e.Owner), key...)),
	)
}

// removeOwned removes the entries of an owner and counts those that lived.
func (b buckets) removeOwned(o store.Owner) (ended int, err error) {
	for _, key := range b.ownedBy(o) {
		if _, err := b.live(key); err == nil {
			ended++
		}
		if err := b.remove(key); err != nil {
			return 0, err
		}
	}
	return ended, nil
}

// ownedBy returns the keys of an owner's entries.
func (b buckets) ownedBy(o store.Owner) (keys []string) {
	prefix := ownerPrefix(o)
	c := b.owners.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, string(bounded(k)[len(prefix):]))
	}
	return keys
}

// sweep removes some of what has expired.
func (b buckets) sweep() error {
	for _, k := range b.expired(time.Now()) {
		if err := errors.Join(b.remove(string(k[expirySize:])), b.expiries.Delete(k)); err != nil {
			return err
		}
	}
	return nil
}

// expired returns the index entries of some keys that have expired, the oldest
// first.
func (b buckets) expired(now time.Time) (indexed [][]byte) {
	end := expiryKey(now.Add(time.Millisecond), "")
	c := b.expiries.Cursor()
	for k, _ := c.First(); k != nil && len(indexed) < sweepLimit && bytes.Compare(k, end) < 0; k, _ = c.Next() {
		indexed = append(indexed, bytes.Clone(bounded(k)))
	}
	return indexed
}

// bounded is a key of the file. Where its page is damaged it may seem to be
// gigabytes long: guarded takes that.
func bounded(k []byte) []byte {
	if len(k) > bbolt.MaxKeySize {
		panic("a key is too long")
	}
	return k
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
