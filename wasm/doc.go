//go:build js

// Command wasm is the SDK in the browser: authorization, the life of the access
// token, and API requests. The shim in npm/ exposes it to pages under the names
// of the legacy SDK; package kakao holds the protocol, package jsbridge the
// border to JavaScript.
//
// The shim reaches it through one function, which it is given at the start:
//
//	dispatch(method, call) -> value
//
// where call holds the host's own copies of what the page passed, never the
// page's objects. An answer that takes time goes to call.settle(ok, value).
package main
