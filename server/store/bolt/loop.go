package bolt

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// bbolt trusts the pages of a file. Where a damaged one leads back to a page above it,
// bbolt goes round for ever and takes all memory, which no recover ends. So the way to
// each key is followed here before bbolt goes it (see tree), and what is left in a
// damaged file is read here.

// maxDepth is more levels than any tree has: two children on each would be more pages
// than a file can hold.
const maxDepth = 64

// follow goes the way on which bbolt looks for a key, from the root of a tree to a
// leaf. It is an error where there is none at its end: bbolt would go on for ever.
func (p pageReader) follow(root uint64, key []byte) error {
	id := root
	for range maxDepth {
		q, err := p.read(id)
		switch {
		case err != nil:
			return err
		case q.flags == leafFlag:
			return nil
		case q.flags != branchFlag || !q.whole():
			return pageError(id)
		}
		_, id, _ = q.branch(q.toward(key))
	}
	return loopError(root)
}

// whole reports whether all entries of a branch can be read.
func (q page) whole() bool {
	for i := range int(q.count) {
		if _, _, ok := q.branch(i); !ok {
			return false
		}
	}
	return q.count > 0
}

// errLoop says that bbolt would not come back from a page.
var errLoop = fmt.Errorf("%w: its pages lead back to one another", store.ErrDamaged)

// loopError says below which page that is.
func loopError(root uint64) error { return fmt.Errorf("%w, below page %d", errLoop, root) }

// checkLoops is errLoop where a tree has a page that can be reached from itself.
// Whatever else is damaged ends in an error of its own.
func (d *database) checkLoops() error {
	err := d.View(func(tx *bbolt.Tx) error {
		pages := d.pages(tx)
		homes, err := pages.homes()
		for _, h := range homes {
			if h.root != 0 && pages.loops(h.root) {
				return loopError(h.root)
			}
		}
		return err
	})
	if errors.Is(err, errLoop) {
		return err
	}
	return nil
}

// loops reports whether a page of a tree can be reached twice. All leaves are equally
// deep, so that only the branches are read, which are a hundredth of a large file.
func (p pageReader) loops(root uint64) bool {
	branches := map[uint64]bool{}
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
			if q, err := p.read(id); err == nil && q.flags == branchFlag {
				children, _ := q.children()
				next = append(next, children...)
			}
		}
		level = next
	}
}

// areLeaves reports whether the pages of a level are leaves, as the first one that
// can be read is.
func (p pageReader) areLeaves(level []uint64) bool {
	for _, id := range level {
		if q, err := p.read(id); err == nil {
			return q.flags != branchFlag
		}
	}
	return true
}
