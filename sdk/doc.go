// Package sdk is the SDK of the browser as plain Go: which calls there are and
// what they take, how a login reaches KakaoTalk, and, in its machine, what the
// SDK does about each thing that happens to it.
//
// It performs no input or output, waits for nothing and imports no browser: see
// [Machine]. Package wasm brings it events and carries out its commands.
package sdk
