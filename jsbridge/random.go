//go:build js

package jsbridge

import "syscall/js"

// Random returns n bytes of the browser's cryptographic random generator.
func Random(n int) []byte {
	array := Global("Uint8Array").New(n)
	filled := Global("crypto").Call("getRandomValues", array)
	b := make([]byte, n)
	js.CopyBytesToGo(b, array)
	Release(filled, array)
	return b
}
