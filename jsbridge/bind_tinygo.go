//go:build tinygo

package jsbridge

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/sdk"
)

// BindSettings copies the settings of a call from a plain object.
func BindSettings(object js.Value) *sdk.Settings { return bindByName(object) }
