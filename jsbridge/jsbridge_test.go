//go:build js

package jsbridge

import (
	"errors"
	"os"
	"syscall/js"
	"testing"
)

// testHost is the JavaScript side of the border as npm/host.js makes it.
const testHost = `
	const describe = (e) => [String(e.name), String(e.message)];
	const outcome = (action) => { try { return [action()]; } catch (e) { return [undefined, ...describe(e)]; } };
	return {
		call: (target, method, ...args) => outcome(() => target[method](...args)),
		construct: (constructor, ...args) => outcome(() => new constructor(...args)),
		get: (target, name) => outcome(() => target[name]),
		keep: (value) => value,
		object: (...fields) => Object.fromEntries(fields.flatMap((name, i) => (i % 2 ? [] : [[name, fields[i + 1]]]))),
		deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
		settle: (promise, done) => { promise.then((v) => done(v), (e) => done(undefined, ...describe(e))); },
	};`

func TestMain(m *testing.M) {
	Use(js.Global().Get("Function").New(testHost).Invoke())
	os.Exit(m.Run())
}

// eval makes a JavaScript value of an expression.
func eval(expression string) js.Value {
	return js.Global().Get("Function").New("return " + expression).Invoke()
}

func TestCallReturnsWhatJavaScriptReturns(t *testing.T) {
	got, err := Call(Global("Math"), "max", 3, 7)
	if err != nil || got.Int() != 7 {
		t.Errorf("Math.max(3, 7) = %v, %v", got, err)
	}
}

func TestExceptionsBecomeErrors(t *testing.T) {
	thrower := eval(`{
		call() { throw new TypeError('mine'); },
		get property() { throw new RangeError('yours'); },
		hostile() { throw { get name() { throw 1; } }; },
	}`)
	tests := map[string]struct {
		action func() (js.Value, error)
		want   Error
	}{
		"a call":        {func() (js.Value, error) { return Call(thrower, "call") }, Error{"TypeError", "mine"}},
		"a getter":      {func() (js.Value, error) { return Get(thrower, "property") }, Error{"RangeError", "yours"}},
		"a constructor": {func() (js.Value, error) { return New(Global("URL"), "::") }, Error{"TypeError", ""}},
		"a missing method": {
			func() (js.Value, error) { return Call(thrower, "nothing") },
			Error{"TypeError", ""},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := test.action()
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if got.Name != test.want.Name || test.want.Message != "" && got.Message != test.want.Message {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestAwait(t *testing.T) {
	if got, err := Await(eval(`Promise.resolve(5)`)); err != nil || got.Int() != 5 {
		t.Errorf("a resolved promise gave %v, %v", got, err)
	}
	_, err := Await(eval(`Promise.reject(new Error('no'))`))
	if err == nil || err.Error() != "Error: no" {
		t.Errorf("a rejected promise gave %v", err)
	}
}

func TestBind(t *testing.T) {
	var settings struct {
		Scope   string `js:"scope"`
		Persist bool   `js:"persist"`
		Absent  string `js:"absent"`
	}
	settings.Absent = "kept"
	if err := Bind(eval(`{scope: '한글 🦁', persist: true, other: 1}`), &settings); err != nil {
		t.Fatal(err)
	}
	if settings.Scope != "한글 🦁" || !settings.Persist {
		t.Errorf("bound %+v", settings)
	}
	if err := Bind(eval(`{scope: 1}`), settings); err == nil {
		t.Error("binding into a value that is no pointer passed")
	}
}

func TestFetchReadsStatusAndJSON(t *testing.T) {
	undo := replace("fetch", `async (url, init) => new Response(
		JSON.stringify({url, method: init.method, body: init.body ?? null, header: init.headers.KA, credentials: init.credentials}),
		{status: 401})`)
	defer undo()
	response, err := Fetch(Request{
		Method: "POST", URL: "https://kapi.example.test/", Headers: [][2]string{{"KA", "sdk"}},
		Body: "a=1", Credentials: true, Timeout: 1000,
	})
	if err != nil {
		t.Fatal(err)
	}
	if response.Status != 401 || response.OK() || !response.Parsed {
		t.Errorf("got status %d, ok %v, parsed %v", response.Status, response.OK(), response.Parsed)
	}
	for name, want := range map[string]string{
		"url": "https://kapi.example.test/", "method": "POST", "body": "a=1", "header": "sdk", "credentials": "include",
	} {
		if got := Text(response.Body, name); got != want {
			t.Errorf("the request had %s %q, want %q", name, got, want)
		}
	}
}

func TestFetchOfWhatIsNoJSON(t *testing.T) {
	undo := replace("fetch", `async () => new Response('<html>')`)
	defer undo()
	response, err := Fetch(Request{Method: "GET", URL: "/"})
	if err != nil || response.Parsed || !response.Body.IsUndefined() {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestFetchWithoutAnAnswer(t *testing.T) {
	undo := replace("fetch", `async () => { throw new TypeError('Failed to fetch'); }`)
	defer undo()
	if _, err := Fetch(Request{Method: "GET", URL: "/"}); err == nil {
		t.Error("a failed fetch passed")
	}
}

// replace puts something else in the place of a global.
func replace(name, expression string) (undo func()) {
	before := Global(name)
	js.Global().Set(name, eval(expression))
	return func() { js.Global().Set(name, before) }
}

func TestStorage(t *testing.T) {
	for _, storage := range []Storage{Local, Session} {
		if _, ok := storage.Load("missing"); ok {
			t.Errorf("%s holds what nobody saved", storage)
		}
		storage.Save("key", "값")
		if got, ok := storage.Load("key"); !ok || got != "값" {
			t.Errorf("%s returned %q, %v", storage, got, ok)
		}
		storage.Remove("key")
		if _, ok := storage.Load("key"); ok {
			t.Errorf("%s holds what was removed", storage)
		}
	}
}

func TestForbiddenStorageIsEmpty(t *testing.T) {
	forbidden := Storage("forbiddenStorage")
	js.Global().Get("Object").Call("defineProperty", js.Global(), string(forbidden),
		eval(`{get() { throw new DOMException('denied', 'SecurityError'); }}`))
	forbidden.Save("key", "text")
	forbidden.Remove("key")
	if _, ok := forbidden.Load("key"); ok {
		t.Error("a forbidden storage holds something")
	}
}

func TestChannelReachesOthersAndNotItself(t *testing.T) {
	heard := make(chan string, 2)
	mine := OpenChannel("test", func(js.Value) { heard <- "myself" })
	defer mine.Close()
	other := OpenChannel("test", func(data js.Value) { heard <- Text(data, "text") })
	defer other.Close()
	mine.Post("text", "hello")
	if got := <-heard; got != "hello" {
		t.Errorf("heard %q", got)
	}
}

func TestRandomIsRandom(t *testing.T) {
	first, second := Random(32), Random(32)
	if len(first) != 32 || string(first) == string(second) {
		t.Errorf("got %x and %x", first, second)
	}
}

func TestListenUntilStopped(t *testing.T) {
	target := eval(`new EventTarget()`)
	events := 0
	stop := Listen(target, "ping", func(js.Value) { events++ })
	target.Call("dispatchEvent", eval(`new Event('ping')`))
	stop()
	target.Call("dispatchEvent", eval(`new Event('ping')`))
	if events != 1 {
		t.Errorf("heard %d events, want 1", events)
	}
}
