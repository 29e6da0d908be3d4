//go:build js

package jsbridge

import (
	"strings"
	"syscall/js"
)

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

// Save keeps text at key, instead of what is there. It returns false where a
// full or forbidden storage keeps nothing.
func (s Storage) Save(key, text string) bool {
	area, err := Get(js.Global(), string(s))
	if err != nil {
		return false
	}
	defer Release(area)
	if _, err = Call(area, "setItem", key, text); err != nil {
		s.Remove(key)
	}
	return err == nil
}

// Keys returns the keys that begin with prefix.
func (s Storage) Keys(prefix string) []string {
	area, err := Get(js.Global(), string(s))
	if err != nil {
		return nil
	}
	defer Release(area)
	keys, err := Call(js.Global().Get("Object"), "keys", area)
	if err != nil {
		return nil
	}
	defer Release(keys)
	var found []string
	for i := range keys.Length() {
		if key := text(keys.Index(i)); strings.HasPrefix(key, prefix) {
			found = append(found, key)
		}
	}
	return found
}

// Remove forgets key.
func (s Storage) Remove(key string) {
	if area, err := Get(js.Global(), string(s)); err == nil {
		defer Release(area)
		_, _ = Call(area, "removeItem", key)
	}
}
