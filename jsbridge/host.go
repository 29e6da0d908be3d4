//go:build js

package jsbridge

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/sdk"
)

// ReadEvent takes the event that the shim has put into host: its text in event
// and, where there are any, the settings of the call in settings.
func ReadEvent(host js.Value) *sdk.Event {
	e := DecodeEvent(Text(host, "event"))
	settings := host.Get("settings")
	if settings.Type() == js.TypeObject {
		e.Settings = BindSettings(settings)
	}
	Release(settings)
	return e
}

// WriteCommands puts commands into host as the text commands.
func WriteCommands(host js.Value, commands []sdk.Command) {
	text := js.ValueOf(EncodeCommands(commands))
	host.Set("commands", text)
	Release(text)
}
