// Package kakao is the Kakao Login protocol as plain Go: addresses, the
// catalogue of API calls, parameter rules, authorization requests, PKCE, and
// the error objects that Kakao answers with.
//
// It performs no input or output and imports neither syscall/js, net/http nor
// encoding/json, because the browser build pays for every import. Everything
// that knows a transport stands on it: wasm (the SDK), server (the token
// server) and emulator (the local platform).
package kakao

// Version is the version of this project, as Kakao.VERSION gives it to a page.
const Version = "0.2.0"
