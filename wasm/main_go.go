//go:build js && !tinygo

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/sdk"
)

var (
	host    = js.Global().Get("kakaowasmHost")
	machine sdk.Machine
)

// handle takes one event of the host and leaves the commands there.
//
//go:wasmexport handle
func handle() { jsbridge.WriteCommands(host, machine.Handle(jsbridge.ReadEvent(host))) }

// main parks, because standard Go ends its exported functions with it.
func main() { select {} }
