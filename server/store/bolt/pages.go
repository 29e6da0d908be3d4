package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"sort"
	"unsafe"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// The layout of a page. Source: bbolt's internal/common/page.go, meta.go and
// inode.go.
const (
	pageHeader   = 16 // id (8), flags (2), count (2), overflow (4)
	entrySize    = 16 // of a branch: position (4), length of the key (4), page (8); of a leaf: flags, position, lengths of key and value (4 each)
	bucketHeader = 16 // in the leaf of the names: root (8), sequence (8); the page itself follows where the root is 0

	branchFlag   = 0x01
	leafFlag     = 0x02
	metaFlag     = 0x04
	freelistFlag = 0x10

	bucketEntry = 0x01 // flag of a leaf's entry that is a bucket

	// Of a meta page, behind its header.
	metaFreelist    = 32
	metaTransaction = 48
)

// source gives the bytes of a file.
type source interface {
	// bytes returns n bytes from offset on, which must not be changed.
	bytes(offset, n int64) ([]byte, error)
}

// fileSource reads a file. What cannot be read is an error.
type fileSource struct{ *os.File }

func (f fileSource) bytes(offset, n int64) ([]byte, error) {
	content := make([]byte, n)
	_, err := f.ReadAt(content, offset)
	return content, err
}

// memory is where bbolt has mapped a file. What cannot be read is a fault, for guarded.
type memory struct{ data uintptr }

func (m memory) bytes(offset, n int64) ([]byte, error) {
	start := *(*unsafe.Pointer)(unsafe.Pointer(&m.data))            //nolint:gosec // It is no memory of Go's, and stays where it is while the transaction lasts.
	return unsafe.Slice((*byte)(unsafe.Add(start, offset)), n), nil //nolint:gosec // The transaction's pages are within.
}

// pageReader reads the pages of a file as a transaction sees them.
type pageReader struct {
	source
	size, used int64  // of a page, and of all pages, in bytes
	names      uint64 // the root of the tree of the buckets' names
	id         uint64 // of the transaction
}

// pages returns a reader for a transaction: while the database is in use it looks
// where bbolt will look, which costs no system call.
func (d *database) pages(tx *bbolt.Tx) pageReader {
	info := d.Info()
	return pageReader{
		source: memory{info.Data}, size: int64(info.PageSize), used: tx.Size(),
		names: uint64(tx.Cursor().Bucket().Root()), id: uint64(tx.ID()), //nolint:gosec // bbolt counts from 0.
	}
}

// from returns a reader of the same pages as far as a file has them, to which a sector
// that cannot be read is an error and not a fault.
func (p pageReader) from(file *os.File) (pageReader, error) {
	info, err := file.Stat()
	if err != nil {
		return p, err
	}
	p.source, p.used = fileSource{file}, min(p.used, info.Size())
	return p, nil
}

// page is a page as it is in the file.
type page struct {
	flags, count uint16
	content      []byte // with its header, and the pages that it overflows to
}

// pageError says that a page is damaged.
func pageError(id uint64) error {
	return fmt.Errorf("%w: page %d cannot be read", store.ErrDamaged, id)
}

// read returns a page. It is an error where bbolt refuses the page: one that is not
// there, is another, or of no kind.
func (p pageReader) read(id uint64) (q page, err error) {
	if !p.has(id) {
		return q, pageError(id)
	}
	at := int64(id) * p.size //nolint:gosec // It is less than the size of the file.
	content, err := p.bytes(at, p.size)
	if err != nil || binary.NativeEndian.Uint64(content) != id {
		return q, pageError(id)
	}
	q = pageOf(content)
	switch q.flags {
	case branchFlag, leafFlag, metaFlag, freelistFlag:
	default:
		return q, pageError(id)
	}
	if more := int64(binary.NativeEndian.Uint32(content[12:])); more > 0 {
		if q.content, err = p.bytes(at, min((more+1)*p.size, p.used-at)); err != nil {
			return q, pageError(id)
		}
	}
	return q, nil
}

// has reports whether a page of that number can be there.
func (p pageReader) has(id uint64) bool {
	return id < uint64(p.used/p.size) //nolint:gosec // Neither is negative.
}

