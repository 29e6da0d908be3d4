package postgres

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// lease is a lease in the database. The holder is a number that nobody else has:
// while the row of the lease has it, and has not expired, it is in force.
type lease struct {
	store  *Store
	key    string
	holder int64
}

// soon has the commit of a statement that returns it not wait for the disk.
const soon = `set_config('synchronous_commit', 'off', true)`

// acquireLease takes the lease where it is free or has expired, and otherwise
// notes that somebody waits. The time is that of the row that would be inserted,
// so that all conditions see the same.
const acquireLease = `INSERT INTO kakaowasm_store AS t (key, lease, version, app, user_id, expiry, value)
VALUES ($1, true, $2, '', '', clock_timestamp() + $3, '')
ON CONFLICT (key, lease) DO UPDATE SET
	version = CASE WHEN t.expiry <= excluded.expiry - $3 THEN excluded.version ELSE t.version END,
	expiry = CASE WHEN t.expiry <= excluded.expiry - $3 THEN excluded.expiry ELSE t.expiry END,
	value = CASE WHEN t.expiry <= excluded.expiry - $3 THEN ''::bytea ELSE 'awaited'::bytea END
RETURNING version = $2, t.expiry - clock_timestamp(), ` + soon

// Acquire implements [store.Store].
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	l := &lease{store: s, key: key, holder: rand.Int64()} //nolint:gosec // It is no secret.
	err := s.releases.Wait(ctx, key, func() (time.Duration, error) { return l.try(ctx, ttl) })
	if err != nil {
		return nil, err
	}
	return l, nil
}

// try takes the lease if it is free, and otherwise returns how long somebody
// else may hold it.
func (l *lease) try(ctx context.Context, ttl time.Duration) (left time.Duration, err error) {
	if err := l.store.check(ctx); err != nil {
		return 0, err
	}
	var acquired bool
	err = l.store.pool.QueryRow(ctx, acquireLease, []byte(l.key), l.holder, ttl).Scan(&acquired, &left, nil)
	if err != nil {
		return 0, l.store.unavailable(ctx, err)
	}
	if acquired {
		return 0, nil
	}
	return max(left, time.Millisecond), nil
}

const renewLease = `UPDATE kakaowasm_store SET expiry = clock_timestamp() + $3
WHERE key = $1 AND lease AND version = $2 AND expiry > clock_timestamp() RETURNING ` + soon

// Renew implements [store.Lease].
func (l *lease) Renew(ctx context.Context, ttl time.Duration) error {
	return l.change(ctx, renewLease, ttl)
}

// releaseLease also tells those who wait, who noted it in the row.
const releaseLease = `WITH gone AS (
	DELETE FROM kakaowasm_store WHERE key = $1 AND lease AND version = $2 AND expiry > clock_timestamp() RETURNING value
) SELECT ` + soon + `, CASE WHEN value <> '' THEN pg_notify($3, encode($1, 'base64'))::text END FROM gone`

// Release implements [store.Lease].
func (l *lease) Release(ctx context.Context) error {
	return l.change(ctx, releaseLease, channel)
}

// change runs a statement that returns a row where the lease is in force.
func (l *lease) change(ctx context.Context, sql string, arg any) error {
	n, err := l.store.exec(ctx, sql, []byte(l.key), l.holder, arg)
	if err == nil && n == 0 {
		return store.ErrLeaseLost
	}
	return err
}
