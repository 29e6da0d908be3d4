//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/sdk"
)

var (
	host    = js.Global().Get("kakaowasmHost")
	machine sdk.Machine
	size    int // of the last event and its commands, in bytes
)

// handle takes one event of the host and leaves the commands there.
//
//go:wasmexport handle
func handle() {
	collect(size)
	e, read := jsbridge.ReadEvent(host)
	size = read + jsbridge.WriteCommands(host, machine.Handle(e))
}
