//go:build js && !tinygo

package jsbridge

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/sdk"
	"github.com/norunners/vert"
)

// ReadEvent takes the event that the shim has put into host: its text in event
// and, where there are any, the settings of the call in settings.
func ReadEvent(host js.Value) *sdk.Event {
	e := DecodeEvent(host.Get("event").String())
	if settings := host.Get("settings"); settings.Type() == js.TypeObject {
		e.Settings = BindSettings(settings)
	}
	return e
}

// BindSettings copies the settings of a call from a plain object, which must be
// the shim's own copy: reading a page's object could run the page's code. A
// value of another type than the field's is left out.
func BindSettings(object js.Value) *sdk.Settings {
	var s sdk.Settings
	// The rules of the call have let nothing through that does not fit.
	_ = vert.ValueOf(object).AssignTo(&s)
	return &s
}

// WriteCommands leaves commands in host, as one text.
func WriteCommands(host js.Value, commands []sdk.Command) {
	host.Set("commands", EncodeCommands(commands))
}
