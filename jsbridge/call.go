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
	passed := make([]any, 0, len(args)+1)
	passed = append(passed, target)
	var made []js.Value
	for _, arg := range args {
		if s, ok := arg.(string); ok {
			v := js.ValueOf(s)
			made = append(made, v)
			arg = v
		}
		passed = append(passed, arg)
	}
	answer := host.Call(action, passed...)
	Release(made...)
	defer Release(answer)
	if answer.Length() == 3 {
		return js.Undefined(), &Error{Name: text(answer.Index(1)), Message: text(answer.Index(2))}
	}
	return answer.Index(0), nil
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
