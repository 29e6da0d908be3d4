//go:build js && !tinygo

package jsbridge

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/sdk"
	"github.com/norunners/vert"
)

// BindSettings copies the settings of a call from a plain object, which must be
// the shim's own copy: reading a page's object could run the page's code. A
// value of another type than the field's is left out.
func BindSettings(object js.Value) *sdk.Settings {
	var s sdk.Settings
	// The rules of the call have let nothing through that does not fit.
	_ = vert.ValueOf(object).AssignTo(&s)
	return &s
}
