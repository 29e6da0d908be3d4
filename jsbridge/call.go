//go:build js

package jsbridge

import "syscall/js"

// host is the JavaScript side of the border: the object that npm/host.js makes.
var host js.Value

// Use sets the JavaScript side of the border. It must be called before any
// other function of this package.
func Use(h js.Value) { host = h }

// Error is a JavaScript exception.
type Error struct {
	// Name is the error's name, such as "TypeError" or "SecurityError".
	Name string
	// Message is the error's message.
	Message string
}

// Error is the name and the message.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Call calls target[method](args...). It returns an *Error if JavaScript threw.
// The arguments may be what js.ValueOf takes.
func Call(target js.Value, method string, args ...any) (js.Value, error) {
	return attempt("call", target, append([]any{method}, args...))
}

// New calls new class(args...). It returns an *Error if JavaScript threw.
func New(class js.Value, args ...any) (js.Value, error) {
	return attempt("construct", class, args)
}

// Get reads target[name], where reading may throw: localStorage does in a
// sandboxed frame.
func Get(target js.Value, name string) (js.Value, error) {
	return attempt("get", target, []any{name})
}

// attempt leaves a JavaScript action to the host, which answers [value] or
// [undefined, name, message].
func attempt(action string, target js.Value, args []any) (js.Value, error) {
	answer := Host(action, append([]any{target}, args...)...)
	defer Release(answer)
	if answer.Length() == 3 {
		return js.Undefined(), &Error{Name: text(answer.Index(1)), Message: text(answer.Index(2))}
	}
	return answer.Index(0), nil
}

// Host calls a method of the host and releases the strings made for it.
func Host(method string, args ...any) js.Value {
	var made []js.Value
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			v := js.ValueOf(s)
			made = append(made, v)
			args[i] = v
		}
	}
	defer Release(made...)
	return host.Call(method, args...)
}

// Keep returns v for longer than the call that brought it. The caller releases
// it.
func Keep(v js.Value) js.Value { return host.Call("keep", v) }

// Object makes a plain object of names and values, in that order. The values may
// be what js.ValueOf takes, except slices and maps. The caller releases it.
func Object(fields ...any) js.Value { return Host("object", fields...) }

// Func is a Go function that JavaScript may call. It must not block: the glue
// forgets the call when it returns. Release it when JavaScript is done with it.
type Func struct{ js.Func }

// NewFunc makes a function of fn. The arguments are released after each call.
func NewFunc(fn func(args []js.Value) any) Func {
	return Func{js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer Release(args...)
		return fn(args)
	})}
}

// Release ends f.
func (f Func) Release() {
	f.Func.Release()
	Release(f.Value)
}

// text reads a JavaScript string and releases it.
func text(v js.Value) string {
	s := v.String()
	Release(v)
	return s
}

// Text reads a property that the host made, and that is a string or missing.
func Text(target js.Value, name string) string {
	v := target.Get(name)
	if v.Type() != js.TypeString {
		Release(v)
		return ""
	}
	return text(v)
}

// Global reads a property of the global object.
func Global(name string) js.Value { return js.Global().Get(name) }

// TextOf is v as JavaScript writes it in a string.
func TextOf(v js.Value) string {
	if v.Type() == js.TypeString {
		return v.String()
	}
	written, err := Call(js.Global(), "String", v)
	if err != nil {
		return ""
	}
	return text(written)
}
