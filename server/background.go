package server

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// errClosed is the failure of what comes after Close.
var errClosed = &web.Failure{Status: http.StatusServiceUnavailable, RetryAfter: web.RetryAfter, OAuthError: kakao.OAuthError{
	Code: contract.CodeTemporarilyUnavailable, Description: "the server is shutting down; try again",
}}

// background is the work that goes on when its caller is gone, such as a renewal
// whose answer must be stored although the page has been closed. It is a count
// and not a lock, so that who waits for its end can give up.
type background struct {
	mu     sync.Mutex
	closed bool
	count  sync.WaitGroup
}

// begin takes note of work, which calls end when it is done. After close
// nothing may begin.
func (b *background) begin() (end func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	b.count.Add(1)
	return b.count.Done, nil
}

// close lets nothing begin any more and waits until all work has ended. After
// the limit, which no work of this package reaches, it is an error: something
// that the caller has brought, a hook or a store, does not come back.
func (b *background) close(limit time.Duration) error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		b.count.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-time.After(limit):
		return fmt.Errorf("server: Close: expected the work under way to end within %v, but a hook or the store still keeps some; make it heed its context", limit)
	}
}
