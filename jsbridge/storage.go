//go:build js

package jsbridge

import "syscall/js"

// Storage is the page's localStorage or sessionStorage. Where the browser
// forbids it, it is as if empty.
type Storage string

// The two storages of a page.
const (
	Local   Storage = "localStorage"
	Session Storage = "sessionStorage"
)

// Load returns the text at key, and whether there is one.
func (s Storage) Load(key string) (string, bool) {
	area, err := Get(js.Global(), string(s))
	if err != nil {
		return "", false
	}
	defer Release(area)
	v, err := Call(area, "getItem", key)
	if err != nil || v.IsNull() || v.IsUndefined() {
		return "", false
	}
	return text(v), true
}

// Save keeps text at key. A full or forbidden storage keeps nothing.
func (s Storage) Save(key, text string) {
	if area, err := Get(js.Global(), string(s)); err == nil {
		defer Release(area)
		_, _ = Call(area, "setItem", key, text)
	}
}

// Remove forgets key.
func (s Storage) Remove(key string) {
	if area, err := Get(js.Global(), string(s)); err == nil {
		defer Release(area)
		_, _ = Call(area, "removeItem", key)
	}
}
