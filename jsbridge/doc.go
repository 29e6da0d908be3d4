//go:build js

// Package jsbridge is the border between Go and the browser: everything in
// this project that touches syscall/js, apart from the exports of package wasm.
//
// Nothing panics across it. Under TinyGo a panic ends the program, and a
// JavaScript exception that meets Go code becomes a panic; so each call that
// JavaScript may answer with an exception goes through [Call] or [New], whose
// helper on the JavaScript side catches it and hands it back as an [Error].
// TinyGo also never forgets a JavaScript value by itself; [Release] does.
package jsbridge
