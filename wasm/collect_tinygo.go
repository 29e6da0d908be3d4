//go:build tinygo

package main

import "runtime"

// heapBetween is how many bytes of events may come between two collections.
const heapBetween = 64 << 10

var heard int

// collect frees what is no longer used. It runs between two events, when nothing
// of Go is on the stack: tools/tinygo/build.sh relies on that. size is that of
// the event before, in bytes.
func collect(size int) {
	const overhead = 512 // each event also makes some small objects
	if heard += size + overhead; heard > heapBetween {
		heard = 0
		runtime.GC()
	}
}
