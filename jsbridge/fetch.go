//go:build js

package jsbridge

import "syscall/js"

// Request is one HTTP request of the page.
type Request struct {
	Method  string
	URL     string
	Headers [][2]string
	// Body is sent as it is; empty means none.
	Body string
	// Form is sent instead of Body, if it is a FormData.
	Form js.Value
	// Credentials sends and accepts cookies across origins as well.
	Credentials bool
	// Timeout ends the request after that many milliseconds; 0 means never.
	Timeout int
}

// Response is the answer to a Request.
type Response struct {
	Status int
	// Body is the JSON of the answer as a JavaScript value.
	Body js.Value
	// Parsed tells whether the answer was JSON. Body is undefined otherwise.
	Parsed bool
}

// OK reports whether the status is one of success.
func (r Response) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Fetch sends r and reads the answer as JSON. It returns an *Error if there was
// no answer. It blocks, so it needs a goroutine of its own.
func Fetch(r Request) (Response, error) {
	init := r.init()
	promise, err := Call(js.Global(), "fetch", r.URL, init)
	Release(init)
	if err != nil {
		return Response{}, err
	}
	answer, err := Await(promise)
	if err != nil {
		return Response{}, err
	}
	defer Release(answer)
	promise, err = Call(answer, "text")
	if err != nil {
		return Response{}, err
	}
	body, err := Await(promise)
	if err != nil {
		return Response{}, err
	}
	defer Release(body)
	status, err := Get(answer, "status") // a page may have put something else in fetch's place
	if err == nil && status.Type() != js.TypeNumber {
		err = &Error{Name: "TypeError", Message: "fetch gave no response"}
	}
	if err != nil {
		return Response{}, err
	}
	out := Response{Status: status.Int(), Body: js.Undefined()}
	if value, err := Call(Global("JSON"), "parse", body); err == nil {
		out.Body, out.Parsed = value, true
	}
	return out, nil
}

func (r Request) init() js.Value {
	var named []any
	for _, h := range r.Headers {
		named = append(named, h[0], h[1])
	}
	headers := Object(named...)
	defer Release(headers)
	fields := []any{"method", r.Method, "headers", headers, "cache", "no-store", "credentials", "omit"}
	if r.Credentials {
		fields[len(fields)-1] = "include"
	}
	if r.Body != "" {
		fields = append(fields, "body", r.Body)
	}
	if r.Form.Type() == js.TypeObject {
		fields = append(fields, "body", r.Form)
	}
	if r.Timeout > 0 {
		signal := host.Call("deadline", r.Timeout)
		defer Release(signal)
		fields = append(fields, "signal", signal)
	}
	return Object(fields...)
}

// headerTimeout is how long FetchHeader waits, in milliseconds.
const headerTimeout = 5_000

// FetchHeader asks for the headers of a page of this origin and returns one of
// them, "" if it is missing. It blocks, so it needs a goroutine of its own.
func FetchHeader(url, name string) (string, error) {
	signal := host.Call("deadline", headerTimeout)
	init := Object("method", "HEAD", "signal", signal)
	promise, err := Call(js.Global(), "fetch", url, init)
	Release(init, signal)
	if err != nil {
		return "", err
	}
	answer, err := Await(promise)
	if err != nil {
		return "", err
	}
	defer Release(answer)
	headers, err := Get(answer, "headers")
	if err != nil {
		return "", err
	}
	defer Release(headers)
	value, err := Call(headers, "get", name)
	if err != nil || value.Type() != js.TypeString {
		return "", err
	}
	return text(value), nil
}

// JSON writes an object, made of what Object takes, as JSON.
func JSON(fields ...any) (string, error) {
	object := Object(fields...)
	defer Release(object)
	written, err := Call(Global("JSON"), "stringify", object)
	if err != nil {
		return "", err
	}
	return text(written), nil
}
