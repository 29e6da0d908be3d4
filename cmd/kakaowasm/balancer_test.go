package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// balancer spreads requests over instances, one after the other, and tries another
// one once where a connection fails. It knows nothing of who lives.
type balancer struct {
	*httptest.Server
	transport *http.Transport
	turn      atomic.Uint64
	retries   atomic.Int64

	mu      sync.Mutex
	origins []*url.URL
	cutOff  [][]byte // bodies of requests whose connection broke once they were sent
}

// newBalancer starts a balancer, which ends with the test.
func newBalancer(t *testing.T, instances ...*instance) *balancer {
	t.Helper()
	b := &balancer{transport: &http.Transport{MaxIdleConnsPerHost: 1000}}
	for _, i := range instances {
		b.origins = append(b.origins, originOf(i))
	}
	b.Server = httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(*httputil.ProxyRequest) {},
		Transport: b,
		ErrorLog:  log.New(io.Discard, "", 0),
	})
	t.Cleanup(func() {
		b.Close()
		b.transport.CloseIdleConnections()
	})
	return b
}

func originOf(i *instance) *url.URL {
	origin, _ := url.Parse(i.origin)
	return origin
}

// replace sends to another instance what went to the one in a place.
func (b *balancer) replace(place int, i *instance) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.origins[place] = originOf(i)
}

// at is the origin of an instance.
func (b *balancer) at(turn uint64) *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.origins[turn%uint64(len(b.origins))]
}

// RoundTrip implements [http.RoundTripper].
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	turn := b.turn.Add(1)
	response, err := b.try(r, body, b.at(turn))
	if err == nil {
		return response, nil
	}
	b.retries.Add(1)
	if !errors.Is(err, syscall.ECONNREFUSED) {
		b.mu.Lock()
		b.cutOff = append(b.cutOff, body)
		b.mu.Unlock()
	}
	return b.try(r, body, b.at(turn+1))
}

// hasCutOff reports whether a request with this text in its body was cut off: sent to
// an instance, which did not live to answer.
func (b *balancer) hasCutOff(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.cutOff, func(body []byte) bool { return bytes.Contains(body, []byte(text)) })
}

// try sends a request to an instance.
func (b *balancer) try(r *http.Request, body []byte, to *url.URL) (*http.Response, error) {
	sent := r.Clone(r.Context())
	sent.URL.Scheme, sent.URL.Host = to.Scheme, to.Host
	sent.Body, sent.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return b.transport.RoundTrip(sent)
}
