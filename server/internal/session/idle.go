package session

import (
	"context"
	"errors"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// How often a use of a session is written down at most, how often within the
// idle lifetime at least, and how long the user may wait for it.
const (
	UseInterval    = 5 * time.Minute
	usesPerIdle    = 4
	useWriteLimit  = 2 * time.Second
	UseIsUnwritten = "a use of a session is not written down, so that it may end as idle"
)

// Use counts a use of a session against its idle lifetime. A store that cannot
// write now is no reason to refuse the user: the session was read. One that has
// ended meanwhile is.
func (s *Sessions) Use(ctx context.Context, found Session) error {
	if found.usedWithin(min(UseInterval, s.idle/usesPerIdle)) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), useWriteLimit)
	defer cancel()
	found.UsedAt = time.Now()
	_, err := s.Replace(ctx, found)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return ErrLoginRequired
	case errors.Is(err, store.ErrConflict):
		return nil // Somebody else has just written to it.
	case err != nil:
		s.log.WarnContext(ctx, UseIsUnwritten, "error", err)
	}
	return nil
}

// usedWithin reports whether a use was written down so recently. A clock that was
// set back leaves times of the future behind, which are not recent.
func (l *Login) usedWithin(interval time.Duration) bool {
	for _, at := range []time.Time{l.CreatedAt, l.RenewedAt, l.UsedAt} {
		if time.Since(at).Abs() < interval {
			return true
		}
	}
	return false
}
