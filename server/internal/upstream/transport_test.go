package upstream

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// Calls that are made at once, and again, do not connect anew each time.
func TestConnectionsToKakaoAreKept(t *testing.T) {
	const calls = 16
	var connected atomic.Int32
	arrived := make(chan struct{}, calls)
	answer := make(chan struct{})
	kakao := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-answer
	}))
	kakao.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connected.Add(1)
		}
	}
	kakao.Start()
	defer kakao.Close()
	client := &http.Client{Transport: newTransport()}
	defer client.CloseIdleConnections()
	for range 3 {
		var asking sync.WaitGroup
		for range calls {
			asking.Go(func() {
				res, err := client.Get(kakao.URL)
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
			})
		}
		for range calls { // All are open at once.
			<-arrived
		}
		for range calls {
			answer <- struct{}{}
		}
		asking.Wait()
	}
	if n := connected.Load(); n > calls {
		t.Errorf("%d connections for %d calls at a time", n, calls)
	}
}
