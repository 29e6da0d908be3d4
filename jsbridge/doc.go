// Package jsbridge is the border between Go and JavaScript: how events and
// commands are written across it, and how the settings of a call become a
// struct. It decides nothing.
//
// An event, and a list of commands, crosses as one text: fields that end with
// [end], in which that character and [escape] are escaped. One text is two
// operations of JavaScript, however many fields there are. npm/border.js is the
// other side.
package jsbridge
