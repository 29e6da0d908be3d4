//go:build js

package jsbridge

import "syscall/js"

// Channel is a BroadcastChannel: it reaches the other tabs and windows of the
// same origin. Where the browser has none, it reaches nobody.
type Channel struct {
	value js.Value
	stop  func()
}

// OpenChannel joins the channel of that name. handle gets the data of each
// message of others; it runs on the message's goroutine and must not block.
func OpenChannel(name string, handle func(data js.Value)) *Channel {
	value, err := New(Global("BroadcastChannel"), name)
	if err != nil {
		return &Channel{value: js.Null(), stop: func() {}}
	}
	stop := Listen(value, "message", func(event js.Value) {
		data := event.Get("data")
		handle(data)
		Release(data)
	})
	return &Channel{value, stop}
}

// Post sends a message, names and values as for Object, to the others.
func (c *Channel) Post(message ...any) {
	if !c.value.IsNull() {
		data := Object(message...)
		_, _ = Call(c.value, "postMessage", data)
		Release(data)
	}
}

// Close leaves the channel.
func (c *Channel) Close() {
	c.stop()
	if !c.value.IsNull() {
		_, _ = Call(c.value, "close")
		Release(c.value)
		c.value = js.Null()
	}
}
