//go:build js

// Command wasm is the SDK in the browser: it brings the events of the shim in
// npm/ to the machine of package sdk, and the machine's commands back. It
// decides nothing.
//
// The shim puts an event into the global object kakaowasmHost, calls the
// exported function handle, and finds the commands in the same object.
package main
