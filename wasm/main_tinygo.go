//go:build tinygo

package main

import (
	"unsafe"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/sdk"
)

var (
	machine  sdk.Machine
	received []byte // the event, of which the machine may keep parts
	sent     string // its commands
)

// event makes room for an event of at most that many bytes, and returns its
// address.
//
//go:wasmexport event
func event(most uint32) unsafe.Pointer {
	collect(len(received) + len(sent))
	received = make([]byte, most)
	return unsafe.Pointer(unsafe.SliceData(received))
}

// handle takes the event that is there now, of that many bytes, and returns how
// many its commands have.
//
//go:wasmexport handle
func handle(length uint32) uint32 {
	e := jsbridge.DecodeEvent(unsafe.String(unsafe.SliceData(received), length))
	sent = jsbridge.EncodeCommands(machine.Handle(e))
	return uint32(len(sent))
}

// commands is their address.
//
//go:wasmexport commands
func commands() unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(sent)) }

// main is not run: the program is a library of exported functions.
func main() {}
