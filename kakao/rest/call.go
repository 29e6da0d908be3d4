package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// invoke makes a call and reads its answer.
func invoke[T any](ctx context.Context, c caller, call catalog.Call, request any) (T, error) {
	var answer T
	r, err := c.prepare(call, request)
	if err != nil {
		return answer, fmt.Errorf("%s: %w", call.Path, err)
	}
	body, err := c.client.send(ctx, r)
	if err != nil {
		return answer, err
	}
	if problem := decodeAnswer(body, call, &answer); problem != "" {
		var none T
		return none, unreadable(r.name, problem)
	}
	return answer, nil
}

// send makes a call as often as it may be made and returns the body of its
// answer.
func (c *Client) send(ctx context.Context, r prepared) ([]byte, error) {
	if !r.call.Repeatable {
		return c.attempt(ctx, r)
	}
	var failed error
	policy := &retryAfterBackOff{BackOff: c.backOff()}
	body, err := backoff.Retry(ctx, func() ([]byte, error) {
		var body []byte
		body, failed = c.attempt(ctx, r)
		wait, passes := passing(failed)
		if failed != nil && (!passes || wait > maxRetryAfter) {
			return nil, backoff.Permanent(failed)
		}
		policy.atLeast = wait
		return body, failed
	}, backoff.WithBackOff(policy), backoff.WithMaxTries(c.tries), backoff.WithMaxElapsedTime(0))
	switch {
	case err == nil:
		return body, nil
	case ctx.Err() != nil && !errors.Is(failed, ctx.Err()):
		return nil, fmt.Errorf("%s: %w, after: %w", r.name, ctx.Err(), failed)
	}
	return nil, failed
}

// maxRetryAfter is the longest Retry-After that is waited for; beyond it the
// caller is told at once.
const maxRetryAfter = 30 * time.Second

// retryAfterBackOff waits at least as long as Kakao asked for.
type retryAfterBackOff struct {
	backoff.BackOff
	atLeast time.Duration
}

// NextBackOff implements [backoff.BackOff].
func (p *retryAfterBackOff) NextBackOff() time.Duration {
	next := p.BackOff.NextBackOff()
	if next == backoff.Stop {
		return next
	}
	return max(next, p.atLeast)
}

// attempt makes a call once.
func (c *Client) attempt(ctx context.Context, r prepared) (body []byte, err error) {
	began, status := time.Now(), 0
	defer func() {
		c.log.DebugContext(ctx, "kakao", "call", r.name, "status", status, "took", time.Since(began), "error", err)
	}()
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := r.request(ctx)
	if err != nil {
		return nil, unreachable(r.name, err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(r.name, err)
	}
	defer func() { _ = res.Body.Close() }()
	status = res.StatusCode
	body, err = io.ReadAll(io.LimitReader(res.Body, c.maxAnswer+1))
	switch {
	case err != nil && status == http.StatusOK && !r.call.Repeatable:
		return nil, cutOff(r.name, err)
	case err != nil:
		return nil, unreachable(r.name, err)
	case status != http.StatusOK, r.refuses(body):
		return nil, refusal(r, res, body)
	case int64(len(body)) > c.maxAnswer:
		return nil, unreadable(r.name, fmt.Sprintf("longer than %d bytes", c.maxAnswer))
	}
	return body, nil
}

// unreachable wraps a failure of the transport, of which it says the kind only:
// the error itself holds the address, and may quote the answer.
func unreachable(name string, err error) error {
	return fmt.Errorf("%s: %w: %w", name, ErrUnreachable, transportfault.New(err))
}

// cutOff is the error for an answer whose status says that Kakao has done what it
// was asked, and whose rest is lost: to ask again would ask for a second time.
func cutOff(name string, err error) error {
	return fmt.Errorf("%s: %w: it broke off: %w", name, ErrUnreadable, transportfault.New(err))
}

// unreadable is the error for an answer that is not what the catalogue says.
func unreadable(name, problem string) error {
	return fmt.Errorf("%s: %w: %s", name, ErrUnreadable, problem)
}
