package postgres

import (
	"context"
	"time"
)

const (
	// sweepInterval is how often an instance deletes what has expired.
	sweepInterval = time.Minute
	// sweepLimit is how many rows one statement deletes at most, so that none
	// holds up the others for long.
	sweepLimit = 1000
)

// Rows that somebody else is at are left to the next time.
const deleteExpired = `DELETE FROM kakaowasm_store WHERE (key, lease) IN (
	SELECT key, lease FROM kakaowasm_store WHERE expiry <= clock_timestamp()
	ORDER BY expiry LIMIT $1 FOR UPDATE SKIP LOCKED)`

// sweepNowAndThen deletes what has expired, at once and then at intervals, until
// the context ends.
func (s *Store) sweepNowAndThen(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		s.sweep(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// sweep deletes what has expired. Where the database is away, the next sweep
// does it.
func (s *Store) sweep(ctx context.Context) {
	for {
		done, err := s.pool.Exec(ctx, deleteExpired, sweepLimit)
		if err != nil || done.RowsAffected() < sweepLimit {
			return
		}
	}
}
