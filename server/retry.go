package server

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// kakaoTries is how often a call to Kakao is made that may be repeated. More
// would make a Kakao that is overloaded worse, and the page asks again anyway.
const kakaoTries = 3

// storeInterval and storeMaxInterval are how long the first and the longest
// pause before asking the store again is, give or take a half.
const (
	storeInterval    = 50 * time.Millisecond
	storeMaxInterval = time.Second
)

// repeat does what may be repeated after a failure that passes, with growing
// pauses. It ends after a number of tries (0: any number) or with the context,
// and its error is that of the last try.
func repeat[T any](ctx context.Context, tries uint, pauses backoff.BackOff, passes func(error) bool, do func() (T, error)) (T, error) {
	var last error
	result, err := backoff.Retry(ctx, func() (T, error) {
		var result T
		result, last = do()
		if last != nil && !passes(last) {
			return result, backoff.Permanent(last)
		}
		return result, last
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))
	if err != nil {
		return result, last
	}
	return result, nil
}

// retry does what a store must do until it does it, is closed, or the context
// ends; a conflict means that do has looked and wants to try once more. A try
// that the store reported as failed may have succeeded: do must expect to find
// that.
func retry[T any](ctx context.Context, do func() (T, error)) (T, error) {
	return retryWhile(ctx, worthRetrying, do)
}

// retryWhile is retry for as long as a failure may pass.
func retryWhile[T any](ctx context.Context, passes func(error) bool, do func() (T, error)) (T, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = storeInterval, storeMaxInterval
	return repeat(ctx, 0, pauses, passes, do)
}

// mayWrite reports whether a store that failed may do it soon: the rule for what
// can be asked for again, and so need not wait out an outage.
func (w *watchedStore) mayWrite(err error) bool {
	_, outage := w.isFailing()
	return !outage && worthRetrying(err)
}

// worthRetrying reports whether a store that failed may do it later.
func worthRetrying(err error) bool {
	if errors.Is(err, store.ErrClosed) || errors.Is(err, store.ErrDamaged) {
		return false
	}
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrConflict)
}
