//go:build js

package jsbridge

import (
	"syscall/js"
	"time"
)

// Await waits for promise on a goroutine of the caller; on the goroutine of a
// JavaScript callback it would block JavaScript. A rejection is an *Error.
func Await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	settled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) == 3 {
			done <- outcome{err: &Error{Name: text(args[1]), Message: text(args[2])}}
		} else {
			done <- outcome{value: args[0]} // the waiting side releases it
		}
		return nil
	})
	host.Call("settle", promise, settled)
	out := <-done
	Func{settled}.Release()
	Release(promise)
	return out.value, out.err
}

// Listen calls handle for each event of that type until the returned function
// is called. handle runs on the goroutine of the event and must not block.
func Listen(target js.Value, event string, handle func(event js.Value)) (stop func()) {
	listener := NewFunc(func(args []js.Value) any {
		handle(args[0])
		return nil
	})
	target.Call("addEventListener", event, listener.Value)
	return func() {
		target.Call("removeEventListener", event, listener.Value)
		listener.Release()
	}
}

// Now is the time of the browser's clock in milliseconds since 1970.
func Now() int64 { return time.Now().UnixMilli() }
