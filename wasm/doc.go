//go:build js || tinygo

// Command wasm is the SDK in the browser: it brings the events of the shim in
// npm/ to the machine of package sdk, and the machine's commands back. It
// decides nothing.
//
// An event and its commands cross as texts. In the release, which TinyGo builds,
// the shim writes the one into the program's memory and reads the other from
// there (npm/glue.tinygo.js): it imports nothing of the browser. Under standard
// Go both lie in the global object kakaowasmHost, with the settings of a call as
// a JavaScript object beside them, which vert binds (npm/glue.go.js).
package main
