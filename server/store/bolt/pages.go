package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// bbolt's cursors trust the pages of a file. Where a damaged one leads back to a page
// above it, or to one that is no part of a tree, they go round for ever and take all
// memory, which no recover ends. So the trees of a file are followed here before
// bbolt does, and what is left in a damaged file is read here.

// allBuckets are the buckets of a file.
var allBuckets = [][]byte{entriesBucket, ownersBucket, expiriesBucket}

// errLoop says that bbolt would not come back from a page.
var errLoop = fmt.Errorf("%w: its pages lead back to one another, or out of their tree", store.ErrDamaged)

// errBeginning says that even the buckets of a file cannot be found.
var errBeginning = fmt.Errorf("%w: its beginning cannot be read", store.ErrDamaged)

// The layout of a page. Source: bbolt's internal/common/page.go.
const (
	pageHeader = 16 // id (8), flags (2), count (2), overflow (4)
	entrySize  = 16 // of a branch: position (4), length of the key (4), page (8); of a leaf: flags, position, lengths of key and value (4 each)

	branchFlag   = 0x01
	leafFlag     = 0x02
	metaFlag     = 0x04
	freelistFlag = 0x10
)

// roots calls visit with the root of the tree of the buckets' names, and with those of
// all buckets, while a transaction keeps them. One that has few entries stands within
// the tree of the names: its root is 0.
func (d *database) roots(visit func(pages pageReader, b *bbolt.Bucket, name []byte, root uint64) error) error {
	return d.View(func(tx *bbolt.Tx) error {
		file, err := os.Open(d.path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		if info.Size() < tx.Size() { // what is left of it is read
			err = fmt.Errorf("%w: the file is shorter than its %d bytes in use", store.ErrDamaged, tx.Size())
		}
		pages := pageReader{file, int64(d.Info().PageSize), min(tx.Size(), info.Size())}
		if err := visit(pages, nil, nil, uint64(tx.Cursor().Bucket().Root())); err != nil {
			return errors.Join(errBeginning, err)
		}
		for _, name := range allBuckets {
			if b := tx.Bucket(name); b != nil {
				err = errors.Join(err, visit(pages, b, name, uint64(b.Root())))
			} else {
				err = errors.Join(err, fmt.Errorf("%w: it has no bucket %s", store.ErrDamaged, name))
			}
		}
		return err
	})
}

// checkLoops is errLoop where bbolt would not come back from a page of a file.
// Whatever else is damaged ends in an error of its own.
func (d *database) checkLoops() error {
	err := d.roots(func(pages pageReader, _ *bbolt.Bucket, _ []byte, root uint64) error {
		if root != 0 && pages.loops(root) {
			return errLoop
		}
		return nil
	})
	if !errors.Is(err, errLoop) {
		return nil
	}
	return err
}

// pageReader reads the pages of a file.
type pageReader struct {
	file       *os.File
	size, used int64 // of a page, and of all pages, in bytes
}

// page is a page as it is in the file.
type page struct {
	flags, count uint16
	content      []byte // with its header, and the pages that it overflows to
}

// read returns a page. ok is false where bbolt refuses it: one that is not there, is
// another, or of no kind.
func (p pageReader) read(id uint64) (q page, ok bool) {
	if id >= uint64(p.used/p.size) { //nolint:gosec // Neither is negative.
		return q, false
	}
	at := int64(id) * p.size //nolint:gosec // It is less than the size of the file.
	head := make([]byte, pageHeader)
	if _, err := p.file.ReadAt(head, at); err != nil || binary.NativeEndian.Uint64(head) != id {
		return q, false
	}
	q.flags, q.count = binary.NativeEndian.Uint16(head[8:]), binary.NativeEndian.Uint16(head[10:])
	switch q.flags {
	case branchFlag, leafFlag, metaFlag, freelistFlag:
	default:
		return q, false
	}
	span := (int64(binary.NativeEndian.Uint32(head[12:])) + 1) * p.size
	q.content = make([]byte, min(span, p.used-at))
	_, err := p.file.ReadAt(q.content, at)
	return q, err == nil
}

// entry returns the entry of that number; ok is false where it is not in the page.
func (q page) entry(i int) (entry []byte, ok bool) {
	at := pageHeader + i*entrySize
	if at+entrySize > len(q.content) {
		return nil, false
	}
	return q.content[at:], true
}

// children are the pages that a branch leads to.
func (q page) children() (ids []uint64, ok bool) {
	for i := range int(q.count) {
		entry, ok := q.entry(i)
		if !ok {
			return ids, false
		}
		ids = append(ids, binary.NativeEndian.Uint64(entry[8:]))
	}
	return ids, true
}

// loops reports whether bbolt would not come back from a page of a tree: one that can
// be reached from itself, or that is neither leaf nor branch and is taken for a branch.
// All leaves are equally deep, so that only the branches are read, which are a
// hundredth of a large file.
func (p pageReader) loops(root uint64) bool {
	branches := map[uint64]bool{0: true, 1: true} // the meta pages are in no tree
	for level := []uint64{root}; ; {
		if p.areLeaves(level) {
			return slices.ContainsFunc(level, func(id uint64) bool { return branches[id] }) // a leaf is none of them
		}
		var next []uint64
		for _, id := range level {
			if branches[id] {
				return true
			}
			branches[id] = true
			q, ok := p.read(id)
			if !ok || q.flags == leafFlag {
				continue
			}
			if q.flags != branchFlag || q.count == 0 {
				return true
			}
			children, _ := q.children()
			next = append(next, children...)
		}
		level = next
	}
}

// areLeaves reports whether the pages of a level are leaves, as the first one that
// can be read is.
func (p pageReader) areLeaves(level []uint64) bool {
	for _, id := range level {
		if q, ok := p.read(id); ok {
			return q.flags == leafFlag
		}
	}
	return true // bbolt refuses them all
}

// walk visits what the leaves of a tree hold, as far as they can be reached and read,
// and returns what was damaged. used are the pages that are part of a tree.
func (p pageReader) walk(root uint64, used map[uint64]bool, visit func(key, value []byte)) (damage error) {
	for stack := []uint64{root}; len(stack) > 0; {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		q, ok := p.read(id)
		switch {
		case used[id]:
			damage = fmt.Errorf("%w: page %d is in use twice", store.ErrDamaged, id)
			continue
		case !ok || q.flags != leafFlag && q.flags != branchFlag || q.count == 0 && id != root:
			damage = fmt.Errorf("%w: page %d cannot be read", store.ErrDamaged, id)
			continue
		}
		used[id] = true
		var whole bool
		if q.flags == leafFlag {
			whole = q.visit(visit)
		} else {
			var children []uint64
			children, whole = q.children()
			stack = append(stack, children...)
		}
		if !whole {
			damage = fmt.Errorf("%w: page %d cannot be read as a whole", store.ErrDamaged, id)
		}
	}
	return damage
}

// visit visits what a leaf holds, and reports whether all of it can be read.
func (q page) visit(visit func(key, value []byte)) (whole bool) {
	whole = true
	for i := range int(q.count) {
		entry, ok := q.entry(i)
		if !ok {
			return false
		}
		position, keyLength, valueLength := int64(binary.NativeEndian.Uint32(entry[4:])), int64(binary.NativeEndian.Uint32(entry[8:])), int64(binary.NativeEndian.Uint32(entry[12:]))
		if keyLength == 0 || position+keyLength+valueLength > int64(len(entry)) {
			whole = false
			continue
		}
		visit(entry[position:position+keyLength], entry[position+keyLength:position+keyLength+valueLength])
	}
	return whole
}
