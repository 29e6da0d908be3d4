package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// tree is a bucket in one transaction. Whoever reads or changes it follows the way to
// the key first, since bbolt would not come back from a damaged one. All methods
// panic where the file is damaged, as bbolt does: guarded takes that.
type tree struct {
	bucket *bbolt.Bucket
	pages  pageReader
	home   home
}

// newTree is the tree of a bucket.
func newTree(tx *bbolt.Tx, pages pageReader, homes homes, i int) tree {
	if !homes[i].known {
		panic(damage{noBucketError(allBuckets[i])})
	}
	return tree{tx.Bucket(allBuckets[i]), pages, homes[i]}
}

// noBucketError says that a bucket is missing.
func noBucketError(name []byte) error {
	return fmt.Errorf("%w: it has no bucket %s", store.ErrDamaged, name)
}

// get returns the value of a key, or nil.
func (t tree) get(key []byte) []byte {
	t.follow(key)
	return t.bucket.Get(key)
}

// put stores a value.
func (t tree) put(key, value []byte) error {
	t.follow(key)
	return t.bucket.Put(key, value)
}

// delete removes a key if it is there.
func (t tree) delete(key []byte) error {
	t.follow(key)
	return t.bucket.Delete(key)
}

// ascend visits the keys that are not before from, in their order, until visit returns
// false. It sees what was there before this transaction.
func (t tree) ascend(from []byte, visit func(key []byte) bool) {
	if t.home.root == 0 {
		must(t.home.page.ascend(from, visit))
		return
	}
	must(t.pages.ascend(t.home.root, from, visit, maxDepth))
}

// follow panics where bbolt would not find a leaf.
func (t tree) follow(key []byte) {
	if t.home.root == 0 {
		return
	}
	if err := t.pages.follow(t.home.root, key); err != nil {
		panic(damage{err})
	}
}

// homes are where the buckets stand, in the order of allBuckets.
type homes [3]home

// home is where the tree of a bucket stands: below a root, or, while it is small, in a
// page within the leaf of the names. The root is 0 then.
type home struct {
	known          bool
	root, sequence uint64
	page           page
}

// homes are those of all buckets.
func (p pageReader) homes() (found homes, err error) {
	names, err := p.read(p.names)
	if err != nil || names.flags != leafFlag {
		return found, pageError(p.names)
	}
	whole := names.visit(func(flags uint32, name, value []byte) {
		i := slices.IndexFunc(allBuckets, func(b []byte) bool { return bytes.Equal(b, name) })
		if i >= 0 && flags == bucketEntry {
			found[i] = homeOf(value)
		}
	})
	if !whole {
		return found, pageError(p.names)
	}
	return found, nil
}

// homeOf reads what the leaf of the names has of a bucket.
func homeOf(value []byte) (h home) {
	if len(value) < bucketHeader {
		return h
	}
	h = home{root: binary.NativeEndian.Uint64(value), sequence: binary.NativeEndian.Uint64(value[8:])}
	h.known = h.root != 0
	if !h.known && len(value) >= bucketHeader+pageHeader {
		h.page = pageOf(value[bucketHeader:])
		h.known = h.page.flags == leafFlag
	}
	return h
}
