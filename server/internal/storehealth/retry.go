package storehealth

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/server/internal/retry"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// interval and maxInterval are how long the first and the longest
// pause before asking the store again is, give or take a half.
const (
	interval    = 50 * time.Millisecond
	maxInterval = time.Second
)

// Retry does what a store must do until it does it, is closed, or the context
// ends; a conflict means that do has looked and wants to try once more. A try
// that the store reported as failed may have succeeded: do must expect to find
// that.
func Retry[T any](ctx context.Context, do func() (T, error)) (T, error) {
	return RetryWhile(ctx, WorthRetrying, do)
}

// RetryWhile is Retry for as long as a failure may pass.
func RetryWhile[T any](ctx context.Context, passes func(error) bool, do func() (T, error)) (T, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = interval, maxInterval
	return retry.Do(ctx, 0, pauses, passes, do)
}

// WorthRetrying reports whether a store that failed may do it later.
func WorthRetrying(err error) bool {
	if errors.Is(err, store.ErrClosed) || errors.Is(err, store.ErrDamaged) {
		return false
	}
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrConflict)
}
