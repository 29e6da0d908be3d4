//go:build js

package jsbridge

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/sdk"
)

// ReadEvent takes the event that the shim has put into host: its text in event
// and, where there are any, the settings of the call in settings. size is the
// length of the text in bytes.
func ReadEvent(host js.Value) (e *sdk.Event, size int) {
	text := Text(host, "event")
	e = DecodeEvent(text)
	settings := host.Get("settings")
	if settings.Type() == js.TypeObject {
		e.Settings = BindSettings(settings)
	}
	Release(settings)
	return e, len(text)
}

// WriteCommands puts commands into host as the text commands, and returns its
// length in bytes.
func WriteCommands(host js.Value, commands []sdk.Command) int {
	text := EncodeCommands(commands)
	value := js.ValueOf(text)
	host.Set("commands", value)
	Release(value)
	return len(text)
}
