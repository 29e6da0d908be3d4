package server

import (
	"context"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// leaseTTL is how long others wait for a renewal or an exchange whose process
// has died, and how long a store may be out of reach without others taking
// over.
const leaseTTL = 10 * time.Second

// requestTimeout is how long an endpoint works on one request, all its calls to Kakao
// and to the store together.
func (s *Server) requestTimeout() time.Duration { return 2 * s.cfg.UpstreamTimeout }

// exclusively does what only one of all processes that share the store may do at a
// time. The context bounds the waiting for the lease; what is done then has
// requestTimeout anew. Otherwise who has waited long would hang up on Kakao in the
// middle of an answer that comes only once.
func (s *Server) exclusively(ctx context.Context, call, key string, do func(context.Context) error) error {
	asked := time.Now()
	err := store.Hold(ctx, s.cfg.Store, key, leaseTTL, func(ctx context.Context) error {
		return s.underLease(ctx, call, asked, do)
	})
	return s.sessions.Failure(ctx, "hold", err)
}

// exclusivelyOn is exclusively for work on the session that the lease brings.
func (s *Server) exclusivelyOn(ctx context.Context, call, id string, do func(context.Context, store.EntryLease) error) error {
	asked := time.Now()
	err := store.HoldEntry(ctx, s.cfg.Store, session.Key(id), leaseTTL, func(ctx context.Context, lease store.EntryLease) error {
		return s.underLease(ctx, call, asked, func(ctx context.Context) error { return do(ctx, lease) })
	})
	return s.sessions.Failure(ctx, "hold", err)
}

// underLease does what the lease was asked for, within a time of its own.
func (s *Server) underLease(ctx context.Context, call string, asked time.Time, do func(context.Context) error) error {
	s.metrics.waited(call, time.Since(asked))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.requestTimeout())
	defer cancel()
	return do(ctx)
}
