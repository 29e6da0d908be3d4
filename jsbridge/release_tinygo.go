//go:build tinygo

package jsbridge

import (
	"syscall/js"
	"unsafe"
)

// Release tells the glue that Go is done with values. TinyGo has no finalizers:
// without it, each value that Go ever saw stays in the glue's table.
func Release(values ...js.Value) {
	for i := range values {
		ref := *(*uint64)(unsafe.Pointer(&values[i]))
		if isReference(ref) {
			finalizeRef(ref)
		}
	}
}

// isReference reports whether the glue counts ref: values that are not numbers
// are NaN-boxed with a type flag above their id, and the glue's first ids
// (NaN, 0, null, true, false, global, go) are never counted.
func isReference(ref uint64) bool {
	const nanHead, firstCounted = 0x7FF80000, 7
	return uint32(ref>>32)&nanHead == nanHead && uint32(ref) >= firstCounted
}

//go:wasmimport gojs syscall/js.finalizeRef
func finalizeRef(ref uint64)
