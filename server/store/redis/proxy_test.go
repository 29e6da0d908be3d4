package redis_test

import (
	"io"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// lossyProxy stands before a Redis and loses answers: it breaks the connection
// when one comes.
type lossyProxy struct {
	listener net.Listener
	server   string // socket
	lose     atomic.Bool
	count    atomic.Int32
	running  sync.WaitGroup
}

func newLossyProxy(t *testing.T, server string) *lossyProxy {
	listener, err := net.Listen("unix", filepath.Join(filepath.Dir(server), "proxy.sock"))
	if err != nil {
		t.Fatal(err)
	}
	p := &lossyProxy{listener: listener, server: server}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.running.Wait()
	})
	return p
}

func (p *lossyProxy) url() string { return "unix://" + p.listener.Addr().String() }

// loseNextAnswer breaks the connection that carries the next answer.
func (p *lossyProxy) loseNextAnswer() { p.lose.Store(true) }

func (p *lossyProxy) lost() int { return int(p.count.Load()) }

func (p *lossyProxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.server)
		if err != nil {
			client.Close()
			continue
		}
		p.running.Go(func() { io.Copy(server, client); server.Close() })
		p.running.Go(func() { p.answer(client, server); client.Close() })
	}
}

// answer passes answers on until one is to be lost.
func (p *lossyProxy) answer(client io.Writer, server io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		if p.lose.CompareAndSwap(true, false) {
			p.count.Add(1)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
