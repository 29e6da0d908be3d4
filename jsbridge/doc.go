//go:build js

// Package jsbridge is the border between Go and the browser: promises, fetch,
// storage, channels, locks, events and settings objects. It knows nothing of
// Kakao.
//
// Nothing panics across it. Under TinyGo a panic ends the program, and a
// JavaScript exception that meets Go code becomes a panic; so whatever
// JavaScript may answer with an exception goes through [Call], [New] or [Get],
// whose helper on the JavaScript side catches it and hands it back as an
// [Error]. The methods of js.Value are for objects that the host made, and for
// properties of the browser that cannot throw.
//
// TinyGo also never forgets a JavaScript value by itself; [Release] does.
package jsbridge
