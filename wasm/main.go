//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
)

func main() {
	host := js.Global().Get("kakaowasmHost")
	jsbridge.Use(host)
	s := newSDK(host)
	host.Call("ready", jsbridge.NewFunc(func(args []js.Value) any {
		return s.dispatch(args[0].String(), args[1])
	}).Value)
	select {}
}
