package server

import (
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Store keeps sessions: the contract of scs stores, so that every store of
// that project fits. A store that also implements [scs.CtxStore] is given the
// context of each request, and with it the time limit; prefer such a one.
//
// Find answers with the data last committed under a token, and with found
// false once its expiry is over or it was deleted. Commit overwrites data and
// expiry. Delete of an unknown token is no error. What a call returned without
// error must be seen by every later call. Tokens reach a store hashed.
type Store = scs.Store

// sweepInterval is how often a memory store drops what has expired.
const sweepInterval = time.Minute

// MemoryStore is a [Store] in the memory of the process: sessions end with it.
//
// It sweeps while it is written to, where the memstore of scs keeps a goroutine
// that cannot be ended reliably right after its start.
type MemoryStore struct {
	mu       sync.Mutex
	sessions map[string]storedSession
	swept    time.Time
}

// storedSession is one session of a MemoryStore.
type storedSession struct {
	data   []byte
	expiry time.Time
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{sessions: make(map[string]storedSession), swept: time.Now()}
}

// Find implements [Store].
func (m *MemoryStore) Find(token string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	session, found := m.sessions[token]
	if !found || time.Now().After(session.expiry) {
		return nil, false, nil
	}
	return session.data, true, nil
}

// Commit implements [Store].
func (m *MemoryStore) Commit(token string, data []byte, expiry time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[token] = storedSession{data: data, expiry: expiry}
	if now := time.Now(); now.Sub(m.swept) >= sweepInterval {
		m.swept = now
		m.sweep(now)
	}
	return nil
}

// Delete implements [Store].
func (m *MemoryStore) Delete(token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, token)
	return nil
}

// sweep drops the sessions that are over.
func (m *MemoryStore) sweep(now time.Time) {
	for token, session := range m.sessions {
		if now.After(session.expiry) {
			delete(m.sessions, token)
		}
	}
}
