//go:build js

package jsbridge

import (
	"syscall/js"

	"github.com/norunners/vert"
)

// Bind copies the properties of a plain object into the struct that into points
// to, by their `js` tags. Where a value is missing, undefined or null, the field
// is zero afterwards. The object must be the host's own copy: reading a page's own object
// could run the page's code.
func Bind(object js.Value, into any) error {
	err := vert.ValueOf(object).AssignTo(into)
	forgetProperties(object)
	return err
}

// forgetProperties releases what vert read. vert reads each property once and
// keeps nothing, so each is released once for vert and once for this look.
func forgetProperties(object js.Value) {
	keys := js.Global().Get("Object").Call("keys", object)
	for i := range keys.Length() {
		key := keys.Index(i)
		v := object.Get(key.String())
		Release(v, v, key)
	}
	Release(keys)
}
