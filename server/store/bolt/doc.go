// Package bolt keeps the entries of a [store.Store] in one file: the store of
// a server that runs as one instance. What a call returned without error is on
// the disk, and is there after the process was killed or the machine lost its
// power at any moment.
//
// The file belongs to one process at a time; a second one is refused at once.
// Leases therefore live in memory: no other process could ask for one, and
// those of a killed process end with it.
//
// # Why bbolt
//
// It is pure Go, one file, and single-purpose: a B+ tree of byte strings whose
// commits are atomic. SQLite would bring a query language that nothing here
// asks for, a write-ahead log beside the file, and 7 MB of binary.
package bolt
