// Package retry does again what may be done again.
package retry

import (
	"context"

	"github.com/cenkalti/backoff/v5"
)

// Do does what may be repeated after a failure that passes, with growing
// pauses. It ends after a number of tries (0: any number) or with the context,
// and its error is that of the last try.
func Do[T any](ctx context.Context, tries uint, pauses backoff.BackOff, passes func(error) bool, do func() (T, error)) (T, error) {
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
