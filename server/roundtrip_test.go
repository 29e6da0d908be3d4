package server

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// askedStore writes down what it is asked, each of which is a round trip to a store
// across a network. Like such a store it takes two steps in one.
type askedStore struct {
	store.Store
	mu    sync.Mutex
	asked []string
}

func (a *askedStore) note(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, what)
}

func (a *askedStore) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer func() { a.asked = nil }()
	return a.asked
}

func (a *askedStore) Get(ctx context.Context, key string) (store.Entry, error) {
	a.note("get")
	return a.Store.Get(ctx, key)
}

func (a *askedStore) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	a.note("create")
	return a.Store.Create(ctx, key, e)
}

func (a *askedStore) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	a.note("replace")
	return a.Store.Replace(ctx, key, e)
}

func (a *askedStore) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	a.note("acquire")
	return a.Store.Acquire(ctx, key, ttl)
}

func (a *askedStore) AcquireEntry(ctx context.Context, key string, ttl time.Duration) (store.EntryLease, error) {
	a.note("acquire with entry")
	l, err := store.AcquireEntry(ctx, a.Store, key, ttl)
	return &askedLease{EntryLease: l, store: a}, err
}

type askedLease struct {
	store.EntryLease
	store *askedStore
	gone  bool
}

func (l *askedLease) ReplaceAndRelease(ctx context.Context, e store.Entry) (store.Version, error) {
	l.store.note("replace and release")
	v, err := l.EntryLease.ReplaceAndRelease(ctx, e)
	l.gone = err == nil
	return v, err
}

func (l *askedLease) Release(ctx context.Context) error {
	if l.gone {
		return store.ErrLeaseLost
	}
	l.store.note("release")
	return l.EntryLease.Release(ctx)
}

// How often the store is asked decides what a renewal costs over Redis.
func TestRoundTripsToTheStore(t *testing.T) {
	asked := &askedStore{Store: memory.New()}
	ring := newRing(t)
	h := newHarness(t, func(c *Config) { c.Store, c.Keys = asked, ring })
	steps := func(what string, want ...string) {
		t.Helper()
		if got := asked.take(); !slices.Equal(got, want) {
			t.Errorf("%s asked for %q, want %q", what, got, want)
		}
	}
	request := func(method, path string) {
		t.Helper()
		if status, body := h.do(method, path, ""); status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, status, body)
		}
	}
	old := func(of *session.Login) {
		of.RenewedAt, of.RefreshExpiresAt = time.Time{}, time.Now().Add(60*24*time.Hour)
	}
	h.login()
	h.change(t.Context(), old)
	asked.take()

	request("GET", "/session")
	steps("GET /session", "get")
	request("POST", "/refresh")
	steps("a renewal", "get", "acquire with entry", "replace and release")
	request("POST", "/refresh")
	steps("a renewal that is handed out again", "get")

	// The lease is kept while an ID token is judged, and until Kakao's answer to a
	// token that it may replace is in the store, it is noted that it was asked.
	h.kakao.on(callRefresh, says(200, tokenBody(testAccessToken+"-2", "", map[string]any{"id_token": signedWith(t, map[string]any{"nonce": nil})})))
	h.change(t.Context(), old)
	asked.take()
	request("POST", "/refresh")
	steps("a renewal with an ID token", "get", "acquire with entry", "replace", "release")
	h.kakao.on(callRefresh, says(200, tokenBody(testAccessToken+"-3", "", nil)))
	h.change(t.Context(), func(of *session.Login) {
		of.RenewedAt, of.RefreshExpiresAt = time.Time{}, time.Now().Add(24*time.Hour)
	})
	asked.take()
	request("POST", "/refresh")
	steps("a renewal in the last month", "get", "acquire with entry", "replace", "replace and release")
}
