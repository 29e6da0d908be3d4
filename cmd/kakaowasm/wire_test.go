package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// wire carries connections to a server, and can be broken: then something else
// happens to them.
type wire struct {
	t       *testing.T
	addr    string
	server  string // address
	running sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]struct{}
	fault    func(net.Conn) // what happens to connections; nil carries them
}

// newWire lays a wire that leads nowhere yet. It ends with the test.
func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{t: t, addr: "127.0.0.1:0", conns: map[net.Conn]struct{}{}}
	w.listen()
	w.addr = w.listener.Addr().String()
	t.Cleanup(func() {
		w.unplug()
		w.running.Wait()
	})
	return w
}

func (w *wire) origin() string { return "http://" + w.addr }

// listen takes the port of the wire.
func (w *wire) listen() {
	w.t.Helper()
	listener, err := net.Listen("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	w.listener = listener
}

// lead leads the wire to a server.
func (w *wire) lead(server string) {
	w.server = server
	w.running.Go(func() { w.accept(w.listener) })
}

// plug ends what unplug began.
func (w *wire) plug() {
	w.listen()
	w.lead(w.server)
}

// unplug refuses connections and ends those that there are.
func (w *wire) unplug() {
	_ = w.listener.Close()
	w.play(nil)
}

// play lets a fault happen to connections from now on, or carries them where it is
// nil. Those that there are end.
func (w *wire) play(fault func(net.Conn)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = fault
	for conn := range w.conns {
		_ = conn.Close()
	}
	clear(w.conns)
}

// accept takes connections until the listener closes.
func (w *wire) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		handle := w.carry
		w.mu.Lock()
		w.conns[conn] = struct{}{}
		if w.fault != nil {
			handle = w.fault
		}
		w.mu.Unlock()
		w.running.Go(func() {
			defer conn.Close()
			handle(conn)
		})
	}
}

// carry carries a connection to the server.
func (w *wire) carry(client net.Conn) {
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer server.Close()
	w.running.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	})
	_, _ = io.Copy(client, server)
}

// hang never answers.
func hang(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// reset takes a request and breaks the connection.
func reset(conn net.Conn) {
	awaitRequest(conn)
	_ = conn.(*net.TCPConn).SetLinger(0)
}

// say answers a request with these bytes, whatever they are.
func say(text string) func(net.Conn) {
	return func(conn net.Conn) {
		awaitRequest(conn)
		_, _ = io.WriteString(conn, text)
	}
}

// sayForEver answers a request with a beginning and then with the rest, until
// nobody listens any more.
func sayForEver(beginning, rest string) func(net.Conn) {
	return func(conn net.Conn) {
		awaitRequest(conn)
		_, err := io.WriteString(conn, beginning)
		for chunk := bytes.Repeat([]byte(rest), 1000); err == nil; {
			_, err = conn.Write(chunk)
		}
	}
}

// awaitRequest reads the first bytes of a request.
func awaitRequest(conn net.Conn) {
	if _, err := conn.Read(make([]byte, 1)); err != nil && !errors.Is(err, io.EOF) {
		return
	}
}
