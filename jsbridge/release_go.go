//go:build js && !tinygo

package jsbridge

import "syscall/js"

// Release tells the glue that Go is done with values. Standard Go finds that
// out by itself.
func Release(...js.Value) {}