// pageOf takes the header of a page apart.
func pageOf(content []byte) page {
	return page{binary.NativeEndian.Uint16(content[8:]), binary.NativeEndian.Uint16(content[10:]), content}
}

// span is how many pages a page takes.
func (q page) span(size int64) uint64 { return uint64(int64(len(q.content)) / size) } //nolint:gosec // Neither is negative.

// entry returns the entry of that number; ok is false where it is not in the page.
func (q page) entry(i int) (entry []byte, ok bool) {
	at := pageHeader + i*entrySize
	if at+entrySize > len(q.content) {
		return nil, false
	}
	return q.content[at:], true
}

// branch returns key and child of an entry of a branch.
func (q page) branch(i int) (key []byte, child uint64, ok bool) {
	entry, ok := q.entry(i)
	if !ok {
		return nil, 0, false
	}
	position, length := int64(binary.NativeEndian.Uint32(entry)), int64(binary.NativeEndian.Uint32(entry[4:]))
	if position+length > int64(len(entry)) {
		return nil, 0, false
	}
	return entry[position : position+length], binary.NativeEndian.Uint64(entry[8:]), true
}

// children are the pages that a branch leads to, and whether all can be read.
func (q page) children() (ids []uint64, whole bool) {
	for i := range int(q.count) {
		_, child, ok := q.branch(i)
		if !ok {
			return ids, false
		}
		ids = append(ids, child)
	}
	return ids, q.count > 0
}

// toward is the child of a branch where bbolt looks for a key. Source: bbolt's
// Cursor.searchPage.
func (q page) toward(key []byte) (i int) {
	exact := false
	i = sort.Search(int(q.count), func(i int) bool {
		k, _, _ := q.branch(i)
		compared := bytes.Compare(k, key)
		exact = exact || compared == 0
		return compared != -1
	})
	if !exact && i > 0 {
		i--
	}
	return i
}

// ascend visits the keys of a tree of so many levels at most that are not before from,
// in their order, until visit returns false.
func (p pageReader) ascend(id uint64, from []byte, visit func(key []byte) bool, levels int) (goOn bool, err error) {
	q, err := p.read(id)
	switch {
	case err != nil:
		return false, err
	case q.flags == leafFlag:
		return q.ascend(from, visit)
	case levels == 0:
		return false, loopError(id)
	case q.flags != branchFlag:
		return false, pageError(id)
	}
	children, whole := q.children()
	if !whole {
		return false, pageError(id)
	}
	for _, child := range children[q.toward(from):] {
		if goOn, err := p.ascend(child, from, visit, levels-1); !goOn || err != nil {
			return false, err
		}
	}
	return true, nil
}

// ascend visits the keys of a leaf that are not before from.
func (q page) ascend(from []byte, visit func(key []byte) bool) (goOn bool, err error) {
	goOn = true
	whole := q.visit(func(_ uint32, key, _ []byte) {
		goOn = goOn && (bytes.Compare(key, from) < 0 || visit(key))
	})
	if !whole {
		return false, fmt.Errorf("%w: a leaf cannot be read as a whole", store.ErrDamaged)
	}
	return goOn, nil
}

// walk visits what the leaves of a tree hold, as far as they can be reached and read,
// and returns what was damaged. used are the pages that are part of a tree.
func (p pageReader) walk(root uint64, used map[uint64]bool, visit func(flags uint32, key, value []byte)) (damage error) {
	for stack := []uint64{root}; len(stack) > 0; {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		q, err := p.read(id)
		switch {
		case used[id]:
			damage = fmt.Errorf("%w: page %d is in use twice", store.ErrDamaged, id)
			continue
		case err != nil || q.flags != leafFlag && q.flags != branchFlag || q.count == 0 && id != root:
			damage = pageError(id)
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
func (q page) visit(visit func(flags uint32, key, value []byte)) (whole bool) {
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
		visit(binary.NativeEndian.Uint32(entry), entry[position:position+keyLength], entry[position+keyLength:position+keyLength+valueLength])
	}
	return whole
}
